"""What is invoiced and bought from now on: how much of it reaches the bank, and what stands for it already.

Source: docs/definitions.md, 13-week forecast (new business).
"""

import numpy as np
import pandas as pd

from rowcol.domain.account_classes import counted_accounts
from rowcol.domain.books import CREDIT_CARD, UNDEPOSITED_FUNDS, Books
from rowcol.domain.forecast.days import Cents, InAndOut, spread, taken_off, within
from rowcol.domain.forecast.result import PAYMENTS, PLACED, RECEIPTS
from rowcol.domain.payment_habits import PaymentHabits

TRAILING_DAYS = 180
NEW_BUSINESS_COLUMNS = [
    "sales_cents", "bought_cents", "receive_after", "pay_after", "sales_ahead_cents", "bought_ahead_cents",
    "settled_in_cents", "counted_in_cents", "everyday_in_cents", "settled_out_cents", "counted_out_cents",
    "everyday_out_cents",
]  # fmt: skip
_SIDES = {"ar": "in", "ap": "out"}
_LINES = {"in": ("Invoice", RECEIPTS), "out": ("Bill", PAYMENTS)}
_KEYS = ["business_id", "account_id"]


def new_business_sums(
    charges: pd.DataFrame,
    figures: pd.DataFrame,
    ways: pd.DataFrame,
    recurring: pd.DataFrame,
    habits: PaymentHabits,
) -> pd.DataFrame:
    """Return `NEW_BUSINESS_COLUMNS` but for what is entered ahead, per client (index as `figures`).

    `sales_cents`: invoices less credit memos dated in the window, not below 0; `bought_cents`: bills less vendor credits
    likewise, without those of vendors whose payments recur. Of both A / B is spread (`ways_of_settling`). `receive_after`,
    `pay_after`: median days to pay. `charges` as the store's daily
    read, `ways` as `ways_of_settling`, `recurring` as `series`.
    """
    dated = within(charges, "txn_date", figures)
    left_out = dated["entity"].isin(["Bill", "VendorCredit"]) & _recurs(dated, recurring)
    sums = dated[~left_out].groupby(["business_id", "entity"])["total_cents"].sum().unstack(fill_value=0)
    sums = sums.reindex(figures.index, columns=["Invoice", "CreditMemo", "Bill", "VendorCredit"]).fillna(0)
    ways = ways.reindex(figures.index).fillna(0).astype("int64")
    learned = habits.clients.set_index("business_id").reindex(figures.index)
    return ways[[name for name in NEW_BUSINESS_COLUMNS if name in ways]].assign(
        sales_cents=(sums["Invoice"] - sums["CreditMemo"]).clip(lower=0).astype("int64"),
        bought_cents=(sums["Bill"] - sums["VendorCredit"]).clip(lower=0).astype("int64"),
        receive_after=learned["days_to_pay"].clip(lower=0),
        pay_after=learned["bill_days_to_pay"].clip(lower=0),
    )


def ways_of_settling(books: Books, settled: pd.DataFrame) -> pd.DataFrame:
    """Return how invoices (in) and bills (out) were settled in the trailing 180 days, per client, in home cents.

    Columns, each for `in` and `out`: settled_*_cents (B: taken off them, credit memos and vendor credits aside),
    counted_*_cents (A: the part by money put into or taken from a bank account that counts, or Undeposited Funds),
    everyday_*_cents (C: the part through a credit card or another current asset: these are in the baseline).
    `settled` as `settled_by_account` returns it.
    """
    rows = books.dated(settled)
    age = (rows["as_of"] - pd.to_datetime(rows["on_day"])).dt.days
    rows = rows[(age >= 0) & (age <= TRAILING_DAYS)]
    rows = rows.groupby(["side", *_KEYS])["cents"].sum().reset_index()
    kinds = books.accounts[[*_KEYS, "account_type", "account_sub_type"]].assign(
        counted=counted_accounts(books)
    )
    rows = rows.merge(kinds, on=_KEYS, how="left")
    funds = (rows["account_sub_type"] == UNDEPOSITED_FUNDS) | (
        (rows["account_id"] == "") & (rows["side"] == "ar")
    )
    asset = (rows["account_type"] == "Other Current Asset") & ~funds
    cents = rows["cents"]
    parts = {
        "settled": cents,
        "counted": cents.where(rows["counted"].eq(True) | funds, 0),
        "everyday": cents.where((rows["account_type"] == CREDIT_CARD) | asset, 0),
    }
    sums = pd.DataFrame(parts).groupby([rows["business_id"], rows["side"]]).sum().clip(lower=0)
    for name in ("counted", "everyday"):
        sums[name] = sums[name].where(sums[name] < sums["settled"], sums["settled"])
    wide = sums.unstack("side")
    columns = {
        f"{name}_{way}_cents": wide.get((name, side), 0) for name in parts for side, way in _SIDES.items()
    }
    return pd.DataFrame(columns, index=books.clients["business_id"]).fillna(0).astype("int64")


def entered_documents(books: Books, recurring: pd.DataFrame) -> pd.DataFrame:
    """Return sales_ahead_cents and bought_ahead_cents per client: the totals of invoices and bills entered ahead.

    Those of vendors whose payments recur are left out, as they are of new business.
    """
    documents = books.dated(books.open_documents)
    documents = documents[books.entered_ahead(documents)]
    sold = documents[documents["entity"] == "Invoice"]
    bought = documents[documents["entity"] == "Bill"]
    bought = bought[~_recurs(bought, recurring)]
    sums = {
        name: rows.groupby("business_id")["total_cents"].sum().clip(lower=0)
        for name, rows in (("sales_ahead_cents", sold), ("bought_ahead_cents", bought))
    }
    return pd.DataFrame(sums).fillna(0).astype("int64")


def _recurs(rows: pd.DataFrame, recurring: pd.DataFrame) -> pd.Series:
    """Return which rows (business_id, party_id) are of a vendor to whom payments recur (`series`)."""
    keys = ["business_id", "party_id"]
    vendors = recurring.loc[recurring["party_kind"] == "Vendor", keys]
    recurs = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(vendors))
    return pd.Series(recurs, index=rows.index, dtype="bool")


def new_business(clients: pd.DataFrame, *, on: bool = True) -> InAndOut:
    """Return new business by day: spread, then what is entered ahead is taken off; nothing if it is not `on`.

    After k days the sum x A / B x k / days is reached, rounded half up once: exact, however large the products are.
    """
    days = _whole(clients, "days").astype(object)
    parts = []
    for cents, lag, ahead, way in (
        ("sales_cents", "receive_after", "sales_ahead_cents", "in"),
        ("bought_cents", "pay_after", "bought_ahead_cents", "out"),
    ):
        settled, counted = _whole(clients, f"settled_{way}_cents"), _whole(clients, f"counted_{way}_cents")
        part, whole = np.where(settled == 0, 1, counted), np.where(settled == 0, 1, settled)
        totals = _whole(clients, cents).astype(object) * part * on
        daily = spread(totals, days * whole, _whole(clients, lag))
        parts.append(daily - taken_off(daily, _whole(clients, ahead)))
    return parts[0], parts[1]


def without_placed(everyday: InAndOut, clients: pd.DataFrame, items: pd.DataFrame) -> InAndOut:
    """Return everyday money in and out less k x the open invoices and bills placed, the earliest day first.

    What is dated after the as-of date is not open.

    k = C / B (see `ways_of_settling`): that part of them is settled by money that is in the baseline already. The sum
    placed is multiplied and rounded half up once.
    """
    left = []
    for daily, (way, (entity, line)) in zip(everyday, _LINES.items(), strict=True):
        settled, part = _whole(clients, f"settled_{way}_cents"), clients[f"everyday_{way}_cents"]
        if not part.any():
            left.append(daily)
            continue
        placed = items[(items["state"] == PLACED) & (items["line"] == line) & (items["entity"] == entity)]
        sums = placed.groupby("business_id")["amount_cents"].sum().abs()
        sums = clients["business_id"].map(sums).fillna(0).astype("int64")
        off = _shares(sums, part, pd.Series(np.maximum(settled, 1), index=clients.index))
        left.append(daily - taken_off(daily, off.to_numpy(dtype=np.int64)))
    return left[0], left[1]


def _shares(amounts: pd.Series, parts: pd.Series, wholes: pd.Series) -> pd.Series:
    """Return amount x part / whole of each row, rounded half up; exact, however large the product is."""
    rows = zip(amounts.tolist(), parts.tolist(), wholes.tolist(), strict=True)
    shares = [(2 * amount * part + whole) // (2 * whole) for amount, part, whole in rows]
    return pd.Series(shares, index=amounts.index, dtype="int64")


def _whole(clients: pd.DataFrame, column: str) -> Cents:
    return clients[column].to_numpy(dtype=np.int64)
