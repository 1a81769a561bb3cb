"""What is still to be received and to be paid, item by item, after netting."""

import pandas as pd

from rowcol.domain.books import Books
from rowcol.domain.forecast.record import CREDIT_BALANCE, EXCLUDED, ITEM_COLUMNS
from rowcol.domain.netting import DOCUMENTS, net

NO_NAME = "No name"
CLAIM_COLUMNS = [
    "business_id", "side", "entity", "qbo_id", "doc_number", "party_kind", "party_id", "party", "due_on",
    "days_past_due", "amount_cents",
]  # fmt: skip


def claims(books: Books, items: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (what is open after netting, what is left of credits), each `CLAIM_COLUMNS`; together they sum to `items`.

    `items` as `aged` gives them. The first, all positive: documents of which netting leaves something, and
    other positive rows, as if due on their TxnDate. The second, all negative: credits beyond a party's documents.
    """
    documents, credits = net(items, books.parties)
    documents = documents.assign(amount_cents=documents["netted_cents"])
    others = items[~items["entity"].isin(DOCUMENTS) & (items["amount_cents"] > 0)]
    charges = pd.concat([documents[documents["amount_cents"] != 0], others])
    left = credits.assign(amount_cents=credits["left_cents"])
    return _claimed(charges, books), _claimed(left[left["amount_cents"] != 0], books)


def credit_items(left: pd.DataFrame, line: str, sign: int) -> pd.DataFrame:
    """Return credits left over as items excluded with their reason; `sign` -1 on the paying side."""
    return left.assign(
        line=line, amount_cents=left["amount_cents"] * sign, state=EXCLUDED, reason=CREDIT_BALANCE, basis="",
    ).reindex(columns=list(ITEM_COLUMNS)).astype(ITEM_COLUMNS)  # fmt: skip


def party_names(rows: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return each row's party as the client's list names it, else as its document does, else its id."""
    keys = ["business_id", "party_kind", "party_id"]
    known = parties.drop_duplicates(keys).set_index(keys)["name"]
    listed = pd.Series(known.reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy(), index=rows.index)
    return listed.fillna(rows["party_name"]).fillna(rows["party_id"]).fillna(NO_NAME).astype("object")


def _claimed(rows: pd.DataFrame, books: Books) -> pd.DataFrame:
    found = rows.assign(party=party_names(rows, books.parties), due_on=pd.to_datetime(rows["due_date"]))
    return found[CLAIM_COLUMNS].reset_index(drop=True)
