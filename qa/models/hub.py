"""The hub: where models are downloaded from, by the two addresses that are needed of it.

    GET /api/models/NAME/revision/main?blobs=true    its commit and files, with sizes and digests
    GET /NAME/resolve/COMMIT/FILE                    a file, or the rest of it

Knows nothing of what files are for or where they are kept. The one file that imports httpx2, and
so the one that reaches for the network. The hub's own package is not used: since version 1 it
throws away what a broken download has fetched (huggingface_hub issue 4196).
"""

import re
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from qa.errors import ModelError

if TYPE_CHECKING:
    import httpx2

_FIRST = 1.8  # seconds for the first answer, looking up the address included
_PATIENCE = 20.0  # seconds between two pieces of what has begun to come
_TRIES = 4  # broken connections in a row before giving up
_WORTH = 1 << 20  # bytes that must come between two of them for the first not to count
_UNKNOWN, _REFUSED = (401, 404), (401, 403)  # 401: nobody has it, or it is private
_PARTIAL = 206
_KEPT_BACK = (
    "{name} is given only to those who accept its makers' terms: "
    "download it with their tools, and name its folder"
)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model: `path` inside its repository, `size` in bytes.

    `digest` is the SHA-256 of a large file (64 hex digits), and git's SHA-1 of a small one (40).
    """

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A model as the hub has it now: the `commit` (40 hex digits) of its main branch."""

    name: str
    commit: str
    files: tuple[HubFile, ...]


class Hub:
    """Connections to the hub at `endpoint`, or to a mirror of it; closed by `with`.

    Proxies are those that the environment names.
    """

    def __init__(self, endpoint: str) -> None:
        """Raises ModelError when the address or that of a proxy cannot be used."""
        import httpx2

        self._endpoint = endpoint.rstrip("/")
        limits = httpx2.Timeout(_PATIENCE, connect=_PATIENCE / 2)
        try:
            httpx2.URL(self._endpoint)
            self._client = httpx2.Client(follow_redirects=True, timeout=limits)
        except ImportError as error:
            raise ModelError("a SOCKS proxy needs: pip install 'httpx2[socks]'") from error
        except (httpx2.InvalidURL, ValueError) as error:
            raise ModelError(f"the hub {endpoint} or its proxy cannot be used: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def listing(self, name: str) -> Listing:
        """Return what the hub has of a model, or raise ModelError: within about two seconds.

        Only an answer that has begun may take longer.
        """
        import httpx2

        try:
            response = self._soon(f"{self._endpoint}/api/models/{name}/revision/main?blobs=true")
            response.read()
        except httpx2.HTTPError as error:
            raise self._away(_said(error)) from error
        if response.status_code in _UNKNOWN:
            raise ModelError(f"{self._endpoint} has no model {name}: see how it is written there")
        if response.is_error:
            raise self._away(f"HTTP {response.status_code}")
        try:
            return _listing(name, response.json())
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise self._away("the answer is not that of a model hub") from error

    def _soon(self, url: str) -> "httpx2.Response":
        """Return the beginning of an answer, in a thread: looking up a name knows no time-out."""
        answer: Future[httpx2.Response] = Future()
        request = self._client.build_request("GET", url, timeout=_FIRST)

        def ask() -> None:
            try:
                answer.set_result(self._client.send(request, stream=True))
            except Exception as error:  # noqa: BLE001 - raised again where the answer is awaited
                answer.set_exception(error)

        Thread(target=ask, daemon=True).start()
        try:
            return answer.result(_FIRST)
        except TimeoutError as error:
            raise self._away(f"no answer within {_FIRST} seconds") from error

    def _away(self, reason: str) -> ModelError:
        return ModelError(
            f"{self._endpoint} cannot be reached ({reason}): "
            "is there a network? HF_ENDPOINT names a mirror, HTTPS_PROXY a proxy"
        )

    def fetch(
        self, listing: Listing, file: HubFile, place: Path, told: Callable[[int], None]
    ) -> None:
        """Download a file to `place`, going on behind what lies there already.

        `told` hears, now and then, how many bytes of it are there. What has come stays when the
        connection breaks for good, which is a ModelError, as is a file that the hub keeps back.
        """
        place.touch()
        broken = 0
        while (had := place.stat().st_size) < file.size:
            if broken:
                time.sleep(2.0 ** (broken - 2))
            trouble = self._receive(listing, file, place, told)
            broken = broken + 1 if place.stat().st_size - had < _WORTH else 0
            if broken == _TRIES and place.stat().st_size < file.size:
                raise ModelError(
                    f"the download of {listing.name} broke off ({trouble}): "
                    "run it again, and it goes on from there"
                )

    def _receive(
        self, listing: Listing, file: HubFile, place: Path, told: Callable[[int], None]
    ) -> str:
        """Append what comes over one connection; return what ended it, in words."""
        import httpx2

        had = place.stat().st_size
        url = f"{self._endpoint}/{listing.name}/resolve/{listing.commit}/{quote(file.path)}"
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                status = response.status_code
                if status in _REFUSED:
                    raise ModelError(_KEPT_BACK.format(name=listing.name))
                if response.is_error:
                    return f"HTTP {status}"
                with place.open("ab" if status == _PARTIAL else "wb") as out:
                    for piece in response.iter_bytes():
                        out.write(piece)
                        told(out.tell())
                        if out.tell() > file.size:  # it is another file, as its digest will show
                            break
        except httpx2.HTTPError as error:
            return _said(error)
        return "it ended too early"


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def _listing(name: str, answer: Any) -> Listing:
    """Return what the hub answered; ValueError and the like where that cannot be right."""
    files = []
    for one in answer["siblings"]:
        large = one.get("lfs")
        digest = large["sha256"] if large else one["blobId"]
        path = PurePosixPath(one["rfilename"])
        if path.is_absolute() or ".." in path.parts or "\\" in str(path) or "\0" in str(path):
            raise ValueError(f"{path} leads out of the repository")
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest} is no digest")
        files.append(HubFile(str(path), int(one["size"]), digest))
    if not _COMMIT.fullmatch(answer["sha"]):
        raise ValueError("no commit")
    return Listing(name, answer["sha"], tuple(files))
