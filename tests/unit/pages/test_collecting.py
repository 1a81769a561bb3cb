"""Whom to chase, when next, and what to write to them."""

from datetime import timedelta
from typing import Any

import pandas as pd

from rowcol.views.console.collections import customers_of, reminder, with_contacts
from tests.kits.store import NOW

TODAY = pd.Timestamp("2026-11-20")
NO_PROMISES = pd.DataFrame({"qbo_id": [], "promised_on": pd.to_datetime([])}).astype({"qbo_id": "object"})


def day(ahead: int) -> pd.Timestamp:
    return TODAY + pd.Timedelta(days=ahead)


def invoices(*rows: tuple[str, str | None, int, int, int]) -> pd.DataFrame:
    """Take (id, customer, cents, days late, expected in days)."""
    frame = pd.DataFrame(
        [
            (qbo_id, party, f"Customer {party}", cents, late, day(ahead), "", 12, "own")
            for qbo_id, party, cents, late, ahead in rows
        ],
        columns=["qbo_id", "party_id", "customer", "balance_cents", "days_past_due", "expected_on", "reason", "habit",
                 "learned_from"],
    )  # fmt: skip
    return frame.assign(email=["", *["a@b.example"] * (len(rows) - 1)], phone="555")


def contacts(*rows: tuple[str, str, int | None, int]) -> pd.DataFrame:
    """Take (customer, note, next contact in days, made days ago), newest first."""
    return pd.DataFrame(
        {
            "customer_id": [row[0] for row in rows],
            "note": [row[1] for row in rows],
            "next_on": pd.to_datetime([None if row[2] is None else day(row[2]) for row in rows]),
            "by": "Ada",
            "decided_at": pd.to_datetime([NOW - timedelta(days=row[3]) for row in rows], utc=True),
        }
    )


def customer_rows(
    rows: pd.DataFrame, notes: pd.DataFrame, promises: pd.DataFrame = NO_PROMISES
) -> dict[Any, dict[str, Any]]:
    customers = customers_of(with_contacts(rows, promises, notes))
    return {row["party_id"]: row for row in customers.to_dict("records")}


def test_customers_come_by_money_with_their_oldest_days_beyond_their_habit() -> None:
    rows = customer_rows(
        invoices(("1", "9", 100, 40, 5), ("2", "8", 900, 35, 9), ("3", "9", 200, 60, 3)), contacts()
    )
    assert list(rows) == ["8", "9"]
    nine = rows["9"]
    assert (nine["invoices"], nine["owed_cents"], nine["days_past_due"], nine["beyond_habit"]) == (
        2,
        300,
        60,
        48,
    )
    assert (nine["expected_on"], nine["email"]) == (day(3), "a@b.example")


def test_invoices_of_nobody_are_one_row() -> None:
    rows = customer_rows(invoices(("1", None, 100, 40, 5), ("2", None, 50, 35, 9)), contacts())
    assert (rows[""]["invoices"], rows[""]["owed_cents"]) == (2, 150)


def test_the_last_note_and_the_promise_stand_beside_the_customer() -> None:
    promises = pd.DataFrame({"qbo_id": ["1"], "promised_on": pd.to_datetime([day(2)])})
    notes = contacts(("9", "", 4, 0), ("9", "second", None, 1), ("9", "first", None, 2))
    row = customer_rows(invoices(("1", "9", 100, 40, 5)), notes, promises)["9"]
    assert (row["note"], row["promised_on"], row["next_on"]) == ("second", day(2), day(4))


def test_a_next_contact_is_done_once_a_note_was_made_on_its_day_or_after() -> None:
    rows = invoices(("1", "9", 100, 40, 5))
    planned = ("9", "call again", -1, 5)
    assert customer_rows(rows, contacts(planned))["9"]["next_on"] == day(-1)
    assert pd.isna(customer_rows(rows, contacts(("9", "called", None, 1), planned))["9"]["next_on"])
    assert customer_rows(rows, contacts(("9", "no answer", None, 3), planned))["9"]["next_on"] == day(-1)


def test_nobody_to_chase_is_an_empty_frame() -> None:
    assert customers_of(invoices().iloc[:0]).empty


def letter(*rows: tuple[str | None, int, int]) -> Any:
    """Take (number, cents, credit) of each invoice."""
    frame = pd.DataFrame(
        [
            (str(number), name, pd.Timestamp("2026-08-22"), pd.Timestamp("2026-09-21"), cents, credit)
            for number, (name, cents, credit) in enumerate(rows)
        ],
        columns=["qbo_id", "doc_number", "txn_date", "due_date", "balance_cents", "credit_cents"],
    )
    return reminder("Juniper & Vale PR", "Acme", frame, "USD")


def test_one_invoice_is_named_in_the_subject() -> None:
    mail = letter(("1001", 200_000, 0))
    assert mail.subject == "Invoice 1001: a friendly reminder"
    assert (
        "this invoice is still open:\n\n- Invoice 1001 of 22 August 2026, due 21 September 2026: $2,000.00"
        in mail.text
    )
    assert "Together" not in mail.text
    assert mail.text.startswith("Hello Acme,")
    assert mail.text.endswith("Kind regards\nJuniper & Vale PR")


def test_several_invoices_are_listed_with_their_sum_and_the_credit_taken_off() -> None:
    mail = letter(("1001", 200_000, 0), (None, 50_000, 10_000))
    assert mail.subject == "Invoices from Juniper & Vale PR: a friendly reminder"
    assert (
        "- Invoice of 22 August 2026, due 21 September 2026: $500.00 (after your credit of $100.00)"
        in mail.text
    )
    assert "Together they come to $2,500.00." in mail.text
