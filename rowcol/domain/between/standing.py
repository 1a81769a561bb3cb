"""Where clients stood at a moment: what a comparison with another moment is made from, and what a call keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.domain.bank import unlisted
from rowcol.domain.books import Books
from rowcol.domain.burn import operating
from rowcol.domain.cash import bank_accounts
from rowcol.domain.window import windows

PARTS = (
    "vendors_out_cents", "other_out_cents", "unlisted_out_cents",
    "customers_in_cents", "other_in_cents", "unlisted_in_cents",
)  # fmt: skip
"""What the operating flows of the window are made of; the first three add up to the outflow, the rest to the inflow."""
MONEY = ("cash_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents", "reserve_cents")
ACCOUNT_COLUMNS = {
    "business_id": "object", "account_id": "object", "name": "object", "balance_cents": "int64", "counted": "bool",
    "foreign": "bool",
}  # fmt: skip
FINDING_COLUMNS = {
    "business_id": "object", "code": "object", "entity": "object", "qbo_id": "object", "party": "object",
    "amount_cents": "int64", "message": "object",
}  # fmt: skip
FIGURE_COLUMNS = {
    "as_of": "datetime64[us]", **dict.fromkeys(MONEY, "int64"), "days": "int64", **dict.fromkeys(PARTS, "int64"),
    "buffer_days": "Int64", "net_burn_runway_days": "Int64", "cash_out_on": "datetime64[us]", "status": "object",
}  # fmt: skip


_DAYS = ("as_of", "cash_out_on")


@dataclass(frozen=True)
class Standing:
    """The figures, bank accounts and findings of some clients, each as of its day and as known at one moment.

    `figures` (index business_id): `FIGURE_COLUMNS`; days is the window's divisor, cash_out_on NaT: beyond 13
    weeks. `accounts`: `ACCOUNT_COLUMNS`, active
    Bank accounts in home cents; counted: in cash; foreign: of another currency. `findings`: `FINDING_COLUMNS`.
    """

    figures: pd.DataFrame
    accounts: pd.DataFrame
    findings: pd.DataFrame

    def of(self, business_id: str) -> "Standing":
        """Return one client's standing."""
        return Standing(
            self.figures[self.figures.index == business_id],
            self.accounts[self.accounts["business_id"] == business_id],
            self.findings[self.findings["business_id"] == business_id],
        )


def standing(books: Books, moved: pd.DataFrame, figures: pd.DataFrame, findings: pd.DataFrame) -> Standing:
    """Return where the clients of some books stand, from their movements, figures and findings."""
    parts = flow_parts(books, moved)
    rows = figures.drop(columns=list(PARTS), errors="ignore").join(parts)
    accounts = bank_accounts(books, moved)
    home = accounts["business_id"].map(books.clients.set_index("business_id")["currency"])
    accounts = accounts.assign(
        counted=~accounts["excluded"].astype("bool"), foreign=accounts["currency"] != home
    )
    return Standing(
        _typed(rows, FIGURE_COLUMNS), _typed(accounts, ACCOUNT_COLUMNS), _typed(findings, FINDING_COLUMNS)
    )


def flow_parts(books: Books, moved: pd.DataFrame) -> pd.DataFrame:
    """Return each client's operating flows in its window by what they are (`PARTS`, positive), indexed by business_id.

    They add up to the outflow and inflow of `burn`: each movement counts whole, by its own sign; as settled with a
    vendor or customer where that is the larger part of it.
    """
    window = windows(books.clients, books.first_dates)
    inside = moved.merge(window, on="business_id")
    dates = pd.to_datetime(inside["txn_date"])
    inside = inside[(dates >= inside["start"]) & (dates <= inside["end"])]
    settled = inside["settlement_cents"].abs() > inside["operating_cents"].abs()
    listed = pd.DataFrame({"business_id": inside["business_id"], "cents": operating(inside)})
    listed["out"] = settled.map({True: PARTS[0], False: PARTS[1]})
    listed["in"] = settled.map({True: PARTS[3], False: PARTS[4]})
    hidden = unlisted(books, moved, window).rename(columns={"amount_cents": "cents"})
    flows = pd.concat([listed, hidden[["business_id", "cents"]].assign(out=PARTS[2], **{"in": PARTS[5]})])
    flows["part"] = flows["out"].where(flows["cents"] < 0, flows["in"])
    sums = flows.assign(cents=flows["cents"].abs()).groupby(["business_id", "part"])["cents"].sum().unstack()
    index = pd.Index(books.clients["business_id"], name="business_id")
    return sums.reindex(index=index, columns=list(PARTS)).fillna(0).astype("int64")


def content(held: Standing, business_id: str) -> dict[str, Any]:
    """Return one client's standing as plain values, for a call to keep."""
    mine = held.of(business_id)
    (figures,) = mine.figures.to_dict("records")
    plain = {name: None if pd.isna(value) else value for name, value in figures.items()}
    days = {name: day.date().isoformat() for name in _DAYS if (day := plain[name]) is not None}
    return {
        "figures": {**plain, **days},
        "accounts": mine.accounts.drop(columns="business_id").to_dict("records"),
        "findings": mine.findings.drop(columns="business_id").to_dict("records"),
    }


def from_content(kept: Mapping[str, Mapping[str, Any]]) -> Standing:
    """Return the standing of business_id -> what its call kept; fields an older call lacks count as nothing."""
    figures = [{"business_id": business_id, **one["figures"]} for business_id, one in kept.items()]
    rows = pd.DataFrame(figures, columns=["business_id", *FIGURE_COLUMNS], dtype="object")
    rows = rows.assign(**{name: pd.to_datetime(rows[name]) for name in _DAYS})
    lacking = [*MONEY, "days", *PARTS]
    rows = rows.assign(**{name: rows[name].fillna(0) for name in lacking}).set_index("business_id")
    return Standing(
        _typed(rows, FIGURE_COLUMNS),
        _typed(_listed(kept, "accounts", ACCOUNT_COLUMNS), ACCOUNT_COLUMNS),
        _typed(_listed(kept, "findings", FINDING_COLUMNS), FINDING_COLUMNS),
    )


def together(parts: list[Standing]) -> Standing:
    """Return the standings of different clients as one."""
    if not parts:
        return from_content({})
    return Standing(
        *(pd.concat([getattr(one, name) for one in parts]) for name in ("figures", "accounts", "findings"))
    )


def _listed(kept: Mapping[str, Mapping[str, Any]], what: str, columns: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {**row, "business_id": business_id} for business_id, one in kept.items() for row in one.get(what, ())
    ]
    return pd.DataFrame(rows, columns=list(columns), dtype="object")


def _typed(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    return rows[list(columns)].astype(dict(columns))
