"""Which records may explain a difference from QuickBooks' own reports. Source: docs/definitions.md, Tie-out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.control_lines import hand_posted_lines
from rowcol.domain.open_items import AP, AR
from rowcol.domain.tie_out.totals import BANK

CLUE_COLUMNS = [
    "subject", "party_id", "clue", "says", *DOCUMENT[1:], "doc_number", "txn_date", "amount_cents",
]  # fmt: skip
"""`clue` is its kind, `says` the sentence; entity and qbo_id None if it is not about one record."""
EXACT, CHANGED, BY_HAND, NOBODY, FOREIGN, CREDIT, LATER, INACTIVE, UNLISTED = (
    "exact", "changed", "by hand", "no name", "foreign", "credit", "later", "inactive", "unlisted",
)  # fmt: skip
MOST = 25
"""At most this many records are named for one difference; the likeliest come first."""
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
_KIND = {AP: "Vendor", AR: "Customer"}
_CONTROL = {AP: "accounts payable", AR: "accounts receivable"}


Record = tuple[Any, ...]
"""entity, qbo_id, doc_number, txn_date, amount in home cents."""
Clue = tuple[str, str, Record]
"""Its kind, its sentence, and the record."""


@dataclass(frozen=True)
class TotalOff:
    """One total that differs: its subject, its party (None: no name), its label, and ours less QuickBooks' in cents."""

    subject: str
    party_id: str | None
    label: str
    difference_cents: int


def clues(books: Books, items: pd.DataFrame, movements: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Return the records that may explain each difference of one client's last check (`CLUE_COLUMNS`).

    `books` as of the check's day, `items` their aged open items, `movements` their bank movements; `changed` as
    `changed_records` since the check. The likeliest first, at most `MOST` for a difference; none of them is proof.
    """
    sides = {subject: _side(books, items, changed, subject) for subject in (AP, AR)}
    rows: list[list[Any]] = []
    for off in differences_of(books.tie_outs):
        candidates = (
            _of_bank(books, movements, changed, off)
            if off.subject == BANK
            else _of_party(sides[off.subject], off)
        )
        likeliest: dict[Any, list[Any]] = {}
        for clue, says, record in candidates:
            likeliest.setdefault(record[:2], [off.subject, off.party_id, clue, says, *record])
        rows.extend(list(likeliest.values())[:MOST])
    return pd.DataFrame(rows, columns=CLUE_COLUMNS)


def differences_of(tie_outs: pd.DataFrame) -> list[TotalOff]:
    """Return the totals that differ, the largest first."""
    rows = tie_outs[tie_outs["difference_cents"] != 0]
    rows = rows.assign(size=rows["difference_cents"].abs()).sort_values(
        ["size", "subject", "party"], ascending=[False, True, True]
    )
    return [
        TotalOff(subject, party_id if isinstance(party_id, str) else None, party, int(cents))
        for subject, party_id, party, cents in rows[
            ["subject", "party_id", "party", "difference_cents"]
        ].itertuples(index=False, name=None)
    ]


@dataclass(frozen=True)
class _Side:
    """The records of one side by party (None: no name); `currencies` of the foreign documents."""

    items: Mapping[str | None, list[Record]]
    changed: Mapping[str | None, list[Record]]
    posted: Mapping[str | None, list[Record]]
    currencies: Mapping[tuple[Any, Any], str]
    inactive: frozenset[str]


def _side(books: Books, items: pd.DataFrame, changed: pd.DataFrame, subject: str) -> _Side:
    kind = _KIND[subject]
    since = changed[changed["party_kind"].isna() | (changed["party_kind"] == kind)]
    posted = hand_posted_lines(books)
    documents = books.open_documents
    foreign = documents[documents["exchange_rate"].notna() & documents["currency"].notna()]
    gone = books.parties[(books.parties["party_kind"] == kind) & ~books.parties["active"].astype(bool)]
    return _Side(
        _by_party(items[items["side"] == subject], "amount_cents"),
        _by_party(since, "total_cents"),
        _by_party(posted[posted["side"] == subject], "open_cents"),
        {
            (entity, qbo_id): str(currency)
            for entity, qbo_id, currency in foreign[[*DOCUMENT[1:], "currency"]].itertuples(
                index=False, name=None
            )
        },
        frozenset(gone["party_id"]),
    )


def _by_party(rows: pd.DataFrame, amount: str) -> Mapping[str | None, list[Record]]:
    records: dict[str | None, list[Record]] = defaultdict(list)
    wanted = rows[["party_id", *DOCUMENT[1:], "doc_number", "txn_date", amount]]
    for party_id, *record in wanted.itertuples(index=False, name=None):
        records[party_id if isinstance(party_id, str) else None].append(tuple(record))
    return records


def _of_party(side: _Side, off: TotalOff) -> Iterator[Clue]:
    """Yield what may explain a vendor's or customer's difference, the likeliest first."""
    items = side.items.get(off.party_id, [])
    exact = [record for record in _candidates(side.items, off) if abs(record[4]) == abs(off.difference_cents)]
    yield from _clues(EXACT, exact)
    yield from _clues(CHANGED, _candidates(side.changed, off))
    yield from _clues(BY_HAND, _candidates(side.posted, off), control=_CONTROL[off.subject])
    yield from _clues(NOBODY, side.items.get(None, []), who=_WHO[off.subject])
    foreign = [(side.currencies[record[:2]], record) for record in items if record[:2] in side.currencies]
    for currency in sorted({currency for currency, _ in foreign}):
        yield from _clues(
            FOREIGN, [record for code, record in foreign if code == currency], currency=currency
        )
    yield from _clues(CREDIT, [record for record in items if record[4] < 0])
    if off.party_id in side.inactive:
        about = (_KIND[off.subject], off.party_id, None, None, None)
        yield INACTIVE, _sentence(INACTIVE, label=off.label), about


def _candidates(records: Mapping[str | None, list[Record]], off: TotalOff) -> list[Record]:
    party_ids = [None] if off.party_id is None else [off.party_id, None]
    return [record for party_id in party_ids for record in records.get(party_id, [])]


def _of_bank(books: Books, movements: pd.DataFrame, changed: pd.DataFrame, off: TotalOff) -> Iterator[Clue]:
    """Yield what may explain a bank account's difference, the likeliest first."""
    account_movements = movements[movements["account_id"] == off.party_id].assign(doc_number=None)
    account_movements = account_movements.sort_values("txn_date", ascending=False)
    exact = account_movements[account_movements["amount_cents"].abs() == abs(off.difference_cents)]
    yield from _clues_of(EXACT, exact)
    touched = account_movements.merge(changed[DOCUMENT], on=DOCUMENT)
    gone = changed[changed["deleted"].astype(bool)].rename(columns={"total_cents": "amount_cents"})
    yield from _clues_of(CHANGED, touched)
    yield from _clues_of(CHANGED, gone)
    later = account_movements[pd.to_datetime(account_movements["txn_date"]) > books.clients["as_of"].iloc[0]]
    yield from _clues_of(LATER, later)
    account = books.accounts[books.accounts["account_id"] == off.party_id]
    home = books.clients["currency"].iloc[0]
    if len(account) and isinstance(account["currency"].iloc[0], str) and account["currency"].iloc[0] != home:
        says = _sentence(FOREIGN, currency=account["currency"].iloc[0])
        yield FOREIGN, f"The account {says}", ("Account", off.party_id, None, None, None)
    if len(account) and not bool(account["active"].iloc[0]):
        about = ("Account", off.party_id, None, None, None)
        yield INACTIVE, _sentence(INACTIVE, label=off.label), about
    if exact.empty:
        yield UNLISTED, _SAYS[UNLISTED], (None, None, None, None, None)


def _clues_of(clue: str, rows: pd.DataFrame) -> Iterator[Clue]:
    records = rows[[*DOCUMENT[1:], "doc_number", "txn_date", "amount_cents"]]
    return _clues(clue, records.itertuples(index=False, name=None))


def _clues(clue: str, records: Iterable[Record], **words: str) -> Iterator[Clue]:
    says = _sentence(clue, **words)
    for record in records:
        yield clue, says, record


def _sentence(clue: str, **words: str) -> str:
    return _SAYS[clue].format(**words)
