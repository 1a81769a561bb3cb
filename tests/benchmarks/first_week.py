"""How long the digests of clients connected today take, beside those of as many older ones, in one run.

    python -m tests.benchmarks.first_week                  12 clients of each kind (some minutes)
    python -m tests.benchmarks.first_week --clients 300    as many as a practice has

A client without a call is compared with a week ago, but not with a time before its books were first read: a client of
today with its own first reading, each of which ended at another moment. Counted is everything from the refresh to the
mails, as in the benchmark of the digest.
"""

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from rowcol.clock import Clock
from rowcol.delivery.messages import eml
from rowcol.settings import Settings
from rowcol.store.database import Database
from rowcol.wiring import Services
from tests.benchmarks.books import OF_A_HUNDRED
from tests.benchmarks.digest import LANDED
from tests.benchmarks.measuring import print_table
from tests.benchmarks.pages import NOON, ZONE, land_practice, noon

MOST_TIMES = 1.2
"""How many times the processor time of older clients those of today may take."""


def ticking(start: datetime) -> Clock:
    """Return a clock that is a second later each time it is asked."""
    seconds = itertools.count()
    return lambda: start + timedelta(seconds=next(seconds))


def digests_of(path: Path, clients: int, clock: Callable[[], datetime]) -> tuple[float, float]:
    """Return the seconds of clock and processor for the digests of clients whose books landed by a clock."""
    database = Database(path)
    land_practice(database, clients, OF_A_HUNDRED, clock)
    database.close()
    services = Services(Settings(database=path, timezone=ZONE), noon)
    wall, cpu = time.perf_counter(), time.process_time()
    inputs = services.digests.inputs(None, NOON.date(), NOON)
    for mail in services.digests.all_rendered(inputs):
        eml(mail, ["ann@ledger.example"])
    taken = time.perf_counter() - wall, time.process_time() - cpu
    services.stop()
    return taken


def main() -> None:
    """Measure both kinds and print them beside each other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=12)
    clients = parser.parse_args().clients
    with tempfile.TemporaryDirectory() as folder:
        # What is loaded and prepared once a process counts for neither.
        digests_of(Path(folder) / "first.duckdb", 1, lambda: LANDED)
        older = digests_of(Path(folder) / "older.duckdb", clients, lambda: LANDED)
        today = digests_of(Path(folder) / "today.duckdb", clients, ticking(NOON - timedelta(hours=6)))
    rows = [
        [name, f"{wall:.1f} s", f"{cpu:.1f} s", f"{cpu / older[1]:.2f}", limit]
        for name, (wall, cpu), limit in (
            ("read first 8 days ago", older, ""), ("read first today", today, f"{MOST_TIMES:.1f}"),
        )
    ]  # fmt: skip
    print_table(
        f"The digests of {clients} clients of either kind",
        ["clients", "clock", "processor", "ratio", "limit"],
        rows,
    )


if __name__ == "__main__":
    main()
