"""Compare what two checkouts print and write from the same database: every report, and the digest's files, byte by byte.

    python -m tests.tools.compare_outputs --old OLD --new NEW --baseline FOLDER [--only PATTERN]

The first run makes the baseline with the old checkout: a database of the demo's 12 companies and of those in
`tests/cases`, refreshed whole, given decisions of every kind and held calls, changed at the sandbox, refreshed again;
and all outputs of the old code. Later runs reuse it. The database, the sandbox that the digest refreshes from and
every clock are the same for both, so nothing is normalised: any different byte is a difference. Exit code 1 if there
is one.

Reports of a past date need the balance sheets of that date; the old code reads them while it makes the baseline, so
that neither checkout asks for any.

Kept until issue 8 is closed.
"""

import argparse
import contextlib
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
CASES = HERE.parents[1] / "cases"
FIRST, SECOND = datetime(2026, 11, 20, 17, 0, tzinfo=UTC), datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
"""When the books were first read, and when again; outputs are of five minutes later."""
READ = SECOND + timedelta(minutes=5)
PAST, AHEAD, KNOWN = "2026-10-28", "2026-12-01", (FIRST + timedelta(hours=2)).isoformat()
MOMENTS = {
    "today": [], "past": ["--as-of", PAST], "ahead": ["--as-of", AHEAD], "known": ["--known-at", KNOWN],
    "past-known": ["--as-of", PAST, "--known-at", KNOWN],
}  # fmt: skip
REPORTS = (
    "clients", "aging-ap", "aging-ar", "bills", "collections", "tray", "forecast", "forecast --detail", "tie-out", "changes",
    "changes --since 2026-11-20", "changes --since 2026-11-24T00:00:00Z",
)  # fmt: skip
OTHERS = (
    "report nothing", "report clients --client nobody", "report bills --since 2026-11-20", "verify", "--help",
    "report --help", "digest --help", "sync --help", "client set --help", "connect --help", "sandbox --help",
)  # fmt: skip
DEMO, CASE = "9130354982210039611", "9130350000001021"
"""One of the demo's companies, the largest, and one of the cases."""
ONLY = "COMPARE_ONLY"
ADVISOR = "Ada Advisor"


class Clock:
    """One moment for everything in this process, until it is moved."""

    def __init__(self) -> None:
        self.now = FIRST

    def __call__(self) -> datetime:
        return self.now

    def install(self) -> None:
        """Replace the system clock. Call this before anything else of the product is imported."""
        import rowcol.clock
        import rowcol.sandbox.times

        rowcol.clock.system_clock = self  # type: ignore[assignment]  # a clock with a state in place of the function
        rowcol.sandbox.times.system_clock = self  # type: ignore[assignment]  # a clock with a state in place of the function


def main() -> int:
    """Make the baseline if it is not there, run the new checkout, compare."""
    if len(sys.argv) > 1 and sys.argv[1] in STEPS:
        return STEPS[sys.argv[1]](*map(Path, sys.argv[2:]))
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--old", type=Path, required=True, help="the checkout to compare with")
    parser.add_argument("--new", type=Path, required=True, help="the checkout to check")
    parser.add_argument(
        "--baseline", type=Path, required=True, help="where database and old outputs are kept"
    )
    parser.add_argument(
        "--only", default="", help="outputs whose names hold this pattern, such as 'today|digest'"
    )
    options = parser.parse_args()
    old, new, folder = options.old.resolve(), options.new.resolve(), options.baseline.resolve()
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _step(old, "make", folder)
        _outputs(old, old, folder, folder / "old")
        (folder / "made").touch()
    shutil.rmtree(folder / "new", ignore_errors=True)
    _outputs(old, new, folder, folder / "new", options.only)
    return _compared(folder / "old", folder / "new", options.only)


def _step(checkout: Path, name: str, *words: Path) -> None:
    subprocess.run(_command(name, *words), check=True, env=_environment(checkout), cwd=checkout)


def _command(name: str, *words: Path) -> list[str]:
    return [sys.executable, str(HERE), name, *map(str, words)]


def _environment(checkout: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROWCOL_")}
    return inherited | {"PYTHONPATH": str(checkout), "TZ": "UTC", "COLUMNS": "100"} | more


def _outputs(old: Path, checkout: Path, folder: Path, out: Path, only: str = "") -> None:
    """Write a checkout's outputs, from a copy of the database, beside a sandbox of the old checkout."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder / "store", work)
    serving = subprocess.Popen(
        _command("serve", folder),
        env=_environment(old),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdin is not None
    assert serving.stdout is not None
    try:
        url = serving.stdout.readline().strip()
        settings = _settings(work / "rowcol.duckdb", url)
        subprocess.run(
            _command("run", out), check=True, env=_environment(checkout, **settings, **{ONLY: only}), cwd=work
        )
    finally:
        serving.stdin.close()
        serving.wait()


def _compared(old: Path, new: Path, only: str) -> int:
    names = sorted(
        {str(path.relative_to(top)) for top in (old, new) for path in top.rglob("*") if path.is_file()}
    )
    names = [name for name in names if re.search(only, name)]
    different = [name for name in names if _bytes(old / name) != _bytes(new / name)]
    for name in different:
        print(f"different: {name}")
        there = [str(top / name) for top in (old, new) if (top / name).exists()]
        if len(there) == 2:
            shown = subprocess.run(["diff", *there], capture_output=True, text=True, check=False)
            print("\n".join(line[:300] for line in shown.stdout.splitlines()[:12]))
    print(f"{len(names)} outputs, {len(different)} different")
    return 1 if different else 0


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _settings(database: Path, url: str) -> dict[str, str]:
    return {
        "ROWCOL_DATABASE": str(database),
        "ROWCOL_QBO_CLIENT_ID": "sandbox-client",
        "ROWCOL_QBO_CLIENT_SECRET": "sandbox-secret",
        "ROWCOL_QBO_API_URL": url,
        "ROWCOL_QBO_AUTHORIZE_URL": f"{url}/connect/oauth2",
        "ROWCOL_QBO_TOKEN_URL": f"{url}/oauth2/v1/tokens/bearer",
        "ROWCOL_QBO_REVOKE_URL": f"{url}/v2/oauth2/tokens/revoke",
    }


# What follows runs in a process of its own with one checkout's code.


@contextlib.contextmanager
def _sandbox(clock: Clock) -> Iterator[Any]:
    from rowcol.sandbox.books import demo_companies
    from rowcol.sandbox.company import company_from_json
    from rowcol.sandbox.run import running_sandbox

    cases = [company_from_json(json.loads(path.read_text()), FIRST) for path in sorted(CASES.glob("*.json"))]
    companies = [*demo_companies(12, today=FIRST.date()), *cases]
    with running_sandbox(companies, clock=clock, throttle=False) as sandbox:
        yield sandbox


def _change_books(sandbox: Any) -> None:
    """Change some records of each demo company, as a week of bookkeeping would: changed, deleted and new ones."""
    for company in list(sandbox.companies.values())[:12]:
        for place, entity in enumerate(("Bill", "Invoice", "Vendor", "Purchase", "JournalEntry")):
            records = sorted(company.of(entity).values(), key=lambda record: int(record["Id"]))
            if len(records) < 4:
                continue
            moment = SECOND - timedelta(days=4 - place)
            note = (
                {"PrivateNote": "Looked at"}
                if entity != "Vendor"
                else {"DisplayName": f"{records[-2]['DisplayName']} II"}
            )
            company.put(entity, {**records[-2], **note}, moment)
            if entity == "Bill":
                company.put(entity, {**records[-3], "DueDate": "2026-12-15"}, moment)
                copy = {**records[-1], "Id": company.next_id(), "TxnDate": "2026-11-24", "MetaData": {}}
                company.put(entity, {**copy, "DocNumber": "NEW-1", "LinkedTxn": []}, moment)
            if entity == "Purchase":
                company.drop(entity, records[-1]["Id"], moment)


def make(folder: Path) -> int:
    """Make the database and the sandbox's grants with this checkout, which is the old one."""
    clock = Clock()
    clock.install()
    (folder / "store").mkdir()
    with _sandbox(clock) as sandbox:
        os.environ.update(_settings(folder / "store" / "rowcol.duckdb", sandbox.url))
        from rowcol.wiring import services

        running = services()
        for realm in sandbox.companies:
            running.connect(realm, sandbox.grant(realm))
        _refreshed(running.refresh(full=True))
        clock.now = FIRST + timedelta(hours=1)
        _decide(running, clock.now)
        _change_books(sandbox)
        clock.now = SECOND
        _refreshed(running.refresh(full=True))
        for as_of in (PAST, AHEAD):
            running.report("clients", None, date.fromisoformat(as_of), None)
            running.refresh(as_of=date.fromisoformat(as_of))
        running.stop()
        grants = {name: value for name, value in vars(sandbox.state.grants).items() if name != "_lock"}
        (folder / "grants.pickle").write_bytes(pickle.dumps(grants))
    return 0


def _refreshed(outcomes: Any) -> None:
    failed = [outcome.message for outcome in outcomes if not outcome.ok]
    if failed:
        raise SystemExit(f"{len(failed)} companies were not refreshed: {failed[0]}")


def _decide(running: Any, now: datetime) -> None:
    """Record decisions of every kind and calls with half the clients. Only the old checkout runs this."""
    frames = {name: running.report(name, None, None, None) for name in ("bills", "collections", "tray")}
    for place, client in enumerate(running.clients.all()):
        rows = {name: frame[frame["realm_id"] == client.realm_id] for name, frame in frames.items()}
        _decide_money(running._decisions, client.business_id, rows, place, now)
        _ask_and_dismiss(running, client.business_id, rows["tray"], now)
        _decide_digest(running._decisions, client, place, now)
        if place % 2 == 0:
            running.calls.hold(client.business_id, ADVISOR, "Talked about receivables")
        if place % 5 == 0:
            from dataclasses import replace

            settings = running.client_settings(client.business_id)
            running.save_settings(client.business_id, replace(settings, reserve_cents=500_000 * place))


def _decide_money(decisions: Any, business_id: str, rows: dict[str, Any], place: int, now: datetime) -> None:
    from rowcol.decisions import cash_ahead, payables, receivables, scenarios
    from rowcol.domain.forecast.scenario import Scenario

    who, today, soon = (ADVISOR, now), now.date(), now.date() + timedelta(days=10)
    bill_ids, invoice_ids = list(rows["bills"]["qbo_id"]), list(rows["collections"]["qbo_id"])
    if bill_ids:
        payables.prioritise(decisions, business_id, "bill", bill_ids[0], "must", *who)
        payables.hold(decisions, business_id, "bill", bill_ids[-1], "dispute", *who)
    if len(bill_ids) > 2:
        open_cents = int(rows["bills"]["balance_cents"].iloc[1])
        payment = payables.PlannedPayment(bill_ids[1], soon, None, open_cents)
        payables.plan(decisions, business_id, [payment], today, *who)
    if invoice_ids:
        receivables.promise(decisions, business_id, invoice_ids[:2], soon, today, *who)
    payroll = cash_ahead.Commitment("Payroll", "payroll", soon, 123_456)
    cash_ahead.commit(decisions, business_id, payroll, today, *who)
    cash_ahead.bank_balance(decisions, business_id, "35", 1_234_500 + place, today, *who)
    scenarios.keep(decisions, business_id, "Overdue today", Scenario(overdue_paid_today=True), *who)


def _ask_and_dismiss(running: Any, business_id: str, findings: Any, now: datetime) -> None:
    from rowcol.decisions.tasks import Task

    from rowcol.decisions.dismissals import Finding

    running.desk.add_task(
        business_id, Task("Send the statement", "Bo", now.date() + timedelta(days=10)), ADVISOR
    )
    running.desk.ask(business_id, "What is this payment for?", ADVISOR)
    dismissable = findings[findings["qbo_id"].notna()].head(1)
    for code, entity, qbo_id in dismissable[["code", "entity", "qbo_id"]].itertuples(index=False, name=None):
        version = running.record_history(business_id, entity, qbo_id).versions
        newest = int(version["version"].max()) if "version" in version else None
        if newest is not None:
            running.desk.dismiss(Finding(business_id, code, entity, qbo_id, newest), "Known", ADVISOR)


def _decide_digest(decisions: Any, client: Any, place: int, now: datetime) -> None:
    from rowcol.decisions import digests

    business_id, who = client.business_id, (ADVISOR, now)
    digests.set_recipients(decisions, business_id, [f"owner{place}@client.example"], *who)
    digests.write_note(decisions, business_id, date(2026, 11, 27), f"A note for {client.name}.", *who)
    digests.set_next_call(decisions, business_id, date(2026, 12, 3), now.date(), *who)


def serve(folder: Path) -> int:
    """Serve the changed books, with the grants of the baseline, until stdin ends."""
    clock = Clock()
    clock.install()
    with _sandbox(clock) as sandbox:
        _change_books(sandbox)
        clock.now = READ
        vars(sandbox.state.grants).update(pickle.loads((folder / "grants.pickle").read_bytes()))  # noqa: S301 - our own
        print(sandbox.url, flush=True)
        sys.stdin.read()
    return 0


def run(out: Path) -> int:
    """Write every output of this checkout into a folder."""
    clock = Clock()
    clock.now = READ
    clock.install()
    out.mkdir(parents=True)
    only = os.environ.get(ONLY, "")
    for name, words in _commands():
        if not re.search(only, f"{name}.txt"):
            continue
        _print(out / f"{name}.txt", words)
    for name, words in {
        "digest": ["--as-of", "2026-11-27"], "digest-past": ["--as-of", PAST], "digest-one": ["--client", DEMO],
    }.items():  # fmt: skip
        if not re.search(only, f"{name}.txt"):
            continue
        _print(out / f"{name}.txt", ["digest", *words, "--out", name])
        shutil.copytree(name, out / name)
    return 0


def _commands() -> Iterator[tuple[str, list[str]]]:
    for report in REPORTS:
        for moment, when in MOMENTS.items():
            for scope in ("all", DEMO, CASE):
                client = [] if scope == "all" else ["--client", scope]
                forms = ("table", "csv", "json") if moment == "today" and scope == DEMO else ("json",)
                for form in forms:
                    name = f"{report.replace(' ', '_').replace(':', '')}.{moment}.{scope}.{form}"
                    yield name, ["report", *report.split(), *when, *client, "--format", form]
    for other in OTHERS:
        yield other.replace(" ", "_"), other.split()


def _print(path: Path, words: list[str]) -> None:
    from rowcol.cli import main as rowcol

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = rowcol(words)
    path.write_text(
        f"exit {code}\n--- stdout\n{out.getvalue()}--- stderr\n{err.getvalue()}", encoding="utf-8"
    )


STEPS = {"make": make, "serve": serve, "run": run}

if __name__ == "__main__":
    sys.exit(main())
