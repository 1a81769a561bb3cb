"""Find the records of the mirror that no longer exist, by counting, without downloading any."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.qbo.ranges import count_records, created_between
from rowcol.sync.context import SyncContext

IDS_AT_ONCE = 100
"""Records counted by their ids in one request, if they are too few or too close together for a range of time."""


@dataclass(frozen=True)
class MirrorRecord:
    """A record of the mirror: its id and when QuickBooks created it (None if unknown)."""

    qbo_id: str
    created_at: datetime | None


Count = Callable[[Sequence[MirrorRecord]], int]


def deleted(records: Sequence[MirrorRecord], count: Count) -> list[str]:
    """Return the ids of records that no longer exist, with as few calls of `count` as are needed.

    `records` are in order of creation. A range that counts all of its records is complete, one that counts none is
    deleted; any other is halved.
    """
    existing = count(records) if records else 0
    if existing == len(records):
        return []
    if existing == 0:
        return [record.qbo_id for record in records]
    middle = _boundary(records)
    return deleted(records[:middle], count) + deleted(records[middle:], count)


def counter(context: SyncContext, realm: str, entity: str) -> Count:
    """Return a `count` that asks QuickBooks: by creation times, or by ids if times cannot separate two records."""

    def count(part: Sequence[MirrorRecord]) -> int:
        first, last = part[0].created_at, part[-1].created_at
        if len(part) > IDS_AT_ONCE and first is not None and last is not None and first < last:
            return count_records(context.send, realm, entity, created_between(first, last))
        chunks = [part[start : start + IDS_AT_ONCE] for start in range(0, len(part), IDS_AT_ONCE)]
        return sum(
            count_records(context.send, realm, entity, [("Id", "IN", [record.qbo_id for record in chunk])])
            for chunk in chunks
        )

    return count


def _boundary(records: Sequence[MirrorRecord]) -> int:
    """Return the index to divide at: near the middle, and between two seconds if the range is counted by time."""
    middle = len(records) // 2
    if len(records) <= IDS_AT_ONCE:
        return middle
    for distance in range(middle + 1):
        for place in (middle - distance, middle + distance):
            if 0 < place < len(records) and records[place - 1].created_at != records[place].created_at:
                return place
    return middle
