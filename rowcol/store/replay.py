"""The log folded again: the mirror of any past moment, and the proof that today's equals it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
import pyarrow as pa

from rowcol.store.database import Cursor, Database
from rowcol.store.reads import Scope, as_stored, create_known_views, create_temp_table, statement
from rowcol.store.typed import TABLES, arrows
from rowcol.store.wire import Record

Keyed = tuple[str, str, str, str, Record]

_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
_WHAT = {(True, False): "missing", (False, True): "invented", (True, True): "different"}
_ALL = tuple(dict.fromkeys(entity for entities, _, _ in TABLES.values() for entity in entities))
_AT_ONCE = 10_000
_KEYS = "advisor_id, business_id, entity, qbo_id"
_LATER = f"SELECT DISTINCT {_KEYS} FROM {{integration_log}} WHERE direction = 'INBOUND' AND observed_at > $known_at"
_LATER_EACH = (
    f"SELECT DISTINCT {_KEYS} FROM {{integration_log}} JOIN known_moments USING (business_id)"
    " WHERE direction = 'INBOUND' AND observed_at > known_at"
)
_KNOWN = f"""
    CREATE OR REPLACE TEMP VIEW known_{{table}} AS
    SELECT * FROM mirror_{{table}} ANTI JOIN later_records USING ({_KEYS})
    UNION ALL SELECT * FROM earlier_{{table}}
"""


def newest_records(
    cursor: Cursor,
    scope: Scope,
    entities: tuple[str, ...],
    known_at: datetime | Mapping[str, datetime],
    among: str = "",
) -> Iterator[Keyed]:
    """Yield (advisor_id, business_id, entity, qbo_id, record) of each record that existed at a moment, as it was.

    `among`: a join that leaves out records. If each client has its moment, `create_known_views` comes before.
    """
    values = {**scope.values, "known_at": as_stored(known_at), "entities": list(entities)}
    tables = {"integration_log": "known_integration_log"} if isinstance(known_at, Mapping) else {}
    newest = (
        f"SELECT {_KEYS}, raw FROM {{integration_log}} {among} WHERE direction = 'INBOUND' AND observed_at <= $known_at"
        " AND entity IN (SELECT unnest($entities::VARCHAR[])) QUALIFY"
        " row_number() OVER (PARTITION BY business_id, entity, qbo_id ORDER BY log_position DESC) = 1"
    )
    cursor.execute(scope.over(newest, tables), values)
    while rows := cursor.fetchmany(_AT_ONCE):
        for *key, raw in rows:
            if raw is not None:
                yield (*key, orjson.loads(raw))


def create_known_tables(cursor: Cursor, scope: Scope, known_at: datetime | Mapping[str, datetime]) -> None:
    """Create `known_<table>` of every typed table, on this cursor: its rows as they were known at a moment.

    The moment is one for all clients or, by business id, each client's own: then `DATED` tables have theirs too. A record
    without a later version is in the mirror as it was; only the others are read from the log.
    """
    if isinstance(known_at, Mapping):
        create_known_views(cursor, known_at)
        later = cursor.execute(scope.over(_LATER_EACH), scope.values)
    else:
        later = cursor.execute(scope.over(_LATER), {**scope.values, "known_at": as_stored(known_at)})
    create_temp_table(cursor, "later_records", later.to_arrow_table())
    records = newest_records(cursor, scope, _ALL, known_at, f"SEMI JOIN later_records USING ({_KEYS})")
    for table, rows in arrows(records).items():
        create_temp_table(cursor, f"earlier_{table}", rows)
        cursor.execute(_KNOWN.format(table=table))


def replayed(
    cursor: Cursor, scope: Scope, tables: Sequence[str] = tuple(TABLES), known_at: datetime = _END_OF_TIME
) -> dict[str, pa.Table]:
    """Return typed table -> its rows as the log alone has them at a moment."""
    entities = tuple(dict.fromkeys(entity for table in tables for entity in TABLES[table][0]))
    return arrows(newest_records(cursor, scope, entities, known_at), tables)


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
    """The result of a verification: how many records were replayed, and the differences between mirror and log."""

    records: int
    differences: tuple[Difference, ...]


def verify(database: Database, scope: Scope) -> Verified:
    """Replay the log and compare every typed row, and the index, with the mirror."""
    with database.read() as cursor:
        tables = replayed(cursor, scope)
        differences = [
            difference
            for table, rows in tables.items()
            for difference in _compare(cursor, scope, table, rows)
        ]
        differences += _compare_index(cursor, scope)
        count = cursor.execute(
            scope.over("SELECT count(*) FROM {mirror_records} WHERE deleted_at IS NULL"), scope.values
        ).fetchone()
    return Verified(int(count[0]) if count else 0, tuple(dict.fromkeys(differences)))


def _compare(cursor: Cursor, scope: Scope, table: str, rows: pa.Table) -> list[Difference]:
    cursor.register("replayed_rows", rows)
    mirror = scope.over(f"SELECT * FROM {{mirror_{table}}}")
    keys = "business_id, entity, qbo_id"
    sides = cursor.execute(
        f"WITH lost AS (SELECT * FROM replayed_rows EXCEPT ALL {mirror}),"
        f" extra AS ({mirror} EXCEPT ALL SELECT * FROM replayed_rows)"
        f" SELECT {keys}, bool_or(side = 'lost'), bool_or(side = 'extra') FROM ("
        f" SELECT {keys}, 'lost' AS side FROM lost UNION ALL SELECT {keys}, 'extra' FROM extra)"
        f" GROUP BY {keys} ORDER BY {keys}",
        scope.values,
    ).fetchall()
    cursor.unregister("replayed_rows")
    return [
        Difference(business, table, entity, qbo_id, _WHAT[(bool(lost), bool(extra))])
        for business, entity, qbo_id, lost, extra in sides
    ]


def _compare_index(cursor: Cursor, scope: Scope) -> list[Difference]:
    """Compare the index with the newest log row of each record."""
    rows = cursor.execute(scope.over(statement("index_differences")), scope.values).fetchall()
    return [
        Difference(business, "records", entity, qbo_id, _WHAT[(in_log, in_mirror)])
        for business, entity, qbo_id, in_log, in_mirror in rows
    ]
