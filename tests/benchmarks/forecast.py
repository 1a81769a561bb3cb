"""How good the forecast's dates are, and how long a forecast takes.

    python -m tests.benchmarks.forecast                       the sandbox's twelve companies, then 100 large ones
    python -m tests.benchmarks.forecast --database x.duckdb   keeps the 100 there, or measures those it finds
    python -m tests.benchmarks.forecast --clients 3           a few, to see that it runs

*Dates*: every invoice paid off in the last 90 days, predicted on the day it was written from what was paid before; the
error is the mean of the days it was off. *Band*: how many were paid no later than their p80 day. *Time*: the best of a
few; `added` is what the forecast adds to the client list's figures, a tick is one decision of the console.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rowcol.clock import NOW
from rowcol.domain.accuracy import habit_accuracy
from rowcol.domain.applications import payment_lines
from rowcol.domain.books import read_books
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.current_decisions import no_decisions
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import read_settled
from rowcol.domain.forecast.scenario import Scenario
from rowcol.domain.forecast.settlement import mixed_payments
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.sandbox.books import demo_companies
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from tests.benchmarks.books import OF_A_HUNDRED, Sizes
from tests.benchmarks.measuring import print_table
from tests.benchmarks.pages import NOON, ZONE, land_practice
from tests.benchmarks.seeding import records_of, seeded
from tests.kits.store import PRACTICE, gateway_over

LEAST_COVERED, MOST_COVERED = 0.80, 0.90
ADDED_SECONDS, TICK_SECONDS = 0.4, 0.1
BANK_DAYS = 91
TIMES = 5
MANY_BILLS = Sizes(bills=20_000)
"""Of which a tenth is open: the console's 2,000."""


@dataclass(frozen=True)
class Dates:
    """How the invoices of several clients were foretold, all together."""

    invoices: int
    error_days: float
    due_date_error_days: float
    on_time_share: float


def dates_of(frames: Frames) -> tuple[pd.DataFrame, Dates]:
    """Return the back-test client by client (index name), and of all invoices together."""
    with frames.open(frames.scope()) as reading:
        companies, nothing_said = reading.companies(), dict[str, ClientSettings]()
        clients = client_frame(companies, nothing_said, NOON, NOON.date(), ZONE)
        books = read_books(reading, clients, NOON.date())
        settled = read_settled(reading, mixed_payments(payment_lines(books)), NOON.date())
        rows = habit_accuracy(settled, clients, reading.parties())
    rows = rows.rename(index=dict(zip(companies["business_id"], companies["name"], strict=True)))
    whole = rows[rows["invoices"] > 0]
    means = {name: _mean(whole, name) for name in ("error_days", "due_date_error_days", "on_time_share")}
    return rows, Dates(int(whole["invoices"].sum()), **means)


def _mean(rows: pd.DataFrame, name: str) -> float:
    """Return the mean over the invoices of the clients that have the figure."""
    known = rows[rows[name].notna()]
    return float((known[name] * known["invoices"]).sum() / known["invoices"].sum())


def print_dates(folder: Path) -> None:
    """Land the sandbox's companies and print how well their customers' dates are foretold."""
    path = folder / "sandbox.duckdb"
    companies = demo_companies(today=NOON.date())
    seeded(path, {company.realm: records_of(company) for company in companies}, NOON)
    database = Database(path)
    rows, whole = dates_of(Frames(database, PRACTICE))
    database.close()
    rows = rows.rename(index={f"Client {company.realm}": company.name for company in companies})
    cells = [
        (name, row["invoices"], f"{row['error_days']:.1f}", f"{row['due_date_error_days']:.1f}",
         f"{row['on_time_share']:.0%}")
        for name, row in rows[rows["invoices"] > 0].to_dict("index").items()
    ]  # fmt: skip
    cells.append(
        ("all", whole.invoices, f"{whole.error_days:.1f}", f"{whole.due_date_error_days:.1f}",
         f"{whole.on_time_share:.0%}")
    )  # fmt: skip
    header = ("client", "invoices", "off by days", "due date off by", "paid by the band")
    print_table("Dates foretold, last 90 days held out", header, cells)
    good = whole.error_days < whole.due_date_error_days
    covered = LEAST_COVERED <= whole.on_time_share <= MOST_COVERED
    print(f"below the due date's error: {good}; band between 80 % and 90 %: {covered}")


def print_times(path: Path, clients: int) -> None:
    """Print what a forecast adds to the client list's figures, and what one decision costs."""
    fresh = not path.exists()
    database = Database(path)
    if fresh:
        land_practice(database, clients, OF_A_HUNDRED)
    source = _source(database)

    def without() -> tuple[object, object]:
        with source.open(None, NOW, BANK_DAYS) as books:
            return books.figures, books.evidence

    def ahead() -> tuple[object, object]:
        with source.open_with_forecast(None, NOW, BANK_DAYS) as books:
            return books.figures, books.evidence

    without_forecast, with_forecast = _best(without), _best(ahead)
    database.close()
    added = tuple(first - second for first, second in zip(with_forecast, without_forecast, strict=True))
    rows = [("the list without forecast", *without_forecast, ""), ("the list and forecast", *with_forecast, ""),
            ("added", *added, ADDED_SECONDS)]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        busy = Database(Path(folder) / "busy.duckdb")
        land_practice(busy, 1, MANY_BILLS)
        with _source(busy).open_with_forecast(None, NOW, BANK_DAYS) as books:
            inputs = books.forecast_inputs
        busy.close()
    bills = len(inputs.payables)
    tick = _best(lambda: forecast(inputs, no_decisions(), Scenario(overdue_paid_today=True)))
    rows.append((f"a tick, {bills:,} open bills", *tick, TICK_SECONDS))
    print_table(f"Time, {clients} clients", ("what", "processor s", "clock s", "limit s"), [
        (name, f"{cpu:.3f}", f"{wall:.3f}", limit) for name, cpu, wall, limit in rows
    ])  # fmt: skip


def _source(database: Database) -> QuickBooksGateway:
    settings: dict[str, ClientSettings] = {}
    return gateway_over(Frames(database, PRACTICE), lambda _: settings, lambda _: no_decisions(), NOON, ZONE)


def _best(work: Callable[[], Any]) -> tuple[float, float]:
    """Return the least seconds of the processor and of the clock over a few times."""
    cpus, walls = [], []
    for _ in range(TIMES):
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    return min(cpus), min(walls)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", type=Path, help="where the hundred are kept, or are found")
    parser.add_argument("--clients", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_dates(Path(folder))
        print_times(chosen.database or Path(folder) / "hundred.duckdb", chosen.clients)


if __name__ == "__main__":
    main()
