"""The integration log: every version of every record QuickBooks ever gave us, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from rowcol.store.database import Cursor
from rowcol.store.versions import Version


@dataclass(frozen=True)
class Landing:
    """Whose records land, and in which run: what every log row of a page shares."""

    advisor_id: str
    business_id: str
    run_id: str
    observed_at: datetime
    intuit_tid: str | None = None

    @property
    def whose(self) -> tuple[str, str]:
        """Return the practice and the client."""
        return self.advisor_id, self.business_id


def last_position(cursor: Cursor) -> int:
    """Return the newest position in the log, 0 when nothing was ever logged."""
    row = cursor.execute("SELECT coalesce(max(log_position), 0) FROM integration_log").fetchone()
    return int(row[0]) if row else 0


class Positions:
    """Give out log positions: they rise with time and never repeat; taken under the writer's lock."""

    def __init__(self, last: int) -> None:
        self.last = last

    def take(self, count: int, at: datetime) -> int:
        """Return the first of `count` positions no row has yet."""
        first = max(self.last + 1, int(at.timestamp() * 1_000_000))
        self.last = first + count - 1
        return first


def append(
    cursor: Cursor, landing: Landing, entity: str, operation: str, changed: Sequence[Version], first: int
) -> None:
    """Append versions to the log at positions `first` and up; `operation` is `upsert` or `delete`."""
    count = len(changed)
    table = pa.table(
        {
            "log_position": pa.array(range(first, first + count), pa.int64()),
            "qbo_id": pa.array([one.qbo_id for one in changed], pa.string()),
            "content_hash": pa.array([one.content_hash for one in changed], pa.string()),
            "raw": pa.array([one.raw or None for one in changed], pa.string()),
        }
    )
    cursor.register("landing", table)
    cursor.execute(
        "INSERT INTO integration_log SELECT ?, ?, log_position, 'INBOUND', ?, qbo_id, ?,"
        " CAST(? AS TIMESTAMPTZ)::TIMESTAMP, content_hash, ?, ?, raw FROM landing",
        [
            landing.advisor_id, landing.business_id, entity, operation,
            landing.observed_at, landing.run_id, landing.intuit_tid,
        ],
    )  # fmt: skip
    cursor.unregister("landing")
