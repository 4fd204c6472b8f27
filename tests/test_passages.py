from qa.splitting.articles import Article, split_articles, whole_article
from qa.splitting.pages import page_from_text
from qa.splitting.passages import split_passages
from qa.splitting.sentences import split_sentences

SENTENCE = "高新区召开第{}次会议并部署下一步工作。"


def article_of(text: str) -> Article:
    return whole_article(page_from_text("x", text), "")


def test_a_short_article_is_one_passage() -> None:
    text = "今天开工。明年完工。"
    (passage,) = split_passages(text, article_of(text))
    assert passage.text == text
    assert len(passage.sentences) == 2
    assert passage.id == 0


def test_passages_are_balanced_and_hold_whole_sentences() -> None:
    text = "".join(SENTENCE.format(n) for n in range(100, 145))
    passages = split_passages(text, article_of(text), size=200)
    widths = [len(passage.text) for passage in passages]
    assert max(widths) <= 200
    assert min(widths) > 120
    assert "".join(passage.text for passage in passages) == text


def test_every_sentence_is_in_exactly_one_passage() -> None:
    text = "\n\n".join("".join(SENTENCE.format(n) for n in range(m, m + 7)) for m in range(9))
    article = article_of(text)
    inside = [s for p in split_passages(text, article, size=150) for s in p.sentences]
    assert inside == [s for p in article.paragraphs for s in split_sentences(text, p)]


def test_a_sentence_longer_than_the_size_is_a_passage_by_itself() -> None:
    long = "甲" * 300 + "。"
    text = f"短句一。{long}短句二。"
    passages = split_passages(text, article_of(text), size=100)
    assert [passage.text for passage in passages] == ["短句一。", long, "短句二。"]


def test_a_passage_never_crosses_a_gap_of_its_article() -> None:
    text = "本报讯 今天开工。记者 张三\n\n工程由市政公司承建。"
    article = split_articles(page_from_text("x", text))[0]
    for passage in split_passages(text, article):
        assert any(s.start <= passage.start and passage.end <= s.end for s in article.spans)


def test_passages_of_no_text_are_none() -> None:
    text = " \n"
    assert split_passages(text, article_of(text)) == []
