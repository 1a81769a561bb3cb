"""The demo's books: sound, the same for a seed, moved with the day, and as various as they claim."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from time import process_time
from typing import Any

import pytest

from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.books.profiles import profiles
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import account_balances, inconsistencies, open_items, postings

TODAY = date(2026, 11, 20)
YESTERDAY = "2026-11-19"
NOT_OPERATING = ("Bank", "Equity", "Long Term Liability")
DOCUMENTS = (
    "Bill",
    "Invoice",
    "BillPayment",
    "Payment",
    "VendorCredit",
    "CreditMemo",
    "Purchase",
    "Deposit",
    "Transfer",
    "JournalEntry",
    "SalesReceipt",
    "RefundReceipt",
    "CreditCardPayment",
)
SECONDS_TO_WRITE = 4.0


@pytest.fixture(scope="module")
def companies() -> list[Company]:
    return demo_companies(seed=1, today=TODAY)


def named(companies: list[Company], name: str) -> Company:
    return next(company for company in companies if company.name.startswith(name))


def bank_ids(company: Company) -> set[str]:
    return {id_ for id_, account in company.of("Account").items() if account["AccountType"] == "Bank"}


def cash_at(company: Company, day: str) -> int:
    """Return home cents in the bank at the end of a day."""
    balances = account_balances(company, day)
    return sum(balances.get(id_, 0) for id_ in bank_ids(company))


def daily_flows(company: Company, today: date = TODAY) -> tuple[float, float]:
    """Return operating cents a day out of and into the bank over the 90 days before today (at least 30)."""
    since, banks = (today - timedelta(days=90)).isoformat(), bank_ids(company)
    types = {id_: account["AccountType"] for id_, account in company.of("Account").items()}
    sides: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for posting in postings(company):
        if since <= posting.date < today.isoformat():
            sides[posting.entity, posting.txn_id].append(posting)
    out, into = -sum(row.amount_cents for row in company.unlisted if since <= row.date < today.isoformat()), 0
    for txn in sides.values():
        moved = sum(side.amount_cents for side in txn if side.account in banks)
        counterparts = [side for side in txn if side.account not in banks]
        moved += sum(side.amount_cents for side in counterparts if types[side.account] in NOT_OPERATING)
        out, into = (out - moved, into) if moved < 0 else (out, into + moved)
    first = min(posting.date for posting in postings(company))
    days = min(90, max(30, (today - date.fromisoformat(first)).days))
    return out / days, into / days


def buffer_days(company: Company) -> float:
    return cash_at(company, TODAY.isoformat()) / daily_flows(company)[0]


def count(company: Company) -> int:
    return sum(len(company.of(entity)) for entity in DOCUMENTS)


def overdue(company: Company, kind: str) -> int:
    return sum(
        item.amount_cents
        for item in open_items(company)
        if item.party_kind == kind and (item.due_date or item.date) < TODAY.isoformat()
    )


@pytest.mark.parametrize("place", range(12))
def test_the_books_balance(companies: list[Company], place: int) -> None:
    assert inconsistencies(companies[place]) == []


def test_twelve_companies_have_names_and_realms_of_their_own(companies: list[Company]) -> None:
    assert len({company.name for company in companies}) == 12
    assert len({company.realm for company in companies}) == 12
    assert {len(company.realm) for company in companies} == {19}


def test_the_same_seed_and_day_give_the_same_books(companies: list[Company]) -> None:
    again = demo_companies(count=3, seed=1, today=TODAY)
    assert [company.entities for company in again] == [company.entities for company in companies[:3]]
    assert [company.unlisted for company in again] == [company.unlisted for company in companies[:3]]


def test_another_seed_gives_other_books() -> None:
    first, second = (demo_companies(count=1, seed=seed, today=TODAY)[0] for seed in (1, 2))
    assert first.of("Invoice") != second.of("Invoice")


@pytest.mark.parametrize("days", [1, 11, 200])
def test_another_day_gives_the_same_businesses_moved_to_it(companies: list[Company], days: int) -> None:
    today = TODAY + timedelta(days=days)
    for then, now in zip(companies[:3], demo_companies(count=3, seed=1, today=today), strict=True):
        assert (then.name, then.realm) == (now.name, now.realm)
        assert count(now) == pytest.approx(count(then), rel=0.04)
        banks = bank_ids(now)
        newest = max(p.date for p in postings(now) if p.account in banks and p.date <= today.isoformat())
        assert newest == (today - timedelta(days=1)).isoformat()
        shown = cash_at(now, today.isoformat()) / daily_flows(now, today)[0]
        assert shown == pytest.approx(buffer_days(then), abs=2.0)


def test_two_are_critical_three_to_watch_and_the_rest_steady(companies: list[Company]) -> None:
    buffers = [buffer_days(company) for company in companies]
    assert [sum(low <= days < high for days in buffers) for low, high in ((0, 14), (14, 42), (42, 999))] == [
        2,
        3,
        7,
    ]


def test_some_burn_cash_and_some_make_it(companies: list[Company]) -> None:
    making = {company.name for company in companies if daily_flows(company)[1] > daily_flows(company)[0]}
    assert {"Oxbow Engineering", "Lark & Sons Landscaping", "Salt & Ember Catering"} <= making
    assert not making & {company.name for company in companies[:5]}


def test_nobody_was_overdrawn_in_eighteen_months(companies: list[Company]) -> None:
    for company in companies:
        banks, by_day = bank_ids(company), defaultdict(int)
        for posting in postings(company):
            if posting.account in banks:
                by_day[posting.date] += posting.amount_cents
        for row in company.unlisted:
            by_day[row.date] += row.amount_cents
        balance, lowest = 0, 0
        for day in sorted(by_day):
            balance += by_day[day]
            lowest = min(lowest, balance)
        assert lowest == 0, company.name


def test_bank_activity_reaches_yesterday_for_all_but_the_stale_one(companies: list[Company]) -> None:
    newest = {}
    for company in companies:
        banks = bank_ids(company)
        days = [p.date for p in postings(company) if p.account in banks and p.date <= TODAY.isoformat()]
        newest[company.name] = max(days)
    assert newest.pop("Fathom Films") == "2026-10-31"
    assert set(newest.values()) == {YESTERDAY}


def test_history_is_eighteen_months_long_but_for_the_newcomer(companies: list[Company]) -> None:
    first = {c.name: date.fromisoformat(min(p.date for p in postings(c))) for c in companies}
    newcomer = first.pop("Windrow Consulting")
    assert (TODAY - newcomer).days == 14
    assert {(TODAY - day).days for day in first.values()} == {548}
    assert count(named(companies, "Windrow")) < 100


def test_the_large_one_has_twenty_thousand_documents(companies: list[Company]) -> None:
    assert 19_000 <= count(named(companies, "Oxbow")) <= 21_000
    assert all(count(company) < 3_000 for company in companies if company.name != "Oxbow Engineering")


def test_payroll_takes_the_largest_part_of_what_is_paid(companies: list[Company]) -> None:
    company = named(companies, "Northlight")
    wages = {
        id_ for id_, account in company.of("Account").items() if account["Name"] in ("Wages", "Payroll Taxes")
    }
    since = (TODAY - timedelta(days=365)).isoformat()
    paid = sum(p.amount_cents for p in postings(company) if p.account in wages and p.date >= since)
    assert paid / 18 / 12 == pytest.approx(6900_00, rel=0.05)  # a person a month


def test_payroll_run_in_quickbooks_is_in_balances_and_in_no_entity(companies: list[Company]) -> None:
    company = named(companies, "Castellan")
    runs = [row for row in company.unlisted if row.date < TODAY.isoformat()]
    assert 38 <= len(runs) <= 40  # every other Friday of eighteen months
    assert all(row.amount_cents < -70_000_00 for row in runs)
    names = {id_: account["Name"] for id_, account in company.of("Account").items()}
    assert not any(names[p.account] == "Wages" for p in postings(company))


def test_a_scheduled_payroll_tax_breaks_one_tie_out(companies: list[Company]) -> None:
    company = named(companies, "Harbor Point")
    assert [(row.date, row.amount_cents) for row in company.unlisted] == [("2026-11-24", -412_10)]


def test_currencies_are_mixed_in_two_and_one_has_a_foreign_bank_account(companies: list[Company]) -> None:
    used = {
        company.name: {record["CurrencyRef"]["value"] for record in company.of("Invoice").values()}
        for company in companies
    }
    assert used["Maple Row Interiors"] == {"CAD", "USD"}
    assert used["Quill Legal Support"] == {"USD", "EUR", "GBP"}
    assert [company.currency for company in companies].count("CAD") == 1
    banks = [a for a in named(companies, "Quill").of("Account").values() if a["AccountType"] == "Bank"]
    euro = next(account for account in banks if account["CurrencyRef"]["value"] == "EUR")
    assert euro["CurrentBalance"] > 1000


def test_architects_invoice_jobs_and_bill_most_to_their_parents(companies: list[Company]) -> None:
    customers = named(companies, "Harbor Point").of("Customer")
    jobs = [customer for customer in customers.values() if customer["Job"]]
    assert len(jobs) > 12
    assert {customers[job["ParentRef"]["value"]]["Job"] for job in jobs} == {False}
    assert {job["BillWithParent"] for job in jobs} == {True, False}
    assert all("PrimaryEmailAddr" not in job for job in jobs if job["BillWithParent"])


def test_a_cash_business_invoices_nobody(companies: list[Company]) -> None:
    company = named(companies, "Salt & Ember")
    assert company.of("Invoice") == {}
    assert len(company.of("SalesReceipt")) > 400
    assert len(company.of("Deposit")) > 100


def test_landscapers_earn_in_summer_and_rest_in_winter(companies: list[Company]) -> None:
    invoices = named(companies, "Lark").of("Invoice").values()
    by_month: dict[str, float] = defaultdict(float)
    for invoice in invoices:
        by_month[invoice["TxnDate"][:7]] += invoice["TotalAmt"]
    assert by_month["2026-05"] > 2.5 * by_month["2026-01"]


def test_the_growing_one_sells_half_as_much_again_as_a_year_ago(companies: list[Company]) -> None:
    invoices = named(companies, "Ternary").of("Invoice").values()
    this_year = sum(i["TotalAmt"] for i in invoices if "2026-08-20" <= i["TxnDate"] < "2026-11-20")
    last_year = sum(i["TotalAmt"] for i in invoices if "2025-08-20" <= i["TxnDate"] < "2025-11-20")
    assert this_year > 1.4 * last_year


def days_late(company: Company) -> dict[str, list[int]]:
    """Return days late by customer of each invoice one payment brought to zero."""
    days_by_customer: dict[str, list[int]] = defaultdict(list)
    for payment in company.of("Payment").values():
        for line in payment["Line"]:
            invoice = company.of("Invoice").get(line["LinkedTxn"][0]["TxnId"])
            if invoice and line["Amount"] == invoice["TotalAmt"]:
                late = date.fromisoformat(payment["TxnDate"]) - date.fromisoformat(invoice["DueDate"])
                days_by_customer[invoice["CustomerRef"]["value"]].append(late.days)
    return days_by_customer


def test_customers_pay_by_habits_that_differ_and_last(companies: list[Company]) -> None:
    habits = {id_: late for id_, late in days_late(named(companies, "Northlight")).items() if len(late) >= 6}
    medians = {id_: median(late) for id_, late in habits.items()}
    assert len(habits) >= 15
    assert max(medians.values()) >= 20
    assert min(medians.values()) <= 1
    for id_, late in habits.items():
        half = len(late) // 2
        assert abs(median(late[:half]) - median(late[half:])) <= 4
        assert max(late) - min(late) <= 14, id_


def test_the_failing_ones_owe_overdue_bills_and_are_owed_overdue_invoices(companies: list[Company]) -> None:
    northlight = companies[0]
    assert overdue(northlight, "Vendor") > 25_000_00
    assert overdue(northlight, "Customer") > 40_000_00
    assert len([bill for bill in northlight.of("Bill").values() if bill["Balance"] > 0]) >= 10


def test_every_kind_of_record_is_there(companies: list[Company]) -> None:
    for entity in DOCUMENTS:
        assert any(company.of(entity) for company in companies), entity


def test_three_hundred_are_twelve_and_variations_with_names_of_their_own() -> None:
    many = profiles(300, seed=1)
    assert len({profile.name for profile in many}) == 300
    assert all(10 <= profile.people <= 30 for profile in many)
    assert sum(profile.customers > 100 for profile in many) == 1


def test_variations_are_sound_and_various() -> None:
    varied = demo_companies(count=15, seed=4, today=TODAY)[12:]
    assert [inconsistencies(company) for company in varied] == [[], [], []]
    assert len({count(company) for company in varied}) == 3


def seconds_to_write() -> Iterator[float]:
    """Yield the processor time of writing the twelve, twice."""
    for _ in range(2):
        started = process_time()
        demo_companies(today=TODAY)
        yield process_time() - started


def test_the_twelve_are_written_in_four_seconds() -> None:
    assert any(seconds <= SECONDS_TO_WRITE for seconds in seconds_to_write())
