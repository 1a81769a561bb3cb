"""How long all hygiene findings of 100 clients with 200,000 documents take.

    python -m tests.benchmarks.findings                       makes the database, then measures
    python -m tests.benchmarks.findings --database x.duckdb   keeps it there, or measures the one it finds
    python -m tests.benchmarks.findings --clients 3           a small one, to see that it runs

*Broken* are the same books with the number, the due date and the e-mail address of every open document gone:
each has a finding or two.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from rowcol.clock import NOW
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.hygiene.findings import Findings, counts, describe
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.views.tray.page import tray_rows
from tests.benchmarks.books import OF_A_HUNDRED
from tests.benchmarks.measuring import database_from_arguments, print_table
from tests.benchmarks.pages import NOON, ZONE, land_practice
from tests.kits.store import PRACTICE, gateway_over

SECONDS = 3.0
TIMES = 3
DAYS = 91


def broken(evidence: Evidence) -> Evidence:
    """Return the same evidence with every open document short of what it should say."""
    gone = evidence.documents.assign(doc_number=None, due_date=None, bill_email=None)
    return replace(evidence, documents=gone.astype({"due_date": "datetime64[us]"}))


def best(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the least seconds of the clock and of the processor over a few times, and what the last returned."""
    walls, cpus, result = [], [], None
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus), result


def main() -> None:
    """Make or open the database, measure, and print a table."""
    with database_from_arguments(__doc__, "findings") as (path, clients):
        fresh = not path.exists()
        database = Database(path)
        if fresh:
            land_practice(database, clients, OF_A_HUNDRED)
        settings: dict[str, ClientSettings] = {}
        source = gateway_over(
            Frames(database, PRACTICE), lambda _: settings, lambda _: no_decisions(), NOON, ZONE
        )
        with source.open(None, NOW, DAYS) as books:
            evidence = books.evidence

        def read_tray() -> pd.DataFrame:
            with source.open() as books:
                return tray_rows(books)

        works: dict[str, Callable[[], Any]] = {
            "all findings": lambda: describe(Findings(evidence)),
            "all findings, broken": lambda: describe(Findings(broken(evidence))),
            "counts for the client list": lambda: counts(Findings(evidence)),
            "the tray, read and told": read_tray,
        }
        rows = []
        for name, work in works.items():
            wall, cpu, result = best(work)
            rows.append([name, f"{len(result):,}", f"{wall:.2f} s", f"{cpu:.2f} s", f"{SECONDS:.1f} s"])
        print_table(f"Findings, {clients} clients", ["what", "rows", "clock", "processor", "limit"], rows)
        database.close()


if __name__ == "__main__":
    main()
