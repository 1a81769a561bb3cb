"""Rules on bills and invoices that look entered twice; the finding is on the later one, which must be open."""

from collections.abc import Hashable

import numpy as np
import pandas as pd

from rowcol.domain.hygiene.documents import BILL, INVOICE
from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.hygiene.rule import BLOCKING, HIGH, Rule, hits, id_order, letters

NEAR_DAYS = 3
"""How far apart two documents of one party and amount may be dated if a number is missing."""
REPEATED_DAYS = 20
"""How far apart two bills of one number may be dated and still be the same one."""
SERIES_COUNT = 3
SERIES_DAYS = 3
"""`SERIES_COUNT` bills of a number at intervals this close to their median are a series: rent, utilities."""
_NUMBERED = ["business_id", "party_id", "number"]

Pairs = list[tuple[int, int]]
"""Positions of (the later, the earlier) of two alike documents."""


def bill_duplicate(evidence: Evidence) -> pd.DataFrame:
    """Return open bills with the vendor, number and amount of an earlier one dated at most 20 days apart."""
    bills = _alike(evidence, BILL)
    return hits(bills, 0) if bills.empty else _repeated(bills, _same_number(evidence, bills)[0])


def bill_duplicate_maybe(evidence: Evidence) -> pd.DataFrame:
    """Return open bills with the vendor and amount of an earlier one that may be the same.

    Either of the same number more than 20 days apart, or at most 3 days apart with a number missing.
    """
    bills = _alike(evidence, BILL)
    if bills.empty:
        return hits(bills, 0)
    return _repeated(bills, [*_same_number(evidence, bills)[1], *_near_without_number(bills)])


def invoice_duplicate(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices with the customer and amount of an earlier one, and its number or nearly its date."""
    invoices = _alike(evidence, INVOICE)
    if invoices.empty:
        return hits(invoices, 0)
    return _repeated(invoices, [*_first_of_number(invoices), *_near_without_number(invoices)])


def _alike(evidence: Evidence, entity: str) -> pd.DataFrame:
    """Return `Evidence.alike` of one entity in order of creation, with the numbers as they are compared."""
    rows = evidence.alike[evidence.alike["entity"] == entity]
    rows = rows.assign(id_order=id_order(rows["qbo_id"]), number=_numbers(rows))
    return rows.sort_values(["business_id", "created_at", "id_order"], na_position="first", ignore_index=True)


def _numbers(rows: pd.DataFrame) -> pd.Series:
    """Return document numbers as they are compared."""
    return pd.Series([letters(number) for number in rows["doc_number"]], index=rows.index, dtype="object")


def _same_number(evidence: Evidence, bills: pd.DataFrame) -> tuple[Pairs, Pairs]:
    """Return pairs of bills of one number: those dated at most 20 days apart, and the other repetitions.

    Bills of a series are in neither.
    """
    farther = _first_of_number(bills)
    if not farther:
        return [], []
    repeated = bills.loc[[later for later, _ in farther], _NUMBERED].drop_duplicates()
    series = _series(evidence, repeated)
    keys = bills[_NUMBERED].itertuples(index=False, name=None)
    alone = bills[[bool(key[-1]) and key not in series for key in keys]]
    near = _near(alone, ["twins", "number"], REPEATED_DAYS)
    kept, later_ids = set(alone.index), {later for later, _ in near}
    return near, [pair for pair in farther if pair[0] in kept and pair[0] not in later_ids]


def _first_of_number(rows: pd.DataFrame) -> Pairs:
    """Return each document beside the first of its group that has its number."""
    numbered = rows[rows["number"] != ""]
    first = numbered.index.to_series().groupby([numbered["twins"], numbered["number"]]).transform("min")
    return [
        (int(later), int(earlier))
        for later, earlier in zip(first.index, first, strict=True)
        if later != earlier
    ]


def _series(evidence: Evidence, repeated: pd.DataFrame) -> set[tuple[Hashable, ...]]:
    """Return which `_NUMBERED` have 3 or more bills at regular intervals, whatever their amounts.

    Two bills of one day have no interval between them: they are no part of a series.
    """
    bills = evidence.documents
    bills = bills[
        (bills["entity"] == BILL) & bills["party_id"].isin(repeated["party_id"]) & (bills["txn_date"] <= bills["as_of"])
    ]  # fmt: skip
    bills = bills.assign(number=_numbers(bills)).merge(repeated, on=_NUMBERED)
    days = bills["txn_date"].sort_values().groupby([bills[name] for name in _NUMBERED])
    return {key for key, dates in days if _is_regular(dates)}


def _is_regular(dates: pd.Series) -> bool:
    intervals = dates.diff().dt.days.dropna().to_numpy()
    if len(intervals) < SERIES_COUNT - 1:
        return False
    median = np.sort(intervals)[(len(intervals) - 1) // 2]
    return bool(intervals.min() > 0 and np.abs(intervals - median).max() <= SERIES_DAYS)


def _near_without_number(rows: pd.DataFrame) -> Pairs:
    """Return pairs of a group dated at most 3 days apart of which one at least has no number."""
    empty = rows["number"] == ""
    return [pair for pair in _near(rows, ["twins"], NEAR_DAYS) if empty[pair[0]] or empty[pair[1]]]


def _near(rows: pd.DataFrame, group: list[str], days: int) -> Pairs:
    """Compare each document with the next, the one after, … of its group in order of date, while any is near enough."""
    dated = rows[rows["txn_date"].notna()].sort_values([*group, "txn_date"], kind="stable")
    place, groups = dated.index.to_numpy(), dated.groupby(group, sort=False).ngroup().to_numpy()
    day = dated["txn_date"].to_numpy().astype("datetime64[D]").astype("int64")
    pairs: Pairs = []
    for step in range(1, len(dated)):
        near = (groups[step:] == groups[:-step]) & (day[step:] - day[:-step] <= days)
        if not near.any():
            break
        for at in np.flatnonzero(near):
            first, second = int(place[at]), int(place[at + step])
            pairs.append((max(first, second), min(first, second)))
    return pairs


def _repeated(rows: pd.DataFrame, pairs: Pairs) -> pd.DataFrame:
    """Return the later documents that are open, each with the earliest one it repeats."""
    repeats = pd.DataFrame(pairs, columns=["later", "earlier"]).astype("int64")
    repeats = repeats.sort_values(["later", "earlier"]).drop_duplicates("later")
    repeats = repeats[rows["open"].reindex(repeats["later"]).to_numpy(dtype=bool)]
    later = rows.loc[repeats["later"]]
    earlier = rows.loc[repeats["earlier"], ["doc_number", "txn_date"]].set_index(later.index)
    number = earlier["doc_number"].astype("object").where(earlier["doc_number"].notna(), "without a number")
    return hits(
        later,
        later["balance_cents"],
        txn_date=later["txn_date"],
        earlier_number=number,
        earlier_date=earlier["txn_date"],
    )


_TWICE = "Two records of one {thing} are {harm}."

RULES = (
    Rule(
        code="BILL_DUPLICATE", severity=BLOCKING, find=bill_duplicate,
        label="Bill entered twice",
        says="{what}{whose} over {amount_cents}, dated {txn_date}, repeats bill {earlier_number} of {earlier_date}.",
        why=_TWICE.format(thing="bill", harm="paid twice"),
        what_to_do="Compare the two with the vendor's paper and delete the copy.",
        question="Is this the same one entered twice?",
    ),
    Rule(
        code="BILL_DUPLICATE_MAYBE", severity=HIGH, find=bill_duplicate_maybe,
        label="Bill perhaps entered twice",
        says="{what}{whose} over {amount_cents}, dated {txn_date}, looks like the bill {earlier_number} of {earlier_date}.",
        why=_TWICE.format(thing="bill", harm="paid twice"),
        what_to_do="Compare the two with the vendor's paper; correct the number, or delete the copy.",
        question="Is this the same one entered twice?",
    ),
    Rule(
        code="INVOICE_DUPLICATE", severity=HIGH, find=invoice_duplicate,
        label="Invoice entered twice",
        says=(
            "{what}{whose} over {amount_cents}, dated {txn_date}, looks like the invoice {earlier_number} of "
            "{earlier_date}."
        ),
        why=_TWICE.format(thing="invoice", harm="income that does not exist, and a customer asked twice"),
        what_to_do="Void the copy, or tell the two apart by their numbers.",
        question="Is this the same one entered twice?",
    ),
)  # fmt: skip
"""Bills and invoices entered twice."""
