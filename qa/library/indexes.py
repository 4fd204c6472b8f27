"""Indexes: word postings and vectors of all passages, derived from the store.

They lie beside the database, in one folder for each state of the library, and are made anew from
it whenever that folder is missing, damaged or of another state. Knows nothing of questions.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import IndexFileError
from embeddings.tokens import tokens
from embeddings.vectors import VectorIndex
from embeddings.words import WordIndex
from qa.library.records import State
from qa.library.sealed import is_abandoned, is_whole, sealed
from qa.library.store import Store
from qa.spans import reflow
from qa.splitting.passages import Passage

_WORDS, _VECTORS = "words", "vectors"
_SAVED = re.compile(r"[0-9]+-[0-9a-f]{16}")  # and nothing else that a user keeps there


@dataclass(frozen=True, slots=True)
class Indexes:
    """Both indexes of the state with this `token`; their ids are those of the passages."""

    token: str
    words: WordIndex
    vectors: VectorIndex


def passage_tokens(title: str, passage: Passage) -> list[str]:
    """Return the tokens that a passage is found by: its article's headline, then its text."""
    return tokens(title) + tokens(passage.text)


def passage_text(title: str, passage: Passage) -> str:
    """Return what is embedded for a passage: its article's headline, then its text as one line."""
    # A lone surrogate is no text to an encoder.
    return f"{title}\n{reflow(passage.text)}".encode("utf-8", "replace").decode()


def make_indexes(store: Store, state: State, previous: Indexes | None = None) -> Indexes:
    """Make the indexes of `state`, which `store` holds.

    Only passages that `previous`, of an earlier state of the same library, does not know are cut
    into tokens: no id ever stands for another passage.
    """
    words = previous.words if previous else WordIndex.build([], [])
    ids = store.passage_ids()
    known = set(words.ids.tolist())
    added = sorted(set(ids) - known)
    removed = sorted(known - set(ids))
    if added or removed:
        lists = (passage_tokens(title, passage) for title, passage in store.titled(added))
        words = words.changed(removed, added, lists)
    vector_ids, vectors = store.vectors()
    return Indexes(state.token, words, VectorIndex.build(vector_ids.tolist(), vectors))


def load_indexes(library: Path, state: State) -> Indexes | None:
    """Open the saved indexes of `state`; None when they are missing, damaged or of another."""
    folder = _folder(library, state)
    if not is_whole(folder, state.token):
        return None
    try:
        words, vectors = WordIndex.load(folder / _WORDS), VectorIndex.load(folder / _VECTORS)
    except IndexFileError:
        return None
    return Indexes(state.token, words, vectors)


def save_indexes(library: Path, state: State, indexes: Indexes) -> bool:
    """Save indexes beside the store, in one piece; return whether there was room for them.

    They are only a copy of what the store holds, so a full or read-only disk is no error.
    """
    try:
        with sealed(_folder(library, state), state.token) as folder:
            indexes.words.save(folder / _WORDS)
            indexes.vectors.save(folder / _VECTORS)
    except (OSError, RuntimeError):  # faiss reports a full disk as a RuntimeError
        return False
    return True


def old_indexes(library: Path, store: Store) -> list[Path]:
    """Return the folders of indexes of other states than the present one of `store`."""
    # Listed first: what another process saves from now on is not in the list.
    found = _all_saved(library)
    present = _folder(library, store.state())
    return [f for f in found if f != present and (_SAVED.fullmatch(f.name) or is_abandoned(f))]


def latest_saved(library: Path) -> int:
    """Return the latest generation of which indexes were saved, -1 for none."""
    found = [folder.name for folder in _all_saved(library)]
    return max((int(name.split("-")[0]) for name in found if _SAVED.fullmatch(name)), default=-1)


def delete_old_indexes(library: Path, store: Store) -> None:
    """Delete the indexes of all states but the present one of `store`."""
    for folder in old_indexes(library, store):
        shutil.rmtree(folder, ignore_errors=True)


def _all_saved(library: Path) -> list[Path]:
    """Return what lies where indexes are saved; nothing where that cannot be looked into."""
    try:
        return list((library / "index").iterdir())
    except OSError:
        return []


def _folder(library: Path, state: State) -> Path:
    return library / "index" / f"{state.generation}-{state.token}"
