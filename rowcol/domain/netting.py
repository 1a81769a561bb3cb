"""Netting: what a party is owed back is applied to what it owes, the earliest due first.

Source: docs/definitions.md, Netting.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pandas as pd

from rowcol.entities import SIDE_OF

DOCUMENTS = ("Bill", "Invoice")
_PARTY = ["business_id", "side", "party_kind", "netting_id"]


@dataclass(frozen=True)
class Netted:
    """Open items after netting, in the order of the items.

    `charges`: the positive items with `netted_cents`, what credits leave of each, 0 or more. `credits`: the negative
    items with `left_cents`, what no charge took of each, 0 or less.
    """

    charges: pd.DataFrame
    credits: pd.DataFrame

    @property
    def documents(self) -> pd.DataFrame:
        """The charges that are bills or invoices; the others are lines posted by hand."""
        return self.charges[self.charges["entity"].isin(DOCUMENTS)]


def net(items: pd.DataFrame, parties: pd.DataFrame) -> Netted:
    """Apply the credits of each party to its charges, in home cents.

    First hand-posted items that are equal and opposite cancel in pairs (an accrual and its reversal): the fewest days
    apart, then the earliest date, then id. Of what remains every negative item is a credit, every positive one a charge.
    The oldest credit is used up first; charges are taken by effective due date (undated last), ties by id as a number.
    A customer billed with its parent shares the parent's credits; items without a party are not netted. `items` as
    `aged` returns them.
    """
    negative = items["amount_cents"] < 0
    left = items["amount_cents"].copy()
    if negative.any() and not negative.all():
        rows = items.assign(netting_id=payers(items, parties), rest_cents=items["amount_cents"])
        # Few parties have credits, and only what is theirs is sorted and summed.
        rows = rows[rows["netting_id"].isin(rows.loc[negative, "netting_id"].dropna())]
        rows.loc[_cancelled(rows), "rest_cents"] = 0
        charges, credits = (
            _in_order(rows[rows["amount_cents"] > 0], "due_date"),
            _in_order(rows[rows["amount_cents"] < 0], "txn_date"),
        )
        owed, owing = (frame.groupby(_PARTY)["rest_cents"].sum() for frame in (charges, credits))
        left.loc[charges.index] = charges["rest_cents"] - _taken(charges, charges["rest_cents"], -owing)
        left.loc[credits.index] = credits["rest_cents"] + _taken(credits, -credits["rest_cents"], owed)
    return Netted(
        items[~negative].assign(netted_cents=left[~negative]),
        items[negative].assign(left_cents=left[negative]),
    )


def _cancelled(rows: pd.DataFrame) -> list[int]:
    """Return the indexes of hand-posted items that cancel in pairs within their party."""
    posted = rows[~rows["entity"].isin(list(SIDE_OF)) & rows["netting_id"].notna()]
    posted = posted.assign(size=posted["amount_cents"].abs(), charge=posted["amount_cents"] > 0)
    groups = posted.groupby([*_PARTY, "size"])
    both = groups["charge"].transform("nunique") == 2
    cancelled: list[int] = []
    for _, same in posted[both].groupby([*_PARTY, "size"]):
        cancelled += _pairs(same)
    return cancelled


def _pairs(same: pd.DataFrame) -> Iterator[int]:
    """Yield the indexes of the pairs among one party's items of one size, nearest first."""
    sides = [
        list(zip(side.index, pd.to_datetime(side["txn_date"]), _as_number(side["qbo_id"]), strict=True))
        for side in (same[same["charge"]], same[~same["charge"]])
    ]
    ranked = sorted(
        (abs((one[1] - other[1]).days), min(one[1], other[1]), one[2], other[2], one[0], other[0])
        for one, other in product(*sides)
        if pd.notna(one[1]) and pd.notna(other[1])
    )
    used: set[int] = set()
    for *_, charge, credit in ranked:
        if not used & {charge, credit}:
            used |= {charge, credit}
    yield from used


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
    if with_parent.empty:
        return items["party_id"].where(items["party_id"].notna() & (items["party_id"] != ""), None)
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
