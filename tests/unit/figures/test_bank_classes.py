"""Definitions.md, Bank movements and burn: which accounts count, what money on an account is, and Undeposited Funds."""

import pytest

from rowcol.clock import Moment
from rowcol.domain.bank import account_movements, bank_movements, unlisted
from rowcol.domain.books import Books
from rowcol.domain.burn import burn
from rowcol.domain.clients import ClientSettings
from rowcol.domain.derived import derive
from tests.kits.records import (
    AR,
    CARD,
    CHECKING,
    EXPENSE,
    INCOME,
    LOAN,
    SALES_TAX,
    SAVINGS,
    UNDEPOSITED,
    Pair,
    Record,
    account,
    applied,
    banked,
    bill_payment,
    card_payment,
    credit,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    purchase,
    ref,
    sales_receipt,
    spent,
    transfer,
)
from tests.kits.store import TODAY, PracticeStore, ago, gateway_over

TRUST, EUROS, VEHICLE, PATENT, WAGES, CLEARING, AFFILIATE = "37", "38", "70", "71", "72", "73", "74"
MORE = (
    account(SAVINGS, "Savings", "Bank", 0),
    account(TRUST, "Client trust", "Bank", 0),
    account(EUROS, "Euro account", "Bank", 0, CurrencyRef=ref("EUR")),
    account(VEHICLE, "Vehicles", "Fixed Asset", 0, AccountSubType="Vehicles"),
    account(PATENT, "Deposits paid", "Other Asset", 0, AccountSubType="SecurityDeposits"),
    account(WAGES, "Wages", "Expense", 0, AccountSubType="PayrollExpenses"),
    account(CLEARING, "Payroll clearing", "Other Current Liability", 0, AccountSubType="PayrollClearing"),
    account(AFFILIATE, "Due from affiliate", "Other Current Asset", 0, AccountSubType="OtherCurrentAssets"),
)
WITHOUT_TRUST = ClientSettings(excluded_accounts=(TRUST,))
Movement = tuple[str, int, dict[str, int]]


def books_of(store: PracticeStore, *pairs: Pair, settings: ClientSettings = WITHOUT_TRUST) -> Books:
    store.land_all([*MORE, *pairs])
    return store.books(settings=settings)


def moved(books: Books) -> list[Movement]:
    """Return (account, cents, kind -> cents) of every movement that counts, by date and account."""
    rows = bank_movements(books).sort_values(["txn_date", "account_id"])
    kinds = [name for name in rows.columns if name.endswith("_cents") and name != "amount_cents"]
    return [
        (row["account_id"], row["amount_cents"], {name[:-6]: row[name] for name in kinds if row[name]})
        for row in rows.to_dict("records")
    ]


def into(amount: float, account_id: str, **more: object) -> Pair:
    """Return an invoice of 1,000.00 with an amount received with it."""
    where = {"DepositToAccountRef": ref(account_id)} if account_id else {}
    return invoice("10", ago(3), ago(-27), 1_000 - amount, TotalAmt=1_000, Deposit=amount, **where, **more)


def test_money_received_with_an_invoice_is_a_settlement_into_its_bank_account(store: PracticeStore) -> None:
    assert moved(books_of(store, into(400, CHECKING))) == [(CHECKING, 40_000, {"settlement": 40_000})]


@pytest.mark.parametrize("where", ["", UNDEPOSITED, TRUST])
def test_an_invoices_deposit_elsewhere_moves_no_account_that_counts(store: PracticeStore, where: str) -> None:
    assert moved(books_of(store, into(400, where))) == []


def test_a_foreign_invoices_deposit_counts_at_the_invoices_rate(store: PracticeStore) -> None:
    foreign = into(10.01, CHECKING, CurrencyRef=ref("EUR"), ExchangeRate=1.25)
    assert moved(books_of(store, foreign)) == [(CHECKING, 1_251, {"settlement": 1_251})]


def test_a_deposit_counts_by_its_total_with_tax_and_without_cash_back(store: PracticeStore) -> None:
    back = {"AccountRef": ref(EXPENSE), "Amount": 30}
    pair = deposit(ago(3), banked(100), CashBack=back, TotalAmt=78.25)
    assert moved(books_of(store, pair)) == [(CHECKING, 7_825, {"operating": 7_825})]


@pytest.mark.parametrize(
    ("account_id", "kind"),
    [
        (VEHICLE, "investing"),
        (PATENT, "investing"),
        (LOAN, "financing"),
        (AFFILIATE, "operating"),
        (TRUST, "set_aside"),
    ],
)
def test_the_other_sides_account_says_what_a_purchase_was(
    store: PracticeStore, account_id: str, kind: str
) -> None:
    books = books_of(store, purchase(ago(3), spent(60), spent(40, account_id)))
    kinds = {"operating": -6_000, kind: -4_000} if kind != "operating" else {"operating": -10_000}
    assert moved(books) == [(CHECKING, -10_000, kinds)]


@pytest.mark.parametrize("kind", ["operating", "financing", "investing"])
@pytest.mark.parametrize("account_id", [AFFILIATE, EXPENSE, LOAN, VEHICLE, CARD, TRUST])
def test_the_advisors_class_of_an_account_decides(store: PracticeStore, account_id: str, kind: str) -> None:
    settings = ClientSettings(excluded_accounts=(TRUST,), account_classes=((account_id, kind),))
    books = books_of(store, transfer(ago(3), 50, CHECKING, account_id), settings=settings)
    kinds = moved(books)[0][2]
    assert kinds[kind] == -5_000
    assert {name for name in kinds if name not in ("card", "payroll", "tax")} == {kind}


@pytest.mark.parametrize("account_id", [AR, SAVINGS, UNDEPOSITED])
def test_no_class_is_set_for_receivables_counted_banks_and_undeposited_funds(
    store: PracticeStore, account_id: str
) -> None:
    pair = journal(ago(3), credit(50, account_id), debit(50, CHECKING))
    plain, classed = (
        moved(books_of(store, pair, settings=ClientSettings(account_classes=classes)))
        for classes in ((), ((account_id, "investing"),))
    )
    assert plain == classed


def test_parts_of_what_is_operating_are_on_payroll_and_tax_accounts_and_cards(store: PracticeStore) -> None:
    """Wages 70.00 of 100.00, of which 20.00 are withheld; then sales tax; then the card."""
    wages = journal(ago(5), debit(70, WAGES), debit(30, EXPENSE), credit(20, CLEARING), credit(80, CHECKING))
    books = books_of(store, wages, purchase(ago(4), spent(9, SALES_TAX)), card_payment(ago(3), 12))
    assert moved(books) == [
        (CHECKING, -8_000, {"operating": -8_000, "payroll": -5_600}),
        (CHECKING, -900, {"operating": -900, "tax": -900}),
        (CHECKING, -1_200, {"operating": -1_200, "card": -1_200}),
    ]
    cards = bank_movements(books).sort_values("txn_date")["card_account_id"]
    assert cards.notna().tolist() == [False, False, True]
    assert cards.iloc[-1] == CARD


def test_a_journal_of_several_banks_is_split_by_the_opposite_side_and_internal_nets_to_zero(
    store: PracticeStore,
) -> None:
    """Savings and rent are paid out of Checking, with 40.00 of income."""
    mixed = journal(ago(3), debit(50, SAVINGS), debit(50, EXPENSE), credit(60, CHECKING), credit(40, INCOME))
    assert moved(books_of(store, mixed)) == [
        (CHECKING, -6_000, {"internal": -3_000, "operating": -3_000}),
        (SAVINGS, 5_000, {"internal": 3_000, "operating": 2_000}),
    ]


def test_rounding_is_cumulative_in_the_order_of_the_lines(store: PracticeStore) -> None:
    thirds = [debit("33.33", LOAN), debit("33.33", EXPENSE), debit("33.34", VEHICLE)]
    pair = journal(ago(3), *thirds, credit("0.05", CHECKING), credit("99.95", INCOME))
    assert moved(books_of(store, pair)) == [
        (CHECKING, -5, {"financing": -2, "operating": -1, "investing": -2})
    ]


TO_TRUST = (
    transfer(ago(3), 50, CHECKING, TRUST),
    purchase(ago(3), spent(50, TRUST)),
    journal(ago(3), debit(50, TRUST), credit(50, CHECKING)),
)


@pytest.mark.parametrize("pair", TO_TRUST)
def test_money_to_an_account_that_does_not_count_is_set_aside(store: PracticeStore, pair: Pair) -> None:
    books = books_of(store, pair)
    assert moved(books) == [(CHECKING, -5_000, {"set_aside": -5_000})]
    assert bank_movements(books)["set_aside_account_id"].tolist() == [TRUST]


def test_money_from_an_account_that_does_not_count_is_set_aside_too(store: PracticeStore) -> None:
    books = books_of(store, deposit(ago(3), banked(60), banked(40, TRUST)))
    assert moved(books) == [(CHECKING, 10_000, {"operating": 6_000, "set_aside": 4_000})]


@pytest.mark.parametrize(
    ("to", "back", "movements"),
    [
        (CHECKING, TRUST, [(CHECKING, 7_000, {"set_aside": -3_000, "operating": 10_000})]),
        (TRUST, CHECKING, [(CHECKING, 3_000, {"set_aside": 3_000})]),
    ],
)
def test_cash_back_between_a_counted_and_another_account_is_set_aside(
    store: PracticeStore, to: str, back: str, movements: list[Movement]
) -> None:
    pair = deposit(
        ago(3), banked(100), account_id=to, CashBack={"AccountRef": ref(back), "Amount": 30}, TotalAmt=70
    )
    assert moved(books_of(store, pair)) == movements


def test_what_moves_accounts_that_do_not_count_alone_is_no_movement(store: PracticeStore) -> None:
    """Also not for the age of the newest one; balances still take it off."""
    books = books_of(store, purchase(ago(3), spent(9), account_id=TRUST), purchase(ago(40), spent(7)))
    assert moved(books) == [(CHECKING, -700, {"operating": -700})]
    assert set(account_movements(books)["account_id"]) == {CHECKING, TRUST}
    assert burn(derive(books)).iloc[0]["last_movement"].date().isoformat() == ago(40)


def test_an_account_without_a_rate_does_not_count_until_a_rate_is_known(store: PracticeStore) -> None:
    euros: Record = {"CurrencyRef": ref("EUR"), "ExchangeRate": 1.1}
    between = transfer(ago(3), 50, CHECKING, EUROS)
    assert moved(books_of(store, between)) == [(CHECKING, -5_000, {"set_aside": -5_000})]
    store.land_all([sales_receipt(ago(2), 10, account_id=EUROS, **euros)])
    assert moved(store.books()) == [
        (CHECKING, -5_000, {"internal": -5_000}),
        (EUROS, 5_000, {"internal": 5_000}),
        (EUROS, 1_100, {"operating": 1_100}),
    ]


def test_an_inactive_accounts_past_movements_count(store: PracticeStore) -> None:
    closed = account(SAVINGS, "Savings", "Bank", 0, Active=False)
    books = books_of(store, closed, purchase(ago(3), spent(9), account_id=SAVINGS))
    assert moved(books) == [(SAVINGS, -900, {"operating": -900})]


def test_unlisted_activity_is_of_counted_accounts_in_the_home_currency_alone(store: PracticeStore) -> None:
    rated = sales_receipt(ago(120), 10, account_id=EUROS, CurrencyRef=ref("EUR"), ExchangeRate=1.1)
    books_of(store, rated)
    amounts = {CHECKING: 100, TRUST: 200, EUROS: 300}
    for days in (1, 91):
        store.sheet(TODAY.fromordinal(TODAY.toordinal() - days), amounts if days == 1 else {})
    derived = derive(store.books(settings=WITHOUT_TRUST))
    assert derived.unlisted[["account_id", "amount_cents"]].to_numpy().tolist() == [[CHECKING, 100]]
    assert unlisted(derived.books, derived.movements, derived.window).equals(derived.unlisted)


def received(id_: str, days: int, amount: float, **more: object) -> Pair:
    entity, record = payment("10", ago(days), amount, **more)
    return entity, {**record, "Id": id_}


def out(days: int, amount: float, id_: str = "") -> Pair:
    entity, record = transfer(ago(days), amount, UNDEPOSITED, CHECKING)
    return entity, {**record, "Id": id_ or record["Id"]}


def test_a_transfer_out_of_undeposited_funds_is_settlement_up_to_the_payments_there(
    store: PracticeStore,
) -> None:
    """100.00 paid and 60.00 sold over the counter; the payment of the day after comes too late."""
    books = books_of(
        store,
        received("p1", 9, 100),
        sales_receipt(ago(9), 60, account_id=UNDEPOSITED),
        out(8, 130),
        received("p2", 7, 500),
    )
    assert moved(books) == [(CHECKING, 13_000, {"settlement": 10_000, "operating": 3_000})]


def test_payments_that_were_taken_out_are_not_taken_twice(store: PracticeStore) -> None:
    """p1 is banked; of p2 and p3 a transfer takes 150.00, a journal what is left, and the last transfer nothing."""
    books = books_of(
        store,
        received("p1", 20, 40), deposit(ago(19), applied(40, "Payment", "p1")),
        received("p2", 9, 100), received("p3", 9, 80), out(9, 150),
        journal(ago(8), debit(50, CHECKING), credit(50, UNDEPOSITED)), out(7, 5),
    )  # fmt: skip
    assert moved(books)[1:] == [
        (CHECKING, 15_000, {"settlement": 15_000}),
        (CHECKING, 5_000, {"settlement": 3_000, "operating": 2_000}),
        (CHECKING, 500, {"operating": 500}),
    ]


def test_a_payment_is_settled_once_whether_a_transfer_or_its_deposit_takes_it(store: PracticeStore) -> None:
    """The transfer takes the older payment, whose own deposit then takes the other."""
    books = books_of(
        store, received("p1", 9, 100), received("p2", 8, 100), out(7, 100),
        deposit(ago(6), applied(100, "Payment", "p1")), out(5, 100),
    )  # fmt: skip
    assert [kinds for _, _, kinds in moved(books)] == [
        {"settlement": 10_000}, {"settlement": 10_000}, {"operating": 10_000},
    ]  # fmt: skip


def test_transfers_before_the_days_that_are_read_took_their_payments(store: PracticeStore) -> None:
    books = books_of(store, received("p1", 300, 100), out(299, 70), out(5, 70))
    assert moved(books) == [(CHECKING, 7_000, {"settlement": 3_000, "operating": 4_000})]


def test_an_invoices_deposit_waits_in_undeposited_funds_like_a_payment(store: PracticeStore) -> None:
    books = books_of(store, into(400, ""), into(100, UNDEPOSITED), into(7, CHECKING), out(3, 600))
    assert moved(books)[1:] == [(CHECKING, 60_000, {"settlement": 50_000, "operating": 10_000})]


def test_a_deposit_is_classified_by_the_payments_and_sales_receipts_it_links(store: PracticeStore) -> None:
    def linked(amount: float, entity: str, id_: str) -> Record:
        line = banked(amount, UNDEPOSITED)
        return {**line, "LinkedTxn": [{"TxnId": id_, "TxnType": entity, "TxnLineId": "0"}]}

    lines = [linked(60, "Payment", "p1"), linked(30, "SalesReceipt", "s1"), banked(10)]
    books = books_of(store, received("p1", 9, 60), received("p2", 9, 500), deposit(ago(3), *lines))
    assert moved(books) == [(CHECKING, 10_000, {"settlement": 6_000, "operating": 4_000})]


def test_money_put_back_into_undeposited_funds_is_no_internal_movement(store: PracticeStore) -> None:
    books = books_of(store, received("p1", 9, 100), transfer(ago(3), 50, CHECKING, UNDEPOSITED))
    assert moved(books) == [(CHECKING, -5_000, {"operating": -5_000})]


def test_burn_has_neither_investing_nor_what_is_set_aside(store: PracticeStore) -> None:
    books = books_of(
        store, purchase(ago(3), spent(60), spent(40, VEHICLE)), transfer(ago(3), 50, CHECKING, TRUST),
        transfer(ago(2), 20, TRUST, CHECKING), purchase(ago(3), spent(1_000), account_id=TRUST),
    )  # fmt: skip
    row = burn(derive(books)).iloc[0]
    assert row[["outflow_cents", "inflow_cents"]].tolist() == [6_000, 0]


def test_what_may_recur_is_read_from_180_days_on_whatever_days_a_view_asks_for(store: PracticeStore) -> None:
    """Rent paid on bills, what is set aside by a transfer or a line, but neither receipts nor purchases without payee."""
    books_of(
        store, bill_payment("1", ago(150), 900, applied(900, "Bill", "1")), transfer(ago(149), 50, CHECKING, TRUST),
        purchase(ago(148), spent(40, TRUST)), purchase(ago(147), spent(7)),
        payment("10", ago(146), 5, DepositToAccountRef=ref(CHECKING)), bill_payment("1", ago(182), 900),
    )  # fmt: skip
    gateway = gateway_over(store.frames, settings=lambda _: {store.client(): WITHOUT_TRUST})
    with gateway.open_with_forecast((store.client(),), Moment(TODAY), 91) as books:
        assert sorted(books.movements["amount_cents"]) == [-90_000, -5_000, -4_000]
