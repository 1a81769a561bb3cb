"""What is owed and by whom, item by item: documents, credits, unapplied payments and hand-posted lines.

Source: docs/definitions.md, The books at t and Aging. Items are signed home cents; a credit is negative. Each side
(`ap`, `ar`) has its own: A/P is open bills less vendor credits and unapplied bill payments, A/R open invoices less
credit memos and unapplied payments, both plus or less the lines posted to the control account by hand.
"""

import pandas as pd

from rowcol.domain.applications import Applied, PaymentLines, applied_at, payment_lines
from rowcol.domain.books import DOCUMENT, Books, in_home
from rowcol.domain.control_lines import PARTY_OF_SIDE, control_items
from rowcol.entities import CHARGES, PAYMENTS, SIDE_OF

AP, AR = "ap", "ar"
ITEM_COLUMNS = [
    *DOCUMENT, "side", "doc_number", "party_kind", "party_id", "party_name", "txn_date", "due_date", "amount_cents",
]  # fmt: skip


def open_items(books: Books) -> pd.DataFrame:
    """Return every item open at the as-of date (`ITEM_COLUMNS`): what is dated later does not exist.

    `due_date` is what the item is aged by: a bill's or invoice's own, else its TxnDate; a credit's and a
    hand-posted line's TxnDate. A link counts if the charge, the credit and the payment that joins them all exist.
    """
    return _items(books, payment_lines(books), ahead=False)


def open_and_entered(books: Books, payments: PaymentLines) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the open items at the as-of date, and the same with what is entered ahead.

    Entered ahead is what is dated later and was created by the as-of date: it exists in the second, with its links, so
    a bill whose post-dated check is written is no longer open there.
    """
    items = _items(books, payments, ahead=False)
    return items, _items(books, payments, ahead=True) if _has_later(books) else items


def _has_later(books: Books) -> bool:
    """Return whether any document or hand-posted line that was read is dated after the first as-of date."""
    if books.clients.empty:
        return False
    first = books.clients["as_of"].min()
    dates = (
        books.open_documents["txn_date"], books.control_lines["txn_date"],
        books.applications["paid_on"], books.applications["linked_on"],
    )  # fmt: skip
    return any((pd.to_datetime(days) > first).any() for days in dates)


def _items(books: Books, payments: PaymentLines, *, ahead: bool) -> pd.DataFrame:
    applied = applied_at(books, payments, ahead=ahead)
    documents = _documents(books, applied)
    items = pd.concat([documents, control_items(payments.control, applied.left)], ignore_index=True)
    items = items[(items["amount_cents"] != 0) & books.existing(items, ahead=ahead)]
    return items[ITEM_COLUMNS].reset_index(drop=True)


def _documents(books: Books, applied: Applied) -> pd.DataFrame:
    """Return bills, invoices, credits and unapplied payments with their signed open amounts, 0 if nothing is open."""
    frame = books.dated(books.open_documents)
    frame["side"] = frame["entity"].map(SIDE_OF)
    charges, payments = frame["entity"].isin(CHARGES), frame["entity"].isin(PAYMENTS)
    frame["amount_cents"] = _balances(frame, applied).where(~payments, _unapplied(frame, applied))
    # An invoice or a bill that is paid too much is no charge; what was paid too much is not in QuickBooks' reports.
    negative_charge = charges & (frame["amount_cents"] < 0)
    frame["amount_cents"] = (
        frame["amount_cents"].where(charges, -frame["amount_cents"]).mask(negative_charge, 0)
    )
    frame["due_date"] = frame["due_date"].where(charges & frame["due_date"].notna(), frame["txn_date"])
    frame["party_kind"] = frame["party_kind"].fillna(frame["side"].map(PARTY_OF_SIDE))
    return frame


def _balances(frame: pd.DataFrame, applied: Applied) -> pd.Series:
    """Return what is open of charges and credits in home cents: as stated, with the links undone that do not count.

    A stated home balance holds only if no link is undone: else the sum is at the document's own rate, rounded once. A
    balance that is absent is the total less what is applied, a deposit received with an invoice included.
    """
    back, used = applied.undone_of(frame), applied.used_of(frame)
    total = frame["amount_cents"].fillna(0).astype("int64") - frame["deposit_cents"].fillna(0).astype("int64")
    own = (frame["open_cents"].astype("Int64") + back).fillna(total - used).astype("int64")
    stated = frame["balance_cents"].notna() & (back == 0)
    return in_home(own, frame["exchange_rate"]).mask(stated, frame["balance_cents"]).astype("int64")


def _unapplied(frame: pd.DataFrame, applied: Applied) -> pd.Series:
    """Return what payments have left in home cents; a Payment says so itself, less the links that do not count."""
    total = frame["amount_cents"].fillna(0).astype("int64")
    stated = (frame["entity"] == "Payment") & frame["unapplied_cents"].notna()
    said = frame["unapplied_cents"].fillna(0).astype("int64") + applied.returned_to(frame)
    return in_home(said.where(stated, total - applied.spent_by(frame)), frame["exchange_rate"])
