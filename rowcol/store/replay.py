"""The log folded again: the mirror of any past moment, and the proof that today's equals it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import pyarrow as pa

from rowcol.store.clients import naive
from rowcol.store.database import Cursor, Database
from rowcol.store.statements import statement
from rowcol.store.temp_table import hold
from rowcol.store.typed import TABLES, arrows
from rowcol.store.wire import Record

Keyed = tuple[str, str, str, str, Record]

_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
_WHAT = {(True, False): "missing", (False, True): "invented", (True, True): "different"}
_ALL = tuple(dict.fromkeys(entity for entities, _, _ in TABLES.values() for entity in entities))
_AT_ONCE = 10_000
_KEYS = "advisor_id, business_id, entity, qbo_id"
_SCOPE = (
    "advisor_id = ? AND direction = 'INBOUND' AND (? IS NULL OR business_id IN (SELECT unnest(?::VARCHAR[])))"
)
_NEWEST = f"""
    SELECT {_KEYS}, raw FROM integration_log {{among}}
    WHERE {_SCOPE} AND observed_at <= ? AND entity IN (SELECT unnest(?::VARCHAR[]))
    QUALIFY row_number() OVER (PARTITION BY business_id, entity, qbo_id ORDER BY log_position DESC) = 1
"""
_LATER = f"SELECT DISTINCT {_KEYS} FROM integration_log WHERE {_SCOPE} AND observed_at > ?"
_KNOWN = f"""
    CREATE OR REPLACE TEMP VIEW known_{{table}} AS
    SELECT * FROM mirror_{{table}} ANTI JOIN later_records USING ({_KEYS})
    UNION ALL SELECT * FROM earlier_{{table}}
"""


def newest_records(
    cursor: Cursor,
    advisor_id: str,
    entities: tuple[str, ...],
    known_at: datetime,
    business_ids: list[str] | None,
    among: str = "",
) -> Iterator[Keyed]:
    """Yield (advisor_id, business_id, entity, qbo_id, record) of each record that existed at a moment, as it was.

    `among`: a join that leaves out records.
    """
    values = [*_scope(advisor_id, business_ids), naive(known_at), list(entities)]
    cursor.execute(_NEWEST.format(among=among), values)
    while rows := cursor.fetchmany(_AT_ONCE):
        for *key, raw in rows:
            if raw is not None:
                yield (*key, orjson.loads(raw))


def know(cursor: Cursor, advisor_id: str, known_at: datetime, business_ids: list[str] | None) -> None:
    """Make `known_<table>` of every typed table, on this cursor: its rows as they were known at a moment.

    A record that no later version touched stands in the mirror as it was; only the others are read from the log.
    """
    values = [*_scope(advisor_id, business_ids), naive(known_at)]
    hold(cursor, "later_records", cursor.execute(_LATER, values).to_arrow_table())
    among = f"SEMI JOIN later_records USING ({_KEYS})"
    records = newest_records(cursor, advisor_id, _ALL, known_at, business_ids, among)
    for table, rows in arrows(records).items():
        hold(cursor, f"earlier_{table}", rows)
        cursor.execute(_KNOWN.format(table=table))


def replayed(
    cursor: Cursor, advisor_id: str, known_at: datetime, business_ids: list[str] | None
) -> dict[str, pa.Table]:
    """Return typed table -> its rows as the log alone has them at a moment."""
    return arrows(newest_records(cursor, advisor_id, _ALL, known_at, business_ids))


def _scope(advisor_id: str, business_ids: list[str] | None) -> list[object]:
    return [advisor_id, None if business_ids is None else "some", business_ids or []]


@dataclass(frozen=True)
class Difference:
    """One record on which log and mirror disagree: `missing` from the mirror, `invented` by it, or `different`."""

    business_id: str
    table: str
    entity: str
    qbo_id: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What a verification found: how many records were replayed, and where the mirror is not the log folded."""

    records: int
    differences: tuple[Difference, ...]


def verify(database: Database, advisor_id: str, business_ids: list[str] | None) -> Verified:
    """Replay the log and compare every typed row, and the index, with the mirror."""
    with database.read() as cursor:
        tables = replayed(cursor, advisor_id, _END_OF_TIME, business_ids)
        found = [
            one
            for table, rows in tables.items()
            for one in _compare(cursor, advisor_id, business_ids, table, rows)
        ]
        found += _compare_index(cursor, advisor_id, business_ids)
        count = cursor.execute(
            "SELECT count(*) FROM mirror_records WHERE advisor_id = ? AND deleted_at IS NULL"
            " AND (? IS NULL OR business_id IN (SELECT unnest(?::VARCHAR[])))",
            [advisor_id, None if business_ids is None else "some", business_ids or []],
        ).fetchone()
    return Verified(int(count[0]) if count else 0, tuple(dict.fromkeys(found)))


def _compare(
    cursor: Cursor, advisor_id: str, business_ids: list[str] | None, table: str, rows: pa.Table
) -> list[Difference]:
    cursor.register("replayed_rows", rows)
    mirror = (
        f"SELECT * FROM mirror_{table} WHERE advisor_id = $advisor_id"
        " AND ($everyone OR business_id IN (SELECT unnest($ids::VARCHAR[])))"
    )
    keys = "business_id, entity, qbo_id"
    sides = cursor.execute(
        f"WITH lost AS (SELECT * FROM replayed_rows EXCEPT ALL {mirror}),"
        f" extra AS ({mirror} EXCEPT ALL SELECT * FROM replayed_rows)"
        f" SELECT {keys}, bool_or(side = 'lost'), bool_or(side = 'extra') FROM ("
        f" SELECT {keys}, 'lost' AS side FROM lost UNION ALL SELECT {keys}, 'extra' FROM extra)"
        f" GROUP BY {keys} ORDER BY {keys}",
        {"advisor_id": advisor_id, "everyone": business_ids is None, "ids": business_ids or []},
    ).fetchall()
    cursor.unregister("replayed_rows")
    return [
        Difference(business, table, entity, qbo_id, _WHAT[(bool(lost), bool(extra))])
        for business, entity, qbo_id, lost, extra in sides
    ]


def _compare_index(cursor: Cursor, advisor_id: str, business_ids: list[str] | None) -> list[Difference]:
    """Hold the index against the newest log row of each record."""
    rows = cursor.execute(
        statement("index_differences"),
        {"advisor_id": advisor_id, "everyone": business_ids is None, "ids": business_ids or []},
    ).fetchall()
    return [
        Difference(business, "records", entity, qbo_id, _WHAT[(in_log, in_mirror)])
        for business, entity, qbo_id, in_log, in_mirror in rows
    ]
