"""Which rooms show without storing. Pure; what is then not stored is the recorder's business."""

from collections import OrderedDict
from uuid import UUID

ROOMS_REMEMBERED = 10_000
"""Rooms that were ever hidden, the latest; more than one process has in a month."""


class Hidings:
    """The rooms of one media process. Each hiding has a number, so that an end that was meant for another ends none."""

    def __init__(self) -> None:
        self._count = 0
        self._last: OrderedDict[UUID, int] = OrderedDict()
        self._now: set[UUID] = set()

    def hide(self, room_id: UUID) -> None:
        """Hide a room, with or without sources; one that is hidden already is hidden anew."""
        self._count += 1
        self._last[room_id] = self._count
        self._last.move_to_end(room_id)
        self._now.add(room_id)
        if len(self._last) > ROOMS_REMEMBERED:
            forgotten, _ = self._last.popitem(last=False)
            self._now.discard(forgotten)

    def end(self, room_id: UUID, *, hiding: int | None) -> bool:
        """Hide a room no more, and return whether it is so.

        Args: hiding: the one that is meant; any when None. A later one goes on: whoever ends this did not know of it.
        """
        if hiding is not None and hiding != self.last(room_id):
            return False
        self._now.discard(room_id)
        return True

    def is_hidden(self, room_id: UUID) -> bool:
        """Say whether a room is hidden now."""
        return room_id in self._now

    def last(self, room_id: UUID) -> int:
        """Return the number of a room's last hiding, whether or not it has ended; 0 for none."""
        return self._last.get(room_id, 0)
