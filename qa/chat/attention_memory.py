"""The memory of attention: the keys and values of all tokens that a model has read, layer by layer.

transformers joins old and new into a fresh tensor at each token, which after a thousand tokens
costs as much time as the thinking. Here room is kept for what comes.
"""

from typing import Any

_STEP = 256  # tokens: room is made for a multiple of it


class Roomy:
    """Makes room in a transformers DynamicLayer, when it comes before that among the bases.

    Keys and values are (batch, heads, tokens, width).
    """

    is_initialized: bool
    keys: Any  # those of all tokens so far, in the first part of the room for them
    values: Any
    _rooms: tuple[Any, Any] = (None, None)

    def update(self, keys: Any, values: Any, *_: Any, **__: Any) -> tuple[Any, Any]:
        """Add those of new tokens, and return those of all tokens."""
        start = self.keys.shape[-2] if self.is_initialized else 0
        key_room, value_room = self._rooms
        key_room = _with_added(key_room, keys, start)
        value_room = _with_added(value_room, values, start)
        end = start + keys.shape[-2]
        self._rooms = key_room, value_room
        self.keys, self.values = key_room[..., :end, :], value_room[..., :end, :]
        self.is_initialized = True
        return self.keys, self.values


def _with_added(room: Any, new: Any, start: int) -> Any:
    """Return `room`, or a wider one if that is full, with `new` from place `start` on."""
    end = start + new.shape[-2]
    if room is None or end > room.shape[-2]:
        width = -(-max(end, start + start // 2) // _STEP) * _STEP
        wider = new.new_empty((*new.shape[:-2], width, new.shape[-1]))
        if start:
            wider[..., :start, :] = room[..., :start, :]
        room = wider
    room[..., start:end, :] = new
    return room
