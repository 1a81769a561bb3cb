"""Accounts' balances in home cents, at the newest rate known. Source: docs/definitions.md, Documents (home amount)."""

import pandas as pd

from rowcol.domain.books import Books, in_home


def priced(books: Books, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return accounts of `books` with their CurrentBalance in home cents, at the newest rate known by the as-of date.

    Added: as_of, foreign (bool), missing (no balance was sent, or no rate is known) and book_cents (home, 0 if missing);
    `currency` is never absent.
    """
    rows = books.dated(accounts)
    home = rows["business_id"].map(books.clients.set_index("business_id")["currency"])
    rows["currency"] = rows["currency"].fillna(home)
    rows["foreign"] = rows["currency"] != home
    if not rows["foreign"].any():
        rows["missing"] = rows["balance_cents"].isna()
        rows["book_cents"] = rows["balance_cents"].fillna(0).astype("int64")
        return rows
    rates = books.dated(books.rates)
    rates = rates[pd.to_datetime(rates["txn_date"]) <= rates["as_of"]].sort_values("txn_date")
    newest = rates.drop_duplicates(["business_id", "currency"], keep="last")[
        ["business_id", "currency", "exchange_rate"]
    ]
    rows = rows.merge(newest, on=["business_id", "currency"], how="left")
    rows["missing"] = rows["balance_cents"].isna() | (rows["foreign"] & rows["exchange_rate"].isna())
    known = rows["balance_cents"].where(~rows["missing"], 0).astype("int64")
    rows["book_cents"] = in_home(known, rows["exchange_rate"].where(rows["foreign"], None))
    return rows
