"""Encoders and rerankers by name or folder: any SentenceTransformer or CrossEncoder on this machine.

The one file that imports sentence-transformers, and only once such a model is really loaded.
Code that comes with a model is never run, and nothing is downloaded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import Encoder, StaticEncoder, Vectors, is_static, unit_rows
from embeddings.errors import EncoderError
from embeddings.folders import Kind, config_of, fingerprint_of, kind_of, model_folder
from embeddings.loading import DAMAGED, LOADING, reason_of
from embeddings.prompts import prompts_of

_CALLED = {"SentenceTransformer": "encoder", "CrossEncoder": "reranker"}
_CODE = "trust_remote_code"  # in every message about a model that comes with code
_PROBE = "报纸 newspaper"


class Reranker(Protocol):
    """A question and texts → how well each answers it: float32 (n,), any scale, more is better.

    `name` is shown to people. Raises EncoderError when the model fails.
    """

    @property
    def name(self) -> str: ...
    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]: ...


def load_encoder(name: str | Path) -> Encoder:
    """Return the encoder in a folder, or of a hub name that has been downloaded before.

    Raises EncoderError, at once and without a look at the network, when it is not on this
    machine, and when it cannot be read or used.
    """
    folder = model_folder(str(name), "encoder")
    if is_static(folder):
        return StaticEncoder.load(folder)
    return SentenceTransformerEncoder(str(name), folder)


def load_reranker(name: str | Path) -> Reranker:
    """Return the CrossEncoder in a folder, or of a hub name that has been downloaded before.

    Raises EncoderError as `load_encoder` does.
    """
    return CrossEncoderReranker(str(name), model_folder(str(name), "reranker"))


class _Loaded:
    """A model of sentence-transformers, for several threads at once.

    That is safe because all calls set its tokenizer alike: what is set once, before the model is
    given away, is not set again, which another thread's call would refuse ("Already borrowed").
    """

    def __init__(self, kind: Kind, name: str, folder: Path) -> None:
        self._what = f"{_CALLED[kind]} {name}"
        if kind_of(folder) != kind:
            raise EncoderError(f"{name} is no {_CALLED[kind]}: choose a {kind}")
        with LOADING, _explained(f"{self._what} cannot be loaded"):
            import sentence_transformers as library
            from sentence_transformers.util import get_device_name

            # Half precision is slower on most CPUs (2.5 times in bfloat16, 7 in float16, without
            # AMX), and there a vector depends on its neighbours in the batch by 0.002.
            dtype = "float32" if get_device_name() == "cpu" else "auto"
            self._model: Any = getattr(library, kind)(
                str(folder), local_files_only=True, model_kwargs={"dtype": dtype}
            )
            if not {"text", "message"}.issuperset(self._model.modalities):
                # It would take a text for the address of a picture, and fetch that.
                raise ValueError("it reads more than text: choose one for text alone")

    def __call__(self, method: str, inputs: Sequence[Any], **options: str) -> NDArray[np.float32]:
        """Return what a method of the model makes of `inputs`: one row for each."""
        with _explained(f"{self._what} failed"):
            made = getattr(self._model, method)(
                list(inputs), convert_to_numpy=True, show_progress_bar=False, **options
            )
        rows = np.asarray(made, np.float32)
        if len(rows) != len(inputs) or not np.isfinite(rows).all():
            raise EncoderError(f"{self._what} gives something else than numbers: choose another")
        return rows


@contextmanager
def _explained(what: str) -> Iterator[None]:
    from huggingface_hub.errors import StrictDataclassError

    try:
        yield
    except (*DAMAGED, StrictDataclassError) as error:
        reason = reason_of(error)
        if _CODE in str(error):
            reason = "it comes with code of its own, which is never run"
        raise EncoderError(f"{what}: {reason}") from error


class SentenceTransformerEncoder:
    """A SentenceTransformer with its own prompts for questions and documents, if it has any."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in `folder` and try it. Raises EncoderError when it cannot be used."""
        self.name = name
        self._folder = folder
        self._prompts = prompts_of(config_of(folder), name)
        self._model = _Loaded("SentenceTransformer", name, folder)
        question, document = self._question([_PROBE]), self._document([_PROBE])
        if question.ndim != 2 or question.shape != document.shape:
            raise EncoderError(f"encoder {name} gives no vectors of one width: choose another")
        self.width = question.shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of the model's files and its prompts, 32 hex digits."""
        return fingerprint_of(self._folder, [self._prompts.question, self._prompts.document])

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of texts that are to be found.

        Raises EncoderError when the model fails.
        """
        return unit_rows(self._document(texts)) if texts else np.zeros((0, self.width), np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (len(texts), width) of questions; raises as the other."""
        return unit_rows(self._question(texts)) if texts else np.zeros((0, self.width), np.float32)

    def _document(self, texts: Sequence[str]) -> Vectors:
        return self._model("encode_document", texts, prompt=self._prompts.document)

    def _question(self, texts: Sequence[str]) -> Vectors:
        return self._model("encode_query", texts, prompt=self._prompts.question)


class CrossEncoderReranker:
    """A CrossEncoder that gives one score for a pair."""

    def __init__(self, name: str, folder: Path) -> None:
        """Load the model in `folder` and try it. Raises EncoderError when it cannot be used."""
        self.name = name
        self._model = _Loaded("CrossEncoder", name, folder)
        if self._model("predict", [(_PROBE, _PROBE)]).shape != (1,):
            raise EncoderError(f"reranker {name} gives more than one score: choose another")

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each text answers, float32 (n,). Raises EncoderError."""
        if not texts:
            return np.zeros(0, np.float32)
        return self._model("predict", [(question, text) for text in texts])
