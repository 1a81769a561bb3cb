"""Money is counted once in the forecast: one more record moves the 13 weeks by no more than its own amount.

Random books, and a record entered ahead beside whatever they hold: an open bill or invoice, a series it may replace, a
baseline and new business it may be taken off.
"""

from datetime import timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rowcol.domain.forecast.result import FLOWS, Forecast
from tests.kits.examples import examples
from tests.kits.forecasts import ahead, decided, forecast_of
from tests.kits.records import (
    CHECKING,
    INCOME,
    MORTGAGE,
    Pair,
    applied,
    banked,
    bill,
    bill_payment,
    chart,
    credit,
    credit_memo,
    customer,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
    vendor_credit,
)
from tests.kits.store import MEMORY, TODAY, PracticeStore, ago
from tests.unit.forecast.test_forecast_property import records

CASH = 9_000
WHOLE = st.integers(1, 900)
intervals = st.sampled_from([7, 14, 15, 30])
parties = st.sampled_from(["1", "2"])
Added = tuple[list[Pair], list[Pair], int, int]
"""Records without and with one that is entered ahead, what that one does to the bank, and its amount, in units."""


@st.composite
def base_books(draw: st.DrawFn) -> list[Pair]:
    """Give random books: what may be owed, a series to a payee, everyday money, paid bills and invoices."""
    pairs: list[Pair] = [bill("1", ago(400), ago(300), 0, TotalAmt=1)]
    pairs += [maker(party, f"Party {party}") for maker in (customer, vendor) for party in "12"]
    for added in draw(st.lists(records(), max_size=8)):
        pairs += added
    every, amount = draw(intervals), draw(WHOLE)
    payee = {"EntityRef": {"value": draw(parties), "type": "Vendor"}}
    last = draw(st.integers(0, 20))
    pairs += [
        purchase(ago(last + every * turn), spent(amount), **payee) for turn in range(draw(st.integers(0, 5)))
    ]
    pairs += [
        purchase(ago(draw(st.integers(1, 80))), spent(draw(WHOLE))) for _ in range(draw(st.integers(0, 3)))
    ]
    pairs += [
        deposit(ago(draw(st.integers(1, 80))), banked(draw(WHOLE), INCOME))
        for _ in range(draw(st.integers(0, 2)))
    ]
    for _ in range(draw(st.integers(0, 4))):
        closed, paid = draw(st.integers(1, 80)), draw(WHOLE)
        debt = bill("2", ago(closed + 20), ago(closed), 0, TotalAmt=paid)
        pairs += [debt, bill_payment("2", ago(closed), paid, applied(paid, "Bill", debt[1]["Id"]))]
    return pairs


@st.composite
def one_more(draw: st.DrawFn) -> Added:
    """Give a record entered ahead, with the records it settles as they are without it and with it."""
    on, amount, party = ahead(draw(st.integers(1, 85))), draw(WHOLE), draw(parties)
    due = {"txn": ago(draw(st.integers(1, 60))), "due": ahead(draw(st.integers(-60, 60)))}
    whole = amount + draw(st.integers(0, 200))

    def open_then_paid(make: Any, pay: Any, kind: str) -> Added:
        id_ = str(draw(st.integers(5_000, 5_999)))
        before, after = (
            make(party, due["txn"], due["due"], left, TotalAmt=whole, Id=id_)
            for left in (whole, whole - amount)
        )
        unapplied = (
            {"UnappliedAmt": 0, "DepositToAccountRef": {"value": CHECKING}} if kind == "Invoice" else {}
        )
        paid = pay(party, on, amount, applied(amount, kind, id_), **unapplied)
        return [before], [after, paid], amount if kind == "Invoice" else -amount, amount

    kind = draw(st.sampled_from(["check", "receipt", "purchase", "deposit", "bill", "invoice", "credit", "vendor credit",
                                 "unapplied", "on account", "loan"]))  # fmt: skip
    if kind == "check":
        return open_then_paid(bill, bill_payment, "Bill")
    if kind == "receipt":
        return open_then_paid(invoice, payment, "Invoice")
    payee = {"EntityRef": {"value": party, "type": "Vendor"}}
    single: dict[str, tuple[Pair, int]] = {
        "purchase": (purchase(on, spent(amount), **payee), -amount),
        "deposit": (deposit(on, banked(amount, INCOME)), amount),
        "bill": (bill(party, on, on, amount), 0),
        "invoice": (invoice(party, on, on, amount), 0),
        "credit": (credit_memo(party, on, amount), 0),
        "vendor credit": (vendor_credit(party, on, amount), 0),
        "unapplied": (payment(party, on, amount, UnappliedAmt=amount, DepositToAccountRef={"value": CHECKING}),
                      amount),
        "on account": (bill_payment(party, on, amount), -amount),
        "loan": (journal(on, debit(amount, MORTGAGE), credit(amount, CHECKING)), -amount),
    }  # fmt: skip
    record, moved = single[kind]
    return [], [record], moved, amount


def total(result: Forecast) -> int:
    """Return what the 13 weeks bring in less what they take out, in cents."""
    return int(sum(sign * result.days[name].sum() for name, sign in FLOWS.items()))


def forecast_with(pairs: list[Pair], cash: int) -> Forecast:
    store = PracticeStore(MEMORY)
    store.land_all([*chart(checking=cash), *pairs])
    result = forecast_of(store)
    store.close()
    return result


@settings(max_examples=examples(45))
@given(base_books(), one_more())
def test_a_record_entered_ahead_moves_the_weeks_by_no_more_than_its_amount(
    books: list[Pair], added: Added
) -> None:
    without, with_it, moved, amount = added
    ids = [(entity, record["Id"]) for entity, record in [*books, *with_it]]
    assume(len(set(ids)) == len(ids))
    before = forecast_with([*books, *without], CASH)
    after = forecast_with([*books, *with_it], CASH + moved)
    assert before.outcome["opening_cents"].tolist() == after.outcome["opening_cents"].tolist()
    assert abs(total(after) - total(before)) <= amount * 100


@settings(max_examples=examples(24))
@given(base_books(), st.integers(0, 90), WHOLE, st.sampled_from(["payroll", "sales tax", "card", "other"]))
def test_a_commitment_moves_the_weeks_by_no_more_than_its_amount(
    books: list[Pair], day: int, amount: int, kind: str
) -> None:
    """Whatever it stands for: nothing, a payment that recurs, or everyday money of its kind."""
    store = PracticeStore(MEMORY)
    store.land_all([*chart(checking=CASH), *books])
    commitment = {
        "business_id": store.client(), "commitment_id": "c", "name": "Due", "kind": kind, "replaces": "Party 1",
        "on": TODAY + timedelta(days=day), "amount_cents": amount * 100,
    }  # fmt: skip
    before, after = (forecast_of(store, decided(commitments=rows)) for rows in ([], [commitment]))
    largest = max([amount * 100, *(-after.items["amount_cents"][after.items["line"] == "recurring"])])
    assert -amount * 100 <= total(after) - total(before) <= largest
    store.close()
