"""Definitions.md, The books at t: what is dated later does not exist, and the books of a past day are what they were."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest

from rowcol.domain.aging import aged
from rowcol.domain.books import Books
from rowcol.domain.cash import bank_accounts, held_accounts
from rowcol.domain.derived import derive
from rowcol.domain.open_items import AP, AR, ITEM_COLUMNS, open_items
from rowcol.domain.tie_out.totals import party_totals
from rowcol.entities import ENTITIES
from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company, company_from_json
from rowcol.sandbox.ledger import open_items as sandbox_items
from rowcol.sandbox.reports.balance_sheet import balances_at
from tests.kits.examples import examples
from tests.kits.records import (
    AP as PAYABLE,
)
from tests.kits.records import (
    CHECKING,
    EXPENSE,
    applied,
    bill,
    bill_payment,
    credit,
    credit_memo,
    customer,
    debit,
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
from tests.oracle.random_books import company as random_company

DAYS_BACK = (0, 1, 14, 45, 200)
COMPANIES = 6


def landed(company: Company) -> PracticeStore:
    """Return a store into which a company's records have landed."""
    store = PracticeStore(MEMORY)
    store.land_all(
        [(entity, record) for entity in ENTITIES for record in company.of(entity).values()],
        realm=company.realm,
    )
    return store


def then(store: PracticeStore, days: int) -> Books:
    """Return the books of N days ago."""
    return store.books(TODAY - timedelta(days=days))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[list[tuple[Company, PracticeStore]]]:
    companies = demo_companies(COMPANIES, today=TODAY)
    stores = [landed(company) for company in companies]
    yield list(zip(companies, stores, strict=True))
    for store in stores:
        store.close()


@pytest.mark.parametrize("days", DAYS_BACK)
def test_rolled_back_books_are_the_books_as_they_were(
    sandbox: list[tuple[Company, PracticeStore]], days: int
) -> None:
    """Every vendor's and customer's total of six companies, against the sandbox's own ledger of that day."""
    at = (TODAY - timedelta(days=days)).isoformat()
    compared = 0
    for company, store in sandbox:
        books = then(store, days)
        items = aged(books)
        for side, kind in ((AP, "Vendor"), (AR, "Customer")):
            ours = party_totals(items, books.parties, side).set_index("id")["amount_cents"].to_dict()
            theirs: Counter[str | None] = Counter()
            for item in sandbox_items(company, at):
                if item.party_kind == kind:
                    theirs[item.party or None] += item.amount_cents
            expected = {party: cents for party, cents in theirs.items() if cents}
            assert {party: cents for party, cents in ours.items() if cents} == expected, (company.name, side)
            compared += len(expected)
    assert compared > 60


def test_cash_rolled_back_is_the_balance_sheet_of_that_day_but_for_what_is_not_listed(
    sandbox: list[tuple[Company, PracticeStore]],
) -> None:
    """Accounts in the home currency; payroll that QuickBooks' API does not list cannot be taken back."""
    for company, store in sandbox:
        books, day = then(store, 28), TODAY - timedelta(days=28)
        accounts = bank_accounts(books, held_accounts(books)).set_index("account_id")
        expected = balances_at(company, day)
        for row in company.unlisted:
            if row.date > day.isoformat():
                expected[row.account] += row.amount_cents
        home = accounts[accounts["currency"] == company.currency]
        assert len(home)
        assert {account_id: expected[account_id] for account_id in home.index} == home[
            "balance_cents"
        ].to_dict(), company.name


def open_then(store: PracticeStore, days: int) -> dict[tuple[str, str], int]:
    """Return (entity, id) -> what was open of it N days ago, in cents."""
    items = aged(then(store, days))[["entity", "qbo_id", "amount_cents"]]
    return {
        (entity, id_): cents
        for entity, id_, cents in items[["entity", "qbo_id", "amount_cents"]].itertuples(index=False)
    }


def test_a_paid_bill_is_open_until_the_day_it_was_paid(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"),
            bill("1", ago(40), ago(10), 0, TotalAmt=100, Id="801"),
            bill_payment("1", ago(5), 60, applied(60, "Bill", "801")),
            bill_payment("1", ago(2), 40, applied(40, "Bill", "801")),
        ]
    )
    assert [open_then(store, days) for days in (41, 40, 6, 5, 2)] == [
        {}, {("Bill", "801"): 10_000}, {("Bill", "801"): 10_000}, {("Bill", "801"): 4_000}, {},
    ]  # fmt: skip


def test_documents_dated_later_are_left_out_with_what_settled_them(store: PracticeStore) -> None:
    """A payment before its invoice is an unapplied payment until the invoice is there."""
    store.land_all(
        [
            customer("9", "Beta"),
            invoice("9", ago(5), ago(-25), 0, TotalAmt=80, Id="803"),
            payment("9", ago(12), 80, applied(80, "Invoice", "803"), UnappliedAmt=0, Id="804"),
        ]
    )
    assert open_then(store, 6) == {("Payment", "804"): -8_000}
    assert open_then(store, 5) == {}
    assert open_then(store, 13) == {}


def test_credits_are_whole_until_they_are_used(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), customer("9", "Beta"),
            vendor_credit("1", ago(30), 5, TotalAmt=25, Id="810"), bill("1", ago(30), ago(1), 0, TotalAmt=20, Id="811"),
            bill_payment("1", ago(3), 0, applied(20, "Bill", "811"), applied(20, "VendorCredit", "810")),
            credit_memo("9", ago(30), 0, TotalAmt=9, Id="820"), invoice("9", ago(30), ago(1), 1, TotalAmt=10, Id="821"),
            payment("9", ago(3), 0, applied(9, "Invoice", "821"), applied(9, "CreditMemo", "820"), UnappliedAmt=0),
        ]
    )  # fmt: skip
    before = {
        ("VendorCredit", "810"): -2_500,
        ("Bill", "811"): 2_000,
        ("CreditMemo", "820"): -900,
        ("Invoice", "821"): 1_000,
    }
    assert open_then(store, 4) == before
    assert open_then(store, 3) == {("VendorCredit", "810"): -500, ("Invoice", "821"): 100}


def test_a_journal_line_on_payables_is_open_until_it_is_paid(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"),
            journal(ago(30), credit(50, PAYABLE, Type="Vendor", id="1"), debit(50, EXPENSE), Id="900"),
            bill_payment("1", ago(3), 50, applied(50, "JournalEntry", "900")),
        ]
    )
    assert open_then(store, 4) == {("JournalEntry", "900"): 5_000}
    assert open_then(store, 3) == {}


def test_a_foreign_balance_is_rolled_back_in_its_own_currency_and_rounded_once(store: PracticeStore) -> None:
    """100.01 at 1.115 is 111.51115; 33.33 of it paid leaves 66.68, at that rate 74.35."""
    euro = {"CurrencyRef": {"value": "EUR"}, "ExchangeRate": 1.115}
    store.land_all(
        [
            customer("9", "Beta"),
            invoice("9", ago(40), ago(10), 66.68, TotalAmt=100.01, HomeBalance=74.35, Id="803", **euro),
            payment("9", ago(3), 33.33, applied(33.33, "Invoice", "803"), UnappliedAmt=0, **euro),
        ]
    )
    assert open_then(store, 3) == {("Invoice", "803"): 7_435}
    assert open_then(store, 4) == {("Invoice", "803"): 11_151}


@pytest.mark.parametrize("seed", range(1, examples(24) + 1))
def test_random_books_tie_to_the_ledger_of_any_day(seed: int) -> None:
    """Post-dated documents, prepayments, journals on A/P and A/R, credits and currencies; today, 45 and 200 days ago."""
    raw, _ = random_company(seed, TODAY)
    company = company_from_json(raw)
    store = landed(company)
    for days in (0, 45, 200):
        books, at = then(store, days), (TODAY - timedelta(days=days)).isoformat()
        for side, kind in ((AP, "Vendor"), (AR, "Customer")):
            ours = party_totals(aged(books), books.parties, side).set_index("id")["amount_cents"].to_dict()
            theirs: Counter[str | None] = Counter()
            for item in sandbox_items(company, at):
                if item.party_kind == kind:
                    theirs[item.party or None] += item.amount_cents
            assert {p: c for p, c in ours.items() if c} == {p: c for p, c in theirs.items() if c}, (
                days,
                side,
            )
    store.close()


def test_books_that_reach_back_are_those_of_any_day_since(
    sandbox: list[tuple[Company, PracticeStore]],
) -> None:
    for company, store in sandbox:
        reaching = store.books(open_since=TODAY - timedelta(days=max(DAYS_BACK)))
        for days in DAYS_BACK:
            day = TODAY - timedelta(days=days)
            ours, theirs = (open_items(books)[ITEM_COLUMNS] for books in (reaching.at(day), store.books(day)))
            pd.testing.assert_frame_equal(ours, theirs, obj=f"{company.name} {days} days ago")


def test_a_post_dated_check_leaves_its_bill_open_until_its_day(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"),
            bill("1", ago(40), ago(10), 0, TotalAmt=100, Id="801"),
            bill_payment("1", ago(-5), 100, applied(100, "Bill", "801"), Id="802"),
        ]
    )
    assert open_then(store, 0) == {("Bill", "801"): 10_000}
    assert open_then(store, -4) == {("Bill", "801"): 10_000}
    assert open_then(store, -5) == {}


def test_a_credit_is_used_once_its_invoice_is_there(store: PracticeStore) -> None:
    """A payment of nothing joins a credit memo with an invoice dated later: until then the credit is whole."""
    store.land_all(
        [
            customer("9", "Beta"),
            credit_memo("9", ago(9), 0, TotalAmt=50, Id="820"), invoice("9", ago(-6), ago(-36), 0, TotalAmt=50, Id="821"),
            payment("9", ago(3), 0, applied(50, "Invoice", "821"), applied(50, "CreditMemo", "820"), UnappliedAmt=0),
        ]
    )  # fmt: skip
    assert open_then(store, 0) == {("CreditMemo", "820"): -5_000}
    assert open_then(store, -6) == {}


def test_a_payment_with_one_invoice_dated_later_keeps_the_rest(store: PracticeStore) -> None:
    """150 and a credit of 50 pay 100 now and 100 later: of the payment 100 is left until then."""
    store.land_all(
        [
            customer("9", "Beta"), credit_memo("9", ago(9), 0, TotalAmt=50, Id="820"),
            invoice("9", ago(8), ago(-22), 0, TotalAmt=100, Id="821"),
            invoice("9", ago(-6), ago(-36), 0, TotalAmt=100, Id="822"),
            payment("9", ago(3), 150, applied(100, "Invoice", "821"), applied(100, "Invoice", "822"),
                    applied(50, "CreditMemo", "820"), UnappliedAmt=0, Id="823"),
        ]
    )  # fmt: skip
    assert open_then(store, 0) == {("Payment", "823"): -10_000}
    assert open_then(store, -6) == {}


def test_a_charge_is_settled_by_no_more_than_what_is_there(store: PracticeStore) -> None:
    """A credit memo dated later paid half of the invoice: until then that half is open."""
    store.land_all(
        [
            customer("9", "Beta"), credit_memo("9", ago(-6), 0, TotalAmt=50, Id="820"),
            invoice("9", ago(8), ago(-22), 0, TotalAmt=100, Id="821"),
            payment("9", ago(3), 50, applied(100, "Invoice", "821"), applied(50, "CreditMemo", "820"), UnappliedAmt=0),
        ]
    )  # fmt: skip
    assert open_then(store, 0) == {("Invoice", "821"): 5_000}
    assert open_then(store, -6) == {}


def test_an_absent_balance_is_the_total_less_what_is_applied(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), customer("9", "Beta"),
            ("Bill", {k: v for k, v in bill("1", ago(40), ago(10), 0, TotalAmt=100, Id="801")[1].items() if k != "Balance"}),
            bill_payment("1", ago(5), 60, applied(60, "Bill", "801")),
            ("Invoice", {k: v for k, v in invoice("9", ago(8), ago(1), 0, TotalAmt=90, Deposit=20, Id="803")[1].items()
                         if k != "Balance"}),
        ]
    )  # fmt: skip
    assert open_then(store, 0) == {("Bill", "801"): 4_000, ("Invoice", "803"): 7_000}
    assert open_then(store, 6) == {("Bill", "801"): 10_000, ("Invoice", "803"): 7_000}


def test_what_is_entered_ahead_was_created_by_the_day(store: PracticeStore) -> None:
    """A bill dated in six days, entered yesterday at 23:30 in Los Angeles, which is today in UTC."""
    entered = {"MetaData": {"CreateTime": f"{ago(0)}T07:30:00Z"}}
    store.land_all([
        vendor("1", "Acme"), bill("1", ago(-6), ago(-36), 100, Id="801", **entered),
        bill("1", ago(-6), ago(-36), 70, Id="802", MetaData={}),
        bill("1", ago(-6), ago(-36), 70, Id="803", **entered_on(ago(-2))),
    ])  # fmt: skip
    ahead = [derive(then(store, days)).entered["amount_cents"].tolist() for days in (2, 1, 0)]
    assert ahead == [[], [10_000], [10_000]]


def test_nothing_settled_later_leaves_the_books_as_they_are(store: PracticeStore) -> None:
    store.land_all(
        [
            vendor("1", "Acme"), bill("1", ago(40), ago(10), 80, Id="801"),
            purchase(ago(2), spent(12)), bill_payment("1", ago(30), 30, Id="901"),
        ]
    )  # fmt: skip
    books = store.books()
    rolled = books.at(TODAY)
    columns = ["entity", "qbo_id", "amount_cents", "days_past_due"]
    assert aged(rolled)[columns].to_numpy().tolist() == aged(books)[columns].to_numpy().tolist()
    earlier = then(store, 3)
    cash = bank_accounts(earlier, held_accounts(earlier)).set_index("account_id")["balance_cents"]
    assert cash[CHECKING] == 100_000 + 1_200
