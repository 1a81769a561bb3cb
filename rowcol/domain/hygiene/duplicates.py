"""Rules on bills and invoices that look entered twice; the finding is on the later one, which must be open."""

import numpy as np
import pandas as pd

from rowcol.domain.hygiene.documents import BILL, INVOICE
from rowcol.domain.hygiene.evidence import Evidence
from rowcol.domain.hygiene.rule import BLOCKING, HIGH, Rule, hits, id_order, letters

NEAR_DAYS = 3
_ALIKE = ["business_id", "party_id", "currency", "amount_cents"]


def bill_duplicate(evidence: Evidence) -> pd.DataFrame:
    """Return open bills with the vendor, number and amount of an earlier one."""
    bills = _alike(evidence, BILL)
    return hits(bills, 0) if bills.empty else _repeated(bills, _same_number(bills))


def bill_duplicate_maybe(evidence: Evidence) -> pd.DataFrame:
    """Return open bills with the vendor and amount of an earlier one, 3 days apart at most, a number missing."""
    bills = _alike(evidence, BILL)
    return hits(bills, 0) if bills.empty else _repeated(bills, _near_without_number(bills))


def invoice_duplicate(evidence: Evidence) -> pd.DataFrame:
    """Return open invoices with the customer and amount of an earlier one, and its number or nearly its date."""
    invoices = _alike(evidence, INVOICE)
    if invoices.empty:
        return hits(invoices, 0)
    return _repeated(invoices, [*_same_number(invoices), *_near_without_number(invoices)])


Pairs = list[tuple[int, int]]
"""Positions of (the later, the earlier) of two alike documents."""


def _alike(evidence: Evidence, entity: str) -> pd.DataFrame:
    """Return documents of one party and amount, one of them open, in order of creation; `twins` names the group."""
    documents = evidence.documents
    rows = documents[
        (documents["entity"] == entity) & documents["party_id"].notna() & documents["amount_cents"].gt(0)
    ]
    twins = rows.groupby(_ALIKE, sort=False, dropna=False).ngroup().to_numpy()
    several = (np.bincount(twins) > 1) & (np.bincount(twins, rows["open"]) > 0)
    kept = several[twins]
    rows = rows[kept]
    rows = rows.assign(twins=twins[kept], id_order=id_order(rows["qbo_id"]))
    rows = rows.sort_values(["business_id", "created_at", "id_order"], na_position="first", ignore_index=True)
    rows["number"] = pd.Series(
        [letters(number) for number in rows["doc_number"]], index=rows.index, dtype="object"
    )
    return rows


def _same_number(rows: pd.DataFrame) -> Pairs:
    numbered = rows[rows["number"] != ""]
    first = numbered.index.to_series().groupby([numbered["twins"], numbered["number"]]).transform("min")
    return [
        (int(later), int(earlier))
        for later, earlier in zip(first.index, first, strict=True)
        if later != earlier
    ]


def _near_without_number(rows: pd.DataFrame) -> Pairs:
    """Compare each document with the next, the one after, … of its group in order of date, while any is near enough."""
    dated = rows[rows["txn_date"].notna()].sort_values(["twins", "txn_date"], kind="stable")
    place, twins = dated.index.to_numpy(), dated["twins"].to_numpy()
    day = dated["txn_date"].to_numpy().astype("datetime64[D]").astype("int64")
    empty = (dated["number"] == "").to_numpy()
    pairs: Pairs = []
    for step in range(1, len(dated)):
        near = (twins[step:] == twins[:-step]) & (day[step:] - day[:-step] <= NEAR_DAYS)
        if not near.any():
            break
        for at in np.flatnonzero(near & (empty[step:] | empty[:-step])):
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
        what_to_do="Enter the missing number, or delete the copy.",
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
