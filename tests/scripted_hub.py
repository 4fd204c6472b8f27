"""A model hub on this machine: the two addresses that a download needs, and how they may fail."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34
_LARGE = (".safetensors", ".bin", ".onnx", ".gguf", "tokenizer.json")  # kept as large files


class ScriptedHub(ThreadingHTTPServer):
    """Serves `models`, name → path → bytes, and keeps what it was asked for in `asked`.

    `cut` makes it hang up once it has sent that many bytes of a large file; `resumes` lets it
    send the rest of a file when asked; `refuses` is the status that files are answered with.
    """

    daemon_threads = True

    def __init__(self, models: dict[str, dict[str, bytes]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models = models
        self.asked: list[tuple[str, int]] = []  # path and first byte of each file
        self.sent = 0  # bytes of all files
        self.cut: int | None = None
        self.resumes = True
        self.refuses: int | None = None
        self.garbled = False
        self.listing: bytes | None = None  # instead of what is true

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(hub: ScriptedHub) -> Iterator[ScriptedHub]:
    thread = threading.Thread(target=hub.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        hub.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedHub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if listed := re.fullmatch(r"/api/models/(.+)/revision/main", path):
            self._list(listed[1])
        elif asked := re.fullmatch(rf"/(.+?/.+?)/resolve/{COMMIT}/(.+)", path):
            # The real one, too, sends on to another address.
            self._answer(302, b"", Location=f"/cdn/{asked[1]}/{COMMIT}/{asked[2]}")
        elif sent := re.fullmatch(rf"/cdn/(.+?/.+?)/{COMMIT}/(.+)", path):
            self._send(sent[1], sent[2])
        else:
            self._answer(404, b"")

    def _list(self, name: str) -> None:
        if name not in self.server.models:
            self._answer(401, b'{"error": "Repository not found"}')  # as the real one answers
            return
        files = [_described(path, data) for path, data in self.server.models[name].items()]
        told = json.dumps({"id": name, "sha": COMMIT, "siblings": files}).encode()
        self._answer(200, told if self.server.listing is None else self.server.listing)

    def _send(self, name: str, path: str) -> None:
        hub, data = self.server, self.server.models[name][path]
        if hub.refuses:
            self._answer(hub.refuses, b"")
            return
        if hub.garbled:
            data = bytes(reversed(data))
        named = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(named[1]) if named and hub.resumes else 0
        hub.asked.append((path, start))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        cut = hub.cut if hub.cut is not None and path.endswith(_LARGE) else len(data)
        piece = data[start : max(start, cut)]
        hub.sent += len(piece)
        self.wfile.write(piece)
        self.close_connection = True

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _described(path: str, data: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    found: dict[str, object] = {"rfilename": path, "size": len(data), "blobId": blob}
    if path.endswith(_LARGE):
        digest = hashlib.sha256(data).hexdigest()
        found["lfs"] = {"sha256": digest, "size": len(data), "pointerSize": 132}
    return found
