"""Forecasts of random books: nothing open is lost, and each item is where the rules, written out one by one, put it."""

import calendar
import statistics
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcol.domain.derived import derive
from rowcol.domain.forecast.open_amounts import TOTAL, conservation
from rowcol.domain.forecast.result import FLOWS, Forecast
from tests.kits.examples import examples
from tests.kits.forecasts import forecast_of
from tests.kits.records import (
    AP,
    AR,
    CHECKING,
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
    entered_on,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
    vendor_credit,
)
from tests.kits.store import MEMORY, TODAY, PracticeStore, ago

PARTIES = (None, "1", "2", "3")
days = st.one_of(st.integers(-100, 120), st.integers(80, 200))
dates = st.one_of(st.none(), days.map(ago))
cents = st.integers(1, 99_999).map(lambda amount: amount / 100)
parties = st.sampled_from(PARTIES)
named = st.sampled_from(PARTIES[1:])


@st.composite
def records(draw: st.DrawFn) -> tuple[Pair, ...]:
    """Give one record that may be owed, or an invoice and its payment."""
    kind = draw(st.sampled_from(["invoice", "bill", "credit", "vendor credit", "receipt", "payout", "journal",
                                 "deposit", "purchase", "paid", "paid", "paid"]))  # fmt: skip
    on, due, amount, party = draw(dates), draw(dates), draw(cents), draw(parties)
    dated = on or ago(draw(days))
    someone = draw(named)
    if kind == "paid":
        closed = draw(st.integers(0, 380))
        sold = invoice(someone, ago(closed + 40), ago(closed + draw(st.integers(-20, 60))), 0, TotalAmt=50)
        return sold, payment(someone, ago(closed), 50, applied(50, "Invoice", sold[1]["Id"]))
    side = draw(st.sampled_from([(AR, "Customer"), (AP, "Vendor")]))
    line = draw(st.sampled_from([debit, credit]))
    other = credit if line is debit else debit
    entity = {} if party is None else {"Type": side[1], "id": party}
    pairs: dict[str, Pair] = {
        "invoice": invoice(party, on, due, amount), "bill": bill(party, on, due, amount),
        "credit": credit_memo(someone, dated, amount), "vendor credit": vendor_credit(someone, dated, amount),
        "receipt": payment(someone, dated, amount, UnappliedAmt=amount, DepositToAccountRef={"value": CHECKING}),
        "payout": bill_payment(someone, dated, amount), "purchase": purchase(dated, spent(amount)),
        "journal": journal(dated, line(amount, side[0], **entity), other(amount, CHECKING)),
        "deposit": deposit(dated, banked(amount, side[0], **({} if party is None else {"type": side[1], "value": party}))),
    }  # fmt: skip
    created = draw(st.sampled_from([entered_on(ago(1)), entered_on(ago(-1))]))
    entity_name, record = pairs[kind]
    return ((entity_name, {**record, **created}),)


@st.composite
def stores(draw: st.DrawFn) -> PracticeStore:
    """Give a practice of several clients with random books; customer 3 is billed with its parent 2."""
    store = PracticeStore(MEMORY)
    for realm in range(draw(st.integers(1, 4))):
        pairs: list[Pair] = [*chart(checking=draw(st.integers(-500, 5_000)))]
        pairs.append(bill("1", ago(400), ago(300), 0, TotalAmt=1))
        pairs += [maker(party, f"Party {party}") for maker in (customer, vendor) for party in "12"]
        pairs.append(customer("3", "Job", ParentRef={"value": "2"}, BillWithParent=True))
        for added in draw(st.lists(records(), max_size=20)):
            pairs += added
        store.land_all(pairs, realm=str(realm))
    return store


@settings(max_examples=examples(12))
@given(stores())
def test_nothing_open_is_lost_and_everything_is_where_the_rules_put_it(store: PracticeStore) -> None:
    forecast, entered = forecast_of(store), derive(store.books()).entered
    by_the_rules(store, forecast)
    excluded = forecast.items["state"] == "excluded"
    assert (excluded == forecast.items["expected_on"].isna()).all()
    assert (excluded == (forecast.items["reason"] != "")).all()
    for client in forecast.outcome["business_id"]:
        items, days, weeks, owed = (
            frame[frame["business_id"] == client]
            for frame in (forecast.items, forecast.days, forecast.weeks, entered)
        )
        conserved(items, owed)
        placed = items[items["state"] == "placed"]["amount_cents"].sum()
        flows = ["receipts_cents", "payments_cents", "recurring_out_cents", "debt_service_cents"]
        assert sum(FLOWS[name] * days[name].sum() for name in flows) == placed
        net = sum(sign * weeks[name] for name, sign in FLOWS.items())
        assert (weeks["opening_cents"] + net == weeks["closing_cents"]).all()
        assert weeks["closing_cents"].iloc[-1] == days["closing_cents"].iloc[-1]
    store.close()


def conserved(items: pd.DataFrame, owed: pd.DataFrame) -> None:
    rows = conservation(items, owed)
    whole = rows[rows["state"] == TOTAL]
    assert whole["amount_cents"].tolist() == whole["open_cents"].tolist()
    parts = rows[rows["state"] != TOTAL].groupby("side")["amount_cents"].sum()
    sums = owed.groupby("side")["amount_cents"].sum()
    assert [parts.get(side, 0) for side in ("ar", "ap")] == [sums.get(side, 0) for side in ("ar", "ap")]


def by_the_rules(store: PracticeStore, forecast: Forecast) -> None:
    with store.database.read() as cursor:
        documents = cursor.execute(
            "SELECT business_id, entity, qbo_id, party_id, coalesce(due_date, txn_date) FROM mirror_transactions"
        ).fetchall()
        settled = cursor.execute(
            "SELECT t.business_id, t.party_id, p.txn_date - t.due_date, DATE '2026-11-20' - p.txn_date"
            " FROM mirror_lines l JOIN mirror_transactions t ON t.qbo_id = l.linked_id AND t.entity = 'Invoice'"
            " JOIN mirror_transactions p ON p.qbo_id = l.qbo_id AND p.entity = l.entity"
        ).fetchall()
    lates: dict[tuple[str, str], list[int]] = {}
    for client, party, late, past in settled:
        if past <= 365:
            lates.setdefault((client, party), []).append(late)
    known = {(client, entity, qbo_id): (party, due) for client, entity, qbo_id, party, due in documents}
    for row in placed_or_not(forecast):
        party, due = known[row["business_id"], row["entity"], row["qbo_id"]]
        rule = by_the_rules_received if row["entity"] == "Invoice" else by_the_rules_paid
        assert row["told"] == rule(due, habit_by_the_rules(lates, row["business_id"], party)), row


def placed_or_not(forecast: Forecast) -> list[dict[str, Any]]:
    """Return the invoices and bills with the day from TODAY, or the reason, that the forecast gives."""
    items = forecast.items[forecast.items["entity"].isin(["Invoice", "Bill"])].to_dict("records")
    return [{**row, "told": row["reason"] or (row["expected_on"].date() - TODAY).days} for row in items]


def habit_by_the_rules(lates: Mapping[tuple[str, str], list[int]], client: str, party: str | None) -> int:
    """Return the customer's lower-middle median of three or more, else its parent's, else the client's, else 0."""
    everybody = [
        late for (business_id, _), late_days in lates.items() if business_id == client for late in late_days
    ]
    parents = lates.get((client, "2"), []) if party == "3" else []
    chain = [lates.get((client, party or ""), []), parents, everybody]
    return next((statistics.median_low(late_days) for late_days in chain if len(late_days) >= 3), 0)


def by_the_rules_received(due: date | None, habit: int) -> int | str:
    if due is None:
        return 7
    late = (TODAY - due).days
    if late > max(90, habit + 60):
        return "doubtful"
    if late <= 0:
        return max(0, -late + habit)
    return habit - late if late < habit else 7


def by_the_rules_paid(due: date | None, _habit: int) -> int | str:
    if due is None:
        return 7
    late = (TODAY - due).days
    return "stale or disputed" if late >= 180 else 7 if late > 0 else -late


steps = st.tuples(
    st.sampled_from([7, 14, 15, 16, 28, 30, 31, 21]), st.integers(0, 40), st.integers(2, 9),
    st.lists(st.integers(-3, 3), min_size=9, max_size=9),
)  # fmt: skip


@settings(max_examples=examples(8))
@given(st.lists(steps, min_size=1, max_size=12))
def test_each_recurring_payment_is_where_the_rules_put_it(
    drawn: list[tuple[int, int, int, list[int]]],
) -> None:
    """Payments to each payee every N days up to some days ago, each early or late by a few."""
    store = PracticeStore(MEMORY)
    store.land_all([*chart(checking=10), bill("1", ago(400), ago(300), 0, TotalAmt=1)])
    paid = {
        str(payee): sorted(
            {TODAY - timedelta(days=max(0, last + interval * turn + late[turn])) for turn in range(times)}
        )
        for payee, (interval, last, times, late) in enumerate(drawn)
    }
    store.land_all(
        purchase(day.isoformat(), spent(number + 1), EntityRef={"value": payee, "type": "Vendor"})
        for payee, days_paid in paid.items()
        for number, day in enumerate(days_paid)
    )
    items = forecast_of(store).items
    for payee, days_paid in paid.items():
        rows = items[(items["line"] == "recurring") & (items["party_id"] == payee)].sort_values("expected_on")
        placed = [
            ((row["expected_on"].date() - TODAY).days, -row["amount_cents"])
            for row in rows.to_dict("records")
        ]
        assert placed == recurring_by_the_rules(days_paid), (payee, days_paid)
    store.close()


def recurring_by_the_rules(paid: list[date]) -> list[tuple[int, int]]:
    kept = [(day, 100 * (number + 1)) for number, day in enumerate(paid) if (TODAY - day).days <= 180]
    gaps = [(later - earlier).days for (earlier, _), (later, _) in pairwise(kept)]
    if len(kept) < 3:
        return []
    interval = statistics.median_low(gaps)
    if interval not in {7, 14, 15, 16, 28, 29, 30, 31} or any(abs(gap - interval) > 3 for gap in gaps):
        return []
    last = kept[-1][0]
    if (TODAY - last).days > 1.5 * interval:
        return []
    amount = sorted(cents for _, cents in kept[-3:])[1]
    days_ahead = (TODAY + timedelta(days=ahead - 60) for ahead in range(151))
    if interval >= 28:
        wanted = month_day_by_the_rules([day for day, _ in kept])
        coming = [day for day in days_ahead if day.day == min(wanted, last_of_month(day))]
        coming = [day for day in coming if (day - last).days > interval / 2]
    else:
        coming = [day for day in days_ahead if day > last and (day - last).days % interval == 0]
    return [(max(0, (day - TODAY).days), amount) for day in coming]


def month_day_by_the_rules(paid: list[date]) -> int:
    """Return the day of the month a monthly payment comes on; 31 stands for the last."""
    if all(day.day == last_of_month(day) for day in paid):
        return 31
    days_paid = [day.day for day in paid]
    return max(days_paid, key=lambda day: (days_paid.count(day), day))


def last_of_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]
