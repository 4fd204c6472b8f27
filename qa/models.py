"""Models: which parts are in use, which could be, and the card of those that are built in.

The built-in parts need nothing but this package. Names no one has asked for are never fetched.
"""

from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import EncoderError
from embeddings.glosses import FOLDER as DICTIONARY
from embeddings.sentence_transformer import pull_encoder
from qa.answering.reader import WEIGHTS
from qa.errors import ModelError
from qa.library.library import Library
from qa.library.snapshot import Snapshot

# Multilingual, 0.5 GB, and quick enough on two cores.
RECOMMENDED_ENCODER = "intfloat/multilingual-e5-small"

_CARD = Path(__file__).with_name("model_card.md")
_BUILT_IN = "built-in"
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


def models_in_use(library: Library) -> list[Model]:
    """Return the encoder, reranker and answerer that a question to `library` goes through."""
    return [
        _encoder(library.folder, library.snapshot()),
        Model(
            "reranker",
            "built-in sentence ranker",
            str(WEIGHTS),
            "learned: which sentence answers, and whether it is enough",
            WEIGHTS.stat().st_size,
            _LEARNED,
        ),
        Model("answerer", "built-in reader", "", "quotes sentences, never writes its own"),
    ]


def dictionary() -> Model:
    """Return the dictionary by which questions in one language find pages in the other."""
    note = "Chinese and English: words, names, both scripts"
    return Model("dictionary", "CC-CEDICT", str(DICTIONARY), note, _size(DICTIONARY), _LEARNED)


def _encoder(folder: Path, snapshot: Snapshot) -> Model:
    name = snapshot.encoder_name or _BUILT_IN
    width = f"{snapshot.encoder.width} wide" if snapshot.encoder else "not fitted yet: no pages"
    if name != _BUILT_IN:
        return Model("encoder", name, "", width, licence="its makers'")
    place = folder / "encoders"
    note = f"fitted on this library, {width}" if snapshot.encoder else width
    return Model("encoder", name, str(place), note, _size(place), "as the library's pages")


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def model_card() -> str:
    """Return the card of the built-in models, in Markdown: data, licences, figures, weaknesses."""
    return _CARD.read_text(encoding="utf-8")


def pull(name: str) -> Path:
    """Download an encoder by its hub name and return its folder. Raises ModelError."""
    try:
        return pull_encoder(name)
    except EncoderError as error:
        raise ModelError(str(error)) from error
