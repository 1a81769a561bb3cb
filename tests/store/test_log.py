"""The log is the truth: append-only, committed with the mirror, and the mirror is the log folded."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rowcol
from rowcol.domain.aging import aged
from rowcol.store.control.decisions import Decisions
from rowcol.store.frames import Frames
from rowcol.store.log import Landing, versions
from rowcol.store.mirror import Landed, known_hashes, land
from rowcol.store.reads import Scope
from rowcol.store.replay import Difference, verify
from tests.kits.examples import examples
from tests.kits.records import (
    account,
    applied,
    bill,
    bill_payment,
    chart,
    customer,
    invoice,
    preferences,
    vendor,
)
from tests.kits.store import MEMORY, NOW, PRACTICE, TODAY, PracticeStore, ago

CODE = Path(rowcol.__file__).parent
LATER = NOW + timedelta(hours=1)


def log_of(store: PracticeStore) -> list[tuple[Any, ...]]:
    with store.database.read() as cursor:
        return cursor.execute(
            "SELECT entity, qbo_id, operation, raw FROM integration_log ORDER BY log_position"
        ).fetchall()


def balance(store: PracticeStore, **scope: Any) -> int:
    return int(aged(store.books(**scope))["amount_cents"].sum())


def test_no_statement_anywhere_changes_or_deletes_what_was_logged() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (*CODE.rglob("*.py"), *CODE.rglob("*.sql"))}
    assert any("INSERT INTO integration_log" in text for text in texts.values())
    changing = re.compile(
        r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE|MERGE\s+INTO)\s+integration_log", re.I
    )
    assert [path.name for path, text in texts.items() if changing.search(text)] == []


def test_a_version_is_logged_when_it_is_new_and_again_only_when_it_changed(store: PracticeStore) -> None:
    entity, record = bill("1", ago(5), ago(1), 80)
    assert store.land(entity, record) == Landed(1, 1, 0)
    assert store.land(entity, record) == Landed(1, 0, 0)
    assert store.land(entity, {**record, "Balance": 30}) == Landed(1, 1, 0)
    assert store.land(entity, record) == Landed(1, 1, 0), "what it was before is a version again"
    assert [row[2] for row in log_of(store)] == ["upsert"] * 3
    assert balance(store) == 8_000


def test_what_is_logged_is_the_whole_record_known_fields_or_not(store: PracticeStore) -> None:
    entity, record = bill("1", ago(5), ago(1), 80, NewField={"a": [1]}, EmailStatus="Telepathy")
    store.land(entity, record)
    with store.database.read() as cursor:
        row = cursor.execute(
            "SELECT raw->'NewField'->'a', raw->>'EmailStatus' FROM integration_log"
        ).fetchone()
    assert row == ("[1]", "Telepathy")


def test_a_deletion_is_logged_as_one_and_the_record_may_come_back(store: PracticeStore) -> None:
    entity, record = bill("1", ago(5), ago(1), 80)
    store.land(entity, record)
    assert store.delete(entity, record["Id"], "77", at=LATER) == Landed(0, 0, 1)
    assert store.delete(entity, record["Id"], at=LATER) == Landed(), "it is gone already"
    assert balance(store) == 0
    with store.database.read() as cursor:
        (row,) = cursor.execute("SELECT content_hash, deleted_at FROM mirror_records").fetchall()
    assert row == ("", LATER.replace(tzinfo=None))
    assert store.land(entity, record) == Landed(1, 1, 0)
    assert [(entry[2], entry[3] is None) for entry in log_of(store)] == [
        ("upsert", False),
        ("delete", True),
        ("upsert", False),
    ]
    assert balance(store) == 8_000


def test_log_and_mirror_commit_together_or_not_at_all(store: PracticeStore) -> None:
    entity, record = bill("1", ago(5), ago(1), 80)
    store.land(entity, record)
    business_id = store.client()

    def cut_off() -> None:
        with store.database.write() as cursor:
            known = known_hashes(cursor, PRACTICE, business_id, entity)
            landing = Landing(PRACTICE, business_id, "run", LATER)
            changed = versions([{**record, "Balance": 1}, bill("2", ago(5), ago(1), 7)[1]])
            assert land(cursor, landing, entity, changed, known, 10**18).changed == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert len(log_of(store)) == 1
    assert balance(store) == 8_000
    assert verify(store.database, Scope(PRACTICE)).differences == ()


def test_positions_rise_with_time_and_never_repeat(store: PracticeStore) -> None:
    """The clock stands still, then runs backwards; the log's order is the order of writing."""
    for number, at in enumerate((NOW, NOW, NOW - timedelta(days=1))):
        store.land("Bill", bill("1", ago(5), ago(1), number + 1)[1], at=at)
    with store.database.read() as cursor:
        rows = cursor.execute(
            "SELECT log_position, raw->>'Balance' FROM integration_log ORDER BY 1"
        ).fetchall()
    assert [int(row[1]) for row in rows] == [1, 2, 3]
    assert len({row[0] for row in rows}) == 3


def test_a_past_moment_is_what_the_mirror_was_then(store: PracticeStore) -> None:
    first, second = bill("1", ago(5), ago(1), 80), bill("1", ago(5), ago(1), 20)
    store.land_all([*chart(checking=10), vendor("1", "Acme"), first])
    then = frames_of(store, None)
    store.land(second[0], {**first[1], "Balance": 30}, second[1], at=LATER)
    store.land(*vendor("1", "Acme & Sons"), at=LATER)
    store.delete("Account", "60", at=LATER)
    for name, frame in frames_of(store, NOW).items():
        pd.testing.assert_frame_equal(frame, then[name], obj=name)
    assert balance(store, known_at=NOW) == 8_000
    assert balance(store) == 5_000
    assert balance(store, known_at=NOW - timedelta(days=1)) == 0


def frames_of(store: PracticeStore, known_at: Any) -> dict[str, pd.DataFrame]:
    with store.frames.open(store.frames.scope(), known_at) as reading:
        return {
            name: getattr(reading, name)()
            for name in ("companies", "accounts", "parties", "control_lines", "first_dates", "rates", "bank_sheets")
        } | {
            name: getattr(reading, name)(TODAY) for name in ("open_documents", "applications")
        }  # fmt: skip


EVENTS = st.lists(
    st.tuples(st.sampled_from("ud"), st.integers(1, 4), st.integers(0, 3), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


@given(events=EVENTS)
@settings(max_examples=examples(15), deadline=None)
def test_the_mirror_is_the_log_folded_after_any_edits_and_deletions(
    events: list[tuple[str, int, int, int]],
) -> None:
    store = PracticeStore(MEMORY)
    expected: dict[int, int] = {}
    for minute, (kind, number, euros, party) in enumerate(events):
        at = NOW + timedelta(minutes=minute)
        if kind == "u":
            store.land("Bill", {**bill(str(party), ago(5), ago(1), euros)[1], "Id": str(number)}, at=at)
            expected[number] = euros * 100
        else:
            store.delete("Bill", str(number), at=at)
            expected.pop(number, None)
    result = verify(store.database, Scope(PRACTICE))
    assert (result.records, result.differences) == (len(expected), ())
    assert balance(store) == sum(expected.values())
    assert balance(store, known_at=NOW + timedelta(days=1)) == sum(expected.values())
    store.close()


@pytest.mark.parametrize(
    ("statement", "table", "kind"),
    [
        ("UPDATE mirror_transactions SET balance_cents = 1 WHERE qbo_id = '5'", "transactions", "different"),
        ("DELETE FROM mirror_transactions WHERE qbo_id = '5'", "transactions", "missing"),
        ("INSERT INTO mirror_lines SELECT * REPLACE ('6' AS qbo_id) FROM mirror_lines", "lines", "invented"),
        ("UPDATE mirror_records SET content_hash = 'x' WHERE qbo_id = '5'", "records", "different"),
        (
            "UPDATE mirror_records SET deleted_at = now()::TIMESTAMP WHERE qbo_id = '5'",
            "records",
            "different",
        ),
        ("DELETE FROM mirror_records WHERE qbo_id = '5'", "records", "missing"),
    ],
)
def test_a_mirror_row_that_was_tampered_with_is_found(
    store: PracticeStore, statement: str, table: str, kind: str
) -> None:
    entity, record = bill_payment("1", ago(5), 80, applied(80, "Bill", "1"))
    store.land(entity, {**record, "Id": "5"})
    assert verify(store.database, Scope(PRACTICE)).differences == ()
    with store.database.write() as cursor:
        cursor.execute(statement)
    qbo_id = "6" if kind == "invented" else "5"
    expected = Difference(store.client(), table, "BillPayment", qbo_id, kind)
    assert verify(store.database, Scope(PRACTICE)).differences == (expected,)
    assert verify(store.database, Scope(PRACTICE, (store.client("77"),))).differences == ()


def test_nothing_of_one_practice_is_visible_to_another(store: PracticeStore) -> None:
    everything = [
        *chart(checking=10), preferences("EUR"), vendor("1", "Acme"), customer("9", "Beta"),
        bill("1", ago(5), ago(1), 80), invoice("9", ago(5), ago(1), 80, ExchangeRate=2, CurrencyRef={"value": "GBP"}),
        account("35", "Checking", "Bank", 5),
    ]  # fmt: skip
    store.land_all(everything)
    store.sheet((NOW - timedelta(days=1)).date(), {"35": 5})
    other = PracticeStore(MEMORY, "another", database=store.database)
    for known_at in (None, NOW):
        assert not any(len(frame) for frame in frames_of(other, known_at).values())
        assert all(
            len(frame) for name, frame in frames_of(store, known_at).items() if name in ("accounts", "rates")
        )
    assert other.clients.all() == []
    assert other.frames.log_position() == 0
    assert verify(store.database, Scope("another")).records == 0
    other.land_all([vendor("1", "Theirs"), bill("1", ago(5), ago(1), 7)])
    assert other.client() != store.client(), "one company served by two practices is two clients"
    assert balance(other) == 700
    assert balance(store) == 8_000 + 16_000


def test_a_scope_of_one_client_reads_that_client_alone(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(5), ago(1), 80)])
    store.land_all([bill("1", ago(5), ago(1), 7)], realm="77")
    assert [balance(store, realms=realms) for realms in (None, ["77"], [])] == [8_700, 700, 0]
    assert balance(store, realms=["77"], known_at=NOW) == 700


def test_the_log_position_moves_with_whatever_a_page_depends_on(store: PracticeStore) -> None:
    frames = Frames(store.database, PRACTICE)
    positions = [frames.log_position()]
    store.client()
    positions.append(frames.log_position())
    store.land("Bill", bill("1", ago(5), ago(1), 80)[1])
    positions.append(frames.log_position())
    store.sheet(NOW.date(), None, at=LATER)
    positions.append(frames.log_position())
    assert positions == sorted(set(positions))


def test_one_client_s_position_stands_still_while_others_are_refreshed_and_decided_on(
    store: PracticeStore,
) -> None:
    frames = Frames(store.database, PRACTICE)
    client, other = store.client(), store.client("77")
    stood = frames.log_position(client)
    store.land("Bill", bill("1", ago(5), ago(1), 80)[1], realm="77")
    decisions = Decisions(store.database, PRACTICE, store.positions)
    decisions.record_all(other, [("note", "", {"text": "of another"})], NOW)
    assert frames.log_position(client) == stood
    assert frames.log_position(other) > stood
    decisions.record_all(client, [("note", "", {"text": "its own"})], NOW)
    moved = frames.log_position(client)
    assert moved > stood
    decisions.record_all("", [("note", "", {"text": "of the practice"})], NOW)
    assert frames.log_position(client) > moved
    assert frames.log_position(client, ("note",)) == stood
