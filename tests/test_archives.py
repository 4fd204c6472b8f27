"""Zip archives: their pages are read one by one, and nothing in them gets out or blows up."""

import io
import stat
import struct
import zipfile
from dataclasses import replace

import pytest
from made_files import docx, packed, pdf

from qa.errors import PageError
from qa.formats.limits import DEFAULT
from qa.formats.reading import Member, read_archive

NEWS = "本报讯 8月21日，高新区召开会议，要求各部门抓好落实。"
TEXT = NEWS.encode()


def read(data: bytes, **limits: int) -> list[Member]:
    return list(read_archive(data, replace(DEFAULT, **limits)))


def problem(data: bytes) -> str:
    [member] = read(data)
    assert member.extracted is None
    assert "\n" not in member.problem
    return member.problem


def test_every_format_is_read_inside_an_archive() -> None:
    files = {"a.txt": TEXT, "二/b.docx": docx(NEWS), "c.pdf": pdf(NEWS), "d.md": TEXT}
    files["e.html"] = b"<html><p>" + TEXT
    members = read(packed(files))
    assert [member.name for member in members] == list(files)
    assert {member.extracted.text for member in members if member.extracted} == {NEWS}


def test_a_bad_file_is_told_and_the_rest_are_read() -> None:
    members = read(packed({"a.txt": TEXT, "b.txt": b"\0\1\2", "c.txt": TEXT}))
    assert [member.extracted is None for member in members] == [False, True, False]
    assert members[1].problem.startswith("b.txt: is binary")


def test_what_systems_put_beside_the_files_is_passed_over() -> None:
    extra = {"__MACOSX/._a.txt": TEXT, ".DS_Store": TEXT, "x/.hidden": TEXT, "x/Thumbs.db": TEXT}
    assert [member.name for member in read(packed({**extra, "x/a.txt": TEXT}))] == ["x/a.txt"]


def test_an_archive_in_an_archive_is_refused() -> None:
    assert "unpack it first" in problem(packed({"in.zip": packed({"a.txt": TEXT})}))
    assert "unpack it first" in problem(packed({"in.txt": packed({"a.txt": TEXT})}))


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "/etc/passwd", "x/../../a.txt", "..\\a.txt", "C:\\a.txt", "\\\\host\\a.txt", ".."],
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert "leads out of its archive" in problem(packed({name: TEXT}))


def test_a_link_in_an_archive_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "is a link or a device" in problem(made.getvalue())


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_names_of_chinese_windows_are_read(codec: str) -> None:
    name = "新闻.txt".encode(codec)
    data = packed({"x" * len(name): TEXT}).replace(b"x" * len(name), name)
    assert [member.name for member in read(data)] == ["新闻.txt"]


def test_a_name_that_cannot_be_printed_fits_on_one_line() -> None:
    assert read(packed({"a\n\x1b[1m\u202e.txt": TEXT}))[0].name == "a\ufffd\ufffd[1m\ufffd.txt"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = packed({"a.txt": bytes(3_000_000)})
    with pytest.raises(PageError, match="more than 200 times its size"):
        read(bomb)
    with pytest.raises(PageError, match="unpacks to more than 1 MiB"):
        read(bomb, unpacked_bytes=1024 * 1024)
    with pytest.raises(PageError, match="holds 3 files, more than 2"):
        read(packed(dict.fromkeys("abc", TEXT)), members=2)


def test_a_list_of_members_that_would_fill_memory_is_not_read() -> None:
    with pytest.raises(PageError, match="holds far more than 2 files"):
        read(packed({f"{at}.txt": b"" for at in range(200)}), members=2)


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    data = bytearray(packed({"a.txt": b"a" * 3_000_000}))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 1000)
    assert "damaged" in problem(bytes(data))


def test_a_word_document_that_is_a_bomb_is_refused() -> None:
    assert "times its size" in problem(packed({"a.docx": _stored_bomb()}))


def _stored_bomb() -> bytes:
    return packed({"word/document.xml": b"<a>" + b" " * 5_000_000 + b"</a>"})


def test_a_large_member_is_refused_and_the_rest_are_read() -> None:
    members = read(packed({"a.txt": b"a" * 2000, "b.txt": TEXT}), file_bytes=1500)
    assert "is larger than" in members[0].problem
    assert members[1].extracted


def test_a_locked_member_is_named_as_such() -> None:
    data = bytearray(packed({"a.txt": TEXT}))
    for mark, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + flags] |= 1
    assert "locked by a password" in problem(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_by_an_unusual_method_is_refused(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a.txt", TEXT)
    assert "unusual method" in problem(made.getvalue())


def test_a_file_without_a_name_or_of_a_future_version_does_no_harm() -> None:
    data = bytearray(packed({"noname": TEXT}).replace(b"noname", bytes(6)))
    assert "leads out of its archive" in problem(bytes(data))
    data[data.rindex(b"PK\x01\x02") + 6] = 200  # the version that is needed to unpack it
    with pytest.raises(PageError, match="damaged archive"):
        read(bytes(data))


def test_of_two_files_by_one_name_the_second_is_refused() -> None:
    data = packed({"a.txt": TEXT, "b.txt": TEXT}).replace(b"b.txt", b"a.txt")
    first, second = read(data)
    assert first.extracted
    assert "rename one" in second.problem


def test_an_archive_without_files_is_told() -> None:
    for members in ({}, {"folder/": b""}, {".hidden": TEXT}):
        with pytest.raises(PageError, match="archive without files"):
            read(packed(members))


def test_a_name_is_shown_short_and_plain() -> None:
    names = [member.name for member in read(packed({"x/./y//a.txt": TEXT, "长" * 5000: TEXT}))]
    assert names == ["x/y/a.txt", "长" * 200]


def test_files_that_are_not_begun_in_time_are_told() -> None:
    members = read(packed({"a.txt": TEXT, "b.txt": TEXT}), archive_seconds=0)
    assert all(
        "was not read, the archive takes longer than 0 seconds" in m.problem for m in members
    )


def test_a_damaged_archive_is_refused() -> None:
    with pytest.raises(PageError, match="damaged archive"):
        read(packed({"a.txt": TEXT})[:40])
