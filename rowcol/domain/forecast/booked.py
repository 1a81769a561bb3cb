"""What is on its way to the bank already: movements dated later, and Undeposited Funds.

Source: docs/definitions.md, 13-week forecast.
"""

import numpy as np
import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, Names, named
from rowcol.domain.forecast.result import BOOKED, OLD_UNDEPOSITED, UNDEPOSITED, no_items, placed_items

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


def undeposited(books: Books, waiting: pd.DataFrame, balances: pd.Series, names: Names) -> pd.DataFrame:
    """Return what waits in Undeposited Funds, receipt by receipt; together they are the account's balance.

    Each arrives the day after the as-of date (one dated later the day after its date); those older than 30 days are
    excluded. If the receipts come to more than the balance the oldest are taken to be banked already; if
    they come to less, the rest arrives too. `waiting` as the store's read of that name, `balances` by business_id.
    """
    if not balances.any():
        return no_items()
    rows = _backed(books.dated(waiting), balances)
    dates = pd.to_datetime(rows["txn_date"])
    old = ((rows["as_of"] - dates).dt.days > OLD_DAYS).to_numpy()
    arrives = dates.where(dates > rows["as_of"], rows["as_of"]) + pd.Timedelta(days=1)
    receipts = rows.assign(
        line=UNDEPOSITED, amount_cents=rows["backed_cents"], due_on=dates, expected_on=arrives,
        reason=np.where(old, OLD_UNDEPOSITED, ""), basis="undeposited", party=named(rows, names),
    )  # fmt: skip
    return pd.concat([placed_items(receipts), _rest(books, rows, balances)], ignore_index=True)


def _backed(rows: pd.DataFrame, balances: pd.Series) -> pd.DataFrame:
    """Return the receipts the balance still holds, the newest first, with `backed_cents`."""
    rows = rows.sort_values(
        ["business_id", "txn_date", "entity", "qbo_id"], ascending=[True, False, True, True]
    )
    before = rows.groupby("business_id")["total_cents"].cumsum() - rows["total_cents"]
    left = rows["business_id"].map(balances).fillna(0).astype("int64") - before
    backed = left.clip(lower=0).clip(upper=rows["total_cents"])
    return rows.assign(backed_cents=backed)[backed > 0]


def _rest(books: Books, receipts: pd.DataFrame, balances: pd.Series) -> pd.DataFrame:
    clients = books.clients[["business_id", "as_of"]]
    listed = clients["business_id"].map(receipts.groupby("business_id")["backed_cents"].sum()).fillna(0)
    left = clients["business_id"].map(balances).fillna(0).astype("int64") - listed.astype("int64")
    rows = clients.assign(amount_cents=left)[left != 0]
    return placed_items(
        rows.assign(
            line=UNDEPOSITED, due_on=rows["as_of"], expected_on=rows["as_of"] + pd.Timedelta(days=1), reason="",
            basis="undeposited", party=REST_OF_FUNDS,
        )
    )  # fmt: skip
