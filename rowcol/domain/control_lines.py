"""Lines posted to an A/P or A/R account by hand: their side, their party, and which of them a payment settles."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from rowcol.domain.books import Books, in_home
from rowcol.entities import SIDE_OF

_CONTROL = {"Accounts Payable": "ap", "Accounts Receivable": "ar"}
PARTY_OF_SIDE = {"ap": "Vendor", "ar": "Customer"}
_DEBIT_ENTITIES = ("Purchase", "Bill")
Key = tuple[Hashable, ...]


def hand_posted_lines(books: Books) -> pd.DataFrame:
    """Return hand-posted lines with as_of, side, party and `open_cents`, signed, in the document's currency."""
    lines = books.dated(books.control_lines)
    lines["side"] = lines["account_type"].map(_CONTROL)
    debit = (lines["posting"] == "Debit") | (
        lines["entity"].isin(_DEBIT_ENTITIES) & ~lines["credit"].astype(bool)
    )
    raises = debit == (lines["side"] == "ar")
    lines["open_cents"] = lines["amount_cents"].where(raises, -lines["amount_cents"])
    has_party = lines["party_id"].notna()
    for column, header in (("party_id", "header_party_id"), ("party_name", "header_party_name")):
        lines[column] = lines[column].where(has_party, lines[header])
    lines["party_kind"] = lines["party_kind"].where(has_party, lines["header_kind"])
    lines["party_kind"] = lines["party_kind"].fillna(lines["side"].map(PARTY_OF_SIDE))
    return lines


def control_items(control: pd.DataFrame, left: Mapping[int, int]) -> pd.DataFrame:
    """Return hand-posted lines as items, with what is left of each (by its index) in home cents."""
    items = control.copy()
    cents = pd.Series(left, dtype="int64").reindex(items.index)
    items["amount_cents"] = in_home(cents, items["exchange_rate"])
    items["due_date"] = items["txn_date"]
    return items


def matched_lines(control: pd.DataFrame, applications: pd.DataFrame) -> dict[int, list[int]]:
    """Return application (its index) -> the hand-posted lines (their indexes, in order) that it may settle.

    A link finds its line by `TxnLineId`, if that line is on the control account and the payer's; else it takes the
    payer's lines there in order, or, if the payer has none, those of the document.
    """
    lines_of: dict[Key, list[dict[str, Any]]] = {}
    for index, line in zip(control.index, _records(control), strict=True):
        key = (line["business_id"], line["entity"], line["qbo_id"], line["side"])
        lines_of.setdefault(key, []).append({**line, "index": int(index)})
    if not lines_of:
        return {}
    matched = {}
    for lines in lines_of.values():
        lines.sort(key=lambda line: line["line_number"])
    posted = applications[applications["linked_entity"].isin({str(key[1]) for key in lines_of})]
    for index, link in zip(posted.index, _records(posted), strict=True):
        side = SIDE_OF[link["entity"]]
        lines = lines_of.get((link["business_id"], link["linked_entity"], link["linked_id"], side), [])
        if lines:
            of_payer = [line for line in lines if line["party_id"] == link["party_id"]]
            named = [line for line in of_payer if line["line_id"] == link["linked_line_id"]]
            matched[int(index)] = [line["index"] for line in named or of_payer or lines]
    return matched


def settle(left: dict[int, int], charges: Mapping[int, bool], lines: Sequence[int], amount: int) -> None:
    """Take an amount off the lines in order, towards zero, the rest off the last; `charges`: which raise what is owed."""
    rest = amount
    for position, line in enumerate(lines):
        taken = rest if position == len(lines) - 1 else min(rest, abs(left[line]))
        left[line] += -taken if charges[line] else taken
        rest -= taken


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    names = list(frame.columns)
    return (dict(zip(names, values, strict=True)) for values in frame.itertuples(index=False, name=None))
