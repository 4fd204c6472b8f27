"""The window without a browser: rendering, a visitor's conversation, doors, passwords, start-up."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from qa import Answer, Article, Citation, Hit
from qa.answering.answer import Statement
from qa.errors import NotFoundError, QAError
from qa.library.scope import Scope
from qa.spans import Span, reflow
from qa.splitting.pages import Page
from qa.splitting.passages import Passage
from window.conversation import Choice, Conversation
from window.entrance.doors import Doors, is_open
from window.entrance.passwords import gatekeeper, hash_password, read_passwords
from window.examples import examples_for
from window.markup import Mark, emphasised, marked
from window.reading.panel import render_sources
from window.talk.transcript import render_current, render_earlier

ROOT = Path(__file__).parents[1]
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
PAGE = f"新馆开放 {EVIL}\n\n本报讯 3月 4日，新馆开\n放。馆内有座位\n120个。{EVIL}馆长是李文。\n"


class Seen(HTMLParser):
    """What a browser makes of HTML: its text, and the text inside each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(f"{tag}.{dict(attrs).get('class') or ''}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().split(".")[0] == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for name in self._open:
            self.inside[name] = self.inside.get(name, "") + data

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}

    def links(self) -> list[str | None]:
        return [attrs.get("href") for tag, attrs in self.tags if tag == "a"]


class Shelf:
    """One article of one page, in the place of a library."""

    def __init__(self, article: Article, text: str) -> None:
        self._article, self._text = article, text

    def article(self, article_id: str) -> Article:
        if article_id != self._article.id:
            raise NotFoundError("no such article")
        return self._article

    def page(self, page_id: str) -> Page:
        assert page_id == self._article.page_id
        return Page(page_id, "a.txt", self._text, "utf-8")

    def page_text(self, page_id: str) -> str:
        return self.page(page_id).text


def span(words: str) -> Span:
    start = PAGE.index(words)
    return Span(start, start + len(words))


BODY = Span(PAGE.index("本报讯"), len(PAGE) - 1)
ARTICLE = Article(
    id="p-1",
    page_id="p",
    source=f"a{EVIL}.txt",
    title=f"新馆开放 {EVIL}",
    date_text="3月4日",
    date=None,
    byline=f"记者 {EVIL}",
    text=BODY.of(PAGE),
    headline=(Span(0, PAGE.index("\n")),),
    paragraphs=(BODY,),
    spans=(BODY,),
)
SHELF = Shelf(ARTICLE, PAGE)


def citation(marker: int, quote: str, words: str = "", support: str = "quoted") -> Citation:
    start, end = span(quote)
    strong = (span(words),) if words else ()
    place = (ARTICLE.source, ARTICLE.id, ARTICLE.title, ARTICLE.date_text, start, end)
    return Citation(marker, *place, quote, support, strong)  # type: ignore[arg-type]


SEATS = citation(1, "馆内有座位\n120个。", "120个")
HEAD = citation(2, "馆长是李文。", "李文", "unverified")


def answer(text: str, *citations: Citation, passages: tuple[Hit, ...] = ()) -> Answer:
    said = [
        (found.start(), found.end(), (int(found[2]),))
        for found in re.finditer(r"([^。：]+。)\[(\d)\]", text)
    ]
    statements = tuple(Statement(*place, "quoted") for place in said)
    return Answer(
        "问", "问", text, bool(citations), 0.5, citations, passages, {}, {"total": 20}, statements
    )


def talk(*answers: Answer) -> Conversation:
    conversation = Conversation()
    for each in answers:
        conversation = conversation.asked(f"问题 {EVIL}").answered(each).finished()
    return conversation


CITED = answer(f"据《{ARTICLE.title}》：馆内有座位120个。[1]馆长是李文。[2]以及[7]", SEATS, HEAD)
NEAR = Hit(
    rank=1,
    score=0.4,
    passage=Passage(1, ARTICLE.id, *BODY, BODY.of(PAGE), ()),
    article=ARTICLE,
)
REFUSED = answer("没有找到。", passages=(NEAR,))


def column(conversation: Conversation, examples: Sequence[str] = ()) -> str:
    """Return the left column as HTML."""
    return render_earlier(conversation) + render_current(conversation, examples)


@given(st.text(alphabet="字<&\"' a1\n\r　。𠮷>", max_size=30), st.data())
def test_marked_text_is_the_reflowed_text_and_nothing_but_marks(text, data):
    places = st.integers(0, len(text))
    spans = [Span(*sorted((data.draw(places), data.draw(places)))) for _ in range(3)]
    (html,) = marked(text, [spans[2]], [Mark(spans[0], "one"), Mark(spans[1], 'two"<')])
    seen = Seen(html)
    assert seen.text == reflow(spans[2].of(text))
    assert seen.names() <= {"mark"}


def test_a_mark_covers_exactly_the_words_of_its_span():
    (html,) = marked(PAGE, [BODY], [Mark(span("座位\n120个"), "cited")])
    assert Seen(html).inside["mark.cited"] == "座位120个"


def test_of_two_marks_on_the_same_words_the_first_is_shown():
    seats = Span(SEATS.start, SEATS.end)
    (html,) = marked(PAGE, [BODY], [Mark(seats, "current"), Mark(BODY, "cited")])
    assert Seen(html).inside["mark.current"] == "馆内有座位120个。"


def test_the_answering_words_of_a_quotation_are_bold():
    assert emphasised("座位\n120个", [Span(3, 7)]) == "座位<strong>120个</strong>"


def test_questions_answers_and_notices_are_shown_as_text():
    html = column(replace(talk(CITED), notice=EVIL), [EVIL])
    seen = Seen(html)
    assert seen.text.count(EVIL) == 4  # the question once more, to be changed
    assert seen.names().isdisjoint({"script", "img"})


def test_example_questions_are_offered_before_the_first_question():
    seen = Seen(column(Conversation(), [EVIL, "第二问"]))
    assert seen.inside["button.example"] == EVIL + "第二问"
    assert "button.example" not in Seen(column(talk(CITED), ["第二问"])).inside


def test_a_marker_is_a_link_only_where_the_answer_has_that_citation():
    seen = Seen(column(talk(CITED)))
    assert seen.inside["a.cite"] == "[1][2]"
    assert "[7]" in seen.text


def test_the_same_marker_of_two_turns_leads_to_two_places():
    links = Seen(column(talk(CITED, CITED))).links()
    assert links[0] == "#turn-1-source-1"
    assert links[2] == "#turn-2-source-1"


def test_the_answering_words_are_bold_in_the_answer_too():
    assert Seen(column(talk(CITED))).inside["strong."] == "120个李文"


def test_a_sentence_that_could_not_be_verified_says_why():
    doubted = Statement(0, len("馆长是李文。[2]"), (2,), "unverified", f"没有这个名字 {EVIL}")
    seen = Seen(column(talk(replace(answer("馆长是李文。[2]", HEAD), statements=(doubted,)))))
    assert seen.inside["span.unverified"] == "馆长是李文。[2]"
    assert [a["data-reason"] for _, a in seen.tags if a.get("class") == "unverified"] == [
        doubted.reason
    ]


def test_what_a_follow_up_was_taken_to_ask_is_shown():
    asked = replace(CITED, question="多大？", standalone_question=f"新馆多大？{EVIL}")
    assert f"新馆多大？{EVIL}" in Seen(column(talk(asked))).inside["p.searched"]
    assert "p.searched" not in Seen(column(talk(CITED))).inside


def test_why_another_model_answered_is_told():
    told = replace(CITED, notice=f"服务器没有回应 {EVIL}")
    assert Seen(column(talk(told))).inside["p.notice"] == told.notice


def test_a_very_long_question_is_shortened_in_the_column():
    assert len(column(Conversation().asked("长" * 100_000))) < 2_000


def test_the_chosen_citation_is_current_and_the_others_are_marked():
    seen = Seen(render_sources(SHELF, talk(CITED), Choice(1, "source", 1)))
    assert seen.inside["mark.cited quoted current"] == "馆内有座位120个。"
    assert seen.inside["mark.cited unverified"] == "馆长是李文。"
    assert seen.inside["strong."] == "120个李文"


def test_the_panel_shows_the_whole_article_with_its_facts_as_text():
    seen = Seen(render_sources(SHELF, talk(CITED), Choice(1)))
    assert reflow(BODY.of(PAGE)) in seen.text
    assert seen.inside["p.byline"] == ARTICLE.byline
    assert seen.inside["p.folio"] == f"{ARTICLE.date_text}·{ARTICLE.source}"
    assert seen.names().isdisjoint({"script", "img"})


def test_every_citation_has_a_card_that_leads_to_it():
    seen = Seen(render_sources(SHELF, talk(REFUSED, CITED), Choice(2)))
    cards = [attrs for tag, attrs in seen.tags if (attrs.get("class") or "").startswith("card ")]
    assert [card["href"] for card in cards] == ["#turn-2-source-1", "#turn-2-source-2"]
    assert ["aria-current" in card for card in cards] == [True, False]


def test_a_refusal_shows_near_passages_that_are_not_citations():
    html = render_sources(SHELF, talk(REFUSED), Choice(1))
    seen = Seen(html)
    assert "不是引用" in seen.text
    assert reflow(BODY.of(PAGE)) in seen.inside["ol.nearest"]
    assert "cited" not in html


def test_a_near_passage_opens_in_its_article_without_a_citation_mark():
    seen = Seen(render_sources(SHELF, talk(REFUSED), Choice(1, "near", 1)))
    assert seen.inside["mark.nearby current"] == reflow(BODY.of(PAGE))
    assert "不是引用" in seen.text


@pytest.mark.parametrize("turn", [0, -1, 5])
def test_a_choice_of_a_turn_that_is_not_there_shows_the_hint(turn):
    assert "hint" in render_sources(SHELF, talk(CITED), Choice(turn))


@pytest.mark.parametrize("sent", [(None, "source", 1), (1, "<b>", 1), (1, "near", "2")])
def test_what_a_browser_sends_is_not_trusted(sent):
    assert Choice.made(*sent) == Choice(0)


def test_only_finished_answers_are_history():
    conversation = talk(CITED).asked("后来呢？").answered(CITED)
    assert [asked for asked, _ in conversation.history()] == [f"问题 {EVIL}"]
    assert len(conversation.stopped().history()) == 1
    assert len(conversation.finished().history()) == 2


def test_of_another_article_nothing_that_was_said_before_is_history():
    conversation, about = talk(CITED), CITED.citations[0].article_id
    assert conversation.history(Scope(articles=("another",))) == []
    assert conversation.history(Scope(articles=(about,))) == conversation.history()
    other = Scope(articles=("another",))
    refused = conversation.asked("多少？", other).answered(REFUSED).finished()
    assert [asked for asked, _ in refused.history(other)] == ["多少？"]


def test_a_failed_question_leaves_no_turn_but_a_notice():
    failed = talk(CITED).asked("？").failed("太长")
    assert (len(failed.turns), failed.notice) == (1, "太长")
    assert failed.asked("再问").notice == ""


def test_stopping_ends_only_an_answer_that_is_being_made():
    done = talk(CITED)
    assert done.stopped() == done
    assert done.asked("？").stopped().turns[-1].state == "stopped"


def test_an_answer_that_was_stopped_is_never_called_broken():
    asked = talk(CITED).asked("？")
    assert asked.stopped().broken() == asked.broken().stopped() == asked.stopped()
    assert "程序出错" in column(asked.broken())


def test_examples_are_made_from_headlines_where_none_was_written():
    plain = replace(ARTICLE, title="枫林镇图书馆新馆开放", text="新馆开放。")
    assert examples_for([plain]) == ["《枫林镇图书馆新馆开放》说了什么？"]
    assert examples_for([]) == []


@pytest.mark.parametrize("path", ["/", "/config", "/assets/a.js", "/gradio_api/queue/join"])
def test_the_addresses_that_the_window_needs_are_open(path):
    assert is_open(path)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/upload",
        "/gradio_api/proxy=http://localhost/",
        "/gradio_api/runs",
        "/docs",
        "/openapi.json",
        "/monitoring",
        "/queue/join/x",
    ],
)
def test_every_other_address_is_closed(path):
    assert not is_open(path)


def get(path: str) -> list[dict[str, object]]:
    """Return what the middleware sends for a request to an application that answers 200."""
    sent: list[dict[str, object]] = []

    async def inner(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message):
        sent.append(message)

    asyncio.run(
        Doors(inner)({"type": "http", "method": "GET", "path": path, "headers": []}, None, send)
    )  # type: ignore[arg-type]
    return sent


def test_a_closed_address_is_not_found():
    assert get("/docs")[0]["status"] == 404


def test_every_page_forbids_the_browser_other_hosts():
    headers = dict(get("/")[0]["headers"])  # type: ignore[call-overload]
    assert b"default-src 'self'" in headers[b"content-security-policy"]


def test_people_of_the_file_enter_with_their_own_password_only(tmp_path):
    users = tmp_path / "users"
    users.write_text(f"# people\n\n李文:{hash_password('芝麻')}\nwang:{hash_password('b')}\n")
    admits = gatekeeper(read_passwords(users))
    assert admits("李文", "芝麻")
    assert not admits("李文", "b")
    assert not admits("zhao", "芝麻")


@pytest.mark.parametrize(
    "line", ["li:secret", "li", ":scrypt$00$00", "li:scrypt$zz$" + "0" * 64, "li:md5$00112233$ff"]
)
def test_a_plain_or_broken_password_line_is_refused_with_its_number(tmp_path, line):
    users = tmp_path / "users"
    users.write_text(f"# people\n{line}\n")
    with pytest.raises(QAError, match="line 2: not a hashed password"):
        read_passwords(users)


def test_a_missing_or_empty_password_file_is_an_error(tmp_path):
    (tmp_path / "empty").write_text("# nobody\n")
    for name in ("missing", "empty"):
        with pytest.raises(QAError):
            read_passwords(tmp_path / name)


def test_two_hashes_of_one_password_differ():
    assert hash_password("芝麻") != hash_password("芝麻")


def test_a_port_that_is_taken_is_one_clear_line(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port), "--library", str(tmp_path / "library")]) == 1
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "library").exists()


def test_a_host_that_is_no_address_is_one_clear_line(capsys):
    assert app.main(["--host", "no such host"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_refused_password_file_stops_the_start(tmp_path, capsys):
    (tmp_path / "users").write_text("li:secret\n")
    assert app.main(["--auth", str(tmp_path / "users")]) == 1
    assert "--hash-password" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "x"], ["--what"]])
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        app.main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_help_is_shown_without_loading_what_only_the_window_needs():
    code = "import app, sys; print({'gradio', 'torch', 'transformers'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_help_says_how_a_password_line_is_made():
    command = [sys.executable, "app.py", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--hash-password" in done.stdout
