"""What is still to be received and to be paid, item by item, after netting; and that the forecast loses none of it."""

import pandas as pd

from rowcol.domain.books import Names, named
from rowcol.domain.forecast.result import (
    BEYOND,
    CREDIT_BALANCE,
    EXCLUDED,
    ITEM_COLUMNS,
    PAYMENTS,
    PLACED,
    RECEIPTS,
    no_items,
)
from rowcol.domain.netting import DOCUMENTS, Netted
from rowcol.domain.open_items import AP, AR

CLAIM_COLUMNS = [
    "business_id", "side", "entity", "qbo_id", "doc_number", "party_kind", "party_id", "party", "due_on",
    "days_past_due", "amount_cents",
]  # fmt: skip


def claims(items: pd.DataFrame, netted: Netted, names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (what is open after netting, what is left of credits), each `CLAIM_COLUMNS`; together they sum to `items`.

    `items` as `aged` returns them, `netted` the same after netting, `names` as `listed_names`. The first, all
    positive: documents of which netting leaves something, and other positive rows, as if due on their TxnDate. The
    second, all negative: credits beyond a party's documents.
    """
    documents, credits = netted.documents, netted.credits
    documents = documents.assign(amount_cents=documents["netted_cents"])
    other_charges = items[~items["entity"].isin(DOCUMENTS) & (items["amount_cents"] > 0)]
    charges = pd.concat([documents[documents["amount_cents"] != 0], other_charges])
    left = credits.assign(amount_cents=credits["left_cents"])
    rows = pd.concat([charges, left[left["amount_cents"] != 0]], ignore_index=True)
    rows = rows.assign(party=named(rows, names), due_on=pd.to_datetime(rows["due_date"]))[CLAIM_COLUMNS]
    opened = rows["amount_cents"] > 0
    return rows[opened].reset_index(drop=True), rows[~opened].reset_index(drop=True)


def credit_items(left: pd.DataFrame, line: str, sign: int) -> pd.DataFrame:
    """Return credits left over as items excluded with their reason; `sign` -1 on the paying side."""
    if left.empty:
        return no_items()
    return left.assign(
        line=line, amount_cents=left["amount_cents"] * sign, state=EXCLUDED, reason=CREDIT_BALANCE, basis="",
    ).reindex(columns=list(ITEM_COLUMNS)).astype(ITEM_COLUMNS)  # fmt: skip


SIDES = {RECEIPTS: (AR, 1), PAYMENTS: (AP, -1)}
TOTAL = "total"
ORDER = {PLACED: 0, BEYOND: 1, EXCLUDED: 2, TOTAL: 3}


def conservation(items: pd.DataFrame, open_items: pd.DataFrame) -> pd.DataFrame:
    """Return what became of one client's open A/R and A/P: side, state, reason, items (count), amount_cents, open_cents.

    For each side a row for placed, beyond and each reason for exclusion, then a `total` with the open amount net of
    credits beside it (`open_cents`, NA in the other rows): the two are equal. Amounts are positive if owed, on
    both sides. `open_items` as `aged` gives them.
    """
    parts = [_side(items, open_items, line) for line in SIDES]
    return pd.concat(parts, ignore_index=True)


def _side(items: pd.DataFrame, open_items: pd.DataFrame, line: str) -> pd.DataFrame:
    side, sign = SIDES[line]
    side_items = items[items["line"] == line]
    groups = side_items.assign(amount_cents=side_items["amount_cents"] * sign).groupby(["state", "reason"])[
        "amount_cents"
    ]
    rows = groups.agg(items="size", amount_cents="sum").reset_index()
    rows = rows.sort_values("state", key=lambda state: state.map(ORDER), kind="stable")
    owed = open_items["amount_cents"][open_items["side"] == side].sum()
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
