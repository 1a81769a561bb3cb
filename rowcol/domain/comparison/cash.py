"""Why cash is not what it was: each movement by its cause, and what no movement explains.

For each account that counts as cash now: balance now - balance then = movements dated after the first day, up to
the second + what was entered since with an earlier date + what was changed or deleted of the past + the rest, which
no record shows. Accounts that counted only then leave with what they held.
"""

from dataclasses import dataclass

import pandas as pd

from rowcol.domain.account_classes import KINDS
from rowcol.domain.books import DOCUMENT
from rowcol.domain.comparison.snapshot import Snapshot

COUNTED, CORRECTED, LATE = "counted", "corrected", "late"
RECEIPTS, VENDORS, OTHER_IN, OTHER_OUT = "receipts", "vendors", "other_in", "other_out"
FINANCING, INVESTING, SET_ASIDE, INTERNAL = "financing", "investing", "set_aside", "internal"
UNLISTED, RATES = "unlisted", "rates"
"""The causes of a movement that is neither settlement nor operating are called as its kind is."""
CASH_CAUSES = {
    COUNTED: "Accounts counted or left out",
    CORRECTED: "Past records changed or deleted",
    LATE: "Entered late, dated before",
    RECEIPTS: "Received from customers",
    VENDORS: "Paid to vendors",
    OTHER_IN: "Other money in",
    OTHER_OUT: "Other money out",
    FINANCING: "Owners and lenders",
    INVESTING: "Equipment and other assets",
    SET_ASIDE: "Set aside in accounts left out",
    INTERNAL: "Transfers between accounts",
    UNLISTED: "Not listed by QuickBooks",
    RATES: "Exchange rates, foreign accounts",
}
"""Cause -> its words, in the order the causes are shown and taken."""
_DETAILS = ["txn_date", "party_kind", "party_id", "party_name"]
CAUSE_COLUMNS = {
    **dict.fromkeys(["business_id", "cause", "account_id", "entity", "qbo_id"], "object"), "txn_date": "datetime64[us]",
    **dict.fromkeys(_DETAILS[1:], "object"), "amount_cents": "int64",
}  # fmt: skip
_SOLD = ("SalesReceipt", "RefundReceipt")
_ACCOUNT = ["business_id", "account_id"]
_PIECE = ["business_id", "cause", "account_id", "entity", "qbo_id"]


@dataclass(frozen=True)
class PeriodMovements:
    """Bank movements (`MOVEMENT_COLUMNS`) that make up a period, and which documents were touched in it.

    `now`: as known at the second moment, at least those dated after the first day. `touched_then`, `touched_now`:
    of the documents that changed between the moments, as they were and as they are, of any date. `existed`
    (`DOCUMENT`): those that were there at the first moment.
    """

    now: pd.DataFrame
    touched_then: pd.DataFrame
    touched_now: pd.DataFrame
    existed: pd.DataFrame


def cash_causes(first: Snapshot, second: Snapshot, movements: PeriodMovements) -> pd.DataFrame:
    """Return why cash changed, piece by piece (`CAUSE_COLUMNS`, home cents); they add up to the difference exactly.

    One row a document, account and cause; what no record shows is a row of the account alone. Clients that stand
    in both are compared; the second day must not be before the first.
    """
    clients = first.figures.index.intersection(second.figures.index)
    days = pd.DataFrame(
        {"first": first.figures.loc[clients, "as_of"], "second": second.figures.loc[clients, "as_of"]}
    ).rename_axis("business_id")
    then = first.accounts[first.accounts["business_id"].isin(clients)]
    now = second.accounts[second.accounts["business_id"].isin(clients) & second.accounts["counted"]]
    accounts = now.merge(then, on=_ACCOUNT, how="left", suffixes=("", "_then"))
    recorded = _recorded(movements, days)
    recorded = recorded.merge(accounts[_ACCOUNT], on=_ACCOUNT)
    rows = pd.concat(
        [_left_or_joined(then, accounts), recorded, _rest(accounts, recorded)], ignore_index=True
    )
    rows = rows.reindex(columns=list(CAUSE_COLUMNS)).astype(CAUSE_COLUMNS)
    return rows[rows["amount_cents"] != 0].reset_index(drop=True)


def _recorded(movements: PeriodMovements, days: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces that records show, of every account."""
    now, entered, then = (
        _dated(frame, days) for frame in (movements.now, movements.touched_now, movements.touched_then)
    )
    known = pd.MultiIndex.from_frame(movements.existed[DOCUMENT])
    new = ~pd.MultiIndex.from_frame(entered[DOCUMENT]).isin(known)
    of_the_day = entered["on"] == entered["first"]
    past = entered["on"] <= entered["first"]
    period = [now[(now["on"] > now["first"]) & (now["on"] <= now["second"])], entered[new & of_the_day]]
    gone = then[then["on"] <= then["first"]]
    pieces = [
        *(_by_kind(rows) for rows in period),
        entered[new & past & ~of_the_day].assign(cause=LATE),
        entered[~new & past].assign(cause=CORRECTED),
        gone.assign(cause=CORRECTED, amount_cents=-gone["amount_cents"]),
    ]
    columns = [*_PIECE, *_DETAILS, "amount_cents"]
    rows = pd.concat([piece[columns] for piece in pieces], ignore_index=True)
    details = dict.fromkeys(_DETAILS, "first")
    return rows.groupby(_PIECE, as_index=False).agg({**details, "amount_cents": "sum"})


def _dated(movements: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    return movements.assign(on=pd.to_datetime(movements["txn_date"])).merge(
        days.reset_index(), on="business_id"
    )


def _by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """Split movements by what their other side is, and name the cause of each part."""
    parts = [rows.assign(kind=kind, amount_cents=rows[f"{kind}_cents"]) for kind in KINDS]
    split = pd.concat(parts, ignore_index=True)
    split = split[split["amount_cents"] != 0]
    comes = split["amount_cents"] > 0
    settled = comes.map({True: RECEIPTS, False: VENDORS})
    settled = settled.mask(split["party_kind"] == "Customer", RECEIPTS).mask(
        split["party_kind"] == "Vendor", VENDORS
    )
    run = comes.map({True: OTHER_IN, False: OTHER_OUT}).mask(split["entity"].isin(_SOLD), RECEIPTS)
    cause = split["kind"].mask(split["kind"] == "settlement", settled).mask(split["kind"] == "operating", run)
    return split.assign(cause=cause)


def _left_or_joined(then: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return what accounts held then that count only then, or only now."""
    counted = then[then["counted"]]
    stays = pd.MultiIndex.from_frame(counted[_ACCOUNT]).isin(pd.MultiIndex.from_frame(accounts[_ACCOUNT]))
    left = counted[~stays].assign(amount_cents=lambda rows: -rows["balance_cents"])
    joined = accounts[accounts["counted_then"].eq(False).fillna(False).astype("bool")]
    joined = joined.assign(amount_cents=joined["balance_cents_then"])
    return pd.concat([left, joined])[[*_ACCOUNT, "amount_cents"]].assign(cause=COUNTED)


def _rest(accounts: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Return what of each account's change no record shows."""
    shown = recorded.groupby(_ACCOUNT)["amount_cents"].sum().rename("shown").reset_index()
    rows = accounts.merge(shown, on=_ACCOUNT, how="left")
    was, known = rows["balance_cents_then"].fillna(0), rows["shown"].fillna(0)
    rows["amount_cents"] = (rows["balance_cents"] - was - known).astype("int64")
    cause = (
        rows["foreign"].map({True: RATES, False: UNLISTED}).mask(rows["balance_cents_then"].isna(), COUNTED)
    )
    return rows.assign(cause=cause)[[*_ACCOUNT, "cause", "amount_cents"]]
