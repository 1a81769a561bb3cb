"""Which open bills and invoices are ready for a decision. Source: docs/definitions.md, Where a record goes."""

import pandas as pd

COLLECT_AFTER_DAYS = 30
URGENT_DAYS, UPCOMING_DAYS = 7, 30
READY_COLUMNS = [
    "business_id", "entity", "qbo_id", "doc_number", "party_id", "party_name", "txn_date", "due_date",
    "days_past_due", "balance_cents",
]  # fmt: skip
_RECORD = ["business_id", "entity", "qbo_id"]


def payment_ready(netted: pd.DataFrame, blocked: pd.DataFrame) -> pd.DataFrame:
    """Return the payment-ready bills (`READY_COLUMNS` and `group`), the earliest due first.

    `netted` are open documents after netting, `blocked` names those with a blocking finding (business_id, entity,
    qbo_id). `balance_cents` is after netting; `group` is overdue, urgent (due within 7 days), upcoming or later.
    """
    rows = _ready(netted[netted["entity"] == "Bill"], blocked)
    ahead = -rows["days_past_due"]
    group = pd.Series("later", index=rows.index, dtype="object")
    group[(ahead <= UPCOMING_DAYS).fillna(False)] = "upcoming"
    group[(ahead <= URGENT_DAYS).fillna(False)] = "urgent"
    group[(ahead < 0).fillna(False)] = "overdue"
    return rows.assign(group=group)


def collections_ready(netted: pd.DataFrame, blocked: pd.DataFrame) -> pd.DataFrame:
    """Return the collections-ready invoices (`READY_COLUMNS`), the longest overdue first: 30 or more days past due."""
    rows = _ready(netted[netted["entity"] == "Invoice"], blocked)
    return rows[(rows["days_past_due"] >= COLLECT_AFTER_DAYS).fillna(False)].reset_index(drop=True)


def _ready(documents: pd.DataFrame, blocked: pd.DataFrame) -> pd.DataFrame:
    wanted = documents["netted_cents"] > 0
    if not blocked.empty:
        held_back = pd.MultiIndex.from_frame(blocked[_RECORD])
        wanted &= ~pd.MultiIndex.from_frame(documents[_RECORD]).isin(held_back)
    rows = documents[wanted].assign(balance_cents=lambda rows: rows["netted_cents"])
    order = rows.sort_values(["business_id", "due_date", "qbo_id"], na_position="last", ignore_index=True)
    return order[READY_COLUMNS]
