"""Everything a forecast is made from that no decision of the advisor changes: computed once, used many times."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import pandas as pd

from rowcol.domain.applications import PaymentLines
from rowcol.domain.books import Books, Names, listed_names
from rowcol.domain.derived import DerivedBooks
from rowcol.domain.forecast.averages import averages, card_payments, everyday_movements
from rowcol.domain.forecast.booked import booked, undeposited
from rowcol.domain.forecast.held_out import HELD_OUT_DAYS, held_out, p80_days
from rowcol.domain.forecast.new_business import TRAILING_DAYS as SETTLED_DAYS
from rowcol.domain.forecast.new_business import entered_documents, new_business_sums, ways_of_settling
from rowcol.domain.forecast.open_amounts import claims, credit_items
from rowcol.domain.forecast.recurring import account_names, occurrences, outflows, series
from rowcol.domain.forecast.replacement import (
    OLDEST_MATCH_DAYS,
    operating_ahead,
    possible_matches,
)
from rowcol.domain.forecast.result import LATER_PAYMENTS, LATER_RECEIPTS, PAYMENTS, RECEIPTS
from rowcol.domain.forecast.settlement import (
    MixedPayments,
    mixed_payments,
    settled_by_account,
    with_settled_on,
)
from rowcol.domain.open_items import AP, AR
from rowcol.domain.payment_habits import TRAILING_DAYS, PaymentHabits, customer_habits
from rowcol.domain.window import WINDOW_DAYS

BANK_DAYS = 181
"""How many days back what may recur is read: the trailing 180 days and the as-of date."""


@dataclass(frozen=True)
class Paid:
    """What was paid and charged of the books' clients, as the store's reads give it.

    `settled`: settled_documents with `settled_on` (see `with_settled_on`). `through`: what took how much off them, see
    `settled_by_account`. The others: daily_charges, undeposited_receipts, bill_lines. `band`: whether what p80 days are
    learned from was read too.
    """

    settled: pd.DataFrame
    charges: pd.DataFrame
    through: pd.DataFrame
    waiting: pd.DataFrame
    bill_lines: pd.DataFrame
    band: bool


class PaidReads(Protocol):
    """The named reads over one scope, as the store gives them."""

    def settled_documents(self, since: date, held_out_since: date | None) -> pd.DataFrame: ...
    def daily_charges(self, since: date, alike: tuple[date, date] | None) -> pd.DataFrame: ...
    def settled_by_account(self, first_day: date, last_day: date, trailing_days: int) -> pd.DataFrame: ...
    def offsetting_accounts(self) -> pd.DataFrame: ...
    def undeposited_receipts(self, day: date) -> pd.DataFrame: ...
    def bill_lines(self, since: date) -> pd.DataFrame: ...


def read_settled(reads: PaidReads, mixed: MixedPayments, as_of: date, *, band: bool = True) -> pd.DataFrame:
    """Return the documents paid off in the 365 days up to a day; with `band` also what predicts those held out by then."""
    since, held_out_since = (as_of - timedelta(days=days) for days in (TRAILING_DAYS, HELD_OUT_DAYS))
    return with_settled_on(reads.settled_documents(since, held_out_since if band else None), mixed)


def read_paid(
    reads: PaidReads,
    payments: PaymentLines,
    as_of: tuple[date, date],
    waiting: pd.DataFrame | None = None,
    *,
    band: bool = True,
) -> Paid:
    """Return what forecasts as of a day, and of any later one up to another, need; `waiting` if that was read already.

    Without `band` the p80 days of these forecasts are unknown.
    """
    mixed, of = mixed_payments(payments), paid_arguments(*as_of, band=band)
    plain = reads.settled_by_account(*of["settled_by_account"])
    return Paid(
        settled=with_settled_on(reads.settled_documents(*of["settled_documents"]), mixed),
        charges=reads.daily_charges(*of["daily_charges"]),
        through=settled_by_account(plain, mixed, reads.offsetting_accounts),
        waiting=reads.undeposited_receipts(*of["undeposited_receipts"]) if waiting is None else waiting,
        bill_lines=reads.bill_lines(*of["bill_lines"]),
        band=band,
    )


def paid_arguments(first: date, last: date, *, band: bool = True) -> dict[str, tuple[Any, ...]]:
    """Return the reads that `read_paid` makes of any books, and with what arguments."""
    window = timedelta(days=WINDOW_DAYS)
    return {
        "settled_documents": (
            first - timedelta(days=TRAILING_DAYS), first - timedelta(days=HELD_OUT_DAYS) if band else None,
        ),
        "settled_by_account": (first, last, SETTLED_DAYS),
        "undeposited_receipts": (first,),
        "daily_charges": (first - window, (last - window, first - timedelta(days=1))),
        "bill_lines": (first - timedelta(days=OLDEST_MATCH_DAYS),),
    }  # fmt: skip


@dataclass(frozen=True)
class ForecastInputs:
    """The state of one or many clients as the forecast takes it.

    `clients`: business_id, as_of, reserve_cents, `AVERAGES`, `NEW_BUSINESS_COLUMNS`, p80_days (Int64, see
    `held_out.p80_days`). `accounts`: business_id, account_id, name, balance_cents of those that count as cash.
    `receivables`, `payables`: what is open after netting, as `receipts` and `payments` take it. `recurring`: the
    occurrences of the series (`OCCURRENCE_COLUMNS`); `matches`: what may stand for them of bills and of movements
    entered ahead (`MATCH_COLUMNS`). `ahead`: the operating parts of movements entered ahead and dated in the 13 weeks
    (`SOURCE`, operating_cents, signed); `card_payments`: business_id, account_id (the card), name, out_cents of payments to
    cards in the window. `settled`: items (`ITEM_COLUMNS`): booked, undeposited, and credits left over.
    """

    clients: pd.DataFrame
    accounts: pd.DataFrame
    receivables: pd.DataFrame
    payables: pd.DataFrame
    recurring: pd.DataFrame
    matches: pd.DataFrame
    ahead: pd.DataFrame
    card_payments: pd.DataFrame
    settled: pd.DataFrame

    def of(self, business_id: str) -> "ForecastInputs":
        """Return one client's inputs."""
        frames = {name: frame[frame["business_id"] == business_id] for name, frame in vars(self).items()}
        return replace(self, **{name: frame.reset_index(drop=True) for name, frame in frames.items()})


def forecast_inputs(
    derived: DerivedBooks, figures: pd.DataFrame, habits: PaymentHabits, paid: Paid
) -> ForecastInputs:
    """Return what the forecast of the books' clients is made from.

    The books must have the bank movements of the last 181 days at least. `figures` as `runway.figures`.
    """
    books, movements, accounts = derived.books, derived.movements, derived.accounts
    columns = ["business_id", "account_id", "name", "balance_cents"]
    accounts = accounts[~accounts["excluded"]][columns].reset_index(drop=True)
    names = listed_names(books.parties)
    outs = outflows(books, movements)
    payment_series = series(outs)
    everyday = everyday_movements(movements, figures, payment_series)
    late_by = _p80_days(books, paid)
    receivables, payables, left = _claims(derived, habits, names)
    receivables = receivables.assign(p80_days=receivables["business_id"].map(late_by))
    averaged = averages(everyday, figures).join(
        _of_new_business(books, figures, habits, paid, payment_series)
    )
    clients = books.clients[["business_id", "as_of", "reserve_cents"]].merge(
        averaged.assign(p80_days=late_by).reset_index(), on="business_id"
    )
    settled = [
        booked(books, movements, accounts, names),
        undeposited(books, paid.waiting, figures["undeposited_cents"], names),
        left,
    ]
    coming = occurrences(payment_series, {**names, **account_names(books.accounts)})
    return ForecastInputs(
        clients=clients,
        accounts=accounts,
        receivables=receivables,
        payables=payables,
        recurring=coming,
        matches=possible_matches(books, coming, outs, payables, paid.bill_lines),
        ahead=operating_ahead(books, movements),
        card_payments=card_payments(everyday, books.accounts),
        settled=pd.concat(settled, ignore_index=True),
    )


def _p80_days(books: Books, paid: Paid) -> pd.Series:
    """Return `p80_days` of the books' clients, NA if what they are learned from was not read."""
    business_ids = books.clients["business_id"]
    if not paid.band:
        return pd.Series(pd.NA, index=pd.Index(business_ids), dtype="Int64")
    return p80_days(held_out(paid.settled, books.clients, books.parties), business_ids)


def _of_new_business(
    books: Books, figures: pd.DataFrame, habits: PaymentHabits, paid: Paid, payment_series: pd.DataFrame
) -> pd.DataFrame:
    """Return `NEW_BUSINESS_COLUMNS` per client (index as `figures`)."""
    ways = ways_of_settling(books, paid.through)
    sums = new_business_sums(paid.charges, figures, ways, payment_series, habits)
    return sums.join(entered_documents(books, payment_series).reindex(sums.index, fill_value=0))


def _claims(
    derived: DerivedBooks, habits: PaymentHabits, names: Names
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return receivables, payables, and the items of credits left over."""
    books = derived.books
    clients = books.clients[["business_id", "as_of", "pay_day_offset"]]
    opened, left = (
        _on_lines(rows.merge(clients, on="business_id")) for rows in claims(derived.netted, names)
    )
    receivables = opened[opened["side"] == AR].reset_index(drop=True)
    payables = opened[opened["side"] == AP].reset_index(drop=True)
    learned = customer_habits(habits, books.parties, receivables[["business_id", "party_id"]])
    pay_day = payables["as_of"] + pd.to_timedelta(payables["pay_day_offset"], unit="D")
    return receivables.join(learned), payables.assign(pay_day=pay_day), credit_items(left)


def _on_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Return claims with the line each is on: its side's, or its side's for what is dated later."""
    receivable, later = rows["side"] == AR, pd.to_datetime(rows["txn_date"]) > rows["as_of"]
    line = np.select(
        [receivable & later, receivable, later], [LATER_RECEIPTS, RECEIPTS, LATER_PAYMENTS], PAYMENTS
    )
    return rows.assign(line=line)
