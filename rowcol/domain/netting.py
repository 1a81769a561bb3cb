"""Netting: a party's credits are applied to its open documents, the earliest due first.

Source: docs/definitions.md, Netting.
"""

import math
from dataclasses import dataclass

import pandas as pd

DOCUMENTS = ("Bill", "Invoice")
_PARTY = ["business_id", "side", "party_kind", "netting_id"]


@dataclass(frozen=True)
class Netted:
    """Open items after netting, in the order of the items.

    `documents`: the bills and invoices with `netted_cents`, what credits leave of each, 0 or more. `credits`: the
    negative items with `left_cents`, what no document took of each, 0 or less.
    """

    documents: pd.DataFrame
    credits: pd.DataFrame


def net(items: pd.DataFrame, parties: pd.DataFrame) -> Netted:
    """Apply the credits of each party to its open documents.

    Every negative item of a party is a credit; the oldest is used up first. Documents are taken by effective due date
    (undated last), ties by id as a number. A customer billed with its parent shares the parent's credits; documents
    and credits without a party are not netted. `items` as `aged` returns them.
    """
    is_document = items["entity"].isin(DOCUMENTS) & (items["amount_cents"] > 0)
    is_credit = items["amount_cents"] < 0
    if not (is_document.any() and is_credit.any()):
        documents, credits = items[is_document].sort_index(), items[is_credit].sort_index()
        return Netted(
            documents.assign(netted_cents=documents["amount_cents"]),
            credits.assign(left_cents=credits["amount_cents"]),
        )
    rows = items.assign(netting_id=payers(items, parties))
    documents, credits = _in_order(rows[is_document], "due_date"), _in_order(rows[is_credit], "txn_date")
    owed, owing = (frame.groupby(_PARTY)["amount_cents"].sum() for frame in (documents, credits))
    documents["netted_cents"] = documents["amount_cents"] - _taken(
        documents, documents["amount_cents"], -owing
    )
    credits["left_cents"] = credits["amount_cents"] + _taken(credits, -credits["amount_cents"], owed)
    dropped = ["netting_id", "order", "id_number"]
    return Netted(documents.drop(columns=dropped).sort_index(), credits.drop(columns=dropped).sort_index())


def _in_order(rows: pd.DataFrame, day: str) -> pd.DataFrame:
    keyed = rows.assign(order=pd.to_datetime(rows[day]), id_number=_as_number(rows["qbo_id"]))
    return keyed.sort_values([*_PARTY, "order", "id_number", "qbo_id"], na_position="last")


def _taken(rows: pd.DataFrame, sizes: pd.Series, against: pd.Series) -> pd.Series:
    """Return how much of each row, in order, the other side's sum of its party takes.

    A row without a party has no group, so no row comes before it and it has no other side.
    """
    before = sizes.groupby([rows[key] for key in _PARTY]).cumsum() - sizes
    available = against.reindex(pd.MultiIndex.from_frame(rows[_PARTY])).fillna(0).astype("int64").to_numpy()
    left = available - before.fillna(0).astype("int64").to_numpy()
    return pd.Series(left.clip(min=0).clip(max=sizes.to_numpy()), index=rows.index, dtype="int64")


def payers(items: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return each row's party, or its parent if the parent is billed for it; None if it has no party."""
    keys = ["business_id", "party_kind", "party_id"]
    with_parent = parties[
        parties["bill_with_parent"].fillna(False).astype(bool) & parties["parent_id"].notna()
    ]
    parent = {
        (business_id, kind, party_id): parent_id
        for business_id, kind, party_id, parent_id in with_parent[[*keys, "parent_id"]].itertuples(
            index=False, name=None
        )
    }
    payers = [_top(parent, key) for key in items[keys].itertuples(index=False, name=None)]
    return pd.Series(payers, index=items.index, dtype="object")


def _top(parent: dict[tuple[str, str, str], str], key: tuple[str, str, str]) -> str | None:
    """Return who is billed in the end; books in which parents go round in a circle stop at the first repeated."""
    business_id, kind, party_id = key
    seen: set[str] = set()
    while (business_id, kind, party_id) in parent and party_id not in seen:
        seen.add(party_id)
        party_id = parent[(business_id, kind, party_id)]
    return party_id if isinstance(party_id, str) and party_id else None


def _as_number(ids: pd.Series) -> pd.Series:
    return pd.to_numeric(ids, errors="coerce").astype("float64").fillna(math.inf)
