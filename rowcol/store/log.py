"""The integration log: every version of every record QuickBooks ever gave us, append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from rowcol.store.database import Cursor, naive
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


def newest_position(cursor: Cursor, advisor_id: str, business_id: str | None, since: int) -> int:
    """Return the newest position of one client's rows, or of all clients', `since` if none came later."""
    # Only rows after `since` are read: there may be millions before.
    one = "" if business_id is None else "AND business_id = $business_id"
    values = {"advisor_id": advisor_id, "since": since} | ({"business_id": business_id} if one else {})
    row = cursor.execute(
        "SELECT coalesce(max(log_position), $since) FROM integration_log"
        f" WHERE log_position > $since AND advisor_id = $advisor_id {one}",
        values,
    ).fetchone()
    return int(row[0]) if row else since


def first_logged(cursor: Cursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> when the first of a client's records of it was logged."""
    rows = cursor.execute(
        "SELECT entity, min(observed_at) FROM integration_log"
        " WHERE advisor_id = ? AND business_id = ? AND direction = 'INBOUND' GROUP BY entity",
        [advisor_id, business_id],
    ).fetchall()
    return {entity: at.replace(tzinfo=UTC) for entity, at in rows}


class Positions:
    """Give out log positions: they rise with time and never repeat; taken under the writer's lock."""

    def __init__(self, last: int) -> None:
        self.last = last

    def take(self, count: int, at: datetime) -> int:
        """Return the first of `count` positions no row has yet."""
        first = max(self.last + 1, int(at.timestamp() * 1_000_000))
        self.last = first + count - 1
        return first


LOG_COLUMNS = pa.schema(
    {
        "advisor_id": pa.string(), "business_id": pa.string(), "log_position": pa.int64(), "direction": pa.string(),
        "entity": pa.string(), "qbo_id": pa.string(), "operation": pa.string(), "observed_at": pa.timestamp("us"),
        "content_hash": pa.string(), "run_id": pa.string(), "intuit_tid": pa.string(), "raw": pa.string(),
    }
)  # fmt: skip


def log_texts(versions: Sequence[Version]) -> pa.Table:
    """Return what versions say of themselves in the log: qbo_id, content_hash, raw (None: deleted)."""
    return pa.table(
        {
            "qbo_id": pa.array([one.qbo_id for one in versions], pa.string()),
            "content_hash": pa.array([one.content_hash for one in versions], pa.string()),
            "raw": pa.array([one.raw or None for one in versions], pa.string()),
        }
    )


def log_rows(landing: Landing, entity: str, operation: str, texts: pa.Table, first: int) -> pa.Table:
    """Return the log rows of versions (`log_texts`) at positions `first` and up; `operation`: upsert or delete."""
    same = {
        "advisor_id": landing.advisor_id, "business_id": landing.business_id, "direction": "INBOUND",
        "entity": entity, "operation": operation, "observed_at": naive(landing.observed_at),
        "run_id": landing.run_id, "intuit_tid": landing.intuit_tid,
    }  # fmt: skip
    columns = {
        name: pa.repeat(pa.scalar(value, LOG_COLUMNS.field(name).type), texts.num_rows)
        for name, value in same.items()
    }
    columns["log_position"] = pa.array(np.arange(first, first + texts.num_rows, dtype=np.int64))
    columns |= dict(zip(texts.column_names, texts.columns, strict=True))
    return pa.Table.from_arrays([columns[name] for name in LOG_COLUMNS.names], schema=LOG_COLUMNS)


def append(cursor: Cursor, rows: pa.Table) -> None:
    """Append log rows."""
    cursor.register("logged", rows)
    cursor.execute("INSERT INTO integration_log SELECT * FROM logged")
    cursor.unregister("logged")
