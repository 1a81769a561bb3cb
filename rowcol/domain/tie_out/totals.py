"""Our totals held against QuickBooks' own reports. Source: docs/definitions.md, Tie-out."""

from collections.abc import Mapping

import pandas as pd

from rowcol.domain.aging import aged, by_party
from rowcol.domain.books import Books
from rowcol.domain.cash import bank_accounts, held_accounts
from rowcol.domain.open_items import AP, AR

BANK = "bank"
SUBJECTS = {AP: "AgedPayables", AR: "AgedReceivables", BANK: "BalanceSheet"}
"""What is held against which report."""
ROW_COLUMNS = ["subject", "party_id", "party", "ours_cents", "qbo_cents"]


def differences(books: Books, reported: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one client's totals beside QuickBooks' own (`ROW_COLUMNS`), equal ones included.

    `reported`: subject -> subject_id, label, amount_cents of the as-of date's report. Of the balance sheet the
    active Bank accounts count.
    """
    items = aged(books)
    accounts = bank_accounts(books, held_accounts(books))
    sheet = reported[BANK]
    return pd.concat(
        [
            compare(AP, party_totals(items, books.parties, AP), reported[AP]),
            compare(AR, party_totals(items, books.parties, AR), reported[AR]),
            compare(BANK, bank_totals(accounts), sheet[sheet["subject_id"].isin(accounts["account_id"])]),
        ],
        ignore_index=True,
    )


def compare(subject: str, ours: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """Return one row a party or account (`ROW_COLUMNS`); absent on one side counts as zero there.

    `ours`: id (None for no name), label, amount_cents. `reported`: subject_id, label, amount_cents. A party with an id
    is matched by it, the rest together by having none.
    """
    our_totals = (
        ours.assign(key=ours["id"].fillna(""))
        .groupby("key")
        .agg(party=("label", "first"), ours=("amount_cents", "sum"))
    )
    theirs = reported.assign(key=reported["subject_id"].fillna("")).groupby("key")
    joined = our_totals.join(
        theirs.agg(named=("label", "first"), theirs=("amount_cents", "sum")), how="outer"
    ).reset_index()
    return pd.DataFrame(
        {
            "subject": subject,
            "party_id": joined["key"].astype("object").where(joined["key"] != "", None),
            "party": joined["party"].fillna(joined["named"]).fillna("No name"),
            "ours_cents": joined["ours"].fillna(0).astype("int64"),
            "qbo_cents": joined["theirs"].fillna(0).astype("int64"),
        }
    )[ROW_COLUMNS]


def party_totals(items: pd.DataFrame, parties: pd.DataFrame, side: str) -> pd.DataFrame:
    """Return id, label, amount_cents of one client's parties, for `compare`."""
    rows = by_party(items, parties, side)
    return rows[["party_id", "party", "total_cents"]].set_axis(["id", "label", "amount_cents"], axis=1)


def bank_totals(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return id, label, amount_cents of one client's bank accounts, for `compare`."""
    return accounts[["account_id", "name", "balance_cents"]].set_axis(["id", "label", "amount_cents"], axis=1)


def checks_of_day(books: Books) -> pd.DataFrame:
    """Return the last checks (`Books.tie_outs`) of the clients whose figures they are about.

    A client as of its own today has its last check, whatever its day; as of another day only a check of that day.
    """
    checks = books.tie_outs
    other_days = books.clients[books.clients["as_of"] != books.clients["today"]]
    if other_days.empty or checks.empty:
        return checks
    as_of = checks["business_id"].map(other_days.set_index("business_id")["as_of"])
    return checks[as_of.isna() | (pd.to_datetime(checks["report_date"]) == as_of)].reset_index(drop=True)


def states(tie_outs: pd.DataFrame) -> dict[str, str]:
    """Return `tied` or `broken` of each client by its last check, `unchecked` if it was not whole.

    Clients without a check are not in it.
    """
    unreadable = set(tie_outs["business_id"][tie_outs["subject"] == "unreadable"])
    broken = set(tie_outs["business_id"][tie_outs["difference_cents"] != 0])
    return {
        business: "unchecked" if business in unreadable else "broken" if business in broken else "tied"
        for business in tie_outs["business_id"].unique()
    }


def state(tie_outs: pd.DataFrame, business_id: str) -> str:
    """Return one client's state (`states`), `unchecked` if there was no check."""
    return states(tie_outs).get(business_id, "unchecked")
