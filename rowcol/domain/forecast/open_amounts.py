"""What is still to be received and to be paid, item by item, after netting; and that the forecast loses none of it."""

import pandas as pd

from rowcol.domain.books import Names, named
from rowcol.domain.forecast.result import (
    BEYOND,
    CREDIT_BALANCE,
    EXCLUDED,
    ITEM_COLUMNS,
    LATER_PAYMENTS,
    LATER_RECEIPTS,
    PAYMENTS,
    PLACED,
    RECEIPTS,
    no_items,
)
from rowcol.domain.netting import Netted
from rowcol.domain.open_items import AP, AR

CLAIM_COLUMNS = [
    "business_id", "side", "entity", "qbo_id", "doc_number", "party_kind", "party_id", "party", "txn_date", "due_on",
    "days_past_due", "amount_cents",
]  # fmt: skip


def claims(netted: Netted, names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (what is open after netting, what is left of credits), each `CLAIM_COLUMNS`; together they sum to the items.

    The first, all positive: charges of which netting leaves something, those that are no documents as if due on their
    TxnDate. The second, all negative: credits beyond a party's charges. `names` as `listed_names`.
    """
    charges = netted.charges.assign(amount_cents=netted.charges["netted_cents"])
    credits = netted.credits.assign(amount_cents=netted.credits["left_cents"])
    return _claimed(charges, names), _claimed(credits, names)


def _claimed(rows: pd.DataFrame, names: Names) -> pd.DataFrame:
    rows = rows[rows["amount_cents"] != 0].reset_index(drop=True)
    return rows.assign(party=named(rows, names), due_on=pd.to_datetime(rows["due_date"]))[CLAIM_COLUMNS]


def credit_items(left: pd.DataFrame) -> pd.DataFrame:
    """Return credits left over (`CLAIM_COLUMNS`, line) as items excluded with their reason; in the forecast's sign."""
    if left.empty:
        return no_items()
    cents = left["amount_cents"].where(left["side"] == AR, -left["amount_cents"])
    return left.assign(
        amount_cents=cents, state=EXCLUDED, reason=CREDIT_BALANCE, basis="",
    ).reindex(columns=list(ITEM_COLUMNS)).astype(ITEM_COLUMNS)  # fmt: skip


SIDES = {AR: ((RECEIPTS, LATER_RECEIPTS), 1), AP: ((PAYMENTS, LATER_PAYMENTS), -1)}
TOTAL = "total"
ORDER = {PLACED: 0, BEYOND: 1, EXCLUDED: 2, TOTAL: 3}


def conservation(items: pd.DataFrame, entered: pd.DataFrame) -> pd.DataFrame:
    """Return what became of one client's A/R and A/P: side, state, reason, items (count), amount_cents, open_cents.

    For each side a row for placed, beyond and each reason for exclusion, then a `total` with what is open beside it
    (`open_cents`, NA in the other rows): the two are equal. Open is A/R (A/P) at the as-of date, plus charges entered
    ahead, less payments and credits entered ahead. Amounts are positive if owed, on both sides. `entered` as
    `DerivedBooks` has it.
    """
    return pd.concat([_side(items, entered, side) for side in SIDES], ignore_index=True)


def _side(items: pd.DataFrame, entered: pd.DataFrame, side: str) -> pd.DataFrame:
    lines, sign = SIDES[side]
    side_items = items[items["line"].isin(lines)]
    groups = side_items.assign(amount_cents=side_items["amount_cents"] * sign).groupby(["state", "reason"])[
        "amount_cents"
    ]
    rows = groups.agg(items="size", amount_cents="sum").reset_index()
    rows = rows.sort_values("state", key=lambda state: state.map(ORDER), kind="stable")
    owed = entered["amount_cents"][entered["side"] == side].sum()
    total = {
        "state": TOTAL,
        "reason": "",
        "items": len(side_items),
        "amount_cents": rows["amount_cents"].sum(),
    }
    rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True).assign(side=side)
    rows["open_cents"] = pd.Series(owed, index=rows.index, dtype="Int64").where(rows["state"] == TOTAL)
    whole = rows.astype({"items": "int64", "amount_cents": "int64"})
    return whole[["side", "state", "reason", "items", "amount_cents", "open_cents"]]
