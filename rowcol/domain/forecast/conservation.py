"""That nothing open is lost: what is placed, beyond and excluded adds up to open A/R and A/P."""

import pandas as pd

from rowcol.domain.forecast.result import BEYOND, EXCLUDED, PAYMENTS, PLACED, RECEIPTS
from rowcol.domain.open_items import AP, AR

SIDES = {RECEIPTS: (AR, 1), PAYMENTS: (AP, -1)}
TOTAL = "total"
ORDER = {PLACED: 0, BEYOND: 1, EXCLUDED: 2, TOTAL: 3}


def conservation(items: pd.DataFrame, open_items: pd.DataFrame) -> pd.DataFrame:
    """Return what became of one client's open A/R and A/P: side, state, reason, items (count), amount_cents, open_cents.

    For each side a row for placed, beyond and each reason for exclusion, then a `total` with the open amount net of
    credits beside it (`open_cents`, NA in the other rows): the two are equal. Amounts are positive where owed, on
    both sides. `open_items` as `aged` gives them.
    """
    parts = [_side(items, open_items, line) for line in SIDES]
    return pd.concat(parts, ignore_index=True)


def _side(items: pd.DataFrame, open_items: pd.DataFrame, line: str) -> pd.DataFrame:
    side, sign = SIDES[line]
    mine = items[items["line"] == line]
    groups = mine.assign(amount_cents=mine["amount_cents"] * sign).groupby(["state", "reason"])[
        "amount_cents"
    ]
    rows = groups.agg(items="size", amount_cents="sum").reset_index()
    rows = rows.sort_values("state", key=lambda state: state.map(ORDER), kind="stable")
    owed = open_items["amount_cents"][open_items["side"] == side].sum()
    total = {"state": TOTAL, "reason": "", "items": len(mine), "amount_cents": rows["amount_cents"].sum()}
    rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True).assign(side=side)
    rows["open_cents"] = pd.Series(owed, index=rows.index, dtype="Int64").where(rows["state"] == TOTAL)
    whole = rows.astype({"items": "int64", "amount_cents": "int64"})
    return whole[["side", "state", "reason", "items", "amount_cents", "open_cents"]]
