"""Killing a refresh: a process of its own that refreshes without end, and what must hold of its store afterwards."""

import multiprocessing
import random
import signal
import time
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from rowcol.sandbox.company import Company as Served
from rowcol.sandbox.run import RunningSandbox
from rowcol.store.database import Database
from rowcol.sync.progress import Progress
from rowcol.wiring import Services
from tests.kits.clock import unlimited
from tests.kits.company_sync import (
    REALM,
    Bookkeeper,
    agency,
    assert_same,
    company_of_bills,
    mirrored,
    served,
)
from tests.kits.practice import settings_for

FIRST_STEPS, STEPS = 40, 120
"""A victim is killed after so many steps of progress at most: of a first reading, and of refreshes that go on."""
STARTED_WITHIN = 60.0
_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["rowcol.wiring", "rowcol.sandbox.run", "rowcol.sandbox.builder"])


@dataclass(frozen=True)
class Killed:
    """One kill: after which step and how long, how many log rows it had left, the seconds of the refresh after it.

    `half_way`: it left some of a first reading, not all.
    """

    steps: int
    lived: float
    rows: int
    healed_in: float
    half_way: bool


def victim_books() -> Served:
    """Return the books of an agency with 1,000 more bills: several pages, many transactions."""
    company = agency()
    more = company_of_bills(1000)
    vendor = next(iter(company.of("Vendor").values()))
    for id_, bill in more.of("Bill").items():
        reference = {"value": vendor["Id"], "name": vendor["DisplayName"]}
        company.entities["Bill"][f"9{id_}"] = {**bill, "Id": f"9{id_}", "VendorRef": reference}
    return company


def kill_one(folder: Path, sandbox: RunningSandbox, chance: random.Random) -> Killed:
    """Kill a refresh at some moment while people work in QuickBooks, then hold its store against the books.

    Raises AssertionError if log and mirror differ, the next refresh fails, or a record is lost, doubled,
    or logged again unchanged.
    """
    database = folder / "victim.duckdb"
    first = not database.exists()
    if first:
        with closing(_Closing(database, sandbox)) as opened:
            opened.services.connect(REALM, sandbox.grant(REALM))
    steps = chance.randrange(FIRST_STEPS if first else STEPS)
    lived = _killed_after(steps, database, sandbox, chance)
    with closing(_Closing(database, sandbox)) as opened:
        services = opened.services
        assert services.verify().differences == (), "before the next refresh"
        rows = _log_rows(services.database)
        began = time.perf_counter()
        (outcome,) = services.refresh()
        healed_in = time.perf_counter() - began
        assert outcome.ok, outcome.message
        (client,) = services.clients.all()
        books = served(sandbox.companies[REALM])
        assert_same(mirrored(services.database, client.business_id), books)
        assert _logged_in_vain(services.database) == []
    return Killed(steps, lived, rows, healed_in, first and 0 < rows < len(books))


class _Closing:
    """The product on a store, to be closed."""

    def __init__(self, database: Path, sandbox: RunningSandbox) -> None:
        self.services = Services(settings_for(sandbox.url, database), rate_limiter=unlimited())

    def close(self) -> None:
        self.services.stop()


def _killed_after(steps: int, database: Path, sandbox: RunningSandbox, chance: random.Random) -> float:
    """Kill a victim a little after this many steps of progress; return how long it lived."""
    ours, theirs = _SPAWN.Pipe()
    taken = _SPAWN.Value("i", -1)
    victim = _SPAWN.Process(
        target=refresh_without_end, args=(database, sandbox.url, theirs, taken), daemon=True
    )
    victim.start()
    began, people = time.perf_counter(), Bookkeeper(sandbox)
    try:
        while taken.value < steps and victim.is_alive():
            assert time.perf_counter() - began < STARTED_WITHIN, (
                f"{taken.value} of {steps} steps in that time"
            )
            if taken.value >= 0:
                _work(people, chance)
            time.sleep(0.001 if steps < FIRST_STEPS else 0.02)
        time.sleep(chance.uniform(0, 0.02))
    finally:
        victim.kill()
        victim.join()
    message = ours.recv() if ours.poll() else "nothing"
    assert victim.exitcode == -signal.SIGKILL, f"the refresh ended by itself; it said: {message}"
    return time.perf_counter() - began


def refresh_without_end(database: Path, url: str, pipe: Connection, taken: "Synchronized[int]") -> None:
    """Refresh, by turns by changes and whole, until killed; count the steps `taken`."""
    services = Services(settings_for(url, database), rate_limiter=unlimited())
    taken.value = 0

    def count(_: Progress) -> None:
        taken.value += 1

    full = False
    while True:
        (outcome,) = services.refresh(on_progress=count, full=full)
        if not outcome.ok:
            pipe.send(outcome.message)
            return
        full = not full


def _work(people: Bookkeeper, chance: random.Random) -> None:
    """Edit a bill, enter one, or delete one."""
    bills = people.unlinked("Bill")
    bill = chance.choice(bills)
    deed = chance.randrange(3)
    if deed == 0:
        people.edit("Bill", bill["Id"], PrivateNote=f"Note {chance.random()}")
    elif deed == 1:
        people.create("Bill", **{key: bill[key] for key in ("VendorRef", "Line", "TxnDate", "TotalAmt")})
    else:
        people.delete("Bill", bill["Id"])


def _log_rows(database: Database) -> int:
    with database.read() as cursor:
        row = cursor.execute("SELECT count(*) FROM integration_log").fetchone()
    return int(row[0]) if row else 0


def _logged_in_vain(database: Database) -> list[tuple[str, str]]:
    """Return the records of which some version was logged that was the same as the one before it."""
    with database.read() as cursor:
        return cursor.execute(
            "SELECT DISTINCT entity, qbo_id FROM (SELECT entity, qbo_id, content_hash, lag(content_hash)"
            " OVER (PARTITION BY entity, qbo_id ORDER BY log_position) AS before FROM integration_log)"
            " WHERE content_hash = before"
        ).fetchall()
