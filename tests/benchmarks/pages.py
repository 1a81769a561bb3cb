"""How soon a page answers with 100 clients and 200,000 documents.

    python -m tests.benchmarks.pages                       makes the database, then measures (about two minutes)
    python -m tests.benchmarks.pages --database x.duckdb   keeps the database there, or measures the one it finds
    python -m tests.benchmarks.pages --clients 3           a small one, to see that it runs

The books land through the product's own refresh, from prepared bytes instead of HTTP. *First* is the first call after
the log moved on, in a process that has served pages before: every figure is read again, while the order of the clients
may be some minutes old; *warm* finds the views in the cache, which is keyed by the log position. Pages are timed by
AppTest, which runs the same script as the server, without a browser; their time includes AppTest's own.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rowcol.clock import Clock
from rowcol.domain.clients import ClientSettings
from rowcol.gateways.tie_out_check import TieOutCheck
from rowcol.qbo.client import Reply, Request, Send
from rowcol.qbo.fault_shapes import json_object
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Client, Clients
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.store.log import Positions, last_position
from rowcol.store.migrations import migrate
from rowcol.sync.context import SyncContext
from rowcol.sync.metering import Meter
from rowcol.sync.policy import ensure_policies
from rowcol.sync.refresher import Refresher
from rowcol.wiring import Services
from tests.benchmarks.books import OF_A_HUNDRED, Sizes
from tests.benchmarks.measuring import print_table
from tests.benchmarks.serving import Prepared
from tests.kits.store import PRACTICE

FIRST_SECONDS, WARM_SECONDS, POSITION_SECONDS = 1.5, 0.3, 0.01
DIFFERENT_BOOKS = 5
TIMES = 3
ZONE = "America/New_York"
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def noon() -> datetime:
    """Return the moment the benchmark is at."""
    return NOON


def land_practice(database: Database, clients: int, sizes: Sizes, clock: Clock = noon) -> list[Client]:
    """Refresh this many clients of a new practice from prepared books; return them."""
    migrate(database)
    ensure_policies(database, PRACTICE)
    with database.read() as cursor:
        positions = Positions(last_position(cursor))
    practice = Clients(database, PRACTICE)
    with database.write() as cursor:
        connected = [
            practice.connect(
                control_rows(cursor), str(9_130_000_000 + number), f"Client {number:03d}", clock()
            )
            for number in range(clients)
        ]
    context = SyncContext(database, PRACTICE, positions, _sender(sizes), clock)
    meter = Meter(database, PRACTICE, clock)
    tie_out = TieOutCheck(context, Frames(database, PRACTICE), dict[str, ClientSettings], ZONE)
    refresher = Refresher(context, tie_out, meter)
    outcomes = refresher.refresh(connected)
    refresher.close()
    failed = [outcome.message for outcome in outcomes if not outcome.ok]
    if failed:
        raise SystemExit(f"{len(failed)} clients did not land: {failed[0]}")
    return connected


@dataclass(frozen=True)
class Taken:
    """What took how long: seconds of the clock and of the processor, the best of a few, beside the limit."""

    what: str
    wall: float
    cpu: float
    limit: float


def measure(services: Services, client: Client) -> list[Taken]:
    """Return how long the reads behind the pages take."""
    return [
        _taken("log position", services.log_position, POSITION_SECONDS),
        _taken("Clients: the view, first", services.clients_view, FIRST_SECONDS),
        _taken("Client: the view, first", lambda: services.client_view(client.business_id), FIRST_SECONDS),
        _taken("Connections: the view", services.connections_view, WARM_SECONDS),
    ]


def measure_pages(client: Client) -> list[Taken]:
    """Return how long whole page runs take, their views cached or not."""
    from streamlit.testing.v1 import AppTest

    from rowcol.ui.kit import navigation
    from rowcol.ui.state import views

    shell = str(Path(navigation.__file__).parents[1] / "shell.py")
    rows = []
    for name, page, address in (
        ("Clients", navigation.CLIENTS, {}),
        ("Client", navigation.CLIENT, {"client": client.business_id}),
        ("Connections", navigation.CONNECTIONS, {}),
        ("Tray", navigation.TRAY, {}),
        ("Tray of one", navigation.TRAY, {"client": client.business_id}),
        ("Console", navigation.CONSOLE, {"client": client.business_id}),
        ("Digest of one", navigation.DIGEST, {"client": client.business_id}),
        ("Activity", navigation.ACTIVITY, {}),
    ):
        at = AppTest.from_file(shell, default_timeout=60)
        at.query_params.update(address)
        if page != navigation.CLIENTS:
            at.switch_page(page)
        _run(at)

        def first(at: Any = at) -> None:
            views.forget_figures()
            _run(at)

        rows.append(_taken(f"{name}: the page, first", first, FIRST_SECONDS))
        rows.append(_taken(f"{name}: the page, warm", partial(_run, at), WARM_SECONDS))
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", type=Path, help="where the practice is kept, or is found")
    parser.add_argument("--clients", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.database or Path(folder) / "practice.duckdb"
        if not path.exists():
            _make(path, chosen.clients)
        os.environ.update(ROWCOL_DATABASE=str(path), ROWCOL_TIMEZONE=ZONE)
        _print(path)


def _make(path: Path, clients: int) -> None:
    began = time.perf_counter()
    database = Database(path)
    land_practice(database, clients, OF_A_HUNDRED, lambda: datetime.now(UTC))
    database.close()
    print(
        f"{clients} clients landed in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:.0f} MB"
    )


def _print(path: Path) -> None:
    from rowcol.ui.state.access import services as running_services

    services: Any = running_services()
    client = services.clients.all()[0]
    with services.database.read() as cursor:
        counted = cursor.execute("SELECT count(*) FROM mirror_transactions").fetchone()
    rows = [*measure(services, client), *measure_pages(client)]
    title = (
        f"{len(services.clients.all())} clients, {counted[0]} documents, {path.stat().st_size / 1e6:.0f} MB"
    )
    cells = [
        (
            row.what,
            f"{row.wall * 1000:.0f}",
            f"{row.cpu * 1000:.0f}",
            f"{row.limit * 1000:.0f}",
            f"{row.wall / row.limit:.2f}",
        )
        for row in rows
    ]
    print_table(title, ("what", "ms", "processor ms", "limit ms", "of the limit"), cells)
    services.stop()


def _sender(sizes: Sizes) -> Send:
    """Return a `send` that answers every company from a few prepared ones."""
    prepared = [Prepared(sizes, seed) for seed in range(DIFFERENT_BOOKS)]

    def send(realm: str, request: Request) -> Reply:
        body = prepared[int(realm) % DIFFERENT_BOOKS].answer(
            f"/{request.path}", request.params.get("query", "")
        )[1]
        return Reply(json_object(body) or {}, body, None, 1)

    return send


def _run(at: Any) -> None:
    at.run()
    if at.exception:
        raise SystemExit(f"The page failed: {at.exception[0].value}")


def _taken(name: str, work: Callable[[], object], limit: float) -> Taken:
    times = []
    for _ in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Taken(name, min(wall for wall, _ in times), min(cpu for _, cpu in times), limit)


if __name__ == "__main__":
    main()
