"""Which records held no longer exist: found by counting, without downloading a single one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.qbo.ranges import counted, created_between
from rowcol.sync.context import SyncContext

IDS_AT_ONCE = 100
"""Records counted by their ids in one request: those too few, or created too close together, for a stretch."""


@dataclass(frozen=True)
class Held:
    """One record the mirror holds: its id and when QuickBooks created it (None: it does not say)."""

    qbo_id: str
    created_at: datetime | None


Count = Callable[[Sequence[Held]], int]


def deleted(held: Sequence[Held], count: Count) -> list[str]:
    """Return which of the records held no longer exist, asking `count` of as few stretches as can tell.

    `held` is in order of creation. A stretch that counts exactly full is left alone, one that counts nothing is
    gone; any other is halved.
    """
    found = count(held) if held else 0
    if found == len(held):
        return []
    if found == 0:
        return [one.qbo_id for one in held]
    middle = _boundary(held)
    return deleted(held[:middle], count) + deleted(held[middle:], count)


def counting(context: SyncContext, realm: str, entity: str) -> Count:
    """Return a `count` that asks QuickBooks; by creation times, or by ids where times cannot tell neighbours apart."""

    def count(stretch: Sequence[Held]) -> int:
        first, last = stretch[0].created_at, stretch[-1].created_at
        if len(stretch) > IDS_AT_ONCE and first is not None and last is not None and first < last:
            return counted(context.send, realm, entity, created_between(first, last))
        chunks = [stretch[start : start + IDS_AT_ONCE] for start in range(0, len(stretch), IDS_AT_ONCE)]
        return sum(
            counted(context.send, realm, entity, [("Id", "IN", [one.qbo_id for one in chunk])])
            for chunk in chunks
        )

    return count


def _boundary(held: Sequence[Held]) -> int:
    """Return where to divide: near the middle, and between two seconds where the stretch is counted by time."""
    middle = len(held) // 2
    if len(held) <= IDS_AT_ONCE:
        return middle
    for distance in range(middle + 1):
        for place in (middle - distance, middle + distance):
            if 0 < place < len(held) and held[place - 1].created_at != held[place].created_at:
                return place
    return middle
