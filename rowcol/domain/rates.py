"""Accounts' balances in home cents, at the newest rate known. Source: docs/definitions.md, Documents (home amount)."""

import pandas as pd

from rowcol.domain.books import Books, in_home


def priced(books: Books, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return accounts of `books` with their CurrentBalance in home cents, and what their base balance sheet says.

    Added: as_of; foreign (bool); exchange_rate (None: home, or none is known by the as-of date); book_cents (home, 0 if
    unknown); sheet_cents (home, on the base sheet, Int64; NA without a sheet); unrated (bool: foreign, and neither a rate
    nor an amount on the sheet is known); missing (bool: unrated, or no balance was sent). `currency` is never absent.
    """
    rows = books.dated(accounts)
    home = rows["business_id"].map(books.clients.set_index("business_id")["currency"])
    rows["currency"] = rows["currency"].fillna(home)
    rows["foreign"] = rows["currency"] != home
    rows["book_cents"] = rows["balance_cents"].fillna(0).astype("int64")
    rows["exchange_rate"], rated = None, pd.Series(True, index=rows.index)
    if rows["foreign"].any():
        rows["exchange_rate"] = _rates(books, rows)
        rated = ~rows["foreign"] | rows["exchange_rate"].notna()
        rows["book_cents"] = in_home(rows["book_cents"].where(rated, 0), rows["exchange_rate"])
    rows["sheet_cents"] = _on_sheet(books, rows)
    by_sheet = rows["foreign"] & rows["sheet_cents"].notna()
    rows["unrated"] = ~by_sheet & ~rated
    rows["missing"] = ~by_sheet & ~(rated & rows["balance_cents"].notna())
    return rows


def _rates(books: Books, rows: pd.DataFrame) -> pd.Series:
    """Return the rate of each foreign account, home units per unit of its currency as text, None if none is known.

    QuickBooks' own goes before any seen on a document; of each the newest dated by the as-of date.
    """
    wanted = rows.loc[rows["foreign"], ["business_id", "currency"]]
    seen = books.rates
    seen = seen[seen["currency"].isin(wanted["currency"]) & seen["business_id"].isin(wanted["business_id"])]
    rates = books.dated(seen)
    rates = rates[pd.to_datetime(rates["txn_date"]) <= rates["as_of"]].sort_values(["quoted", "txn_date"])
    keys = ["business_id", "currency"]
    newest = rates.drop_duplicates(keys, keep="last").set_index(keys)["exchange_rate"]
    rate = newest.reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy()
    return pd.Series(rate, index=rows.index, dtype="object").where(rows["foreign"], None)


def _on_sheet(books: Books, rows: pd.DataFrame) -> pd.Series:
    """Return each account's amount on its client's base sheet (Int64); one that is not listed there is 0.

    A foreign account with a balance of its own is listed wherever it is known: if it is not, it is NA.
    """
    keys = pd.MultiIndex.from_frame(rows[["business_id", "account_id"]])
    amounts = pd.Series(books.base_amounts.reindex(keys).to_numpy(), index=rows.index).astype("Int64")
    with_sheet = rows["business_id"].isin(books.base_sheets["business_id"])
    nothing = ~rows["foreign"] | rows["balance_cents"].eq(0).fillna(False).astype("bool")
    return amounts.mask(amounts.isna() & with_sheet & nothing, 0)
