"""300 companies refreshed with nothing changed, each answer 150 ms away.

    python -m tests.benchmarks.three_hundred           300 companies (limit: 10 s on 2 cores)
    python -m tests.benchmarks.three_hundred --tiny    12, to see that it runs

The sandbox runs in a process of its own on the same two cores.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rowcol.sandbox.company import Company
from rowcol.wiring import Services
from tests.benchmarks.measuring import measured, print_table
from tests.benchmarks.sandboxed import Sandboxed, grants, request_counts, sandboxed, switched
from tests.benchmarks.seeding import records_of, seeded
from tests.kits.company_sync import agency
from tests.kits.practice import settings_for

COMPANIES, TINY = 300, 12
SECONDS = 10.0
LATENCY_MS = 150
FIRST_REALM = 9130350000000000000

Stopwatch = Callable[[Callable[[], Any]], Any]


def companies(count: int) -> Sequence[Company]:
    """Return this many small agencies."""
    return [agency(str(FIRST_REALM + number)) for number in range(count)]


def refresh(stopwatch: Stopwatch, url: str, database: Path) -> dict[str, Any]:
    """Refresh every company against the clock; return what the outcomes say."""
    services = Services(settings_for(url, database))
    outcomes = stopwatch(services.refresh)
    differences = len(services.verify().differences)
    services.stop()
    return {
        "refreshed": sum(outcome.ok for outcome in outcomes),
        "requests": sum(outcome.requests for outcome in outcomes),
        "changed": sum(outcome.rows_changed for outcome in outcomes),
        "differences": differences,
        "failed": sorted({outcome.message for outcome in outcomes if not outcome.ok}),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="twelve companies")
    chosen = parser.parse_args()
    count = TINY if chosen.tiny else COMPANIES
    with tempfile.TemporaryDirectory() as folder, sandboxed(companies, count) as sandbox:
        database = Path(folder) / "practice.duckdb"
        read_at = datetime.now(UTC) - timedelta(minutes=13)
        seeded(database, {company.realm: records_of(company) for company in companies(count)}, read_at)
        connect(database, sandbox)
        sandbox.do(switched, {"latency_ms": LATENCY_MS})
        run = measured(refresh, sandbox.url, database)
        seen = sandbox.do(request_counts)
    rows = [
        ("seconds", f"{run.wall:.2f}", f"<= {SECONDS:.0f}"),
        ("processor seconds of ours", f"{run.cpu:.2f}", ""),
        ("milliseconds of processor a company", f"{1000 * run.cpu / count:.1f}", ""),
        ("companies refreshed", run.result["refreshed"], count),
        ("API requests at the server", sum(sum(kinds.values()) for kinds in seen.values()), count),
        ("rows logged again", run.result["changed"], 0),
        ("differences between log and mirror", run.result["differences"], 0),
    ]
    print_table(
        f"{count} companies, nothing changed, {LATENCY_MS} ms latency", ("what", "found", "limit"), rows
    )
    for message in run.result["failed"]:
        print(message)


def connect(database: Path, sandbox: Sandboxed) -> None:
    """Connect every company of a sandbox."""
    services = Services(settings_for(sandbox.url, database))
    for realm, token in sandbox.do(grants).items():
        services.connect(realm, token)
    services.stop()


if __name__ == "__main__":
    main()
