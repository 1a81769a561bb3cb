"""Books rolled back to an earlier day from today's records. Source: docs/definitions.md, The books at t.

What the log does not reach back to is worked out: open balance at t = balance + what was applied after t;
documents dated after t are left out; cash = cash - movements after t. What is derived from books rolled back is
*reconstructed*: it does not know of records changed or deleted since, and never stands beside what was known then
without saying so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, in_home
from rowcol.domain.cash import bank_accounts
from rowcol.entities import CHARGES, CREDITS

_TARGET: Mapping[str, str] = {"linked_type": "entity", "linked_id": "qbo_id"}


@dataclass(frozen=True)
class History:
    """What was ever owed and how it was settled.

    `documents` in the form of `Books.open_documents`, closed ones too; `applied` in the form of
    `Books.applications`, every line of every payment, with applied_on (a day, NaT if neither side is dated).
    """

    documents: pd.DataFrame
    applied: pd.DataFrame


class HistoryReads(Protocol):
    """The named reads over one scope, as the store gives them."""

    def all_documents(self) -> pd.DataFrame: ...
    def applied_lines(self) -> pd.DataFrame: ...


def read_history(reads: HistoryReads) -> History:
    """Return what was ever owed and how it was settled."""
    return History(reads.all_documents(), reads.applied_lines())


def books_at(books: Books, history: History, movements: pd.DataFrame, day: date) -> Books:
    """Return the books as they stood at the end of a day, and that day as every client's as-of date.

    `books` are today's, `movements` their bank movements, read from before the day. Nothing dated later is left in them,
    so that a forecast from them knows no more than that day did. Bank accounts are in home cents; other accounts
    (cards) keep today's balance, but for Undeposited Funds, which count as nothing: what waited in them is not known.
    """
    at = pd.Timestamp(day)
    applied_later = pd.to_datetime(history.applied["applied_on"]) > at
    undone, settled = history.applied[applied_later], history.applied[~applied_later]
    then = replace(books, clients=books.clients.assign(as_of=at))
    return replace(
        then,
        accounts=_accounts(then, movements),
        open_documents=_still_open(_rolled_back(_up_to(history.documents, at), undone, settled)),
        applications=settled.drop(columns="applied_on"),
        control_lines=_up_to(books.control_lines, at),
        bank_documents=_up_to(books.bank_documents, at),
        rates=_up_to(books.rates, at),
        tie_outs=books.tie_outs.iloc[:0],
    )


def _up_to(rows: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """Return the rows dated up to a day, or not at all."""
    return rows[~(pd.to_datetime(rows["txn_date"]) > at)].reset_index(drop=True)


def _accounts(then: Books, movements: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts, those of Bank with their home balance at the as-of date, Undeposited Funds with none."""
    keys = ["business_id", "account_id"]
    balances = bank_accounts(then, movements).merge(
        then.clients[["business_id", "currency"]], on="business_id", suffixes=("", "_home")
    )
    balances = balances[~balances["missing"]][[*keys, "balance_cents", "currency_home"]]
    rows = then.accounts.merge(balances, on=keys, how="left", suffixes=("", "_then"))
    bank, funds = rows["balance_cents_then"].notna(), rows["account_sub_type"] == "UndepositedFunds"
    rows["balance_cents"] = (
        rows["balance_cents"].mask(bank, rows["balance_cents_then"]).mask(funds, 0).astype("Int64")
    )
    rows["currency"] = rows["currency"].mask(bank, rows["currency_home"])
    return rows[list(then.accounts.columns)]


def _rolled_back(documents: pd.DataFrame, undone: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """Return documents with what was open of them before some payment lines were applied.

    A home balance gains what they settled; a foreign one is computed again at the document's own rate, so that
    it is rounded once; what a payment had left is left to its own lines.
    """
    rows = documents.reset_index(drop=True)
    back, used = (_sums(rows, lines) for lines in (undone, settled))
    foreign = rows["exchange_rate"].notna()
    again = in_home(rows["amount_cents"].fillna(0).astype("int64") - used, rows["exchange_rate"])
    balance = (rows["balance_cents"] + back).mask(foreign & (back != 0), again)
    rows["balance_cents"] = balance.where(rows["balance_cents"].notna()).astype("Int64")
    payers = pd.MultiIndex.from_frame(undone[DOCUMENT])
    touched = pd.Series(pd.MultiIndex.from_frame(rows[DOCUMENT]).isin(payers), index=rows.index)
    rows["unapplied_cents"] = rows["unapplied_cents"].astype("Int64").mask(touched)
    return rows


def _sums(documents: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Return what payment lines settled of each document, in its own currency."""
    targets = lines[["business_id", *_TARGET, "amount_cents"]].rename(columns=_TARGET)
    sums = targets.groupby(DOCUMENT)["amount_cents"].sum()
    totals = sums.reindex(pd.MultiIndex.from_frame(documents[DOCUMENT])).fillna(0)
    return pd.Series(totals.to_numpy().astype("int64"), index=documents.index)


def _still_open(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the documents of which something may be open, as `Books.open_documents` holds them."""
    entity, balance = rows["entity"], rows["balance_cents"]
    charge = entity.isin(CHARGES) & balance.gt(0).fillna(False)
    credit = entity.isin(CREDITS) & balance.ne(0).fillna(True)
    payment = (entity == "Payment") & rows["unapplied_cents"].ne(0).fillna(True)
    kept = charge | credit | payment | (entity == "BillPayment")
    return rows[kept.astype("bool")].reset_index(drop=True)
