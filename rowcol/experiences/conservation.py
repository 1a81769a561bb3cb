"""Everything open is placed, beyond 13 weeks, or excluded with its reason: the forecast's own proof."""

import pandas as pd

from rowcol.domain.forecast.record import BEYOND, EXCLUDED, PAYMENTS, PLACED, RECEIPTS

SIDES = {RECEIPTS: "A/R", PAYMENTS: "A/P"}
COLUMNS = ["side", "state", "reason", "items", "amount_cents"]
_ORDER = {PLACED: 0, BEYOND: 1, EXCLUDED: 2}


def conservation(items: pd.DataFrame) -> pd.DataFrame:
    """Return side (`A/R`, `A/P`), state, reason, items (count), amount_cents (what is owed positive).

    The rows add up to open A/R and A/P. `items` of one client, as `Forecast.items`
    has them; credits left over are excluded with a negative amount.
    """
    mine = items[items["line"].isin(SIDES)]
    owed = mine["amount_cents"].where(mine["line"] == RECEIPTS, -mine["amount_cents"])
    rows = mine.assign(side=mine["line"].map(SIDES), owed=owed)
    sums = rows.groupby(["side", "state", "reason"]).agg(items=("owed", "size"), amount_cents=("owed", "sum"))
    found = sums.reset_index()
    found = found.assign(first=(found["side"] != "A/R").astype("int64"), order=found["state"].map(_ORDER))
    return found.sort_values(["first", "order", "reason"], ignore_index=True)[COLUMNS]
