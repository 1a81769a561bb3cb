"""What is owed and by whom, item by item: documents, credits, unapplied payments and hand-posted lines.

Source: docs/definitions.md, Aging. Items are signed home cents; a credit is negative. Each side (`ap`, `ar`) has
its own: A/P is open bills less vendor credits and unapplied bill payments, A/R open invoices less credit memos
and unapplied payments, both plus or less the lines posted to the control account by hand.
"""

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, in_home
from rowcol.entities import CHARGES, CREDITS, LINKED_AS, PAYMENTS, SIDE_OF

AP, AR = "ap", "ar"
ITEM_COLUMNS = [
    *DOCUMENT, "side", "doc_number", "party_kind", "party_id", "party_name", "txn_date", "due_date", "amount_cents",
]  # fmt: skip

_PARTY_OF_SIDE = {AP: "Vendor", AR: "Customer"}
_CONTROL = {"Accounts Payable": AP, "Accounts Receivable": AR}
_DEBIT_ENTITIES = ("Purchase", "Bill")

Key = tuple[Hashable, ...]


def open_items(books: Books) -> pd.DataFrame:
    """Return every open item of both sides (`ITEM_COLUMNS`), dated on or before the as-of date or undated.

    `due_date` is what the item is aged by: a bill's or invoice's own, else its TxnDate; a credit's and a
    hand-posted line's TxnDate.
    """
    return open_and_later(books)[0]


def open_and_later(books: Books) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the open items (see `open_items`), and those dated after the as-of date: they belong to the forecast only."""
    control = hand_posted_lines(books)
    remaining, charges = _after_applications(control, books.applications)
    documents = _documents(books, charges)
    items = pd.concat([documents[ITEM_COLUMNS], _control_items(control, remaining)], ignore_index=True)
    items = books.dated(items[items["amount_cents"] != 0])
    later = items["txn_date"] > items["as_of"]
    items = items.drop(columns="as_of")
    return items[~later].reset_index(drop=True), items[later].reset_index(drop=True)


def _documents(books: Books, charges: dict[Key, bool]) -> pd.DataFrame:
    """Return bills, invoices, credits and unapplied payments with their signed open amounts."""
    frame = books.open_documents.copy()
    frame["side"] = frame["entity"].map(SIDE_OF)
    applied = _applied_net(books.applications, charges)
    payments = frame["entity"].isin(PAYMENTS)
    balances = frame["balance_cents"]
    derived = in_home(_left(frame, applied), frame["exchange_rate"])
    sign = frame["entity"].isin(CHARGES).map({True: 1, False: -1})
    frame["amount_cents"] = (sign * balances.where(~payments & balances.notna(), derived)).astype("int64")
    aged_by_due = frame["entity"].isin(CHARGES)
    frame["due_date"] = frame["due_date"].where(aged_by_due & frame["due_date"].notna(), frame["txn_date"])
    frame["party_kind"] = frame["party_kind"].fillna(frame["side"].map(_PARTY_OF_SIDE))
    return frame


def _left(frame: pd.DataFrame, applied: dict[Key, int]) -> pd.Series:
    """Return what a payment or credit has left, in its own currency; a payment says so itself if it can."""
    left = frame["amount_cents"].fillna(0).astype("int64")
    if applied:
        documents = frame[DOCUMENT].itertuples(index=False, name=None)
        left = left - pd.Series(
            [applied.get(document, 0) for document in documents], index=frame.index, dtype="int64"
        )
    stated = (frame["entity"] == "Payment") & frame["unapplied_cents"].notna()
    return frame["unapplied_cents"].fillna(0).astype("int64").where(stated, left)


def _applied_net(applications: pd.DataFrame, charges: dict[Key, bool]) -> dict[Key, int]:
    """Return document -> what it was applied to charges less what credits were applied with it.

    Both ways round: of a payment its lines, of a vendor credit or credit memo the lines that use it up.
    """
    net: dict[Key, int] = {}
    for row in _rows(applications):
        payer = (row["business_id"], row["entity"], row["qbo_id"])
        is_charge = charges.get((*payer, row["line_number"]), row["linked_type"] not in CREDITS)
        net[payer] = net.get(payer, 0) + (row["amount_cents"] if is_charge else -row["amount_cents"])
        if row["linked_type"] in CREDITS:
            used = (row["business_id"], row["linked_type"], row["linked_id"])
            net[used] = net.get(used, 0) + row["amount_cents"]
    return net


def hand_posted_lines(books: Books) -> pd.DataFrame:
    """Return hand-posted lines with their side, party and signed amount in the document's currency."""
    lines = books.control_lines.copy()
    lines["side"] = lines["account_type"].map(_CONTROL)
    debit = (lines["posting"] == "Debit") | (
        lines["entity"].isin(_DEBIT_ENTITIES) & ~lines["credit"].astype(bool)
    )
    raises = debit == (lines["side"] == AR)
    lines["open_cents"] = lines["amount_cents"].where(raises, -lines["amount_cents"])
    has_party = lines["party_id"].notna()
    for column, header in (("party_id", "header_party_id"), ("party_name", "header_party_name")):
        lines[column] = lines[column].where(has_party, lines[header])
    lines["party_kind"] = lines["party_kind"].where(has_party, lines["header_kind"])
    lines["party_kind"] = lines["party_kind"].fillna(lines["side"].map(_PARTY_OF_SIDE))
    return lines


def _after_applications(
    control: pd.DataFrame, applications: pd.DataFrame
) -> tuple[dict[int, int], dict[Key, bool]]:
    """Return what is left of each control line (by its index), and which payment lines settled a charge.

    A payment line finds its control line by `TxnLineId` if that was sent, else by the payer among the
    lines of that document, charges first.
    """
    remaining = {
        int(index): int(amount)
        for index, amount in zip(control.index.tolist(), control["open_cents"].tolist(), strict=True)
    }
    targets: dict[Key, list[dict[str, Any]]] = {}
    for index, line in zip(control.index, _rows(control), strict=True):
        targets.setdefault((line["business_id"], line["entity"], line["qbo_id"]), []).append(
            {**line, "index": index}
        )
    charges: dict[Key, bool] = {}
    for row in _rows(applications):
        kind = LINKED_AS.get(row["linked_type"], row["linked_type"])
        side = SIDE_OF[row["entity"]]
        lines = [
            line
            for line in targets.get((row["business_id"], kind, row["linked_id"]), [])
            if line["side"] == side
        ]
        if lines:
            key = (row["business_id"], row["entity"], row["qbo_id"], row["line_number"])
            charges[key] = _settle(remaining, _meant(row, lines), int(row["amount_cents"]))
    return remaining, charges


def _meant(row: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the control lines a payment line may mean, the likeliest first."""
    named = [
        line for line in lines if pd.notna(row["linked_line_id"]) and line["line_id"] == row["linked_line_id"]
    ]
    of_payer = [line for line in lines if line["party_id"] == row["party_id"]]
    return sorted(named or of_payer or lines, key=lambda line: (line["open_cents"] < 0, line["line_number"]))


def _settle(remaining: dict[int, int], lines: list[dict[str, Any]], amount: int) -> bool:
    """Take an amount off the lines in order, the rest off the last; return whether the first was a charge."""
    left = amount
    for position, line in enumerate(lines):
        open_cents = remaining[line["index"]]
        taken = left if position == len(lines) - 1 else min(left, abs(open_cents))
        remaining[line["index"]] = open_cents - taken if line["open_cents"] > 0 else open_cents + taken
        left -= taken
    return bool(lines[0]["open_cents"] > 0)


def _control_items(control: pd.DataFrame, remaining: dict[int, int]) -> pd.DataFrame:
    items = control.copy()
    left = pd.Series(remaining, dtype="int64").reindex(items.index)
    items["amount_cents"] = in_home(left, items["exchange_rate"])
    items["due_date"] = items["txn_date"]
    return items[ITEM_COLUMNS]


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    names = list(frame.columns)
    return (dict(zip(names, values, strict=True)) for values in frame.itertuples(index=False, name=None))
