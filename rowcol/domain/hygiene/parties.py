"""Rules on vendors and customers; the finding is on the later party."""

import pandas as pd

from rowcol.domain.hygiene.evidence import NEW_VENDOR_DAYS, Evidence, local_days
from rowcol.domain.hygiene.rule import HIGH, MEDIUM, Rule, hits, id_order, letters

LARGE_TIMES = 3
LARGE_FROM_CENTS = 100_000
_KEYS = ["business_id", "party_kind", "party_id"]


def party_duplicate(evidence: Evidence) -> pd.DataFrame:
    """Return active vendors, and customers, named like an earlier active one of another family."""
    parties, active = evidence.books.parties, evidence.records.namesakes
    if active.empty:
        return hits(active, 0)
    names = [letters(name) for name in active["name"]]
    active = active.assign(letters=names, order=id_order(active["party_id"]), root=_roots(parties, active))
    active = active.sort_values(["created_at", "order"], na_position="first")
    groups = active.groupby(["business_id", "party_kind", "letters"], sort=False)
    other_family = active["root"] != groups["root"].transform("first")
    keys = [active[name] for name in ("business_id", "party_kind", "letters")]
    later = active[other_family.groupby(keys, sort=False).cummax()]
    later = later.assign(earlier=groups["name"].transform("first").reindex(later.index))
    rows = later.rename(columns={"name": "party_name"}).assign(
        entity=later["party_kind"], qbo_id=later["party_id"]
    )
    owed = evidence.items.groupby(_KEYS)["amount_cents"].sum().rename("owed_cents").reset_index()
    rows = rows.merge(owed, on=_KEYS, how="left")
    return hits(rows, rows["owed_cents"], earlier=rows["earlier"])


def _roots(parties: pd.DataFrame, wanted: pd.DataFrame) -> list[str]:
    """Return the head of each wanted party's family."""
    parents = {
        (business, kind, party): parent
        for business, kind, party, parent in parties[[*_KEYS, "parent_id"]][
            parties["parent_id"].notna()
        ].itertuples(index=False, name=None)
    }
    heads = []
    for business, kind, party in wanted[_KEYS].itertuples(index=False, name=None):
        head, seen = party, {party}
        while (above := parents.get((business, kind, head))) is not None and above not in seen:
            seen.add(above)
            head = above
        heads.append(head)
    return heads


def new_vendor_large(evidence: Evidence) -> pd.DataFrame:
    """Return vendors created within 14 days with a bill above 3 times the client's lower median and of 1,000 or more."""
    bills = evidence.books.dated(evidence.records.new_vendor_bills)
    if bills.empty:
        return hits(bills, 0)
    bills["created_on"] = local_days(bills, "created_at", evidence.books.clients)
    age = (bills["as_of"] - bills["created_on"]).dt.days
    large = (bills["total_cents"] > LARGE_TIMES * bills["median_cents"]) & (
        bills["total_cents"] >= LARGE_FROM_CENTS
    )
    bills = bills[age.between(0, NEW_VENDOR_DAYS) & large.fillna(False)]
    bills = bills.drop_duplicates(["business_id", "vendor_id"])
    rows = bills.assign(
        entity="Vendor", qbo_id=bills["vendor_id"], party_kind="Vendor", party_id=bills["vendor_id"],
        party_name=bills["name"], due=bills["due_date"].fillna(bills["txn_date"]),
    )  # fmt: skip
    return hits(rows, rows["total_cents"], median_cents=rows["median_cents"], created_on=rows["created_on"])


RULES = (
    Rule(
        code="PARTY_DUPLICATE", severity=MEDIUM, find=party_duplicate,
        label="Name entered twice",
        says="{kind} {party} has the same name as {earlier}.",
        why="Balances, credits and history are split in two: duplicates slip through and credits are missed.",
        what_to_do="Merge the two in QuickBooks.",
        question="Are the two one and the same?",
    ),
    Rule(
        code="NEW_VENDOR_LARGE", severity=HIGH, find=new_vendor_large,
        label="Large bill of a new vendor",
        says="Vendor {party}, entered on {created_on}, has a bill over {amount_cents}; the usual bill is {median_cents}.",
        why="A new name with a large bill is how payment fraud looks.",
        what_to_do="Confirm vendor and bank details by a call to a number you knew before.",
        question="Did you order this, and do you know the vendor?",
    ),
)  # fmt: skip
"""Vendors and customers."""
