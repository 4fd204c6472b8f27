"""The `qa models` commands: which models there are, fetching one, trying one."""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.errors import EncoderError
from embeddings.sentence_transformer import load_encoder
from qa import printing, settings
from qa.answering.reranking import named_reranker
from qa.chat.answering import ChatAnswerer
from qa.chat.choosing import chosen_name, wished
from qa.chat.loading import BackgroundLoad
from qa.chat.model import ChatModel
from qa.errors import ModelError
from qa.library.library import Library
from qa.models import chat_model_folder, dictionary, model_card, models_in_use, pull
from qa.models.advice import recommended
from qa.models.checking import Checked, check_chat, check_encoder, check_reranker, checked_lines
from qa.models.machine import this_machine
from qa.models.on_disk import folder_of, part_of
from qa.models.overview import overview, overview_lines
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
            print(f"{pulled.name} is in {pulled.folder}")
    return 0


def _recommended() -> list[str]:
    return [advice.name for advice in recommended(this_machine()) if advice.name]


def _check(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder, "library")) as library:
        library.add([settings.seeds_folder()])
        found = _checked(options, library)
    if options.json:
        print_json(asdict(found))
    else:
        print_lines(checked_lines(found))
    return 0 if found.ok else 1


def _checked(options: argparse.Namespace, library: Library) -> Checked:
    name = options.name or chosen_name(wished(options))
    if name is None:
        raise ModelError("no chat model is in use: name the one to try, or pull one")
    folder = folder_of(name, settings.hub_cache())
    part = part_of(folder) if folder else None
    try:
        if part == "encoder":
            return check_encoder(lambda: load_encoder(name), library)
        if part == "reranker":
            return check_reranker(lambda: named_reranker(name), library)
    except EncoderError as error:
        raise ModelError(str(error)) from error
    load = BackgroundLoad(name, chat_model_folder(name))
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


_ACTIONS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "card": _card,
    "pull": _pull,
    "check": _check,
}
