"""Archive: zip archives, checked before and while their members are unpacked, into memory only.

Knows limits and tricks of archives; knows nothing of what the members hold.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from qa.errors import PageError
from qa.formats.limits import Limits, mebibytes

# What the standard library raises for archives that are damaged or made to be.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ValueError,
    OverflowError,
    OSError,
    EOFError,
    NotImplementedError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RECORD = b"PK\x01\x02"  # begins a member's entry in the list
_MOST_RECORDS = 50
_LONGEST_NAME = 200  # characters; it is shown, never opened
_LOCKED = 0x1  # flag bits: encrypted, and named in UTF-8
_UTF8 = 0x800
_UPWARDS = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0")
_PRIVATE = re.compile(r"(?:^|/)(?:\.[^./\\]|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
# Repeated text packs that well without harm while it is small.
_SMALL = 1024 * 1024


def opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open an archive. Raises PageError for one whose list of members alone would fill memory."""
    # Documents in the archive that are zips themselves may have such records of their own.
    if data.count(_RECORD) > _MOST_RECORDS * limits.members:
        raise PageError(f"holds far more than {limits.members} files: split it")
    return zipfile.ZipFile(io.BytesIO(data))


def refuse_bombs(archive: zipfile.ZipFile, size: int, limits: Limits) -> None:
    """Raise PageError when `archive`, `size` bytes long, says that it unpacks beyond the limits."""
    members = archive.infolist()
    if len(members) > limits.members:
        raise PageError(f"holds {len(members)} files, more than {limits.members}: split it")
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        raise PageError(f"unpacks to more than {mebibytes(limits.unpacked_bytes)}: split it")
    if unpacked > _SMALL and unpacked > limits.ratio * size:
        raise PageError(
            f"unpacks to more than {limits.ratio} times its size, as only harmful archives do:"
            " pack the pages anew"
        )


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Return the bytes of one member, never more than it says and the limit of a file allows.

    Raises PageError for what is refused, and zipfile's and zlib's errors for what is damaged.
    """
    if member.flag_bits & _LOCKED:
        raise PageError("is locked by a password: pack it without one")
    if member.compress_type not in _METHODS:
        raise PageError("is packed by an unusual method: pack it anew as an ordinary zip")
    if member.file_size > limits.file_bytes:
        raise PageError(f"is larger than {mebibytes(limits.file_bytes)}: split it")
    try:
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except NotImplementedError as error:
        raise PageError(
            "is packed by an unusual method: pack it anew as an ordinary zip"
        ) from error
    if len(data) != member.file_size:
        raise PageError("is not as long as its archive says: pack it anew")
    return data


def files_of(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Yield the members that are files, but for hidden ones and what systems put in beside."""
    for member in archive.infolist():
        if not member.filename.endswith("/") and not _PRIVATE.search(member.filename):
            yield member


def name_of(member: zipfile.ZipInfo) -> str:
    """Return a member's name as people know it, on one line; of a long one only the end.

    Names without the mark of UTF-8 are cp437 by the specification, and in truth UTF-8 or, from
    Chinese Windows, GBK.
    """
    name = member.filename
    if not member.flag_bits & _UTF8:
        try:
            data = name.encode("cp437")
        except UnicodeEncodeError:
            data = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = data.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    parts = (part for part in name.replace("\\", "/").split("/") if part not in {"", "."})
    shown = "/".join(parts)[-_LONGEST_NAME:]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)


def refuse_tricks(member: zipfile.ZipInfo) -> None:
    """Raise PageError for a member that leads, or pretends to lead, out of its archive."""
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        raise PageError("is a link or a device, not a file: pack the file itself")
    if _UPWARDS.search(member.filename) or _UPWARDS.search(member.orig_filename):
        raise PageError("has a name that leads out of its archive: pack it under a plain name")
