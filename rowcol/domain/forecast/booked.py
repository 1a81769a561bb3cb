"""What is on its way to the bank already: movements dated later, and Undeposited Funds.

Source: docs/definitions.md, 13-week forecast.
"""

import numpy as np
import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, Names, named
from rowcol.domain.forecast.result import (
    BOOKED,
    OLD_UNDEPOSITED,
    UNDEPOSITED,
    UNEXPLAINED_UNDEPOSITED,
    no_items,
    placed_items,
)

OLD_DAYS = 30
REST_OF_FUNDS = "Rest of Undeposited Funds"


def booked(books: Books, movements: pd.DataFrame, accounts: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return a transaction dated after the as-of date as one item on its date: what it does to all of `accounts`.

    `accounts` are those that count as cash (business_id, account_id); a transfer between two of them is nothing.
    """
    coming = movements[pd.to_datetime(movements["txn_date"]) > books.clients["as_of"].min()]
    if coming.empty:
        return no_items()
    keys = ["business_id", "account_id"]
    later = books.dated(coming.merge(accounts[keys], on=keys))
    later = later[pd.to_datetime(later["txn_date"]) > later["as_of"]]
    whole = later.groupby(DOCUMENT)["amount_cents"].sum().rename("whole_cents").reset_index()
    rows = later.drop_duplicates(DOCUMENT).merge(whole[whole["whole_cents"] != 0], on=DOCUMENT)
    rows = rows.assign(
        line=BOOKED, amount_cents=rows["whole_cents"], due_on=rows["txn_date"], expected_on=rows["txn_date"],
        reason="", basis="in the books", party=named(rows, names),
    )  # fmt: skip
    return placed_items(rows)


def undeposited(books: Books, receipts: pd.DataFrame, balances: pd.Series, names: Names) -> pd.DataFrame:
    """Return Undeposited Funds as items, receipt by receipt (refunds negative).

    The balance at the as-of date is explained, newest first and the last in part, by the receipts dated on or before it
    and in no deposit by then; they arrive the day after, those older than 30 days and what no receipt explains are
    excluded. A balance of 0 or less has no items. What is entered ahead arrives the day after its own date. Receipts of a
    deposit entered ahead come with that deposit, a booked movement, and are no items. `receipts` as the store's
    read of Undeposited Funds, `balances` at the as-of date by business_id, home cents.
    """
    rows = books.dated(receipts)
    balance = rows["business_id"].map(balances).fillna(0).astype("int64")
    later = pd.to_datetime(rows["txn_date"]) > rows["as_of"]
    held = _explaining(rows[~later & ~(pd.to_datetime(rows["deposited_on"]) <= rows["as_of"])], balance)
    held_days = (held["as_of"] - pd.to_datetime(held["txn_date"])).dt.days
    held = held.assign(arrives=held["as_of"], reason=np.where(held_days > OLD_DAYS, OLD_UNDEPOSITED, ""))
    ahead = rows[books.entered_ahead(rows)]
    ahead = ahead.assign(arrives=pd.to_datetime(ahead["txn_date"]), reason="")
    coming = pd.concat([held, ahead], ignore_index=True)
    coming = coming[~_in_deposit_ahead(books, coming)]
    items = coming.assign(
        line=UNDEPOSITED, amount_cents=coming["total_cents"], due_on=coming["txn_date"],
        expected_on=coming["arrives"] + pd.Timedelta(days=1), basis="undeposited", party=named(coming, names),
    )  # fmt: skip
    return pd.concat([placed_items(items), _unexplained(books, held, balances)], ignore_index=True)


def _explaining(rows: pd.DataFrame, balance: pd.Series) -> pd.DataFrame:
    """Return the receipts, newest first, that the balance is made of, the last with only its part of it."""
    # A column of more rows would make an empty frame grow to them.
    rows = rows.assign(
        balance_cents=balance.loc[rows.index], number=pd.to_numeric(rows["qbo_id"], errors="coerce")
    )
    order = ["business_id", "txn_date", "number", "entity", "qbo_id"]
    rows = rows.sort_values(order, ascending=[True, False, False, True, True])
    upto = rows.groupby("business_id")["total_cents"].cumsum()
    reached = upto.groupby(rows["business_id"]).cummax() >= rows["balance_cents"]
    before = reached.groupby(rows["business_id"]).shift(fill_value=False) | (rows["balance_cents"] <= 0)
    part = rows["balance_cents"] - (upto - rows["total_cents"])
    return rows.assign(total_cents=rows["total_cents"].where(~reached, part))[~before]


def _in_deposit_ahead(books: Books, rows: pd.DataFrame) -> pd.Series:
    """Return which receipts stand in a deposit entered ahead."""
    deposits = rows[["business_id", "as_of"]].assign(
        txn_date=rows["deposited_on"], created_at=rows["deposit_created_at"]
    )
    return books.entered_ahead(deposits)


def _unexplained(books: Books, held: pd.DataFrame, balances: pd.Series) -> pd.DataFrame:
    """Return what of each balance above 0 no receipt explains, excluded."""
    clients = books.clients[["business_id", "as_of"]]
    explained = held.groupby("business_id")["total_cents"].sum()
    balance, known = (
        clients["business_id"].map(cents).fillna(0).astype("int64") for cents in (balances, explained)
    )
    rows = clients.assign(amount_cents=balance - known)[(balance > 0) & (balance > known)]
    return placed_items(
        rows.assign(
            line=UNDEPOSITED, due_on=rows["as_of"], expected_on=rows["as_of"], reason=UNEXPLAINED_UNDEPOSITED, basis="",
            party=REST_OF_FUNDS,
        )
    )  # fmt: skip
