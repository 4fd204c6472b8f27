"""Connections that ask slowly, or not at all, before a server of our own."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import pytest
from uvicorn import Config, Server

from window.entrance.caller import network_of
from window.entrance.listening import Timed, steady


async def hello(_, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    )
    await send({"type": "http.response.body", "body": b"hello"})


class Hasty(Timed):
    """The same with shorter times."""

    head, body = 0.3, 0.3


async def refuse(_, __, send):
    await send({"type": "http.response.start", "status": 405, "headers": []})
    await send({"type": "http.response.body", "body": b"no"})


@contextmanager
def listening(app: Any = hello) -> Iterator[tuple[Server, int]]:
    server = Server(Config(app, port=0, log_level="critical", lifespan="off"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    steady(server)
    server.config.http_protocol_class = Hasty
    try:
        yield server, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening() as (_, found):
        yield found


WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("sent", [b"", WHOLE[:30], WHOLE[:-1], WHOLE + WHOLE[:30]])
def test_who_sends_nothing_or_half_a_request_is_not_waited_for(port, sent):
    with socket.create_connection(("127.0.0.1", port), 10) as to:
        to.sendall(sent)
        got = b"".join(iter(lambda: to.recv(4096), b""))
    assert got.count(b"hello") == (len(sent) > len(WHOLE))


def test_who_asks_in_time_is_answered_again_and_again(port):
    with socket.create_connection(("127.0.0.1", port), 10) as to:
        for _ in range(4):
            to.sendall(WHOLE)
            got = b""
            while not got.endswith(b"hello"):
                got += to.recv(4096)
            time.sleep(0.15)


def test_a_body_that_is_no_http_behind_a_head_that_is_fills_no_terminal(caplog):
    head = b"HEAD / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    told = logging.getLogger("uvicorn.error")
    with listening(refuse) as (_, port):
        told.setLevel(logging.ERROR)
        told.addHandler(caplog.handler)
        try:
            for answered in (False, True):
                with (
                    suppress(ConnectionError),  # hung up on
                    socket.create_connection(("127.0.0.1", port), 10) as to,
                ):
                    to.sendall(head + (b"" if answered else b"zz\r\nzz\r\n"))
                    if answered:
                        assert b" 405 " in to.recv(4096)
                        to.sendall(b"zz\r\n")
                    while to.recv(4096):
                        pass
        finally:
            told.removeHandler(caplog.handler)
            told.setLevel(logging.CRITICAL)
    assert [line for line in caplog.records if line.exc_info] == []


def test_a_request_without_a_host_has_an_empty_one():
    async def tell(scope, _, send):
        host = dict(scope["headers"])[b"host"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"host: <" + host + b">"})

    for head, told in ((b"GET / HTTP/1.0", b"host: <>"), (b"GET / HTTP/1.1\r\nHost: x", b"<x>")):
        with listening(tell) as (_, port), socket.create_connection(("127.0.0.1", port)) as to:
            to.sendall(head + b"\r\nOrigin: http://x\r\nConnection: close\r\n\r\n")
            assert told in b"".join(iter(lambda to=to: to.recv(4096), b""))


def test_more_connections_than_there_are_files_for_are_sent_away():
    with listening() as (server, port):
        assert server.config.limit_concurrency >= 50
        server.config.limit_concurrency = 2
        waiting = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(3)]
        waiting[-1].sendall(WHOLE)
        assert waiting[-1].recv(4096).startswith(b"HTTP/1.1 503")
        for each in waiting:
            each.close()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_an_address_stands_for_what_one_visitor_has(address, network):
    assert network_of(address) == network
