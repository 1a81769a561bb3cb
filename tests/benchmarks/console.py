"""How soon the console answers a tick with 2,000 open bills.

    python -m tests.benchmarks.console                       makes the database, then measures (about a minute)
    python -m tests.benchmarks.console --database x.duckdb   keeps the database there, or measures the one it finds
    python -m tests.benchmarks.console --bills 2000          smaller books (a tenth of the bills is open)

A tick is recorded, the forecast with the plan and what is safe to pay are worked out again on books already read,
and the page is drawn. *Decide and answer* is the first two. The page is timed by AppTest, which runs the script of
the server without a browser, its own work included. An edit comes to it without its callback, so that it draws the
page twice: *as the server runs it* is that less one drawing.
"""

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

from rowcol.decisions import payables
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.recording import Actor
from rowcol.store.database import Database
from rowcol.views.console.page import client_decisions, console_view, without_plans
from tests.benchmarks.books import Sizes
from tests.benchmarks.measuring import database_from_arguments, print_table
from tests.benchmarks.pages import ZONE, land_practice
from tests.kits.consoles import ConsoleStage

LIMIT_MS = 200
TIMES = 7
ME = Actor("", "Benchmark")
SERVED = "a tick: as the server runs it"


def sizes(bills: int) -> Sizes:
    """Return the books of a company with this many bills, a tenth of them open."""
    return Sizes(1_000, bills, 6_000, 4_000, 3_000, 300, 60, 20, 20)


def measure(services: Any, business_id: str) -> list[tuple[str, float, float]]:
    """Return what took how long: name, milliseconds of the clock and of the processor, the best of a few."""
    log = services.decision_log
    stage = ConsoleStage(services.gateway, log.decisions)
    wall, cpu = time.perf_counter(), time.process_time()
    inputs = stage.inputs(business_id)
    first = 1_000 * (time.perf_counter() - wall), 1_000 * (time.process_time() - cpu)
    unplanned = without_plans(inputs, client_decisions(log.decisions, business_id).decisions)
    ids = list(inputs.bills["qbo_id"])
    bills = stage.view(inputs).bills
    payables.unplan(
        log, ME, business_id, list(bills["qbo_id"][bills["pay_on"].notna()])
    )  # of a database that was kept
    opened = dict(zip(ids, inputs.bills["balance_cents"], strict=True))

    def tick(turn: int) -> None:
        bill_id = ids[turn]
        payment = PlannedPayment(bill_id, inputs.as_of, None, int(opened[bill_id]))
        payables.plan(log, ME, business_id, [payment], inputs.as_of)
        services.log_position(business_id), stage.position(business_id), stage.unplanned_position(business_id)
        console_view(inputs, client_decisions(log.decisions, business_id), unplanned)

    print(f"{len(ids)} bills open and ready to be paid")
    return [("the books, first", *first), ("a tick: decide and answer", *_best(tick))]


def measure_page(services: Any, business_id: str) -> list[tuple[str, float, float]]:
    """Return how long a drawing of the page takes, and a tick as the page runs it."""
    from streamlit.testing.v1 import AppTest

    from rowcol.ui.kit import navigation

    at = AppTest.from_file(str(Path(navigation.__file__).parents[1] / "shell.py"), default_timeout=120)
    at.query_params.update({"client": business_id})
    at.session_state["advisor_name"] = ME.name
    at.switch_page(navigation.CONSOLE)
    _run(at)
    ids = list(services.console_inputs(business_id).bills["qbo_id"])
    key = f"wide_bills_{business_id}_{crc32(chr(10).join(ids).encode()):x}_0"
    edited: dict[int, dict[str, bool]] = {}

    def tick(turn: int) -> None:
        number = TIMES + turn
        edited[number] = {"pay": True}
        at.session_state[key] = {"edited_rows": dict(edited), "added_rows": [], "deleted_rows": []}
        _run(at)
        if not at.dataframe[0].value["pay"].iloc[number]:
            raise SystemExit("The tick was not taken")

    once, twice = _best(lambda _: _run(at)), _best(tick)
    return [
        ("the page drawn once, nothing decided", *once),
        ("a tick: the page, drawn twice", *twice),
        (SERVED, twice[0] - once[0], twice[1] - once[1]),
    ]


def _run(at: Any) -> None:
    at.run()
    if at.exception:
        raise SystemExit(f"The page failed: {at.exception[0].value}")


def _best(work: Callable[[int], object]) -> tuple[float, float]:
    turns: Iterator[int] = count()
    times = []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        work(next(turns))
        times.append((1_000 * (time.perf_counter() - wall), 1_000 * (time.process_time() - cpu)))
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def main() -> None:
    """Make or open the database, measure, and print a table."""
    with database_from_arguments(__doc__, "console", "bills", 20_000) as (path, bills):
        if not path.exists():
            database = Database(path)
            land_practice(database, 1, sizes(bills))
            database.close()
        os.environ.update(ROWCOL_DATABASE=str(path), ROWCOL_TIMEZONE=ZONE)
        from rowcol.ui.state.access import services as running_services

        services: Any = running_services()
        business_id = services.clients.all()[0].business_id
        taken = [*measure(services, business_id), *measure_page(services, business_id)]
        rows = [
            (name, f"{wall:.0f}", f"{cpu:.0f}", str(LIMIT_MS) if name == SERVED else "–")
            for name, wall, cpu in taken
        ]
        print_table("Console", ("what", "ms", "processor ms", "limit ms"), rows)
        services.stop()


if __name__ == "__main__":
    main()
