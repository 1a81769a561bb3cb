"""How long customers take, vendors wait, how well debts are collected. Source: docs/definitions.md, Working capital."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from rowcol.domain.aging import aged, by_party, totals
from rowcol.domain.books import Books
from rowcol.domain.open_items import AR, open_items
from rowcol.domain.window import WINDOW_DAYS, windows

SUMS = [
    "ar_cents", "current_ar_cents", "ap_cents", "credit_sales_cents", "bills_cents", "opening_ar_cents", "largest_cents",
]  # fmt: skip
FIGURES = ["dso", "best_dso", "dpo", "cei", "concentration"]
COLUMNS = ["business_id", "day", "days", *SUMS, "largest_customer", *FIGURES]
MONTHS = 12
LONGEST_MONTH = 31


def working_capital(books: Books, items: pd.DataFrame, charges: pd.DataFrame) -> pd.DataFrame:
    """Return one row a client at its as-of date (`COLUMNS`); `items` are the aged open items of `books`.

    Sums in home cents; A/R and A/P net of credits, `current_ar_cents` the Current bucket, `opening_ar_cents` the A/R of the
    day before the window: the books must have been read with `open_since` that far back, and `charges` (the store's
    daily read) too. dso, best_dso and dpo in days, cei and concentration in per cent, all to one decimal, half up; NA if
    a denominator is 0 or below.
    """
    window = windows(books.clients, books.first_dates).set_index("business_id")
    rows = window.join(totals(items)).join(_receivable(books, items)).join(_of_window(charges, window))
    rows["opening_ar_cents"] = _opening_ar(books, window)
    rows[SUMS] = rows[SUMS].fillna(0).astype("int64")
    turned, days = rows["credit_sales_cents"], rows["days"]
    owed = rows["opening_ar_cents"] + turned
    rows["dso"] = _ratio(rows["ar_cents"] * days, turned)
    rows["best_dso"] = _ratio(rows["current_ar_cents"] * days, turned)
    rows["dpo"] = _ratio(rows["ap_cents"] * days, rows["bills_cents"])
    rows["cei"] = _ratio((owed - rows["ar_cents"]) * 100, owed - rows["current_ar_cents"])
    rows["concentration"] = _ratio(rows["largest_cents"] * 100, rows["ar_cents"])
    rows["largest_customer"] = rows["largest_customer"].astype("object").where(rows["ar_cents"] > 0, None)
    rows["day"] = books.clients.set_index("business_id")["as_of"].reindex(rows.index)
    return rows.reset_index()[COLUMNS]


def reach_days() -> int:
    """Return how many days before the as-of date the books and charges of `over_months` must reach."""
    return MONTHS * LONGEST_MONTH + WINDOW_DAYS + 1


def month_ends(as_of: date, months: int = MONTHS) -> list[date]:
    """Return the last days of N months before the as-of date's, oldest first, then the as-of date itself."""
    ends = [as_of]
    for _ in range(months):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def over_months(books: Books, charges: pd.DataFrame) -> pd.DataFrame:
    """Return `working_capital` of one client at each of `month_ends`, reconstructed from today's records.

    Days before its first record are left out. Books and charges reach back `reach_days`.
    """
    as_of, first = (
        books.clients["as_of"].iloc[0].date(),
        pd.to_datetime(books.first_dates["first_date"]).min(),
    )
    frames = []
    for day in month_ends(as_of):
        if pd.Timestamp(day) >= first:
            then = books.at(day)
            frames.append(working_capital(then, aged(then), charges))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=COLUMNS)


def _receivable(books: Books, items: pd.DataFrame) -> pd.DataFrame:
    """Return current_ar_cents, largest_cents and largest_customer of each client, indexed by business_id."""
    current = items[(items["side"] == AR) & (items["bucket"] == "current_cents")]
    parties = by_party(items, books.parties, AR)
    named = parties[parties["party_id"].notna()].drop_duplicates("business_id").set_index("business_id")
    largest = named[["total_cents", "party"]].set_axis(["largest_cents", "largest_customer"], axis=1)
    return largest.join(
        current.groupby("business_id")["amount_cents"].sum().rename("current_ar_cents"), how="outer"
    )


def _opening_ar(books: Books, window: pd.DataFrame) -> pd.Series:
    """Return each client's A/R at the end of the day before its window."""
    before = books.clients["business_id"].map(window["start"]) - pd.Timedelta(days=1)
    items = open_items(replace(books, clients=books.clients.assign(as_of=before)))
    return items[items["side"] == AR].groupby("business_id")["amount_cents"].sum()


def _of_window(charges: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """Return credit_sales_cents and bills_cents of each client's window."""
    documents = _inside(charges, window)
    invoices, memos, bills = (
        documents[documents["entity"] == entity].groupby("business_id")["total_cents"].sum()
        for entity in ("Invoice", "CreditMemo", "Bill")
    )
    sums = pd.DataFrame({"invoices": invoices, "memos": memos, "bills_cents": bills}, index=window.index)
    sums = sums.fillna(0).astype("int64")
    return sums.assign(credit_sales_cents=sums["invoices"] - sums["memos"])[
        ["credit_sales_cents", "bills_cents"]
    ]


def _inside(rows: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """Return the rows dated in their client's window, both ends included."""
    dated = rows.merge(window[["start", "end"]].reset_index(), on="business_id")
    days = pd.to_datetime(dated["txn_date"])
    return dated[(days >= dated["start"]) & (days <= dated["end"])]


def _ratio(over: pd.Series, under: pd.Series) -> pd.Series:
    """Return a quotient to one decimal, half up; NA if the denominator is not above 0."""
    tenths = (over.astype("Float64") * 10 / under.astype("Float64").where(under > 0)) + 0.5
    return tenths // 1 / 10
