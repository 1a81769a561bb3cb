"""The integration log: every version of every record QuickBooks gave us, append-only."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from rowcol.store.database import Cursor, naive

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 100
"""Beyond these a JSON text does not come back as it was written."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one record: its id, its JSON text, its hash, and the record itself."""

    qbo_id: str
    raw: str
    content_hash: str
    record: Mapping[str, Any] = field(compare=False, repr=False, default_factory=dict)


def version(qbo_id: str, record: Mapping[str, Any]) -> Version:
    """Return a record as a version; what JSON cannot hold (lone surrogates, integers beyond 53 bits) becomes text."""
    try:
        raw = orjson.dumps(record)
    except TypeError:
        record = _writable(record, 0)
        raw = orjson.dumps(record)
    return Version(qbo_id, raw.decode(), hashlib.blake2b(raw, digest_size=16).hexdigest(), record)


def deletion(qbo_id: str) -> Version:
    """Return the version of a deleted record."""
    return Version(qbo_id, "", "")


def versions(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """Return records as versions, the last of any id that occurs twice; records without an id are left out."""
    by_id = {_text(str(record["Id"])): record for record in records if record.get("Id") is not None}
    return [version(qbo_id, record) for qbo_id, record in by_id.items()]


@dataclass(frozen=True)
class Landing:
    """The practice, the client and the run of records that land: what every log row of a page shares."""

    advisor_id: str
    business_id: str
    run_id: str
    observed_at: datetime
    intuit_tid: str | None = None

    @property
    def client_key(self) -> tuple[str, str]:
        """Return the practice and the client."""
        return self.advisor_id, self.business_id


def last_position(cursor: Cursor) -> int:
    """Return the newest position in the log, 0 when nothing was ever logged."""
    row = cursor.execute("SELECT coalesce(max(log_position), 0) FROM integration_log").fetchone()
    return int(row[0]) if row else 0


def newest_position(cursor: Cursor, advisor_id: str, business_id: str | None, since: int) -> int:
    """Return the newest position of one client's rows, or of all clients', `since` if none came later."""
    # Only rows after `since` are read: there may be millions before.
    condition = "" if business_id is None else "AND business_id = $business_id"
    values = {"advisor_id": advisor_id, "since": since} | ({"business_id": business_id} if condition else {})
    row = cursor.execute(
        "SELECT coalesce(max(log_position), $since) FROM integration_log"
        f" WHERE log_position > $since AND advisor_id = $advisor_id {condition}",
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
    """Hands out log positions: they rise with time and never repeat; taken under the writer's lock."""

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
    """Return the log's columns of versions: qbo_id, content_hash, raw (None: deleted)."""
    return pa.table(
        {
            "qbo_id": pa.array([entry.qbo_id for entry in versions], pa.string()),
            "content_hash": pa.array([entry.content_hash for entry in versions], pa.string()),
            "raw": pa.array([entry.raw or None for entry in versions], pa.string()),
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


def _writable(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return str(value)
    if depth == DEEPEST and isinstance(value, dict | list):
        return _text(str(value))
    if isinstance(value, Mapping):
        return {_text(key): _writable(item, depth + 1) for key, item in value.items()}
    return [_writable(item, depth + 1) for item in value] if isinstance(value, list) else value


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()
