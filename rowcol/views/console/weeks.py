"""What a week of the forecast is made of: its items, and the everyday sums that have none."""

import pandas as pd

from rowcol.domain.forecast.result import (
    BOOKED,
    COMMITMENTS,
    DEBT_SERVICE,
    LATER_PAYMENTS,
    LATER_RECEIPTS,
    NOT_CLEARED,
    PAYMENTS,
    PLACED,
    RECEIPTS,
    RECURRING,
    SET_ASIDE,
    UNDEPOSITED,
    WHAT_IF,
    Forecast,
)

INVOICES, SALES, BILLS, DATED, EVERYDAY = PARTS = (
    "Open invoices", "Everyday and new sales", "Open bills", "Recurring and dated", "Everyday and new bills",
)  # fmt: skip
"""The parts of a week's bars."""
PART_COLUMNS = {
    INVOICES: ("receipts_cents",), SALES: ("baseline_in_cents", "new_business_in_cents"), BILLS: ("payments_cents",),
    DATED: ("recurring_out_cents", "debt_service_cents"), EVERYDAY: ("baseline_out_cents", "new_business_out_cents"),
}  # fmt: skip
"""Part -> the columns of the weeks it is the sum of."""
_LINE_PARTS = {
    RECEIPTS: INVOICES, LATER_RECEIPTS: INVOICES, UNDEPOSITED: INVOICES, PAYMENTS: BILLS, LATER_PAYMENTS: BILLS,
    NOT_CLEARED: BILLS, RECURRING: DATED, COMMITMENTS: DATED, DEBT_SERVICE: DATED, SET_ASIDE: DATED,
}  # fmt: skip
_SUMS = {
    "baseline_in_cents": (SALES, "everyday receipts", 1), "new_business_in_cents": (SALES, "new business", 1),
    "baseline_out_cents": (EVERYDAY, "everyday payments", -1), "new_business_out_cents": (EVERYDAY, "new bills", -1),
}  # fmt: skip
ITEM_COLUMNS = [
    "part", "line", "party", "doc_number", "due_on", "expected_on", "amount_cents", "basis", "entity", "qbo_id",
]  # fmt: skip


def week_items(forecast: Forecast, week: int) -> pd.DataFrame:
    """Return what one week (0 .. 12) of one client's forecast is made of (`ITEM_COLUMNS`), the largest first.

    Items placed in it, then a row for each sum that has no items; amounts signed, in is positive. They add up to the
    week's closing less its opening.
    """
    row = forecast.weeks.iloc[week]
    start, items = row["week_start"], forecast.items
    inside = (items["expected_on"] >= start) & (items["expected_on"] < start + pd.Timedelta(days=7))
    placed = items[(items["state"] == PLACED) & inside]
    by_sign = pd.Series(INVOICES, index=placed.index).where(placed["amount_cents"] > 0, BILLS)
    part = placed["line"].map(_LINE_PARTS).where(~placed["line"].isin((BOOKED, WHAT_IF)), by_sign)
    order = placed["amount_cents"].abs().sort_values(ascending=False, kind="stable").index
    item_rows: pd.DataFrame = placed.assign(part=part).loc[order, ITEM_COLUMNS]
    sums = [
        {
            "part": name,
            "line": words,
            "party": "",
            "amount_cents": sign * int(row[column]),
            "basis": "daily average",
        }
        for column, (name, words, sign) in _SUMS.items()
        if row[column]
    ]
    if not sums:
        return item_rows.reset_index(drop=True)
    averages: pd.DataFrame = (
        pd.DataFrame(sums).reindex(columns=ITEM_COLUMNS).astype(item_rows.dtypes.to_dict())
    )
    return pd.concat([item_rows, averages], ignore_index=True) if len(item_rows) else averages
