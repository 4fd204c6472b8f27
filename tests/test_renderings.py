"""Renderings: a name or phrase is found again in the other language."""

from qa.answering.renderings import same_name, same_thing


def test_a_name_is_the_same_as_its_pinyin_in_either_order() -> None:
    assert same_name("Wei Chunsheng", "zh", ["罗启明", "韦春生"]) == "韦春生"
    assert same_name("Chunsheng Wei", "zh", ["罗启明", "韦春生"]) == "韦春生"
    assert same_name("韦春生", "en", ["Luo Qiming", "Wei Chunsheng"]) == "Wei Chunsheng"


def test_a_name_that_is_not_there_stays_as_it_is() -> None:
    assert same_name("Wei Chunsheng", "zh", ["罗启明"]) == "Wei Chunsheng"
    assert same_name("韦春生", "zh", ["罗启明"]) == "韦春生"


def test_a_thing_is_the_words_that_translate_most_of_it() -> None:
    answer = "据《地铁6号线洞通》：工人们说,恒远动力电池工厂将设站22座。"
    assert same_thing("Metro Line 6", "zh", answer) == "地铁6号线"
    assert same_thing("the battery factory", "zh", answer) == "动力电池工厂"
    assert same_thing("the opera house", "zh", answer) == ""
    said = "According to the paper, the Maritime Museum was opened by the city."
    assert same_thing("海事博物馆", "en", said) == "the Maritime Museum"
    assert same_thing("海事博物馆", "en", "。") == ""
