"""Cash, card debt and Undeposited Funds, in home cents. Source: docs/definitions.md, Cash."""

import pandas as pd

from rowcol.domain.bank import movements_as_read
from rowcol.domain.books import Books
from rowcol.domain.rates import priced


def bank_accounts(books: Books, movements: pd.DataFrame) -> pd.DataFrame:
    """Return active Bank accounts at the as-of date.

    Columns: business_id, account_id, name, currency, balance_cents (home), excluded, missing (no balance was
    sent, or no rate is known: counted as nothing and named). Movements dated after the as-of date are taken off.
    """
    accounts = books.accounts[(books.accounts["account_type"] == "Bank") & books.accounts["active"]]
    rows = priced(books, accounts)
    settled = rows["book_cents"] - _moved_after(books, movements, rows)
    rows["balance_cents"] = settled.where(~rows["missing"], 0)
    rows = _foreign_by_sheet(books, movements, rows)
    excluded = {
        (business, account)
        for business, ids in books.clients[["business_id", "excluded_accounts"]].itertuples(
            index=False, name=None
        )
        for account in ids
    }
    pairs = zip(rows["business_id"], rows["account_id"], strict=True)
    rows["excluded"] = pd.Series([pair in excluded for pair in pairs], index=rows.index, dtype="bool")
    return rows[["business_id", "account_id", "name", "currency", "balance_cents", "excluded", "missing"]]


def _moved_after(books: Books, movements: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Return the movements of each account dated after the as-of date."""
    coming = movements[pd.to_datetime(movements["txn_date"]) > books.clients["as_of"].min()]
    if coming.empty:
        return pd.Series(0, index=accounts.index, dtype="int64")
    later = books.dated(coming)
    later = later[pd.to_datetime(later["txn_date"]) > later["as_of"]]
    keys = ["business_id", "account_id"]
    sums = later.groupby(keys)["amount_cents"].sum().reindex(pd.MultiIndex.from_frame(accounts[keys]))
    return pd.Series(sums.fillna(0).to_numpy(dtype="int64"), index=accounts.index)


def cash(accounts: pd.DataFrame) -> pd.Series:
    """Return cash per client (index business_id): `bank_accounts` that are not excluded, summed."""
    return accounts[~accounts["excluded"]].groupby("business_id")["balance_cents"].sum()


def card_debt(books: Books) -> pd.Series:
    """Return what is owed on active Credit Card accounts per client, as magnitudes: the wire's sign is not documented."""
    cards = books.accounts[(books.accounts["account_type"] == "Credit Card") & books.accounts["active"]]
    return (
        priced(books, cards)
        .assign(owed=lambda rows: rows["book_cents"].abs())
        .groupby("business_id")["owed"]
        .sum()
    )


def undeposited(books: Books) -> pd.Series:
    """Return Undeposited Funds per client: money received and not yet banked, never part of cash."""
    funds = books.accounts[
        (books.accounts["account_sub_type"] == "UndepositedFunds") & books.accounts["active"]
    ]
    return priced(books, funds).groupby("business_id")["book_cents"].sum()


def _foreign_by_sheet(books: Books, movements: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Replace foreign accounts' balances by their BalanceSheet amount at the last tie-out plus what moved since.

    Since: movements up to the as-of date as known now, less those up to the sheet's day as known then.
    """
    if not rows["foreign"].any():
        return rows
    checked = books.tie_outs[books.tie_outs["subject"] == "bank"].drop_duplicates("business_id")
    day_of = {
        business: pd.Timestamp(day)
        for business, day in checked[["business_id", "report_date"]].itertuples(index=False, name=None)
    }
    sheets = {
        (business, pd.Timestamp(day), account): int(amount)
        for business, day, account, amount in books.bank_sheets[
            ["business_id", "report_date", "account_id", "amount_cents"]
        ].itertuples(index=False, name=None)
    }
    then = movements_as_read(books, movements, books.since_tie_out)
    for index, row in rows[rows["foreign"] & rows["business_id"].isin(list(day_of))].iterrows():
        sheet_day = day_of[row["business_id"]]
        amount = sheets.get((row["business_id"], sheet_day, row["account_id"]))
        if amount is not None:
            since = _moved_until(movements, row, row["as_of"]) - _moved_until(then, row, sheet_day)
            rows.at[index, "balance_cents"] = amount + since
            rows.at[index, "missing"] = False
    return rows


def _moved_until(movements: pd.DataFrame, row: pd.Series, day: pd.Timestamp) -> int:
    """Return the movements of one account dated up to a day, of those that were read."""
    account_movements = movements[
        (movements["business_id"] == row["business_id"]) & (movements["account_id"] == row["account_id"])
    ]
    return int(account_movements["amount_cents"][pd.to_datetime(account_movements["txn_date"]) <= day].sum())
