"""As docs/architecture.md says: the store's SQL stays within what DuckLake accepts, and means the same there."""

import inspect
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rowcol.store
from rowcol.decisions.client_settings import all_settings, save
from rowcol.decisions.recording import OPERATOR, DecisionLog
from rowcol.domain.clients import ClientSettings
from rowcol.domain.derived import derive
from rowcol.domain.runway import figures
from rowcol.store.control import control_rows
from rowcol.store.control.checks import TieOutRow
from rowcol.store.control.clients import business_id_of
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.grants import SealedGrants
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.store.control.sent_mail import DIGEST, HANDING_OVER, READ, SENT, MailKey, SentLog
from rowcol.store.frames import Reading
from rowcol.store.migrations import migrate
from rowcol.store.reads import Scope
from rowcol.store.replay import verify
from tests.kits.lake import Lake
from tests.kits.records import (
    AP,
    CHECKING,
    applied,
    banked,
    bill,
    bill_payment,
    chart,
    credit,
    customer,
    debit,
    deposit,
    invoice,
    journal,
    preferences,
    purchase,
    spent,
    vendor,
)
from tests.kits.store import NOW, PRACTICE, REALM, TODAY, PracticeStore, ago

LATER = NOW + timedelta(hours=1)
STORE = Path(rowcol.store.__file__).parent
FOREIGN_TO_LAKES = (
    r"PRIMARY\s+KEY|\bUNIQUE\b|REFERENCES|CREATE\s+(UNIQUE\s+)?INDEX|SEQUENCE|ON\s+CONFLICT|INSERT\s+OR\b"
)
CLIENT = business_id_of(PRACTICE, REALM)
VALUES: dict[str, Any] = {
    "since": date(2026, 1, 1),
    "payees_since": date(2025, 12, 1),
    "until": TODAY,
    "day": TODAY,
    "days": {CLIENT: TODAY},
    "held_out_since": date(2025, 12, 1),
    "first_day": TODAY - timedelta(days=9),
    "last_day": TODAY,
    "trailing_days": 180,
    "alike": (TODAY - timedelta(days=90), TODAY - timedelta(days=9)),
    "report": "BalanceSheet",
    "positions": {CLIENT: int(NOW.timestamp() * 1_000_000) + 5},
    "calls": {CLIENT: NOW},
    "business_id": CLIENT,
    "entities": ["Bill", "Invoice"],
    "entity": "Bill",
    "qbo_id": "801",
    "qbo_ids": ["801", "803"],
    "words": "",
    "outcome": "",
    "most": 50,
}
"""What a read is asked for by the name of its parameter."""
OPENED = pd.DataFrame({"business_id": [CLIENT], "entity": ["Bill"], "qbo_id": ["801"], "as_of": [TODAY]})


def settled_in(store: PracticeStore) -> PracticeStore:
    """Fill a store: records, edits, a deletion, reports, a tie-out, runs, decisions and grants."""
    settling = bill_payment("1", ago(3), 30, applied(20, "JournalEntry", "900"), Id="901")
    store.land_all(
        [
            *chart(checking=1000), preferences("USD"), vendor("1", "Acme"), customer("9", "Beta"),
            bill("1", ago(40), ago(10), 80, Id="801"), bill("1", ago(40), ago(10), 5, Id="802"),
            invoice("9", ago(9), ago(-9), 10, ExchangeRate=2, CurrencyRef={"value": "EUR"}, Id="803"),
            journal(ago(30), credit(50, AP, Type="Vendor", id="1"), debit(50, "60"), Id="900"), settling,
            purchase(ago(5), spent(12), Id="804"), deposit(ago(4), banked(7), Id="805"),
        ]
    )  # fmt: skip
    store.land(*bill("1", ago(40), ago(10), 60, Id="801"), at=LATER)
    store.delete("Bill", "802", at=LATER)
    store.land_all([*chart(checking=5), bill("2", ago(2), ago(1), 9, Id="806")], realm="77")
    store.sheet(TODAY - timedelta(days=1), {CHECKING: 90_000})
    store.sheet(TODAY - timedelta(days=41), {CHECKING: 100_000})
    store.sheet(TODAY, None, report="AgedPayables")
    store.check(TODAY, [TieOutRow("bank", CHECKING, "Checking", 100_000, 90_000)])
    run = SyncRun(store.client(), "run-1", "full", NOW, LATER, "done", requests=3, rows_in=18)
    with store.database.write() as cursor:
        record_run(control_rows(cursor), PRACTICE, run)
    log = DecisionLog(Decisions(store.database, PRACTICE, store.positions), lambda: NOW)
    save(log, OPERATOR, store.client(), ClientSettings(reserve_cents=5))
    return store


def every_read(
    store: PracticeStore, business_ids: tuple[str, ...] | None, known_at: datetime | None
) -> dict[str, Any]:
    """Return what each named read gives, whatever reads there are."""
    with store.frames.open(store.frames.scope(business_ids), known_at) as reading:
        reading.open_at(OPENED)
        results = {}
        for name, read in inspect.getmembers(reading, inspect.ismethod):
            if not name.startswith("_") and name != "open_at":
                wanted = inspect.signature(read).parameters
                results[name] = read(**{key: VALUES[key] for key in wanted})
        return results


def same(ours: Any, theirs: Any, name: str) -> None:
    if isinstance(ours, pd.DataFrame):
        pd.testing.assert_frame_equal(ours, theirs, obj=name)
    elif isinstance(ours, tuple):
        for our, their in zip(ours, theirs, strict=True):
            same(our, their, name)
    else:
        assert ours == theirs, name


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PracticeStore, PracticeStore]]:
    """Give the same books on a plain file and on a lake."""
    folder = tmp_path_factory.mktemp("both")
    plain = PracticeStore(folder / "rowcol.duckdb")
    lake = PracticeStore(folder / "rowcol.ducklake", database=Lake(folder / "rowcol.ducklake"))
    yield settled_in(plain), settled_in(lake)
    plain.close()
    lake.close()


@pytest.mark.parametrize(
    ("business_ids", "known_at"), [(None, None), (None, NOW), ((CLIENT,), LATER), ((), None)]
)
def test_every_read_gives_the_same_on_a_lake(
    stores: tuple[PracticeStore, PracticeStore],
    business_ids: tuple[str, ...] | None,
    known_at: datetime | None,
) -> None:
    plain, lake = (every_read(store, business_ids, known_at) for store in stores)
    assert set(plain) >= {"accounts", "open_documents", "bank_activity", "tie_outs", "last_runs"}
    for name, frame in plain.items():
        same(frame, lake[name], name)


def test_the_figures_are_the_same_on_a_lake(stores: tuple[PracticeStore, PracticeStore]) -> None:
    all_books = [store.books() for store in stores]
    frames = [figures(derive(books)) for books in all_books]
    pd.testing.assert_frame_equal(*frames)
    assert frames[1].loc[CLIENT, ["cash_cents", "ap_cents", "ar_cents"]].tolist() == [100_000, 8_000, 2_000]
    assert stores[0].frames.log_position() == stores[1].frames.log_position()


def test_the_log_replays_to_the_mirror_on_a_lake(stores: tuple[PracticeStore, PracticeStore]) -> None:
    """Two charts of 11 accounts, 10 records of which one was deleted, one bill elsewhere, two balance sheets."""
    result = verify(stores[1].database, Scope(PRACTICE))
    assert (result.records, result.differences) == (2 * 11 + 10 - 1 + 1 + 2, ())


def test_a_lake_undoes_what_was_cut_off(lake_store: PracticeStore) -> None:
    def cut_off() -> None:
        with lake_store.database.write() as cursor:
            cursor.execute("INSERT INTO practices VALUES ('a', 'A', now()::TIMESTAMP)")
            raise KeyError

    lake_store.client()
    for _ in range(2):
        try:
            cut_off()
        except KeyError:
            continue
    with lake_store.database.read() as cursor:
        assert cursor.execute("SELECT count(*) FROM practices").fetchone() == (0,)


def test_clients_settings_and_grants_are_kept_on_a_lake(lake_store: PracticeStore) -> None:
    assert migrate(lake_store.database) == []
    business_id = lake_store.client()
    grants = SealedGrants(lake_store.database, PRACTICE)
    grants.write(business_id, "sealed-1", NOW)
    grants.write(business_id, "sealed-2", NOW)
    assert grants.read(business_id) == "sealed-2"
    grants.end(business_id, "revoked", NOW)
    assert (grants.read(business_id), grants.ended()) == (None, {business_id: "revoked"})
    grants.open_state("digest", LATER)
    assert [grants.use_state("digest", NOW), grants.use_state("digest", NOW)] == [True, False]
    decisions = Decisions(lake_store.database, PRACTICE, lake_store.positions)
    save(DecisionLog(decisions, lambda: NOW), OPERATOR, business_id, ClientSettings(reserve_cents=7))
    assert all_settings(decisions) == {business_id: ClientSettings(reserve_cents=7)}
    with lake_store.database.write() as cursor:
        lake_store.clients.disconnect(control_rows(cursor), business_id, LATER)
    assert [(client.name, client.disconnected_at) for client in lake_store.clients.all()] == [
        (f"Client {REALM}", LATER)
    ]


def test_what_was_sent_is_kept_on_a_lake(lake_store: PracticeStore) -> None:
    log = SentLog(lake_store.database, PRACTICE, lake_store.positions)
    letter = MailKey(CLIENT, TODAY, "ann@x.example", DIGEST, "id", "Week", "hash", TODAY, NOW)
    for state in (HANDING_OVER, SENT):
        log.record(letter, state, NOW)
    for _ in range(2):
        log.keep_figures("hash", "{}")
    log.note_run(TODAY, READ, NOW, LATER)
    assert {key: fate.state for key, fate in log.states(TODAY).items()} == {(CLIENT, "ann@x.example"): SENT}
    assert log.history()[["business_id", "state"]].to_numpy().tolist() == [[CLIENT, SENT]]
    assert (log.figures("hash"), log.figures("other")) == ("{}", None)
    run = log.run(TODAY)
    assert run is not None
    assert (run.state, run.known_at, log.run(TODAY - timedelta(days=7))) == (READ, LATER, None)
    with lake_store.database.read() as cursor:
        assert cursor.execute("SELECT count(*) FROM sent_figures").fetchone() == (1,)


def test_no_statement_asks_for_what_a_lake_has_not() -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in (*STORE.rglob("*.sql"), *STORE.rglob("*.py"))
    }
    assert len(texts) > 20
    assert [name for name, text in texts.items() if re.search(FOREIGN_TO_LAKES, text)] == []


def test_every_read_is_known_to_these_tests() -> None:
    """A new parameter needs a value in VALUES, or its read is not held to the lake."""
    reads = [
        read for name, read in inspect.getmembers(Reading, inspect.isfunction) if not name.startswith("_")
    ]
    parameters = {key for read in reads for key in inspect.signature(read).parameters} - {"self"}
    parameters -= {"documents"}  # of open_at, which every_read calls first
    assert len(reads) > 20
    assert parameters <= set(VALUES)
