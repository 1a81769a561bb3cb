"""Netting by the earliest effective due date, and what is ready for a decision after it."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.netting import net
from rowcol.domain.readiness import collections_ready, payment_ready

AS_OF = pd.Timestamp("2026-11-20")


def item(
    qbo_id: str, cents: int, due_in: int | None = 0, party: str | None = "1", **more: Any
) -> dict[str, Any]:
    """Return an open item; a negative amount is a credit, `due_in` days from the as-of date."""
    due = pd.NaT if due_in is None else AS_OF + pd.Timedelta(days=due_in)
    row = {
        "business_id": "b", "entity": "Bill" if cents > 0 else "VendorCredit", "qbo_id": qbo_id, "side": "ap",
        "doc_number": f"N-{qbo_id}", "party_kind": "Vendor", "party_id": party, "party_name": "Acme",
        "txn_date": AS_OF - pd.Timedelta(days=90), "due_date": due, "amount_cents": cents,
        "days_past_due": pd.NA if due_in is None else -due_in,
    }  # fmt: skip
    return {**row, **more}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).astype({"days_past_due": "Int64", "party_id": "object"})


def parties(*rows: tuple[str, str | None, bool]) -> pd.DataFrame:
    columns = ["party_id", "parent_id", "bill_with_parent"]
    people = pd.DataFrame(list(rows), columns=columns).assign(business_id="b", party_kind="Vendor")
    return people.astype({"party_id": "object", "parent_id": "object"})


def left(*rows: dict[str, Any], family: pd.DataFrame | None = None) -> dict[str, int]:
    documents = net(frame(*rows), parties() if family is None else family).documents
    return dict(zip(documents["qbo_id"], documents["netted_cents"], strict=True))


def test_credits_go_to_the_earliest_due_first() -> None:
    left_cents = left(item("1", 100, 5), item("2", 100, -5), item("3", 100, None), item("9", -150))
    assert left_cents == {"2": 0, "1": 50, "3": 100}


def test_ties_are_broken_by_id_as_a_number() -> None:
    assert left(item("10", 100), item("9", 100), item("c", -100)) == {"9": 0, "10": 100}


def test_credits_beyond_the_documents_leave_nothing_and_are_not_lent_to_others() -> None:
    left_cents = left(item("1", 100), item("2", 100, party="2"), item("9", -500))
    assert left_cents == {"1": 0, "2": 100}


def test_hand_posted_debits_are_credits_and_hand_posted_charges_are_no_documents() -> None:
    journal = {"entity": "JournalEntry"}
    assert left(item("1", 100, -1), item("7", -30, **journal), item("8", 40, **journal)) == {"1": 70}


def test_credits_of_nobody_settle_nothing() -> None:
    assert left(item("1", 100, party=None), item("9", -100, party=None)) == {"1": 100}


def test_a_child_shares_its_parents_credits_only_where_it_is_billed_with_it() -> None:
    rows = [item("1", 100, party="child"), item("9", -60, party="parent")]
    assert left(*rows, family=parties(("child", "parent", True))) == {"1": 40}
    assert left(*rows, family=parties(("child", "parent", False))) == {"1": 100}


def test_parents_in_a_circle_do_not_hang() -> None:
    circle = parties(("a", "b", True), ("b", "a", True))
    assert left(item("1", 100, party="a"), family=circle) == {"1": 100}


def test_no_items_leave_none() -> None:
    assert net(frame(item("1", 1)).head(0), parties()).documents.empty


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.integers(-40, 40)), min_size=1, max_size=12)
)
def test_what_is_left_is_the_debt_less_the_credits(amounts: list[tuple[int, int]]) -> None:
    left_cents = left(*(item(str(number), cents, due) for number, (cents, due) in enumerate(amounts)))
    owed = sum(cents for cents, _ in amounts if cents > 0)
    credit = -sum(cents for cents, _ in amounts if cents < 0)
    assert sum(left_cents.values()) == max(0, owed - credit)


def nothing_blocked() -> pd.DataFrame:
    return pd.DataFrame(columns=["business_id", "entity", "qbo_id"]).astype("object")


@pytest.mark.parametrize(
    ("due_in", "group"),
    [(-1, "overdue"), (0, "urgent"), (7, "urgent"), (8, "upcoming"), (30, "upcoming"), (31, "later")],
)
def test_bills_are_grouped_by_the_days_until_they_are_due(due_in: int, group: str) -> None:
    ready = payment_ready(net(frame(item("1", 100, due_in)), parties()).documents, nothing_blocked())
    assert ready[["qbo_id", "group", "balance_cents"]].to_numpy().tolist() == [["1", group, 100]]


def test_blocked_and_netted_bills_are_not_ready() -> None:
    rows = net(
        frame(item("1", 100, 1), item("2", 100, 2), item("3", 100, 3), item("9", -100)), parties()
    ).documents
    blocked = pd.DataFrame([{"business_id": "b", "entity": "Bill", "qbo_id": "2"}])
    assert payment_ready(rows, blocked)["qbo_id"].tolist() == ["3"]


def test_invoices_are_collected_from_30_days_past_due_on() -> None:
    sold = {"entity": "Invoice", "side": "ar", "party_kind": "Customer"}
    rows = net(
        frame(item("1", 100, -29, **sold), item("2", 100, -30, **sold), item("3", 100, None, **sold)),
        parties(),
    ).documents
    assert collections_ready(rows, nothing_blocked())["qbo_id"].tolist() == ["2"]


def posted(qbo_id: str, cents: int, days: int, party: str | None = "1") -> dict[str, Any]:
    """Return a hand-posted item dated `days` from the as-of date."""
    on = AS_OF + pd.Timedelta(days=days)
    return item(qbo_id, cents, days, party, entity="JournalEntry", txn_date=on)


def charges(*rows: dict[str, Any]) -> dict[str, int]:
    left_over = net(frame(*rows), parties()).charges
    return dict(zip(left_over["qbo_id"], left_over["netted_cents"], strict=True))


def test_an_accrual_and_its_reversal_cancel_before_anything_else_is_paid() -> None:
    """The bill is due first, but the reversal belongs to the accrual: the bill stays to be paid."""
    rows = [item("1", 100, -5), posted("2", 100, -30), posted("3", -100, -1)]
    assert charges(*rows) == {"1": 100, "2": 0}


def test_the_nearest_of_equal_amounts_cancel_and_then_the_earliest() -> None:
    rows = [posted("1", 100, -60), posted("2", 100, -30), posted("3", -100, -29)]
    assert charges(*rows) == {"1": 100, "2": 0}
    rows = [posted("1", 100, -61), posted("2", 100, -59), posted("3", -100, -60)]
    assert charges(*rows) == {"1": 0, "2": 100}
    rows = [posted("12", 100, -30), posted("9", 100, -30), posted("3", -100, -30)]
    assert charges(*rows) == {"12": 100, "9": 0}


def test_other_amounts_parties_and_documents_do_not_cancel_in_pairs() -> None:
    rows = [item("1", 100, -5), item("9", -100, -1), posted("2", 100, -30, "2"), posted("3", -99, -30)]
    assert charges(*rows) == {"1": 0, "2": 100}


def test_a_hand_posted_charge_is_paid_by_credits_in_the_order_of_its_date() -> None:
    rows = [item("1", 100, 5), posted("2", 60, -5), item("9", -80)]
    assert charges(*rows) == {"1": 80, "2": 0}
