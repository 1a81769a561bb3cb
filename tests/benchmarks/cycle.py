"""One cycle of a company of 70,000 documents: nothing changed, then 45 edits and 5 deletes among them.

    python -m tests.benchmarks.cycle           74,000 records (limit: one request and 1 s)
    python -m tests.benchmarks.cycle --tiny    a hundredth of the size, to see that it runs

The sandbox runs in a process of its own; its time to find the changes is part of the wait.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rowcol.sandbox.company import Company, company_from_json
from rowcol.sandbox.run import RunningSandbox
from rowcol.wiring import Services
from tests.benchmarks.books import LARGE, Sizes, documents_in
from tests.benchmarks.books import company as benchmark_company
from tests.benchmarks.measuring import measured, print_table
from tests.benchmarks.sandboxed import grants, request_counts, sandboxed, switched
from tests.benchmarks.seeding import records_of, seeded
from tests.kits.practice import settings_for

SECONDS = 1.0
EDITS, DELETES = 45, 5
REALM = "9130000000000001"
TINY = Sizes(40, 200, 200, 300, 0, 0, 0, 0, 0)

Stopwatch = Callable[[Callable[[], Any]], Any]


def companies(sizes: Sizes) -> Sequence[Company]:
    """Return the one company, its latest document a day old."""
    yesterday = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    entities = benchmark_company(REALM, sizes, yesterday.date())
    return [company_from_json({"realm": REALM, "name": "Large", "entities": entities}, yesterday)]


def meddle(sandbox: RunningSandbox) -> None:
    """Edit 45 documents of three kinds and delete 5, spread over the books."""
    company, now = sandbox.companies[REALM], sandbox.state.clock()
    for entity, edits, deletes in (("Bill", 15, 2), ("Invoice", 15, 2), ("Payment", 15, 1)):
        records = list(company.of(entity).values())
        step = len(records) // (edits + deletes)
        chosen = records[::step][: edits + deletes]
        for record in chosen[:edits]:
            company.put(entity, {**record, "PrivateNote": f"Edited at {now}"}, now)
        for record in chosen[edits:]:
            company.drop(entity, record["Id"], now)


def refresh(stopwatch: Stopwatch, url: str, database: Path) -> dict[str, int]:
    """Refresh once against the clock, the connections opened before; return what came of it."""
    services = Services(settings_for(url, database))
    (outcome,) = stopwatch(services.refresh)
    services.stop()
    return {"requests": outcome.requests, "changed": outcome.rows_changed, "deleted": outcome.rows_deleted}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="a hundredth of the size")
    sizes = TINY if parser.parse_args().tiny else LARGE
    with tempfile.TemporaryDirectory() as folder, sandboxed(companies, sizes) as sandbox:
        database = Path(folder) / "practice.duckdb"
        (company,) = companies(sizes)
        records = records_of(company)
        seeded(database, {REALM: records}, datetime.now(UTC) - timedelta(minutes=13))
        services = Services(settings_for(sandbox.url, database))
        services.connect(REALM, sandbox.do(grants)[REALM])
        services.stop()
        rows = []
        for name, deed in (("nothing changed", None), (f"{EDITS} edits, {DELETES} deletes", meddle)):
            if deed is not None:
                sandbox.do(deed)
            sandbox.do(switched, {})
            run = measured(refresh, sandbox.url, database)
            seen = sandbox.do(request_counts)[REALM]
            expected = (0, 0) if deed is None else (EDITS, DELETES)
            rows.append((name, f"{run.wall:.2f}", f"<= {SECONDS:.0f}", f"{run.cpu:.2f}", sum(seen.values()), 1,
                         run.result["changed"], expected[0], run.result["deleted"], expected[1]))  # fmt: skip
    header = (
        "cycle",
        "seconds",
        "limit",
        "processor",
        "requests",
        "limit",
        "changed",
        "due",
        "deleted",
        "due",
    )
    print_table(f"{documents_in(records)} documents", header, rows)


if __name__ == "__main__":
    main()
