"""Random documents: kinds add up, internal nets to zero, excluding accounts only sets aside, payments settle once."""

from collections.abc import Callable, Sequence
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.bank import KIND_CENTS, PART_CENTS, bank_movements
from rowcol.domain.books import DOCUMENT
from rowcol.domain.clients import ClientSettings
from rowcol.domain.postings import settled_out
from tests.kits.records import (
    AP,
    AR,
    CARD,
    CHECKING,
    EQUITY,
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
    bill,
    bill_payment,
    credit,
    debit,
    deposit,
    invoice,
    journal,
    payment,
    purchase,
    ref,
    refund_receipt,
    sales_receipt,
    spent,
    transfer,
)
from tests.kits.store import PracticeStore, ago

TRUST, VEHICLE = "37", "70"
BANKS = (CHECKING, SAVINGS, TRUST)
ACCOUNTS = (*BANKS, CARD, AP, AR, UNDEPOSITED, EXPENSE, INCOME, EQUITY, LOAN, SALES_TAX, VEHICLE)
MIXED = (1, 1, 1, -1)
DOCUMENTS = 150
SEEDS = range(4)


def cents(random: Random) -> int:
    return random.randint(1, random.choice([999, 9_999_999]))


def units(amount: int) -> str:
    return f"{amount / 100:.2f}"


def lines_of(
    random: Random, line: Callable[..., Record], signs: Sequence[int] = (1,)
) -> tuple[list[Record], int]:
    """Return lines with amounts of these signs, and their sum in cents."""
    amounts = [random.choice(signs) * cents(random) for _ in range(random.randint(1, 5))]
    return [line(units(amount), random.choice(ACCOUNTS)) for amount in amounts], sum(amounts)


def a_journal(random: Random) -> Pair:
    debits, total = lines_of(random, debit)
    credits, second = lines_of(random, credit)
    rest = credit if total > second else debit
    return journal(ago(random.randint(1, 80)), *debits, *credits, rest(units(abs(total - second)), EXPENSE))


def a_deposit(random: Random) -> Pair:
    lines, total = lines_of(random, banked, MIXED)
    lines.append(applied(units(50), "Payment", "p1"))
    back = random.choice([0, cents(random)])
    more = {"CashBack": {"AccountRef": ref(random.choice(ACCOUNTS)), "Amount": units(back)}} if back else {}
    total += 50 - back
    return deposit(ago(9), *lines, account_id=random.choice(BANKS), TotalAmt=units(total), **more)


def a_purchase(random: Random) -> Pair:
    lines, _ = lines_of(random, spent, MIXED)
    more: Record = random.choice([{}, {"Credit": True}, {"LinkedTxn": [{"TxnId": "5", "TxnType": "Bill"}]}])
    return purchase(ago(9), *lines, account_id=random.choice(BANKS), **more)


def a_header(random: Random) -> Pair:
    on, amount, bank = ago(9), units(cents(random)), random.choice(BANKS)
    return random.choice(
        [
            transfer(on, amount, *random.sample(ACCOUNTS, 2)),
            sales_receipt(on, amount, bank),
            refund_receipt(on, amount, bank),
            payment("9", on, amount, DepositToAccountRef=ref(random.choice([bank, UNDEPOSITED]))),
            bill_payment("1", on, amount),
            bill("1", on, on, amount, Line=[spent(amount, random.choice(ACCOUNTS))]),
            invoice("9", on, on, 0, TotalAmt=amount, Deposit=amount, DepositToAccountRef=ref(bank)),
        ]
    )


def random_documents(seed: int) -> list[Pair]:
    random = Random(seed)
    makers = (a_journal, a_deposit, a_purchase, a_header)
    return [random.choice(makers)(random) for _ in range(DOCUMENTS)]


def movements_of(store: PracticeStore, *excluded: str) -> pd.DataFrame:
    return bank_movements(store.books(settings=ClientSettings(excluded_accounts=excluded)))


@pytest.fixture
def books(store: PracticeStore, request: pytest.FixtureRequest) -> PracticeStore:
    store.land_all(
        [
            account(SAVINGS, "Savings", "Bank", 0),
            account(TRUST, "Trust", "Bank", 0),
            account(VEHICLE, "Vehicles", "Fixed Asset", 0),
            *random_documents(request.param),
        ]
    )
    return store


@pytest.mark.parametrize("books", SEEDS, indirect=True)
def test_kinds_add_up_and_parts_are_within_what_is_operating(books: PracticeStore) -> None:
    rows = movements_of(books)
    assert len(rows) > DOCUMENTS / 2
    assert (rows[KIND_CENTS].sum(axis=1) == rows["amount_cents"]).all()
    assert (rows[PART_CENTS].abs().sum(axis=1) <= rows["operating_cents"].abs()).all()
    assert not rows["set_aside_cents"].any()


@pytest.mark.parametrize("books", SEEDS, indirect=True)
def test_between_counted_accounts_internal_nets_to_zero_but_for_rounding(books: PracticeStore) -> None:
    nets = movements_of(books).groupby(DOCUMENT)["internal_cents"].sum()
    assert nets.abs().max() <= len(BANKS)


@pytest.mark.parametrize("books", SEEDS, indirect=True)
def test_excluding_an_account_only_turns_internal_into_set_aside(books: PracticeStore) -> None:
    key = [*DOCUMENT, "account_id"]
    whole, without = (
        movements_of(books, *excluded).set_index(key).sort_index() for excluded in ((), (TRUST,))
    )
    whole = whole[whole.index.get_level_values("account_id") != TRUST]
    assert without.index.equals(whole.index)
    assert (without["internal_cents"] + without["set_aside_cents"]).equals(whole["internal_cents"])
    same = [
        "amount_cents",
        *(name for name in KIND_CENTS if name not in ("internal_cents", "set_aside_cents")),
    ]
    assert without[same].equals(whole[same])
    assert (without["set_aside_cents"] != 0).equals(without["set_aside_account_id"] == TRUST)


EVENTS = st.lists(
    st.tuples(st.sampled_from(["payment", "deposit", "transfer"]), st.integers(0, 6), st.integers(1, 50)),
    max_size=30,
)


@given(events=EVENTS)
def test_payments_through_undeposited_funds_are_settled_once(events: Sequence[tuple[str, int, int]]) -> None:
    """Against payments taken out one by one, the oldest first; a deposit takes its own if it is there."""
    order = sorted(events, key=lambda event: (event[1], ("payment", "deposit", "transfer").index(event[0])))
    waiting: list[int] = []
    deposits = put = taken = 0
    rows, expected = [], []
    for number, (kind, day, amount) in enumerate(order):
        if kind == "payment":
            waiting.append(amount)
            put += amount
        else:
            left = min(amount, sum(waiting))
            taken_now = left
            while left:
                part = min(left, waiting[0])
                waiting[0] -= part
                left -= part
                waiting = waiting[1:] if not waiting[0] else waiting
            if kind == "deposit":
                deposits += taken_now
            else:
                expected.append(taken_now)
                rows.append(["b1", "Transfer", str(number), day, amount, put - deposits])
        taken = put - sum(waiting)
    columns = [*DOCUMENT, "txn_date", "taken_cents", "held_cents"]
    settled = settled_out(pd.DataFrame(rows, columns=columns).sample(frac=1, random_state=1))
    assert settled["settled_cents"].tolist() == expected
    assert sum(expected) + deposits == taken <= put
