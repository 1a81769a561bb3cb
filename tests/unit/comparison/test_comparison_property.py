"""Whatever happened in between, the changes applied to the first mirror give the second."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.changes import HOUSEKEEPING, differences
from rowcol.domain.comparison.changes import record_changes
from rowcol.domain.comparison.fields import FOLLOWING
from rowcol.entities import ENTITIES
from rowcol.store.reads import Scope
from rowcol.store.replay import newest_records
from tests.kits.comparisons import THEN
from tests.kits.examples import examples
from tests.kits.records import CHECKING, account, bill, invoice, payment, spent
from tests.kits.store import MEMORY, NOW, PRACTICE, PracticeStore, ago

Key = tuple[str, str]
State = dict[Key, dict[str, str | None]]
DELETED = "deleted"

AMOUNTS = st.integers(0, 40).map(lambda tens: tens * 10)
LINES = st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True)


@st.composite
def saves(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Return a version of one of a few records, or its deletion."""
    id_, day = str(draw(st.integers(1, 2))), ago(draw(st.integers(0, 60)))
    kind = draw(st.sampled_from(["Bill", "Invoice", "Payment", "Account"]))
    if draw(st.integers(0, 4)) == 0 and kind != "Account":
        return kind, {"Id": id_, DELETED: True}
    total, lines = draw(AMOUNTS), [{**spent(10 * line), "Id": str(line)} for line in draw(LINES)]
    if kind == "Account":
        return account(CHECKING, draw(st.sampled_from(["Checking", "Main"])), "Bank", total)
    if kind == "Payment":
        return payment("9", day, total, Id=id_, UnappliedAmt=draw(AMOUNTS))
    if draw(st.integers(0, 4)) == 0:
        voided = {"Id": id_, "PrivateNote": "Voided"}
        return bill("1", day, day, 0, **voided) if kind == "Bill" else invoice("9", day, day, 0, **voided)
    balance = draw(AMOUNTS.map(lambda amount: min(amount, total)))
    more = {"TotalAmt": total, "Line": lines, "Id": id_, "DocNumber": draw(st.sampled_from([None, "A", "B"]))}
    return bill("1", day, day, balance, **more) if kind == "Bill" else invoice("9", day, day, balance, **more)


HISTORIES = st.tuples(st.lists(saves(), max_size=6), st.lists(saves(), max_size=8))


@contextmanager
def lived(history: tuple[list[tuple[str, dict[str, Any]]], ...]) -> Iterator[PracticeStore]:
    """Give a store in which the first list landed before the first moment, the second after it."""
    store = PracticeStore(MEMORY)
    store.client()
    for start, saved in zip((THEN - timedelta(hours=1), THEN + timedelta(minutes=1)), history, strict=True):
        for number, (entity, record) in enumerate(saved):
            at = start + timedelta(minutes=number)
            if DELETED in record:
                store.delete(entity, record["Id"], at=at)
            else:
                store.land(entity, record, at=at)
    yield store
    store.close()


def mirror(store: PracticeStore, known_at: Any) -> dict[Key, dict[str, Any]]:
    """Return (entity, id) -> record of all that existed at a moment, out of the log alone."""
    with store.database.read() as cursor:
        return {
            (row[2], row[3]): dict(row[4])
            for row in newest_records(cursor, Scope(PRACTICE), ENTITIES, known_at)
        }


def fields(record: dict[str, Any]) -> dict[str, str | None]:
    """Return path -> text of everything in a record."""
    return {change.path: change.after for change in differences(None, record)}


def read(store: PracticeStore) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the log gives of the period, and the changes reported of it."""
    with store.frames.open(store.frames.scope()) as reading:
        touched, parties = reading.record_changes({store.client(): THEN}), reading.parties()
    then = pd.Timestamp(THEN).tz_localize(None)
    since = pd.DataFrame(
        {"business_id": [store.client()], "currency": "USD", "called_at": then, "call_day": then.normalize()}
    )
    return touched, record_changes(touched, parties, since)


@settings(max_examples=examples(30))
@given(HISTORIES)
def test_the_changes_applied_to_the_first_mirror_give_the_second(history: tuple[Any, ...]) -> None:
    with lived(history) as store:
        state: State = {key: fields(record) for key, record in mirror(store, THEN).items()}
        touched, changes = read(store)
        named = set(zip(changes["entity"], changes["qbo_id"], strict=True))
        for row in touched.itertuples():
            key = (row.entity, row.qbo_id)
            here = state.pop(key, {})
            edits = differences(row.record_before, row.record)
            for edit in edits:
                assert here.pop(edit.path, None) == edit.before
                if edit.after is not None:
                    here[edit.path] = edit.after
            if row.exists:
                state[key] = here
            edited = [
                edit for edit in edits if edit.path.partition(".")[0] not in (*FOLLOWING, *HOUSEKEEPING)
            ]
            assert key in named or not edited
        assert state == {key: fields(record) for key, record in mirror(store, NOW).items()}


def owed(record: dict[str, Any]) -> int:
    return round(record["Balance"] * 100)


@settings(max_examples=examples(30))
@given(HISTORIES)
def test_the_changes_take_every_open_balance_from_the_first_to_the_second(history: tuple[Any, ...]) -> None:
    """Added + re-opened + total changed - paid; nothing is left of what was voided or deleted. Accounts likewise."""
    with lived(history) as store:
        then, now = mirror(store, THEN), mirror(store, NOW)
        _, changes = read(store)
    charges = {key: owed(record) for key, record in then.items() if key[0] in ("Bill", "Invoice")}
    balances = {
        key: round(record["CurrentBalance"] * 100) for key, record in then.items() if key[0] == "Account"
    }
    for row in changes.itertuples():
        key, amount = (row.entity, row.qbo_id), 0 if pd.isna(row.amount_cents) else int(row.amount_cents)
        if row.entity == "Account" and row.change in ("balance", "added"):
            balances[key] = balances.get(key, 0) + amount
        elif row.entity in ("Bill", "Invoice"):
            if row.change in ("voided", "deleted"):
                charges[key] = 0
            elif row.change in ("added", "re-opened") or row.field == "TotalAmt":
                charges[key] = charges.get(key, 0) + amount
            elif row.change == "paid":
                charges[key] -= amount
    left = {key: amount for key, amount in charges.items() if amount}
    assert left == {
        key: owed(content) for key, content in now.items() if key[0] in ("Bill", "Invoice") and owed(content)
    }
    assert balances == {
        key: round(content["CurrentBalance"] * 100) for key, content in now.items() if key[0] == "Account"
    }
