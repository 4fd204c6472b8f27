"""Leaves: the records in an SQLite file, read from its bytes page by page.

Finds what no tree leads to any more because a page above it is damaged. After the file format
that SQLite documents (https://sqlite.org/fileformat2.html). Knows nothing of tables: what it
returns may be wrong, so check it. What was deleted is not found again, because it is overwritten.
"""

import mmap
from collections.abc import Collection, Iterator
from pathlib import Path

Value = int | float | str | bytes | None
# What a page of a tree holds, by its first byte.
TABLE, INDEX = frozenset({13}), frozenset({2, 10})
_INSIDE = 2  # an index's records stand on its inner pages too, each behind a page's number
_HEADER = 100  # bytes of the file before its first page's own
_PAGE_SIZE = slice(16, 18)
_POINTERS = {2: 12, 10: 8, 13: 8}  # where a page's list of records begins
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # type of a value → bytes that it takes
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12


def records(path: Path, kinds: Collection[int]) -> Iterator[tuple[int, list[Value]]]:
    """Yield the number of each row, 0 for those of an index, and its values as they are stored."""
    if path.stat().st_size < _HEADER:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        size = int.from_bytes(data[_PAGE_SIZE], "big")
        if size < 512:  # 1 stands for 65,536, which none of our files has
            return
        for start in range(0, len(data) - size + 1, size):
            header = start or _HEADER
            if data[header] in kinds:
                yield from _of_page(data, start, header, size)


def _of_page(
    data: mmap.mmap, start: int, header: int, size: int
) -> Iterator[tuple[int, list[Value]]]:
    kind = data[header]
    count = int.from_bytes(data[header + 3 : header + 5], "big")
    for nth in range(count):
        pointer = header + _POINTERS[kind] + 2 * nth
        at = int.from_bytes(data[pointer : pointer + 2], "big")
        if pointer + 2 > start + size or not header - start < at < size:
            return
        try:
            yield _record(data, start + at, kind, size)
        except (IndexError, ValueError, OverflowError):
            continue  # not a record of ours, or one that runs into what is damaged


def _record(data: mmap.mmap, at: int, kind: int, size: int) -> tuple[int, list[Value]]:
    """Return the record at a place. Raises IndexError or ValueError where there is none."""
    length, at = _number(data, at + 4 * (kind == _INSIDE))
    number = 0
    if kind in TABLE:
        number, at = _number(data, at)
    return number, _values(_payload(data, at, length, kind, size))


def _payload(data: mmap.mmap, at: int, length: int, kind: int, size: int) -> bytes:
    """Return the bytes of a record, gathered from the pages onto which it overflows."""
    if not 0 < length <= len(data):
        raise ValueError("longer than the file")
    most = size - 35 if kind in TABLE else (size - 12) * 64 // 255 - 23
    if length <= most:
        return data[at : at + length]
    least = (size - 12) * 32 // 255 - 23
    here = least + (length - least) % (size - 4)
    here = here if here <= most else least
    found = bytearray(data[at : at + here])
    following = data[at + here : at + here + 4]
    while len(found) < length:
        page = (int.from_bytes(following, "big") - 1) * size
        if not 0 < page <= len(data) - size:
            raise ValueError("goes on nowhere")
        following = data[page : page + 4]
        found += data[page + 4 : page + 4 + min(size - 4, length - len(found))]
    return bytes(found)


def _values(payload: bytes) -> list[Value]:
    at, kinds = 0, list[int]()
    end, at = _number(payload, at)
    while at < end:
        kind, at = _number(payload, at)
        kinds.append(kind)
    found = list[Value]()
    for kind in kinds:
        value, at = _value(payload, at, kind)
        found.append(value)
    if at != len(payload):
        raise ValueError("not as long as its values")
    return found


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    """Return the value of a type that begins at a place, and where it ends."""
    if kind in _INTEGERS:
        end = at + _INTEGERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind >= _BLOB:
        end = at + (kind - _BLOB) // 2
        value = payload[at:end]
        return (value.decode("utf-8", "replace") if kind % 2 else value), end
    if kind == _FLOAT:
        return 0.0, at + 8  # none of our tables holds one
    return {_ZERO: 0, _ONE: 1}.get(kind), at  # else null


def _number(data: bytes | mmap.mmap, at: int) -> tuple[int, int]:
    """Return the number of one to nine bytes that begins at a place, and where it ends."""
    value = 0
    for nth in range(8):
        byte = data[at + nth]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + nth + 1
    return value << 8 | data[at + 8], at + 9
