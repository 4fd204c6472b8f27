"""Chat models behind a server: what is asked of it, and what becomes of what it answers."""

import asyncio
import gc
import json
import logging
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Ending, Script, ScriptedServer

from qa.chat.address import addresses
from qa.chat.events import EventReader
from qa.chat.model import CUT_OFF, Message
from qa.chat.server import ServerModel, open_server
from qa.errors import ModelError

ASKED = [Message("system", "只引用原文。"), Message("user", "桥有几座？")]
GOOD = Script(["桥有", "三座。", "[1]"])


def answer(model: ServerModel, limit: int = 100) -> str:
    return "".join(model.stream(ASKED, limit))


def until_error(pieces: Iterator[str]) -> tuple[str, str]:
    """Read until ModelError; return what came before it and what it says."""
    came: list[str] = []
    with pytest.raises(ModelError) as caught:
        came.extend(pieces)
    assert "\n" not in str(caught.value)
    return "".join(came), str(caught.value)


def from_script(script: Script, limit: int = 100, patience: float = 60.0) -> tuple[str, str]:
    with ScriptedServer([script]) as server:
        model = open_server(server.url, patience=patience)
        return until_error(model.stream(ASKED, limit))


class TestAsking:
    def test_an_answer_comes_piece_by_piece(self) -> None:
        with ScriptedServer([GOOD]) as server:
            pieces = [piece for piece in open_server(server.url).stream(ASKED, 100) if piece]
        assert pieces == ["桥有", "三座。", "[1]"]

    def test_the_server_is_asked_for_a_greedy_answer_of_limited_length_without_thoughts(
        self,
    ) -> None:
        with ScriptedServer([GOOD]) as server:
            answer(open_server(server.url), limit=77)
        assert server.requests[0].body == {
            "model": "scripted",
            "messages": [
                {"role": "system", "content": "只引用原文。"},
                {"role": "user", "content": "桥有几座？"},
            ],
            "stream": True,
            "temperature": 0,
            "max_tokens": 77,
            "chat_template_kwargs": {"enable_thinking": False},
            "reasoning_effort": "none",
        }

    def test_an_answer_that_ends_at_the_limit_is_an_answer_and_says_so(self) -> None:
        with ScriptedServer([Script(["桥有"], then="length")]) as server:
            pieces = list(open_server(server.url).stream(ASKED, 100))
        assert "".join(pieces) == "桥有"
        assert pieces[-1] is CUT_OFF

    @pytest.mark.parametrize(
        "raw",
        [
            b"\xef\xbb\xbfdata: %b\n\ndata: [DONE]\n\n",
            b": waiting\r\n\r\nevent: message\r\ndata: %b\r\n\r\ndata: [DONE]\r\n\r\n",
            b"id: 1\rdata: %b\r\rdata:[DONE]\r\r",
            b'data: {"usage": {"total_tokens": 5}, "choices": []}\n\ndata: %b\n\ndata: [DONE]\n\n',
            b"data: %b\n\n"
            b'data: {"choices": [{"index": 1, "delta": {"content": "no"}}]}\n\ndata: [DONE]\n\n',
        ],
        ids=["byte order mark", "comments", "carriage returns", "usage alone", "second answer"],
    )
    def test_events_are_read_in_every_form_that_they_may_have(self, raw: bytes) -> None:
        event = '{"choices": [{"delta": {"content": "三座\u2028。"}}]}'
        with ScriptedServer([Script(raw=raw.replace(b"%b", event.encode()))]) as server:
            assert answer(open_server(server.url)) == "三座\u2028。"

    def test_data_may_stand_in_several_lines_and_arrive_byte_by_byte(self) -> None:
        reader, raw = EventReader(), 'data: {"桥":\r\ndata: 3}\r\n\r\n'.encode()
        assert [it for byte in raw for it in reader.feed(bytes([byte]))] == ['{"桥":\n3}']

    def test_a_server_that_does_not_stream_is_read_too(self) -> None:
        raw = b'{"choices": [{"message": {"content": "[1]"}, "finish_reason": "stop"}]}'
        with ScriptedServer([Script(raw=raw)]) as server:
            assert answer(open_server(server.url)) == "[1]"

    @pytest.mark.parametrize("thoughts_in", ["reasoning_content", "reasoning"])
    def test_thoughts_are_passed_over(self, thoughts_in: str) -> None:
        script = Script(["三座。"], thoughts=["想", "一想"], thoughts_in=thoughts_in)
        with ScriptedServer([script]) as server:
            assert answer(open_server(server.url)) == "三座。"

    def test_halves_of_characters_are_neither_sent_nor_received(self) -> None:
        event = rb'{"choices": [{"delta": {"content": "\ud83d!"}, "finish_reason": "stop"}]}'
        with ScriptedServer([Script(raw=b"data: %b\n\n" % event)]) as server:
            model = open_server(server.url)
            assert "".join(model.stream([Message("user", "几座\udcff？")], 100)) == "?!"
        assert server.requests[0].body["messages"][0]["content"] == "几座?？"

    def test_two_are_answered_at_once(self) -> None:
        with ScriptedServer([Script(["一"], then="hang"), GOOD]) as server:
            model = open_server(server.url)
            first = model.stream(ASKED, 100)
            assert next(piece for piece in first if piece) == "一"
            assert answer(model) == "桥有三座。[1]"

    def test_it_answers_inside_a_running_event_loop(self) -> None:
        """As in a notebook."""

        async def asking() -> str:
            return answer(open_server(server.url))

        with ScriptedServer([GOOD]) as server:
            assert asyncio.run(asking()) == "桥有三座。[1]"


class TestOpening:
    @pytest.mark.parametrize(
        "end", ["/v1", "/v1/", "", "/", "/v1/chat/completions", "/v1/models/", "/v1\n"]
    )
    def test_the_address_may_be_given_with_or_without_its_end(self, end: str) -> None:
        with ScriptedServer([GOOD]) as server:
            model = open_server(server.url.removesuffix("/v1") + end)
            assert answer(model) == "桥有三座。[1]"

    @pytest.mark.parametrize("prefix", ["", "/proxy/chat", "/api/v3"])
    def test_a_server_may_keep_its_chat_elsewhere(self, prefix: str) -> None:
        with ScriptedServer([GOOD], prefix=prefix) as server:
            assert answer(open_server(server.url)) == "桥有三座。[1]"

    @pytest.mark.parametrize(
        "url",
        [
            *("", "localhost:8000", "ftp://host/v1", "http://", "http://a b/v1", "http://a..b"),
            *("http://user:secret@host/v1", "http://host/v1?key=secret", "http://host:70000"),
            *("http://256.1.1.1", "http://[::g]", "http://" + "a" * 64),
        ],
    )
    def test_what_is_no_address_is_refused_without_repeating_it(self, url: str) -> None:
        with pytest.raises(
            ModelError, match=r"must look like http://127\.0\.0\.1:8000/v1"
        ) as caught:
            open_server(url)
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("url", ["http://[::1]:8000", "http://my_host", "https://example.org"])
    def test_addresses_are_tried_with_v1_first(self, url: str) -> None:
        assert addresses(url) == [f"{url}/v1", url]

    def test_a_server_that_is_away_is_told_at_once(self) -> None:
        with ScriptedServer() as server:
            url = server.url
        began = time.monotonic()
        with pytest.raises(ModelError, match=f"no answer from {url}, is the server running"):
            open_server(url)
        assert time.monotonic() - began < 3

    def test_the_first_model_listed_is_chosen(self) -> None:
        with ScriptedServer([GOOD], models=[{"id": 5}, "a\nb", "small", "big"]) as server:
            assert open_server(server.url).name == "small"

    @pytest.mark.parametrize(
        "other",
        ["bge-m3", "Qwen/Qwen3-Embedding-0.6B", {"id": "m3", "type": "embedding"}, "jina-reranker"],
    )
    def test_a_model_that_cannot_chat_is_passed_over(self, other: Any) -> None:
        with ScriptedServer([GOOD], models=[other, "Qwen/Qwen3-4B"]) as server:
            assert open_server(server.url).name == "Qwen/Qwen3-4B"

    def test_where_none_can_chat_the_model_must_be_named(self) -> None:
        with ScriptedServer(models=["bge-m3"]) as server, pytest.raises(ModelError) as caught:
            open_server(server.url)
        assert "lists no model for chats (bge-m3 cannot chat): name the one" in str(caught.value)

    def test_a_model_that_is_named_need_not_be_listed(self) -> None:
        with ScriptedServer([GOOD], models=None) as server:
            model = open_server(server.url, "mine")
            assert (model.name, answer(model)) == ("mine", "桥有三座。[1]")

    def test_without_a_list_the_model_must_be_named(self) -> None:
        with ScriptedServer(models=None) as server, pytest.raises(ModelError) as caught:
            open_server(server.url.removesuffix("/v1"))
        assert f"{server.url}/models (404) or " in str(caught.value)
        assert "name the model" in str(caught.value)

    def test_with_an_empty_list_the_model_must_be_named(self) -> None:
        with (
            ScriptedServer(models=[]) as server,
            pytest.raises(ModelError, match="no model for chats:"),
        ):
            open_server(server.url)

    @pytest.mark.parametrize("status", [301, 302, 307, 308])
    def test_a_list_that_is_elsewhere_is_not_fetched_but_told(self, status: int) -> None:
        with ScriptedServer([GOOD]) as other:
            moved = Script(status=status, headers={"location": f"{other.url}/models"})
            with ScriptedServer(models=moved) as server, pytest.raises(ModelError) as caught:
                open_server(server.url, "mine", "sk-4711")
        told = f"{server.url} points elsewhere, use that address ({status}: {other.url}/models)"
        assert str(caught.value) == told
        assert other.listed == []  # and it never saw the key

    def test_a_model_that_is_named_is_asked_though_its_list_does_not_come(self) -> None:
        with ScriptedServer([GOOD], models=Script(wait=60)) as server:
            model = open_server(server.url, "mine", patience=0.3)
            assert (model.name, answer(model)) == ("mine", "桥有三座。[1]")
            with pytest.raises(ModelError, match=r"is it busy\? Name the model to ask it"):
                open_server(server.url, patience=0.3)

    def test_a_server_that_cannot_list_yet_is_not_taken_for_a_wrong_address(self) -> None:
        with (
            ScriptedServer(models=Script(status=503, message="Loading model")) as server,
            pytest.raises(ModelError, match=r"still loading, try again later \(503: Loading"),
        ):
            open_server(server.url.removesuffix("/v1"))

    @pytest.mark.parametrize("status", [200, 404])
    def test_a_web_page_in_place_of_a_list_is_told(self, status: int) -> None:
        page = Script(status=status, raw=b"\n<!DOCTYPE html><title>Welcome</title>")
        with ScriptedServer(models=page) as server, pytest.raises(ModelError) as caught:
            open_server(server.url)
        told = f"{server.url} gives a web page and not an API, check the address"
        assert str(caught.value) == told

    @pytest.mark.parametrize("raw", [b"Welcome", b"{}", b"[" * 99_999, b"\xff", b"z" * 60_000_000])
    def test_a_list_that_cannot_be_read_is_none(self, raw: bytes) -> None:
        began = time.monotonic()
        with ScriptedServer(models=Script(raw=raw)) as server, pytest.raises(ModelError) as caught:
            open_server(server.url)
        assert "no list of models at" in str(caught.value)
        assert time.monotonic() - began < 5

    @pytest.mark.parametrize(
        ("entry", "context"),
        [
            ({"max_model_len": 8192}, 8192),  # vLLM
            ({"meta": {"n_ctx": 2048, "n_ctx_train": 40960}}, 2048),  # llama.cpp
            ({"meta": {"n_ctx_train": 40960}}, 4096),
            ({"max_model_len": "many", "meta": None}, 4096),
            ({"max_model_len": -1}, 4096),
            ({"max_model_len": True, "meta": {"n_ctx": 2048}}, 2048),
            ({"max_model_len": "8192"}, 8192),
            ({}, 4096),
        ],
    )
    def test_the_context_is_what_the_server_tells(self, entry: Any, context: int) -> None:
        with ScriptedServer(models=["other", {"id": "mine", **entry}]) as server:
            assert open_server(server.url, "mine").context == context

    def test_the_only_entry_tells_the_context_whatever_it_is_called(self) -> None:
        entry = {"id": "/models/qwen.gguf", "meta": {"n_ctx": 2048}}
        with ScriptedServer(models=[entry]) as server:
            assert open_server(server.url, "qwen").context == 2048


class TestKeys:
    KEY = "sk-4711-geheim"

    def test_the_key_is_sent(self) -> None:
        with ScriptedServer([GOOD], key=self.KEY) as server:
            assert answer(open_server(server.url, key=f"{self.KEY}\n")) == "桥有三座。[1]"

    def test_a_server_that_wants_one_says_so(self) -> None:
        with ScriptedServer(key=self.KEY) as server, pytest.raises(ModelError, match="wants a key"):
            open_server(server.url)

    @pytest.mark.parametrize("key", ["two words", "two\nlines", "ключ"])
    def test_what_is_no_key_is_refused_without_repeating_it(self, key: str) -> None:
        with pytest.raises(ModelError, match="check it") as caught:
            open_server("http://127.0.0.1:1", key=key)
        assert key not in str(caught.value)

    @pytest.mark.parametrize("status", [401, 403, 400, 500])
    def test_the_key_is_shown_nowhere_even_if_the_server_repeats_it(
        self, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        script = Script(
            status=status, message=f"bad key {self.KEY}", headers={"x-should-retry": "false"}
        )
        with ScriptedServer([script]) as server:
            model = open_server(server.url, key=self.KEY)
            with pytest.raises(ModelError, match=r"bad key …") as caught:
                answer(model)
        shown = "".join(traceback.format_exception(caught.value))
        assert self.KEY not in shown + repr(model) + caplog.text
        assert server.requests[0].headers["authorization"] == f"Bearer {self.KEY}"

    def test_nothing_is_taken_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
            monkeypatch.setenv(f"OPENAI_{name}", "secret")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: secret\nX-Mine: secret")
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        with ScriptedServer([GOOD]) as server:
            assert answer(open_server(server.url)) == "桥有三座。[1]"
        assert "secret" not in str([*server.listed, *server.requests])
        assert not [name for name in server.requests[0].headers if name.startswith("x-")]

    def test_a_proxy_that_cannot_be_used_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:1")
        with pytest.raises(ModelError, match=r"proxy set for .* cannot be used"):
            open_server("http://server.example")


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (400, "refuses the request (400: too long)"),
            (401, "wants a key (401: too long)"),
            (404, "does not know the model, or has no chat there (404: too long)"),
            (307, "points elsewhere, use that address (307: http://elsewhere/v1)"),
        ],
    )
    def test_a_refusal_is_told_in_a_line(self, status: int, words: str) -> None:
        message, headers = "too\n\x1blong", {"location": "http://elsewhere/v1"}
        came, error = from_script(Script(status=status, message=message, headers=headers))
        assert came == ""
        assert error.endswith(words)

    def test_a_page_for_people_is_not_repeated(self) -> None:
        _, error = from_script(Script(status=418, raw=b"<html><h1>Sorry</h1></html>"))
        assert error.endswith("refuses the request (418)")

    @pytest.mark.parametrize("status", [200, 404, 405])
    def test_a_web_page_in_place_of_an_answer_is_told(self, status: int) -> None:
        page = b"\xef\xbb\xbf <html><h1>Welcome</h1></html>"
        came, error = from_script(Script(status=status, raw=page))
        assert came == ""
        assert "/v1 gives a web page and not an API, check the address" in error

    def test_of_a_refusal_without_an_end_only_the_beginning_is_read(self) -> None:
        began = time.monotonic()
        _, error = from_script(Script(status=400, raw=b"no " * 20_000_000))
        assert error.endswith(f"refuses the request (400: {'no ' * 66}no)")
        assert time.monotonic() - began < 5

    def test_a_model_that_is_not_known_is_told_with_those_that_are(self) -> None:
        script = Script(status=404, message="model 'mine' not found")
        with ScriptedServer([script], models=["small", "big"]) as server:
            _, error = until_error(open_server(server.url, "mine").stream(ASKED, 100))
        assert error.endswith("model 'mine' not found); it lists small, big")

    @pytest.mark.parametrize(
        ("status", "word"), [(429, "overloaded"), (503, "loading"), (500, "failed")]
    )
    def test_an_overloaded_server_is_asked_three_times(self, status: int, word: str) -> None:
        with ScriptedServer([Script(status=status, headers={"retry-after-ms": "20"})]) as server:
            _, error = until_error(open_server(server.url).stream(ASKED, 100))
        assert word in error
        assert len(server.requests) == 3

    def test_a_server_that_is_busy_for_long_is_not_waited_for(self) -> None:
        began = time.monotonic()
        _, error = from_script(Script(status=429, headers={"retry-after": "60"}))
        assert error.endswith("try again later (429, retry after 60 s: scripted trouble)")
        assert time.monotonic() - began < 3

    def test_an_answer_may_come_at_the_second_try(self) -> None:
        with ScriptedServer([Script(status=503, headers={"retry-after-ms": "20"}), GOOD]) as server:
            assert answer(open_server(server.url)) == "桥有三座。[1]"

    @pytest.mark.parametrize("wish", ["chat_template_kwargs", "reasoning_effort", "temperature"])
    def test_a_wish_that_is_refused_is_left_out_from_then_on(self, wish: str) -> None:
        with ScriptedServer([GOOD], refuses=[wish]) as server:
            model = open_server(server.url)
            assert [answer(model), answer(model)] == ["桥有三座。[1]"] * 2
        first, *rest = [set(request.body) for request in server.requests]
        assert rest == [first - {wish}] * 2

    def test_the_limit_is_sent_by_its_newer_name_where_the_older_is_refused(self) -> None:
        with ScriptedServer([GOOD], refuses=["max_tokens"]) as server:
            answer(open_server(server.url), limit=77)
        assert server.requests[-1].body["max_completion_tokens"] == 77

    @pytest.mark.parametrize(
        ("status", "message"), [(400, "the prompt is too long"), (418, "high temperature")]
    )
    def test_what_refuses_no_wish_is_not_tried_again(self, status: int, message: str) -> None:
        with ScriptedServer([Script(status=status, message=message)]) as server:
            until_error(open_server(server.url).stream(ASKED, 100))
        assert len(server.requests) == 1


class TestTrouble:
    @pytest.mark.parametrize(
        ("then", "words"),
        [
            ("drop", "broke off"),
            ("end", "stopped before the answer was whole"),
            ("error", "failed: out of memory"),
            ("malformed", "sent what cannot be read"),
        ],
    )
    def test_what_came_before_the_trouble_is_kept_and_nothing_is_asked_again(
        self, then: Ending, words: str
    ) -> None:
        with ScriptedServer([Script(["桥有", "三座"], then, message="out of memory")]) as server:
            came, error = until_error(open_server(server.url).stream(ASKED, 100))
        assert came == "桥有三座"
        assert words in error
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "raw",
        [
            *(b"Welcome", b'{"choices": []}', b"data: 5\n\n", b"data: [DONE]\n\n"),
            *(b'data: {"choices": [5]}\n\n', b"data: \xff\n\n", b"data: " + b"[" * 99999 + b"\n\n"),
            b'data: {"choices": [{"delta": {"content": 5}, "finish_reason": "stop"}]}\n\n',
        ],
    )
    def test_what_is_no_answer_is_none(self, raw: bytes) -> None:
        came, _ = from_script(Script(raw=raw))
        assert came == ""

    def test_an_empty_answer_is_none(self) -> None:
        assert "wrote no answer" in from_script(Script())[1]

    def test_thoughts_alone_are_no_answer(self) -> None:
        assert "switch its thinking off" in from_script(Script(thoughts=["想"]))[1]

    def test_silence_is_waited_out_for_so_long(self) -> None:
        came, error = from_script(Script(["桥有"], then="hang"), patience=0.5)
        assert came == "桥有"
        assert "was silent for" in error

    def test_an_answer_that_drips_is_ended_in_time(self) -> None:
        with ScriptedServer([Script(["说"], then="endless", delay=0.1)]) as server:
            pieces = open_server(server.url, longest=0.5).stream(ASKED, 1000)
            came, error = until_error(pieces)
        assert 0 < len(came) < 10
        assert "had not finished after" in error

    def test_what_the_server_said_before_done_is_an_answer(self) -> None:
        raw = b'data: {"choices": [{"delta": {"content": "[1]"}}]}\n\ndata: [DONE]\n\n'
        with ScriptedServer([Script(raw=raw)]) as server:
            assert answer(open_server(server.url)) == "[1]"

    @pytest.mark.parametrize(
        ("reason", "words"),
        [("content_filter", "content filter took offence"), ("error", "failed in the middle")],
    )
    def test_an_answer_that_ends_badly_says_why(self, reason: str, words: str) -> None:
        event = json.dumps({"choices": [{"delta": {"content": "桥"}, "finish_reason": reason}]})
        came, error = from_script(Script(raw=f"data: {event}\n\n".encode()))
        assert came == "桥"
        assert words in error

    def test_events_that_add_nothing_are_silence(self) -> None:
        assert "was silent" in from_script(Script([""] * 100, delay=0.1), patience=0.5)[1]

    def test_thoughts_are_signs_of_life(self) -> None:
        script = Script(["三座。"], thoughts=["想"] * 8, delay=0.1)
        with ScriptedServer([script]) as server:
            assert answer(open_server(server.url, patience=0.6)) == "三座。"

    @pytest.mark.parametrize(("piece", "most"), [("说", 45), ("word ", 165)])
    def test_an_answer_without_an_end_is_cut_off(self, piece: str, most: int) -> None:
        with ScriptedServer([Script([piece], then="endless")]) as server:
            written = answer(open_server(server.url), limit=10)
            assert server.requests[0].gone.wait(1)
        assert 10 * len(piece) < len(written) <= most

    def test_thoughts_without_an_end_are_cut_off(self) -> None:
        assert (
            "thoughts and no answer"
            in from_script(Script(thoughts=["想"] * 50, then="hang"), 10)[1]
        )

    def test_one_piece_too_long_is_cut_off(self) -> None:
        with ScriptedServer([Script(["说" * 100_000])]) as server:
            assert len(answer(open_server(server.url), limit=10)) == 160

    def test_a_server_that_is_killed_in_the_middle_is_told(self) -> None:
        code = (
            "from scripted_server import *\n"
            "with ScriptedServer([Script(['桥有'], then='hang')]) as server:\n"
            "    print(server.url, flush=True); input()"
        )
        command, folder = [sys.executable, "-c", code], Path(__file__).parent
        with subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout
            pieces = open_server(process.stdout.readline()).stream(ASKED, 100)
            assert next(piece for piece in pieces if piece) == "桥有"
            process.kill()
            began = time.monotonic()
            assert "broke off" in until_error(pieces)[1]
            assert time.monotonic() - began < 3


class TestStopping:
    @pytest.mark.parametrize(
        "script",
        [
            Script(["桥有"], then="hang"),
            Script(["桥有"], then="endless"),
            Script(wait=60),
            Script(status=503, headers={"retry-after": "8"}),
            Script(["桥有"], then="drop"),
        ],
        ids=["in silence", "in full flow", "before it", "between two tries", "after trouble"],
    )
    def test_closing_stops_within_a_second(
        self, script: Script, caplog: pytest.LogCaptureFixture
    ) -> None:
        with ScriptedServer([script]) as server:
            pieces = open_server(server.url).stream(ASKED, 1_000_000)
            while not server.requests:
                next(pieces)
            time.sleep(0.1)
            began = time.monotonic()
            pieces.close()  # type: ignore[attr-defined]
            assert time.monotonic() - began < 1
            if script.status == 200:
                assert server.requests[0].gone.wait(1)
        gc.collect()  # what is left over complains when it is collected
        assert not caplog.records

    def test_signs_of_life_come_about_five_times_a_second(self) -> None:
        with ScriptedServer([Script(["三座。"], wait=1.5)]) as server:
            model, began = open_server(server.url), time.monotonic()
            signs = list(model.stream(ASKED, 100)).count("")
        assert 2 < signs / (time.monotonic() - began) < 8

    def test_a_reader_that_goes_away_leaves_no_thread_behind(self) -> None:
        before = threading.active_count()
        with ScriptedServer([Script(["桥有"], then="hang")]) as server:
            pieces = open_server(server.url).stream(ASKED, 100)
            next(pieces)
            del pieces
        time.sleep(0.1)
        assert threading.active_count() <= before


class TestCounting:
    @pytest.mark.parametrize(
        ("text", "tokens"),
        [  # the most that the tokenizers of Qwen, DeepSeek, GPT-4, 4o, Mistral and Claude make of it
            ("郑州市中心医院高新医院提供1500张床位。", 26),
            ("張先生於1926年遷居臺北，擔任圖書館館長。", 34),
            ("[1] 据《滨海日报》5月12日报道，总投资24.6亿元。", 33),
            ("𠮷野家龘靐", 13),
            ("1500张 2019-2022 212805平方米", 26),
            ("How many bridges does the city of Zhengzhou have?", 14),
            ("Сколько мостов построили в городе?", 18),
            ("Thành phố có bao nhiêu cây cầu?", 21),
            ("橋はいくつありますか。", 12),
            ("다리는 몇 개입니까?", 14),
            ("🎉🌉", 8),
            ("", 0),
        ],
    )
    def test_an_estimate_is_not_below_the_truth_nor_far_above(self, text: str, tokens: int) -> None:
        with ScriptedServer() as server:
            counted = open_server(server.url).count(text)
        assert tokens <= counted <= 4 * tokens + 1
