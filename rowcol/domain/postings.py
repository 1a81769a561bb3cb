"""Both sides of the transactions that touch a bank account, as debits and credits.

Source: docs/definitions.md, Bank movements and burn.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.account_classes import KINDS, AccountClasses, Places
from rowcol.domain.books import DOCUMENT, Books, in_home

Cents = npt.NDArray[np.int64]

_HEADER_SIGN = {"Purchase": -1, "BillPayment": -1, "RefundReceipt": -1, "Transfer": -1, "CreditCardPayment": -1,
                "Payment": 1, "SalesReceipt": 1, "Deposit": 1, "Invoice": 1}  # fmt: skip
"""What the header account gains when the amount is positive; a Purchase marked Credit is the other way round."""
_LINE_SIGN = {"Purchase": 1, "Bill": 1, "Deposit": -1, "VendorCredit": -1}
"""What a line's account gains (a debit) when its amount is positive; a journal line says it itself."""
_IMPLIED = {"Payment": ("settlement", -1), "BillPayment": ("settlement", 1), "Bill": ("settlement", -1),
            "VendorCredit": ("settlement", 1), "Invoice": ("settlement", -1), "SalesReceipt": ("operating", -1),
            "RefundReceipt": ("operating", 1)}  # fmt: skip
"""The kind of the side that a document does not spell out, and the sign of its posting."""
_SETTLING = ("Bill", "Invoice", "Payment")
_BY_ACCOUNT = -1
_OPERATING, _SETTLEMENT = KINDS.index("operating"), KINDS.index("settlement")


@dataclass(frozen=True)
class Postings:
    """Postings in the order of their transaction; every array has one element a posting.

    `document`: the transaction's place among the documents, plus their number for the part of a deposit that is
    cash back from one bank account to another. `account`: place in `AccountClasses`. `debit_cents`: home, a credit is
    negative. `kind`: index in `KINDS`, what it makes of a movement whose other side it is.
    """

    document: Places
    account: Places
    debit_cents: Cents
    kind: Places

    def chosen(self, which: npt.NDArray[Any]) -> "Postings":
        """Return some of the postings, by a mask or by their places."""
        return Postings(*(column[which] for column in vars(self).values()))


def postings(books: Books, documents: pd.DataFrame, accounts: AccountClasses) -> Postings:
    """Return both sides of `documents`, which are bank documents of the books with places as their index."""
    amounts = _amounts(documents)
    pieces = [
        *_headers(documents, amounts, accounts),
        _lines(books, documents, accounts),
        *_implied(documents, amounts, accounts),
    ]
    rows = _joined(pieces)
    rows = rows.chosen(rows.debit_cents != 0)
    rows = _out_of_funds(rows, accounts, _settled_cents(books, documents))
    by_account = (rows.kind == _BY_ACCOUNT) | accounts.bank[rows.account]
    kind = np.where(by_account, accounts.kind[rows.account], rows.kind)
    return Postings(rows.document, rows.account, rows.debit_cents, kind)


def _joined(pieces: list[Postings]) -> Postings:
    columns = zip(*(vars(piece).values() for piece in pieces), strict=True)
    rows = Postings(*(np.concatenate(parts) for parts in columns))
    return rows.chosen(np.argsort(rows.document, kind="stable"))


def _of(document: Places, account: Places, debit_cents: Cents, kind: int = _BY_ACCOUNT) -> Postings:
    return Postings(document, account, debit_cents, np.full(len(document), kind))


def _headers(documents: pd.DataFrame, amounts: Cents, accounts: AccountClasses) -> list[Postings]:
    """Return the postings of the accounts that headers name, cash back among them."""
    clients, places = documents["business_id"], np.arange(len(documents))
    invoice = documents["entity"] == "Invoice"
    held = documents["account_id"].where(~invoice, documents["deposit_account_id"])
    header, other, back = (
        accounts.find(clients, ids)
        for ids in (held, documents["other_account_id"], documents["cash_back_account_id"])
    )
    sign = documents["entity"].map(_HEADER_SIGN).fillna(0).to_numpy(dtype="int64")
    sign = np.where(_refunded(documents), -sign, sign)
    back_cents = documents["cash_back_cents"].to_numpy(dtype="int64")
    moved_on = (back_cents != 0) & accounts.bank[header] & accounts.bank[back]
    moved, beside = np.flatnonzero(moved_on), np.flatnonzero((back_cents != 0) & ~moved_on)
    second = np.flatnonzero(documents["other_account_id"].notna())
    return [
        _of(places, header, amounts * sign + np.where(moved_on, back_cents, 0)),
        _of(second, other[second], amounts[second]),
        _of(beside, back[beside], back_cents[beside]),
        _of(moved + len(documents), header[moved], -back_cents[moved]),
        _of(moved + len(documents), back[moved], back_cents[moved]),
    ]


def _amounts(documents: pd.DataFrame) -> Cents:
    """Return what each document moves in home cents: its total; of an invoice what was received with it."""
    received = in_home(
        documents["deposit_cents"], documents["exchange_rate"].where(documents["deposit_cents"] != 0)
    )
    amounts = documents["total_cents"].fillna(0).to_numpy(dtype="int64")
    return np.where(documents["entity"] == "Invoice", received.to_numpy(), amounts)


def _refunded(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["credit"].astype(bool) & (rows["entity"] == "Purchase")


def _lines(books: Books, documents: pd.DataFrame, accounts: AccountClasses) -> Postings:
    known = documents[[*DOCUMENT, "credit"]].assign(
        document=np.arange(len(documents)), settles=_settles(documents)
    )
    lines = books.bank_lines.merge(known, on=DOCUMENT)
    lines = lines.iloc[np.lexsort((lines["line_number"], lines["document"]))]
    account = accounts.find(lines["business_id"], lines["account_id"])
    journal = lines["entity"] == "JournalEntry"
    signs = lines["entity"].map(_LINE_SIGN).fillna(0).mask(_refunded(lines), -1)
    sign = signs.mask(journal, (lines["posting"] == "Debit") * 2 - 1).to_numpy(dtype="int64")
    kind = np.where(lines["linked_type"].notna() & accounts.funds[account], _OPERATING, _BY_ACCOUNT)
    kind[lines["settles"] | lines["linked_type"].isin(_SETTLING)] = _SETTLEMENT
    amounts: Cents = lines["home_cents"].fillna(0).to_numpy(dtype="int64")
    return Postings(lines["document"].to_numpy(), account, np.multiply(amounts, sign, dtype="int64"), kind)


def _settles(documents: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which documents are linked to a bill or an invoice as a whole."""
    linking = documents["linked"].fillna("").ne("") & documents["entity"].isin(
        ["Purchase", "Deposit", "Transfer"]
    )
    settles = linking.to_numpy(dtype=bool, copy=True)
    links = documents["linked"][settles].str.contains(r"(?:^|,)(?:Bill|Invoice):", regex=True)
    settles[settles] = links
    return settles


def _implied(documents: pd.DataFrame, amounts: Cents, accounts: AccountClasses) -> list[Postings]:
    """Return the control or income side of documents that state it by what they are."""
    pieces = []
    for kind in ("settlement", "operating"):
        signs = {name: sign for name, (of, sign) in _IMPLIED.items() if of == kind}
        sign = documents["entity"].map(signs).fillna(0).to_numpy(dtype="int64")
        at = np.flatnonzero(sign)
        nowhere = np.full(len(at), len(accounts.kind) - 1)
        pieces.append(_of(at, nowhere, amounts[at] * sign[at], KINDS.index(kind)))
    return pieces


def _out_of_funds(rows: Postings, accounts: AccountClasses, settled_cents: Cents) -> Postings:
    """Return the postings with what leaves Undeposited Funds settlement up to `settled_cents` of its document."""
    out = np.flatnonzero(accounts.funds[rows.account] & (rows.kind == _BY_ACCOUNT) & (rows.debit_cents < 0))
    left = settled_cents[rows.document[out]]
    if not left.any():
        return rows
    taken = -rows.debit_cents[out]
    first = np.searchsorted(rows.document[out], rows.document[out])
    before = np.cumsum(taken) - taken
    part = np.clip(left - (before - before[first]), 0, taken)
    kept = rows.debit_cents.copy()
    kept[out] += part
    settled = Postings(
        rows.document[out],
        rows.account[out],
        rows.debit_cents[out] - kept[out],
        np.full(len(out), _SETTLEMENT),
    )
    whole = _joined([settled, Postings(rows.document, rows.account, kept, rows.kind)])
    return whole.chosen(whole.debit_cents != 0)


def _settled_cents(books: Books, documents: pd.DataFrame) -> Cents:
    """Return how much of what each document takes out of Undeposited Funds are payments of customers."""
    if books.funds_taken.empty:
        return np.zeros(len(documents), dtype="int64")
    settled = documents[DOCUMENT].merge(settled_out(books.funds_taken), on=DOCUMENT, how="left")
    return settled["settled_cents"].fillna(0).to_numpy(dtype="int64")


def settled_out(taken: pd.DataFrame) -> pd.DataFrame:
    """Return `DOCUMENT`, settled_cents of what transfers, journals and unlinked deposit lines took out of Undeposited Funds.

    `taken`: the store's read `funds_taken`. Each takes the payments that were put there up to its date and are not yet
    taken out; those of one day by id. A deposit of a payment that one of them took already takes the next.
    """
    number = pd.to_numeric(taken["qbo_id"], errors="coerce")
    order = taken.assign(number=number).sort_values(["business_id", "txn_date", "number", "qbo_id", "entity"])
    so_far: dict[str, int] = {}
    settled = []
    for business_id, cents, held in zip(
        order["business_id"], order["taken_cents"], order["held_cents"], strict=True
    ):
        before = so_far.get(business_id, 0)
        part = max(0, min(cents, held - before))
        so_far[business_id] = before + part
        settled.append(part)
    return order[DOCUMENT].assign(settled_cents=settled)
