"""In use: the models that a question to a library goes through, and the card of those built in.

The built-in parts need nothing but this package.
"""

from dataclasses import dataclass
from pathlib import Path

from embeddings.glosses import FOLDER as DICTIONARY
from qa.answering.reader import WEIGHTS
from qa.library.encoders import BUILT_IN
from qa.library.library import Library
from qa.library.snapshot import Snapshot
from qa.models.on_disk import folder_of, licence_of, size_of
from qa.settings import hub_cache

_CARD = Path(__file__).with_name("model_card.md")
_LEARNED = "CC BY-SA 4.0"  # from question sets under this licence and CC BY-SA 3.0


@dataclass(frozen=True, slots=True)
class Model:
    """One part of the road from question to answer: `part`, `name`, where it is, what it is.

    `size` is in bytes, None where the part has no data of its own or it lies elsewhere;
    `licence` is that of its data.
    """

    part: str
    name: str
    where: str
    note: str
    size: int | None = None
    licence: str = ""


def models_in_use(
    library: Library,
    reranker: str | None = None,
    answerer: str | None = None,
    cache: Path | None = None,
) -> list[Model]:
    """Return the encoder, reranker and answerer that a question to `library` goes through.

    `reranker` and `answerer` are the names or folders of those that were chosen, None for the
    built-in ones; `cache` is the hub's, which the settings tell otherwise. Nothing is loaded but
    the library's encoder, and nothing is added to the library.
    """
    cache = cache or hub_cache()
    return [
        _encoder(library.folder, library.snapshot(), cache),
        _named("reranker", reranker, cache) if reranker else _ranker(),
        _named("answerer", answerer, cache) if answerer else _reader(),
    ]


def _ranker() -> Model:
    note = "learned: which sentence answers, and whether it is enough"
    size = WEIGHTS.stat().st_size
    return Model("reranker", "built-in sentence ranker", str(WEIGHTS), note, size, _LEARNED)


def _reader() -> Model:
    return Model("answerer", "built-in reader", "", "quotes sentences, never writes its own")


def _named(part: str, name: str, cache: Path, note: str = "") -> Model:
    """Return a model by its name or folder; one behind a server is known by its name alone."""
    place = folder_of(name, cache)
    if place is None:
        return Model(part, name, "", note, licence="its makers'")
    licence = licence_of(place) or "its makers'"
    return Model(part, name, str(place), note, size_of(place), licence)


def dictionary() -> Model:
    """Return the dictionary by which questions in one language find pages in the other."""
    note = "Chinese and English: words, names, both scripts"
    return Model("dictionary", "CC-CEDICT", str(DICTIONARY), note, size_of(DICTIONARY), _LEARNED)


def _encoder(folder: Path, snapshot: Snapshot, cache: Path) -> Model:
    name = snapshot.encoder_name or BUILT_IN
    width = f"{snapshot.encoder.width} wide" if snapshot.encoder else "not fitted yet: no pages"
    if name != BUILT_IN:
        return _named("encoder", name, cache, width)
    place = folder / "encoders"
    note = f"fitted on this library, {width}" if snapshot.encoder else width
    return Model("encoder", name, str(place), note, size_of(place), "as the library's pages")


def model_card() -> str:
    """Return the card of the built-in models, in Markdown: data, licences, figures, weaknesses."""
    return _CARD.read_text(encoding="utf-8")
