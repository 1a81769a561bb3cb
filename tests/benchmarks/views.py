"""Processor seconds of a console view, a tray view and the client list, beside those of an older commit.

    python -m tests.benchmarks.views                    measures this checkout and an older commit (8aa71d2)
    python -m tests.benchmarks.views --database FOLDER  keeps the books there, or measures those it finds

Both read copies of one store: the demo's 12 companies and a company of seven records, read once by the older code.
Each round is a fresh process for each of the two in turn: one call to warm up, then the median of a few. Nothing is
cached between calls; `process_time`, so what else the machine does counts little.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

BEFORE = "8aa71d2"
LIMIT, GOAL = 0.75, 0.6
ROUNDS, CALLS = 3, 5
NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
LARGEST, SMALL = "9130354982210039611", "9130350000000000007"
"""Oxbow Engineering, 19,768 records; and the company of seven."""
ROOT = Path(__file__).resolve().parents[2]
Work = Callable[[], object]


def noon() -> datetime:
    """Return the moment everything is at."""
    return NOON


def main() -> None:
    """Measure both and print."""
    if len(sys.argv) > 1 and sys.argv[1] in STEPS:
        STEPS[sys.argv[1]](*map(Path, sys.argv[2:]))
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--before", default=BEFORE, help="the commit to compare with")
    parser.add_argument("--database", type=Path, help="the folder where the books are kept, or found")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="rowcol-views-") as name,
        _worktree(options.before, Path(name)) as old,
    ):
        kept = (options.database or Path(name) / "books").resolve()
        if not kept.exists():
            kept.mkdir(parents=True)
            _child(old, "make", kept)
        taken: dict[str, dict[str, list[float]]] = {"before": {}, "now": {}}
        for place in range(options.rounds):
            for which, checkout in (("before", old), ("now", ROOT)):
                copy = Path(name) / f"{which}-{place}"
                shutil.copytree(kept, copy)
                for view, seconds in json.loads(_child(checkout, "measure", copy)).items():
                    taken[which].setdefault(view, []).append(seconds)
                shutil.rmtree(copy)
    _print(taken)


def _print(taken: dict[str, dict[str, list[float]]]) -> None:
    print(f"{'view':42} {'before, s':>10} {'now, s':>8} {'ratio':>6} {'limit':>6} {'goal':>5}")
    for name, seconds in taken["before"].items():
        before, now = statistics.median(seconds), statistics.median(taken["now"][name])
        print(f"{name:42} {before:10.3f} {now:8.3f} {now / before:6.2f} {LIMIT:6.2f} {GOAL:5.2f}")


@contextmanager
def _worktree(commit: str, folder: Path) -> Iterator[Path]:
    """Check a commit out beside this one while the block runs."""
    path = folder / "before"
    git = ["git", "-C", str(ROOT), "worktree"]
    subprocess.run([*git, "add", "--detach", "--quiet", str(path), commit], check=True)
    try:
        yield path
    finally:
        subprocess.run([*git, "remove", "--force", str(path)], check=True)


def _child(checkout: Path, step: str, folder: Path) -> str:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROWCOL_")}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), step, str(folder)],
        env=inherited | {"PYTHONPATH": str(checkout)}, cwd=folder, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


# What follows runs in a process of its own with one checkout's code, the older one's or this one's.


def make(folder: Path) -> None:
    """Read the books into a store; only the older checkout runs this."""
    from rowcol.sandbox.books import demo_companies
    from rowcol.sandbox.run import running_sandbox

    companies = [*demo_companies(12, today=NOON.date()), _seven_records()]
    with running_sandbox(companies, clock=noon, throttle=False) as sandbox:
        services = _services(folder, sandbox.url)
        for realm in sandbox.companies:
            services.connect(realm, sandbox.grant(realm))
        failed = [outcome.message for outcome in services.refresh() if not outcome.ok]
        services.stop()
    if failed:
        raise SystemExit(f"The books could not be read: {failed[0]}")


def measure(folder: Path) -> None:
    """Print what each view takes, as JSON: name -> processor seconds."""
    services = _services(folder, "http://127.0.0.1:9")
    works: dict[str, Work] = {}
    for name, realm in (("seven records", SMALL), ("the demo's largest client", LARGEST)):
        business_id = services.clients.find(realm).business_id
        works[f"console, {name}"] = _console(services, business_id)
        works[f"tray, {name}"] = _tray(services, business_id)
    works["client list, the whole demo"] = services.clients_view
    print(json.dumps({view: _seconds(work) for view, work in works.items()}))
    services.stop()


def _console(services: Any, business_id: str) -> Work:
    if hasattr(services, "console"):
        return lambda: _older_console(services.console, business_id)
    from rowcol.views.console.page import client_decisions, console_view, without_plans

    def view() -> object:
        decisions, inputs = services.decision_log.decisions, services.console_inputs(business_id)
        decided = client_decisions(decisions, business_id)
        return console_view(inputs, decided, without_plans(inputs, decided.decisions))

    return view


def _older_console(console: Any, business_id: str) -> object:
    """Make the console as the older code makes it."""
    ground = console.ground(business_id)
    return console.view(ground, console.unplanned(ground))


def _tray(services: Any, business_id: str) -> Work:
    older = getattr(services, "review", None)
    return (lambda: services.tray_view(business_id)) if older is None else (lambda: older.tray(business_id))


def _seconds(work: Work) -> float:
    work()
    taken = []
    for _ in range(CALLS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _services(folder: Path, url: str) -> Any:
    from rowcol.settings import Settings
    from rowcol.wiring import Services

    named = {
        "database": folder / "rowcol.duckdb", "qbo_client_id": "sandbox-client", "qbo_client_secret": "sandbox-secret",
        "qbo_api_url": url, "qbo_authorize_url": f"{url}/connect/oauth2",
        "qbo_token_url": f"{url}/oauth2/v1/tokens/bearer", "qbo_revoke_url": f"{url}/v2/oauth2/tokens/revoke",
    }  # fmt: skip
    return Services(Settings.model_validate(named), noon)


def _seven_records() -> Any:
    """Return a company of seven transactions."""
    from rowcol.sandbox.builder import Books

    books = Books(SMALL, "Larch & Daughters", today=NOON.date())
    acme, brook = books.vendor("Acme"), books.vendor("Brook")
    client = books.customer("Clear Co", email="ap@clear.example")
    books.deposit(date(2026, 9, 1), lines=[("Opening Balance Equity", "5000.00")])
    paid = books.bill(acme, "400.00", date(2026, 10, 11), due=date(2026, 11, 10), number="A-1")
    books.bill(brook, "60.00", date(2026, 11, 10), due=date(2026, 12, 10), number="B-1")
    books.pay_bill(acme, "100.00", date(2026, 11, 12), {paid: "100.00"})
    sold = books.invoice(client, "750.00", date(2026, 9, 20), due=date(2026, 10, 20), number="1001")
    books.receive(client, "250.00", date(2026, 11, 2), {sold: "250.00"}, into="Checking")
    books.purchase("40.00", date(2026, 11, 5), payee=brook)
    return books.finish()


STEPS: dict[str, Callable[..., None]] = {"make": make, "measure": measure}

if __name__ == "__main__":
    main()
