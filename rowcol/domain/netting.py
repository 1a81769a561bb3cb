"""Netting: a party's credits are applied to its open documents, the earliest due first. Source: definitions.md, Aging."""

import math

import pandas as pd

DOCUMENTS = ("Bill", "Invoice")
_PARTY = ["business_id", "side", "party_kind", "netting_id"]


def netted(items: pd.DataFrame, parties: pd.DataFrame) -> pd.DataFrame:
    """Return the open documents of `items` (see `aged`) with `netted_cents`: what credits leave of each, 0 or more.

    Every negative item of a party is a credit. Documents are taken by effective due date (undated last), ties by
    id as a number. A customer billed with its parent shares the parent's credits; documents and credits of nobody
    are not netted.
    """
    rows = items.assign(netting_id=_payer(items, parties))
    is_document = rows["entity"].isin(DOCUMENTS) & (rows["amount_cents"] > 0)
    credit = -rows.loc[rows["amount_cents"] < 0].groupby(_PARTY)["amount_cents"].sum()
    documents = rows[is_document]
    documents = documents.assign(
        due=pd.to_datetime(documents["due_date"]), id_number=_as_number(documents["qbo_id"])
    )
    documents = documents.sort_values([*_PARTY, "due", "id_number", "qbo_id"], na_position="last")
    before = documents.groupby(_PARTY)["amount_cents"].cumsum() - documents["amount_cents"]
    payers = pd.MultiIndex.from_frame(documents[_PARTY])
    available = credit.reindex(payers).fillna(0).astype("int64").to_numpy()
    # A document of nobody has no group, so nothing stands before it; no credit is of nobody either.
    left = available - before.fillna(0).astype("int64").to_numpy()
    taken = left.clip(min=0).clip(max=documents["amount_cents"].to_numpy())
    documents["netted_cents"] = (documents["amount_cents"] - taken).astype("int64")
    return documents.drop(columns=["netting_id", "due", "id_number"]).sort_index()


def _payer(items: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return each row's party, or its parent where the parent is billed for it; None where it has no party."""
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
    found = [_top(parent, key) for key in items[keys].itertuples(index=False, name=None)]
    return pd.Series(found, index=items.index, dtype="object")


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
