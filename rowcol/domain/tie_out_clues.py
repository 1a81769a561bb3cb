"""Which records may explain a difference from QuickBooks' own reports. Source: definitions.md, Aging (tie-out)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.open_items import AP, AR, hand_posted_lines
from rowcol.domain.tie_out import BANK

CLUE_COLUMNS = [
    "subject", "party_id", "clue", "says", *DOCUMENT[1:], "doc_number", "txn_date", "amount_cents",
]  # fmt: skip
"""`clue` is its kind, `says` the sentence; entity and qbo_id None where it is not about one record."""
EXACT, CHANGED, BY_HAND, NOBODY, FOREIGN, CREDIT, LATER, INACTIVE, UNLISTED = (
    "exact", "changed", "by hand", "no name", "foreign", "credit", "later", "inactive", "unlisted",
)  # fmt: skip
MOST = 25
"""So many records are named for one difference; the likeliest come first."""
_SAYS = {
    EXACT: "comes to exactly the difference",
    CHANGED: "changed after the report was read",
    BY_HAND: "posted to {control} by hand",
    NOBODY: "has no {who}: it belongs to nobody's total",
    FOREIGN: "is in {currency}: its home amount is rounded at its own rate",
    CREDIT: "a credit not yet used up, or a payment not yet applied",
    LATER: "dated after the day of the report and taken off the balance",
    INACTIVE: "{label} was made inactive in QuickBooks",
    UNLISTED: (
        "No record of this amount was read: payroll or payroll tax run in QuickBooks, dated ahead, is in an "
        "account's balance and in no record"
    ),
}  # fmt: skip
_WHO = {AP: "vendor", AR: "customer"}
_CONTROL = {AP: "accounts payable", AR: "accounts receivable"}


@dataclass(frozen=True)
class Off:
    """One total that differs: what of, whose (None: nobody's), its label, and ours less QuickBooks' in cents."""

    subject: str
    party_id: str | None
    label: str
    difference_cents: int


def clues(books: Books, items: pd.DataFrame, moved: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Return the records that may explain each difference of one client's last check (`CLUE_COLUMNS`).

    `books` as of the check's day, `items` their aged open items, `moved` their bank movements; `changed` as
    `changed_records` since the check. The likeliest first, at most `MOST` for a difference; none of them is proof.
    """
    rows = []
    for off in differences_of(books.tie_outs):
        found = (
            _of_bank(books, moved, changed, off)
            if off.subject == BANK
            else _of_party(books, items, changed, off)
        )
        kept = pd.DataFrame(found, columns=CLUE_COLUMNS[2:])
        kept = kept.drop_duplicates([*DOCUMENT[1:]]).head(MOST) if len(kept) else kept
        rows.append(kept.assign(subject=off.subject, party_id=off.party_id))
    told = [one for one in rows if len(one)]
    found_rows = pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=CLUE_COLUMNS)
    return found_rows[CLUE_COLUMNS]


def differences_of(tie_outs: pd.DataFrame) -> list[Off]:
    """Return the totals that differ, the largest first."""
    rows = tie_outs[tie_outs["difference_cents"] != 0]
    rows = rows.assign(size=rows["difference_cents"].abs()).sort_values(
        ["size", "subject", "party"], ascending=[False, True, True]
    )
    return [
        Off(subject, party_id if isinstance(party_id, str) else None, party, int(cents))
        for subject, party_id, party, cents in rows[
            ["subject", "party_id", "party", "difference_cents"]
        ].itertuples(index=False, name=None)
    ]


def _of_party(books: Books, items: pd.DataFrame, changed: pd.DataFrame, off: Off) -> Iterator[list[Any]]:
    """Yield what may explain a vendor's or customer's difference, the likeliest first."""
    side = items[items["side"] == off.subject]
    mine = side[_whose(side["party_id"], off)]
    every = pd.concat([mine, side[side["party_id"].isna()]]).drop_duplicates(DOCUMENT)
    exact = every[every["amount_cents"].abs() == abs(off.difference_cents)]
    yield from _told(EXACT, exact)
    since = changed[_whose(changed["party_id"], off) | changed["party_id"].isna()]
    kind = {AP: "Vendor", AR: "Customer"}[off.subject]
    since = since[since["party_kind"].isna() | (since["party_kind"] == kind)]
    yield from _told(CHANGED, since.rename(columns={"total_cents": "amount_cents"}))
    posted = hand_posted_lines(books)
    posted = posted[
        (posted["side"] == off.subject) & (_whose(posted["party_id"], off) | posted["party_id"].isna())
    ]
    yield from _told(BY_HAND, posted.assign(amount_cents=posted["open_cents"]), control=_CONTROL[off.subject])
    yield from _told(NOBODY, side[side["party_id"].isna()], who=_WHO[off.subject])
    documents = books.open_documents[[*DOCUMENT, "currency", "exchange_rate"]]
    foreign = mine.merge(documents[documents["exchange_rate"].notna()], on=DOCUMENT)
    for currency, rows in foreign.groupby("currency"):
        yield from _told(FOREIGN, rows, currency=str(currency))
    yield from _told(CREDIT, mine[mine["amount_cents"] < 0])
    gone = books.parties[(books.parties["party_kind"] == kind) & ~books.parties["active"].astype(bool)]
    if off.party_id is not None and off.party_id in set(gone["party_id"]):
        yield [INACTIVE, _sentence(INACTIVE, label=off.label), kind, off.party_id, None, None, None]


def _of_bank(books: Books, moved: pd.DataFrame, changed: pd.DataFrame, off: Off) -> Iterator[list[Any]]:
    """Yield what may explain a bank account's difference, the likeliest first."""
    mine = moved[moved["account_id"] == off.party_id].assign(doc_number=None)
    mine = mine.sort_values("txn_date", ascending=False)
    exact = mine[mine["amount_cents"].abs() == abs(off.difference_cents)]
    yield from _told(EXACT, exact)
    touched = mine.merge(changed[DOCUMENT], on=DOCUMENT)
    gone = changed[changed["deleted"].astype(bool)].rename(columns={"total_cents": "amount_cents"})
    yield from _told(CHANGED, touched)
    yield from _told(CHANGED, gone)
    later = mine[pd.to_datetime(mine["txn_date"]) > books.clients["as_of"].iloc[0]]
    yield from _told(LATER, later)
    account = books.accounts[books.accounts["account_id"] == off.party_id]
    home = books.clients["currency"].iloc[0]
    if len(account) and isinstance(account["currency"].iloc[0], str) and account["currency"].iloc[0] != home:
        says = _sentence(FOREIGN, currency=account["currency"].iloc[0])
        yield [FOREIGN, f"The account {says}", "Account", off.party_id, None, None, None]
    if len(account) and not bool(account["active"].iloc[0]):
        yield [INACTIVE, _sentence(INACTIVE, label=off.label), "Account", off.party_id, None, None, None]
    if exact.empty:
        yield [UNLISTED, _SAYS[UNLISTED], None, None, None, None, None]


def _told(clue: str, rows: pd.DataFrame, **said: str) -> Iterator[list[Any]]:
    says = _sentence(clue, **said)
    for row in rows[[*DOCUMENT[1:], "doc_number", "txn_date", "amount_cents"]].itertuples(
        index=False, name=None
    ):
        yield [clue, says, *row]


def _sentence(clue: str, **said: str) -> str:
    return _SAYS[clue].format(**said)


def _whose(party_ids: pd.Series, off: Off) -> pd.Series:
    return party_ids.isna() if off.party_id is None else party_ids == off.party_id
