"""Promises of customers to pay, notes of contacts with them, and when the next contact is due."""

from collections.abc import Sequence
from datetime import date, timedelta

from rowcol.decisions.cash_ahead import new_id
from rowcol.decisions.reading import CONTACT, PROMISE
from rowcol.decisions.recording import Actor, Change, DecisionLog, Recorded, entered_text, record, subject
from rowcol.errors import UsageError
from rowcol.wording import date_text

LATEST = timedelta(days=730)


def promise(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    qbo_ids: Sequence[str],
    promised_on: date | None,
    today: date,
) -> Recorded:
    """Record the day on which invoices are promised to be paid; None withdraws their promises.

    Raises UsageError without an invoice, or if the day is past or more than two years ahead.
    """
    if not qbo_ids:
        raise UsageError("No invoice was chosen", "Choose the invoices that were promised")
    content = None
    if promised_on is not None:
        _ahead(promised_on, today, "A promise")
        content = {"promised_on": promised_on.isoformat()}
    effect = "Promise taken back" if promised_on is None else f"Promised for {date_text(promised_on)}"
    changes = [Change(PROMISE, subject(qbo_id), content) for qbo_id in qbo_ids]
    return record(log, actor, business_id, effect, changes)


def contact(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    customer_id: str,
    note: str,
    next_on: date | None,
    today: date,
) -> Recorded:
    """Record a note of a contact with a customer and the day of the next one. Raises UsageError without both."""
    if not note.strip() and next_on is None:
        raise UsageError("Neither a note nor a day for the next contact was given", "Give one of the two")
    if next_on is not None:
        _ahead(next_on, today, "The next contact")
    content = {
        "note": entered_text(note, "the note") if note.strip() else "",
        "next_on": None if next_on is None else next_on.isoformat(),
    }
    now = log.clock()
    note_id = new_id(business_id, f"{customer_id}\n{note}", now)
    change = Change(CONTACT, subject(customer_id, note_id), content)
    return record(log, actor, business_id, "Note kept", [change], now)


def _ahead(day: date, today: date, label: str) -> None:
    if not today <= day <= today + LATEST:
        raise UsageError(
            f"{label} cannot be for {date_text(day)}", "Choose today or a later day, at most two years ahead"
        )
