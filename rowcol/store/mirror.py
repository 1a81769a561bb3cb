"""The mirror: the log folded to the newest version of each record, typed for the figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from rowcol.entities import EXCHANGE_RATE, REPORTS
from rowcol.store.database import Cursor, aware
from rowcol.store.log import Landing, Version, append, deletion, log_rows, log_texts
from rowcol.store.typed import tables_of, version_rows

INDEX_COLUMNS = ["advisor_id", "business_id", "entity", "qbo_id", "log_position", "content_hash"]


@dataclass(frozen=True)
class Landed:
    """The effect of one page: how many rows came in, were new or changed, were deleted."""

    rows_in: int = 0
    changed: int = 0
    deleted: int = 0

    def __add__(self, other: "Landed") -> "Landed":
        return Landed(
            self.rows_in + other.rows_in, self.changed + other.changed, self.deleted + other.deleted
        )


@dataclass(frozen=True)
class Folded:
    """What one page changes, worked out before the writer is taken.

    The versions that changed (`log_texts`), the ids of those that take another's place, and rows by typed table.
    """

    entity: str
    rows_in: int
    changed: pa.Table
    replaced: Sequence[str]
    rows: Mapping[str, pa.Table]

    @property
    def landed(self) -> Landed:
        """Return what the page does when it lands."""
        return Landed(self.rows_in, self.changed.num_rows, 0)


def known_hashes(
    cursor: Cursor, advisor_id: str, business_id: str, entity: str, ids: Sequence[str] | None = None
) -> dict[str, str]:
    """Return id -> content hash of one entity's records in the mirror, of `ids` or all; '' marks a deleted one."""
    wanted = "" if ids is None else "AND qbo_id IN (SELECT unnest(?::VARCHAR[]))"
    rows = cursor.execute(
        "SELECT qbo_id, content_hash FROM mirror_records"
        f" WHERE advisor_id = ? AND business_id = ? AND entity = ? {wanted}",
        [advisor_id, business_id, entity, *([] if ids is None else [list(ids)])],
    ).fetchall()
    return dict(rows)


def live_records(
    cursor: Cursor, advisor_id: str, business_id: str, entity: str
) -> list[tuple[str, datetime | None]]:
    """Return (id, when QuickBooks created it) of an entity's records that exist, oldest first; unknown times lead."""
    table = next((name for name in ("transactions", "parties") if name in tables_of(entity)), None)
    created = f"(SELECT * FROM mirror_{table})" if table else "(SELECT NULL::TIMESTAMP AS created_at)"
    match = "c.advisor_id = r.advisor_id AND c.business_id = r.business_id AND c.entity = r.entity AND c.qbo_id = r.qbo_id"
    rows = cursor.execute(
        f"SELECT r.qbo_id, c.created_at FROM mirror_records r LEFT JOIN {created} c ON {match if table else 'TRUE'}"
        " WHERE r.advisor_id = ? AND r.business_id = ? AND r.entity = ? AND r.deleted_at IS NULL"
        " ORDER BY c.created_at NULLS FIRST, r.qbo_id",
        [advisor_id, business_id, entity],
    ).fetchall()
    return [(qbo_id, aware(at)) for qbo_id, at in rows]


def live_count(cursor: Cursor, advisor_id: str, business_id: str, entity: str) -> int:
    """Return how many of an entity's records the mirror holds as existing."""
    row = cursor.execute(
        "SELECT count(*) FROM mirror_records"
        " WHERE advisor_id = ? AND business_id = ? AND entity = ? AND deleted_at IS NULL",
        [advisor_id, business_id, entity],
    ).fetchone()
    return int(row[0]) if row else 0


def books_position(cursor: Cursor, advisor_id: str, business_id: str) -> int:
    """Return the newest log position of one client's records, reports and exchange rates aside."""
    row = cursor.execute(
        "SELECT coalesce(max(log_position), 0) FROM mirror_records WHERE advisor_id = ? AND business_id = ?"
        " AND entity NOT IN (SELECT unnest(?::VARCHAR[]))",
        [advisor_id, business_id, [*REPORTS, EXCHANGE_RATE]],
    ).fetchone()
    return int(row[0]) if row else 0


def folded(
    advisor_id: str, business_id: str, entity: str, received: Sequence[Version], known: dict[str, str]
) -> Folded:
    """Return what a page changes: the versions that differ from the known hashes, and their typed rows.

    `known` is the entity's `known_hashes`; it is updated, so that many pages share one read of it.
    """
    changed = [version for version in received if known.get(version.qbo_id) != version.content_hash]
    replaced = [version.qbo_id for version in changed if version.qbo_id in known]
    known.update((version.qbo_id, version.content_hash) for version in changed)
    rows = {
        table: version_rows(table, advisor_id, business_id, entity, changed)
        for table in (tables_of(entity) if changed else ())
    }
    return Folded(entity, len(received), log_texts(changed), replaced, rows)


def land(
    cursor: Cursor,
    landing: Landing,
    entity: str,
    received: Sequence[Version],
    known: dict[str, str],
    first: int,
) -> Landed:
    """Log the versions that differ from the known hashes, at positions from `first`, and fold them into the mirror.

    Runs inside the caller's transaction: log, mirror and whatever the caller moves commit together.
    """
    page = folded(*landing.client_key, entity, received, known)
    land_folded(cursor, [(landing, page, first)])
    return page.landed


def land_folded(cursor: Cursor, pages: Sequence[tuple[Landing, Folded, int]]) -> None:
    """Land what `folded` worked out, each page at positions from its own first, as `land` does."""
    logged, rows = list[pa.Table](), defaultdict[str, list[pa.Table]](list)
    for landing, page, first in pages:
        if page.changed.num_rows:
            _forget(cursor, landing, page.entity, page.replaced)
            logged.append(log_rows(landing, page.entity, "upsert", page.changed, first))
            for table, part in page.rows.items():
                rows[table].append(part)
    if logged:
        _log(cursor, pa.concat_tables(logged))
    for table, parts in rows.items():
        insert(cursor, f"mirror_{table}", pa.concat_tables(parts))


def land_deletions(
    cursor: Cursor, landing: Landing, entity: str, gone: Iterable[str], known: dict[str, str], first: int
) -> Landed:
    """Log the deletion of records the mirror still holds and mark them; their history stays in the log."""
    ids = [qbo_id for qbo_id in gone if known.get(qbo_id)]
    if ids:
        texts = log_texts([deletion(qbo_id) for qbo_id in ids])
        _forget(cursor, landing, entity, ids)
        _log(cursor, log_rows(landing, entity, "delete", texts, first))
        known.update(dict.fromkeys(ids, ""))
    return Landed(0, 0, len(ids))


def insert(cursor: Cursor, table: str, rows: pa.Table) -> None:
    """Insert an Arrow table whose columns stand in the table's own order."""
    cursor.register("incoming", rows)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM incoming")
    cursor.unregister("incoming")


def _log(cursor: Cursor, rows: pa.Table) -> None:
    """Append log rows and make them the index's newest of their records."""
    append(cursor, rows)
    deleted_at = pc.if_else(pc.is_null(rows["raw"]), rows["observed_at"], None)
    insert(cursor, "mirror_records", rows.select(INDEX_COLUMNS).append_column("deleted_at", deleted_at))


def _forget(cursor: Cursor, landing: Landing, entity: str, ids: Sequence[str]) -> None:
    """Take the present version of records out of the index and the typed tables."""
    if not ids:
        return
    cursor.register("forgotten", pa.table({"qbo_id": pa.array(ids, pa.string())}))
    for table in ("records", *tables_of(entity)):
        cursor.execute(
            f"DELETE FROM mirror_{table} WHERE advisor_id = ? AND business_id = ? AND entity = ?"
            " AND qbo_id IN (SELECT qbo_id FROM forgotten)",
            [landing.advisor_id, landing.business_id, entity],
        )
    cursor.unregister("forgotten")
