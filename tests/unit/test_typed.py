"""The typed rows of a record: the same from any JSON at all, now or replayed, and never a failure."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcol.domain.aging import aged, by_party
from rowcol.domain.derived import derive
from rowcol.domain.runway import figures
from rowcol.entities import ENTITIES, TRANSACTIONS
from rowcol.store.columns import amounts
from rowcol.store.reads import Scope
from rowcol.store.replay import verify
from rowcol.store.typed import LINE_COLUMNS, arrow, lines, transactions
from rowcol.store.wire import money
from tests.kits.records import CHECKING, EXPENSE, bill_payment, chart, deposit, purchase, spent
from tests.kits.store import MEMORY, PracticeStore

FIELDS = (
    "TxnDate", "DueDate", "TotalAmt", "Balance", "HomeBalance", "UnappliedAmt", "ExchangeRate", "VendorRef", "value",
    "CustomerRef", "name", "type", "Line", "Amount", "JournalEntryLineDetail", "DepositLineDetail", "AccountRef",
    "AccountBasedExpenseLineDetail", "PostingType", "LinkedTxn", "TxnType", "TxnId", "TxnLineId", "Entity", "Type",
    "EntityRef", "CashBack", "CheckPayment", "BankAccountRef", "PrivateNote", "MetaData", "LastUpdatedTime",
    "CurrencyRef", "CurrentBalance", "AccountType", "Active", "ParentRef", "DisplayName", "CurrencyPrefs", "CreateTime",
    "HomeCurrency", "DepositToAccountRef", "DocNumber",
)  # fmt: skip
texts = st.sampled_from(
    ["", "\ud800", "\x00", "1e400", "12.5", "1", "33", "35", "60", "Bill", "JournalEntry", "Debit", "0001-01-01",
     "9999-12-31", "2026-11-01", "2026-11-01T00:00:00-08:00", "Bank", "Accounts Payable", "EUR", "Voided"]
)  # fmt: skip
values = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=5), texts
)
shapes = st.recursive(
    values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5),
    max_leaves=15,
)
records = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), shapes, max_size=9)


def row_of(pair: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a record's transaction row by column."""
    entity, record = pair
    return {name: column[0] for name, column in transactions(entity, [record]).columns.items()}


def test_a_bill_payment_is_paid_from_its_check_account_or_its_card() -> None:
    card = {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": {"value": "41"}}}
    assert row_of(bill_payment("1", "2026-11-01", 5))["account_id"] == CHECKING
    assert row_of(bill_payment("1", "2026-11-01", 5, **card))["account_id"] == "41"


def test_a_payee_is_of_the_kind_it_says_and_a_vendor_where_it_says_nothing() -> None:
    named = [{"value": "1", "type": "Customer"}, {"value": "1", "type": "VENDOR"}, {"value": "1"}]
    rows = [row_of(purchase("2026-11-01", spent(5), EntityRef=entity)) for entity in named]
    assert [row["party_kind"] for row in rows] == ["Customer", "Vendor", "Vendor"]
    assert row_of(purchase("2026-11-01", spent(5)))["party_kind"] is None


def test_cash_back_is_nothing_where_there_is_none() -> None:
    assert row_of(deposit("2026-11-01"))["cash_back_cents"] == 0


def test_lines_are_numbered_as_they_stand_and_carry_both_amounts() -> None:
    entity, record = purchase("2026-11-01", spent("0.10"), spent(2), ExchangeRate=1.25)
    columns = lines(entity, [record]).columns
    cells = [columns[name] for name in ("line_number", "amount_cents", "home_cents", "account_id")]
    assert list(zip(*cells, strict=True)) == [(1, 10, 13, EXPENSE), (2, 200, 250, EXPENSE)]


def test_a_table_without_rows_has_its_columns() -> None:
    assert arrow("lines", []).column_names == ["advisor_id", "business_id", "entity", "qbo_id", *LINE_COLUMNS]


@pytest.fixture(scope="module")
def realms() -> Iterator[tuple[PracticeStore, Iterator[int]]]:
    store = PracticeStore(MEMORY)
    yield store, iter(range(10**6))
    store.close()


@given(drawn=st.lists(st.tuples(st.sampled_from(ENTITIES), records), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_lands_replays_to_the_same_rows_and_still_gives_figures(
    realms: tuple[PracticeStore, Iterator[int]], drawn: list[tuple[str, dict[str, Any]]]
) -> None:
    store, numbers = realms
    realm = f"{next(numbers)}"
    store.land_all(chart(checking=100), realm=realm)
    for number, (entity, record) in enumerate(drawn):
        store.land(entity, {**record, "Id": f"x{number}"}, realm=realm)
    business_id = store.client(realm)
    result = verify(store.database, Scope(store.advisor_id, (business_id,)))
    assert result.differences == ()
    assert result.records == len(chart()) + len(drawn)
    books = store.books(realms=[realm])
    items = aged(books)
    assert (
        by_party(items, books.parties, "ap")["total_cents"].sum()
        == items["amount_cents"][items["side"] == "ap"].sum()
    )
    assert figures(derive(books)).index.tolist() == [business_id]


amounts_sent = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(),
    st.integers(-(10**9), 10**9).map(lambda cents: cents / 100),
    st.sampled_from(["12.345", "", 1.005, -1.005, 0.1 + 0.2, 10**13, -(10**13), 10**400]),
)  # fmt: skip


@given(st.lists(amounts_sent, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_column_of_amounts_is_each_amount_alone(sent: list[Any]) -> None:
    assert amounts(sent, len(sent)) == [money(value) for value in sent]


@given(st.lists(records, min_size=1, max_size=5), st.sampled_from(TRANSACTIONS))
@settings(max_examples=60, deadline=None)
def test_records_read_together_are_read_as_each_alone(together: list[dict[str, Any]], entity: str) -> None:
    """Records read beside a record never change its row: so a replay gives the rows that were landed."""
    for read in (transactions, lines):
        columns = read(entity, together).columns
        alone = [read(entity, [record]).columns for record in together]
        assert columns == {name: [value for single in alone for value in single[name]] for name in columns}
