"""How long it takes to report what a week changed in 100 clients with 200,000 documents.

    python -m tests.benchmarks.changes                       makes the database, then measures
    python -m tests.benchmarks.changes --database x.duckdb   keeps it there, or measures the one it finds
    python -m tests.benchmarks.changes --clients 3           a small one, to see that it runs

The week: of each client's bills and invoices 40 are paid, 20 have their total changed and 10 are deleted, and 20
payments are entered.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson

from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import no_decisions
from rowcol.store.control.clients import Client
from rowcol.store.database import Cursor, Database
from rowcol.store.frames import Frames
from rowcol.store.log import Landing, Positions, last_position, versions
from rowcol.store.mirror import known_hashes, land, land_deletions
from rowcol.views.common.changes import changes_between
from tests.benchmarks.books import OF_A_HUNDRED
from tests.benchmarks.findings import best
from tests.benchmarks.measuring import database_from_arguments, print_table
from tests.benchmarks.pages import NOON, ZONE, land_practice
from tests.kits.store import PRACTICE, gateway_over

Record = dict[str, Any]

SECONDS = 5.0
CALLED = NOON - timedelta(days=7)
PAID, EDITED, DELETED, ENTERED = 40, 20, 10, 20


def live_a_week(database: Database, clients: list[Client]) -> None:
    """Land the week in every client's books."""
    with database.read() as cursor:
        positions = Positions(last_position(cursor))
    at = NOON - timedelta(days=1)
    for client in clients:
        landing = Landing(PRACTICE, client.business_id, "week", at)
        with database.write() as cursor:
            for entity, came, gone in _week(cursor, client.business_id):
                known = known_hashes(cursor, PRACTICE, client.business_id, entity)
                land(cursor, landing, entity, versions(came), known, positions.take(len(came), at))
                first = positions.take(len(gone) + 1, at)
                land_deletions(cursor, landing, entity, gone, known, first)


def _week(cursor: Cursor, business_id: str) -> Iterator[tuple[str, list[Record], list[str]]]:
    """Yield entity, the versions that come, the ids that go."""
    for entity in ("Bill", "Invoice"):
        records = _newest(cursor, business_id, entity)
        owed = [record for record in records if record["Balance"]]
        half = PAID // 2
        paid = [{**record, "Balance": 0} for record in owed[:half]]
        edited = [
            {**record, "TotalAmt": record["TotalAmt"] + 10, "Balance": record["Balance"] + 10}
            for record in owed[half : half + EDITED // 2]
        ]
        gone = [record["Id"] for record in records if not record["Balance"]][: DELETED // 2]
        yield entity, paid + edited, gone
    payments = _newest(cursor, business_id, "Payment")[:ENTERED]
    yield (
        "Payment",
        [{**payment, "Id": f"9{payment['Id']}", "TxnDate": "2026-11-17"} for payment in payments],
        [],
    )


def _newest(cursor: Cursor, business_id: str, entity: str) -> list[Record]:
    rows = cursor.execute(
        "SELECT raw FROM integration_log WHERE business_id = ? AND entity = ? ORDER BY log_position DESC",
        [business_id, entity],
    ).fetchall()
    return [orjson.loads(raw) for (raw,) in rows]


def main() -> None:
    """Make or open the database, measure, and print a table."""
    with database_from_arguments(__doc__, "changes") as (path, clients):
        fresh = not path.exists()
        database = Database(path)
        if fresh:
            live_a_week(database, land_practice(database, clients, OF_A_HUNDRED, lambda: CALLED))
        rows = []
        for name, work in works(database).items():
            wall, cpu, result = best(work)
            rows.append([name, f"{len(result):,}", f"{wall:.2f} s", f"{cpu:.2f} s", f"{SECONDS:.1f} s"])
        print_table(f"Changes, {clients} clients", ["what", "rows", "clock", "processor", "limit"], rows)
        database.close()


def works(database: Database) -> dict[str, Callable[[], Any]]:
    """Return what is measured by its name."""
    frames = Frames(database, PRACTICE)

    def read() -> Any:
        with frames.open(frames.scope()) as reading:
            calls = dict.fromkeys(reading.companies()["business_id"], CALLED)
            return reading.record_changes(calls)

    settings: dict[str, ClientSettings] = {}
    source = gateway_over(frames, lambda _: settings, lambda _: no_decisions(), NOON, ZONE)
    return {"the log read": read, "all of it, bridges too": lambda: changes_between(source).changes}


if __name__ == "__main__":
    main()
