"""How long customers take, vendors wait, how well debts are collected. Source: docs/definitions.md, Working capital."""

from datetime import date, timedelta

import pandas as pd

from rowcol.domain.aging import aged, by_party, totals
from rowcol.domain.books import Books, in_home
from rowcol.domain.open_items import AR, hand_posted_lines
from rowcol.domain.reconstruct import History, books_at
from rowcol.domain.window import windows

SUMS = [
    "ar_cents", "current_ar_cents", "ap_cents", "credit_sales_cents", "bills_cents", "charges_cents",
    "settlements_cents", "opening_ar_cents", "largest_cents",
]  # fmt: skip
_READ = [name for name in SUMS if name != "opening_ar_cents"]
FIGURES = ["dso", "best_dso", "dpo", "cei", "concentration"]
COLUMNS = ["business_id", "day", "days", *SUMS, "largest_customer", *FIGURES]
MONTHS = 12


def working_capital(books: Books, items: pd.DataFrame, history: History) -> pd.DataFrame:
    """Return one row a client at its as-of date (`COLUMNS`); `items` are the aged open items of `books`.

    Sums in home cents; A/R and A/P net of credits, `current_ar_cents` the Current bucket. dso, best_dso and dpo in
    days, cei and concentration in per cent, all to one decimal, half up; NA if a denominator is 0 or below.
    `charges_cents` of the window are invoices and debits posted to A/R by hand, `settlements_cents` payments
    received, credit memos and credits posted by hand: opening A/R = A/R - charges + settlements.
    """
    window = windows(books.clients, books.first_dates).set_index("business_id")
    rows = window.join(totals(items)).join(_receivable(books, items)).join(_of_window(books, history, window))
    rows[_READ] = rows[_READ].fillna(0).astype("int64")
    rows["opening_ar_cents"] = rows["ar_cents"] - rows["charges_cents"] + rows["settlements_cents"]
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


def month_ends(as_of: date, months: int = MONTHS) -> list[date]:
    """Return the last days of N months before the as-of date's, oldest first, then the as-of date itself."""
    ends = [as_of]
    for _ in range(months):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def over_months(books: Books, history: History, movements: pd.DataFrame) -> pd.DataFrame:
    """Return `working_capital` of one client at each of `month_ends`, reconstructed from today's records.

    `movements` are the bank movements of `books`. Days before its first record are left out.
    """
    as_of, first = (
        books.clients["as_of"].iloc[0].date(),
        pd.to_datetime(books.first_dates["first_date"]).min(),
    )
    frames = []
    for day in month_ends(as_of):
        if pd.Timestamp(day) >= first:
            then = books_at(books, history, movements, day)
            frames.append(working_capital(then, aged(then), history))
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


def _of_window(books: Books, history: History, window: pd.DataFrame) -> pd.DataFrame:
    """Return credit_sales_cents, bills_cents, charges_cents and settlements_cents of each client's window."""
    documents = _inside(history.documents, window)
    posted = _inside(hand_posted_lines(books), window)
    posted = posted[posted["side"] == AR]
    by_hand = in_home(posted["open_cents"], posted["exchange_rate"])
    invoices, memos, payments, bills = (
        documents[documents["entity"] == entity].groupby("business_id")["total_cents"].sum()
        for entity in ("Invoice", "CreditMemo", "Payment", "Bill")
    )
    debits, credits = (
        by_hand[wanted].groupby(posted["business_id"][wanted]).sum() for wanted in (by_hand > 0, by_hand < 0)
    )
    sums = pd.DataFrame(
        {
            "invoices": invoices, "memos": memos, "payments": payments, "bills_cents": bills, "debits": debits,
            "credits": credits,
        },
        index=window.index,
    )  # fmt: skip
    sums = sums.fillna(0).astype("int64")
    return pd.DataFrame(
        {
            "credit_sales_cents": sums["invoices"] - sums["memos"],
            "bills_cents": sums["bills_cents"],
            "charges_cents": sums["invoices"] + sums["debits"],
            "settlements_cents": sums["payments"] + sums["memos"] - sums["credits"],
        }
    )


def _inside(rows: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """Return the rows dated in their client's window, both ends included."""
    dated = rows.merge(window[["start", "end"]].reset_index(), on="business_id")
    days = pd.to_datetime(dated["txn_date"])
    return dated[(days >= dated["start"]) & (days <= dated["end"])]


def _ratio(over: pd.Series, under: pd.Series) -> pd.Series:
    """Return a quotient to one decimal, half up; NA if the denominator is not above 0."""
    tenths = (over.astype("Float64") * 10 / under.astype("Float64").where(under > 0)) + 0.5
    return tenths // 1 / 10
