"""What customers said and what was said to them: promises to pay, notes of a contact and when the next one is due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from rowcol.decisions.cash_ahead import new_id
from rowcol.decisions.current import CONTACT, PROMISE, subject
from rowcol.decisions.undo import Change, Step, take
from rowcol.decisions.validation import said
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions

LATEST = timedelta(days=730)


def promise(
    decisions: Decisions,
    business_id: str,
    qbo_ids: Sequence[str],
    promised_on: date | None,
    today: date,
    by: str,
    now: datetime,
) -> Step:
    """Note the day invoices are promised to be paid; None takes their promises back.

    Raises UsageError for no invoice, and for a day that is past or more than two years ahead.
    """
    if not qbo_ids:
        raise UsageError("No invoice was chosen", "Choose the invoices that were promised")
    content = None
    if promised_on is not None:
        _ahead(promised_on, today, "A promise")
        content = {"promised_on": promised_on.isoformat()}
    told = "Promise taken back" if promised_on is None else f"Promised for {promised_on:%-d %b %Y}"
    changes = [Change(PROMISE, subject(qbo_id), content) for qbo_id in qbo_ids]
    return take(decisions, business_id, told, changes, by, now)


def contact(
    decisions: Decisions,
    business_id: str,
    customer_id: str,
    note: str,
    next_on: date | None,
    today: date,
    by: str,
    now: datetime,
) -> Step:
    """Note a contact with a customer and the day of the next one. Raises UsageError where both are missing."""
    if not note.strip() and next_on is None:
        raise UsageError("Neither a note nor a day for the next contact was given", "Give one of the two")
    if next_on is not None:
        _ahead(next_on, today, "The next contact")
    content = {
        "note": said(note, "the note") if note.strip() else "",
        "next_on": None if next_on is None else next_on.isoformat(),
    }
    note_id = new_id(business_id, f"{customer_id}\n{note}", now)
    change = Change(CONTACT, subject(customer_id, note_id), content)
    return take(decisions, business_id, "Note kept", [change], by, now)


def _ahead(day: date, today: date, what: str) -> None:
    if not today <= day <= today + LATEST:
        raise UsageError(
            f"{what} cannot be for {day:%-d %b %Y}", "Choose today or a later day, at most two years ahead"
        )
