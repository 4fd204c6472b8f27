"""Bytes → characters: the right encoding, or a refusal; never a guess that reads as garbage."""

import pytest

from qa.errors import PageError
from qa.formats.encodings import decode

SIMPLIFIED = (
    "本报讯 8月21日，高新区召开工作会议，要求各部门抓好落实，把群众的事情办好。会上，区长说，"
    "今年的重点是道路和学校，新建的三条道路都要在年底以前完工。\r\n记者 孙小满"
)
TRADITIONAL = (
    "【本報訊】運輸署昨日宣布，渡輪將於下月起加開兩班夜航，票價維持不變。發言人說，"
    "這是為了方便在對岸工作的市民，他們要到深夜才能回家。\n記者 馮芷晴"
)
KOREAN = "서울시는 어제 새로운 다리를 건설한다고 발표했다. 이 다리는 내년에 완공될 예정이며 시민들의 출퇴근 시간이 줄어들 것으로 기대된다."
RUSSIAN = "Вчера в городе открыли новый мост через реку, который строили три года. Жители давно ждали этого события и пришли на праздник."
JAPANESE = "昨日、市役所は新しい橋の建設を発表しました。橋は来年の春に完成する予定で、市民の通勤時間が短くなると期待されています。"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize(
    "codec",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk"],
)
def test_a_text_reads_the_same_in_every_encoding(text: str, codec: str) -> None:
    assert decode(text.encode(codec))[0] == text


def test_big5_reads_the_same() -> None:
    assert decode(TRADITIONAL.encode("cp950")) == (TRADITIONAL, "cp950")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["The bridge was opened on 8 May.\r\n", "高新区的新桥", "本报讯\n"]
)
def test_short_utf_16_without_a_mark_is_told(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(
    "data",
    [
        KOREAN.encode("euc-kr"),
        RUSSIAN.encode("koi8-r"),
        RUSSIAN.encode("cp1251"),
        JAPANESE.encode("euc-jp"),
        JAPANESE.encode("shift-jis"),
        "Ça déjà vu, à la crème brûlée; naïve façade".encode("latin-1"),
    ],
)
def test_text_in_a_foreign_encoding_is_refused_rather_than_read_as_chinese(data: bytes) -> None:
    with pytest.raises(PageError, match="save it as UTF-8"):
        decode(data)


@pytest.mark.parametrize("text", [KOREAN, RUSSIAN, JAPANESE, "naïve façade, déjà vu, crème brûlée"])
def test_the_same_text_in_utf_8_is_read(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "latin-1"), ("utf-8", "gb18030"), ("utf-8", "cp1252")]
)
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
def test_a_text_that_was_misread_and_saved_again_is_refused(
    text: str, written: str, read: str
) -> None:
    garbled = text.encode(written).decode(read, "replace")
    with pytest.raises(PageError, match="take the original file"):
        decode(garbled.encode("utf-8"))


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "big5"])
def test_a_text_whose_characters_were_lost_is_refused(codec: str) -> None:
    lost = TRADITIONAL.encode(codec).decode("ascii", "replace")
    with pytest.raises(PageError, match="take the original file"):
        decode(lost.encode())


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_text_that_is_cut_in_a_character_is_refused_as_such(codec: str) -> None:
    with pytest.raises(PageError, match="ends in the middle of a character"):
        decode((SIMPLIFIED.replace("\r\n", "") + "满").encode(codec)[:-1])


def test_a_text_in_hz_is_read_and_one_that_only_speaks_of_it_is_left() -> None:
    assert decode(SIMPLIFIED.encode("hz"))[0] == SIMPLIFIED
    assert decode(b"HZ begins Chinese by ~{ and ends it by ~}.")[1] == "utf-8"


def test_a_stray_lost_character_does_no_harm() -> None:
    text = SIMPLIFIED + "\ufffd"
    assert decode(text.encode())[0] == text


def test_a_roll_of_names_is_no_garbage() -> None:
    names = "王建国 李秀英 张伟 刘洋 陈静 杨帆 赵磊 黄丽 周杰 吴敏 徐强 孙娟 胡斌 朱霞 高翔 林涛 何芳 郭亮"
    assert decode(names.encode("gb18030")) == (names, "gb18030")


def test_the_seeds_read_the_same_in_the_old_encodings(seeds) -> None:
    for path in seeds.glob("*.txt"):
        text = decode(path.read_bytes())[0]
        for codec in ("gb18030", "utf-16-le", "utf-16-be"):
            assert decode(text.encode(codec)) == (text, codec)
