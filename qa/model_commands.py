"""The `qa models` commands: which models there are, fetching one, trying one."""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from embeddings.errors import EncoderError
from embeddings.sentence_transformer import load_encoder
from qa import printing, settings
from qa.answering.reranking import named_reranker
from qa.chat.answering import ChatAnswerer
from qa.chat.choosing import BUILT_IN, chosen_name, wished
from qa.chat.loading import BackgroundLoad
from qa.chat.model import ChatModel
from qa.errors import ModelError
from qa.library.library import Library
from qa.models import chat_model_folder, dictionary, model_card, models_in_use, pull
from qa.models.advice import recommended
from qa.models.catalogue import Part
from qa.models.checking import Checked, check_chat, check_encoder, check_reranker, checked_lines
from qa.models.machine import this_machine
from qa.models.on_disk import folder_of, part_of
from qa.models.overview import overview, overview_lines
from qa.models.pulling import Pulled
from qa.terminal import Bar, open_library, print_json, print_lines


def model_command(options: argparse.Namespace) -> int:
    """Run `qa models ACTION`; return the exit code. Raises ModelError."""
    if options.name and options.action in ("list", "card"):
        options.misused(f"{options.action} takes no NAME")
    return _ACTIONS[options.action](options)


def _list(options: argparse.Namespace) -> int:
    with open_library(options) as library:
        answerer = chosen_name(wished(options))
        used = models_in_use(library, settings.reranker_name(), answerer)
    found = overview([*used, dictionary()], settings.hub_cache())
    if options.json:
        print_json(asdict(found))
    else:
        print_lines([*printing.model_lines(found.in_use), "", *overview_lines(found)])
    return 0


def _card(options: argparse.Namespace) -> int:
    print_json({"card": model_card()}) if options.json else print(model_card(), end="")
    return 0


def _pull(options: argparse.Namespace) -> int:
    names = [options.name] if options.name else _recommended()
    for name in names:
        with Bar("B") as bar:
            pulled = pull(name, settings.hub_cache(), settings.hub_endpoint(), bar)
        if options.json:
            print_json(asdict(pulled) | {"folder": str(pulled.folder)})
        else:
            print(f"{pulled.name} is in {pulled.folder}{_use(pulled)}")
    return 0


def _use(pulled: Pulled) -> str:
    """Return how a model is put to use, for people."""
    part = part_of(pulled.folder)
    return f"; to use it: {_USES[part]}{pulled.name}" if part else ""


def _recommended() -> list[str]:
    return [advice.name for advice in recommended(this_machine()) if advice.name]


def _check(options: argparse.Namespace) -> int:
    check = _trial(options)
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder, "library")) as library:
        library.add([settings.seeds_folder()])
        try:
            found = check(library)
        except EncoderError as error:
            raise ModelError(str(error)) from error
    if options.json:
        print_json(asdict(found))
    else:
        print_lines(checked_lines(found))
    return 0 if found.ok else 1


def _trial(options: argparse.Namespace) -> Callable[[Library], Checked]:
    """Return how the model that is meant is tried.

    Raises ModelError where it is not here, before anything else is done that takes time.
    """
    wish = wished(options)
    if wish.server and not options.name:
        raise ModelError(f"the model in use is behind {wish.server}: try it by qa ask QUESTION")
    name = options.name or chosen_name(wish)
    if name == BUILT_IN:
        raise ModelError("the built-in models come with the program: qa models shows their figures")
    if name is None:
        raise ModelError(
            "no chat model is in use: qa models pull gets one, qa models check NAME tries another"
        )
    folder = folder_of(name, settings.hub_cache())
    part = part_of(folder) if folder else None
    if part == "encoder":
        return lambda library: check_encoder(lambda: load_encoder(name), library)
    if part == "reranker":
        return lambda library: check_reranker(lambda: named_reranker(name), library)
    return partial(_check_chat, name, chat_model_folder(name))


def _check_chat(name: str, folder: Path, library: Library) -> Checked:
    load = BackgroundLoad(name, folder)
    with Bar() as bar:
        return check_chat(lambda: load.wait(bar), _answering, library)


@dataclass(frozen=True, slots=True)
class _Given:
    """A model that is there already, as a source."""

    given: ChatModel
    status: str = ""

    @property
    def name(self) -> str:
        return self.given.name

    def model(self) -> ChatModel:
        return self.given


def _answering(model: ChatModel) -> ChatAnswerer:
    return ChatAnswerer(_Given(model))


_USES: dict[Part, str] = {
    "answerer": "--model ",
    "encoder": "QA_ENCODER=",
    "reranker": "QA_RERANKER=",
}
_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "card": _card,
    "pull": _pull,
    "check": _check,
}
