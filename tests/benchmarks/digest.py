"""How long the digests of 100 clients with 200,000 documents take, after the refresh.

    python -m tests.benchmarks.digest                       makes the database, then measures
    python -m tests.benchmarks.digest --database x.duckdb   keeps it there, or measures the one it finds
    python -m tests.benchmarks.digest --clients 3           a small one, to see that it runs

The books landed eight days before, so that each client is also compared with the last week, and last week's
forecast is scored. Counted is everything from the refresh to the mails: the practice's and one a client.
"""

import time
from datetime import timedelta

from rowcol.delivery.messages import eml
from rowcol.settings import Settings
from rowcol.store.database import Database
from rowcol.wiring import Services
from tests.benchmarks.books import OF_A_HUNDRED
from tests.benchmarks.measuring import database_from_arguments, print_table
from tests.benchmarks.pages import NOON, ZONE, land_practice, noon

SECONDS = 60.0
LANDED = NOON - timedelta(days=8)


def main() -> None:
    """Make or open the database, measure, and print a table."""
    with database_from_arguments(__doc__, "digest") as (path, clients):
        if not path.exists():
            database = Database(path)
            land_practice(database, clients, OF_A_HUNDRED, lambda: LANDED)
            database.close()
        services = Services(Settings(database=path, timezone=ZONE), noon)
        rows = measured(services)
        services.stop()
    print_table(f"The digests of {clients} clients", ["what", "clock", "processor", "limit"], rows)


def measured(services: Services) -> list[list[str]]:
    """Return what took how long: reading and working out, then the mails, then both."""
    digests = services.digests
    wall, cpu = time.perf_counter(), time.process_time()
    made_from = digests.inputs(None, NOON.date(), NOON)
    ground = time.perf_counter() - wall, time.process_time() - cpu
    mails = [eml(mail, ["ann@ledger.example"]) for mail in digests.all_rendered(made_from)]
    total = time.perf_counter() - wall, time.process_time() - cpu
    times = {
        "read and worked out": ground,
        f"{len(mails):,} mails of {sum(map(len, mails)) // len(mails) // 1000:,} kB": (
            total[0] - ground[0],
            total[1] - ground[1],
        ),
        "together": total,
    }
    return [
        [name, f"{clock:.1f} s", f"{processor:.1f} s", f"{SECONDS:.0f} s" if name == "together" else ""]
        for name, (clock, processor) in times.items()
    ]


if __name__ == "__main__":
    main()
