"""What the advisor says of the digests: who gets them, the note at the top, the next call, and that one may be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rowcol.decisions.validation import named_person
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions

RECIPIENTS, NOTE, NEXT_CALL, APPROVAL = (
    "digest recipients", "digest note", "next call", "digest approval",
)  # fmt: skip
LONGEST_NOTE = 2_000
MOST_RECIPIENTS = 20
LATEST_DAYS = 730


@dataclass(frozen=True)
class Approval:
    """That a client's digest of a week may be sent: as made of which moment, with which note and figures."""

    as_of: date
    known_at: datetime
    note: str
    figures_hash: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DigestSaid:
    """What was said of digests by a moment, by business id ('' is the practice's own); of one week where it is of a week."""

    recipients: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    next_calls: Mapping[str, date]
    approvals: Mapping[str, Approval]


def set_recipients(
    decisions: Decisions, business_id: str, addresses: Sequence[str], by: str, now: datetime
) -> None:
    """Record who gets a digest, none to send it to nobody. `addresses` are checked. Raises UsageError."""
    if len(addresses) > MOST_RECIPIENTS:
        raise UsageError(f"More than {MOST_RECIPIENTS} recipients", "Name fewer, or a mailing list")
    content = {"addresses": list(addresses), "by": named_person(by)}
    decisions.record(business_id, RECIPIENTS, "", content, now)


def write_note(decisions: Decisions, business_id: str, week: date, text: str, by: str, now: datetime) -> None:
    """Record the note at the top of a week's digest; an empty one takes it away. Raises UsageError."""
    kept = text.strip()
    if len(kept) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters", "Shorten it")
    decisions.record(business_id, NOTE, week.isoformat(), {"text": kept, "by": named_person(by)}, now)


def set_next_call(
    decisions: Decisions, business_id: str, day: date | None, today: date, by: str, now: datetime
) -> None:
    """Record when a client is called next; None takes it back. Raises UsageError for a day that is past."""
    if day is not None and not 0 <= (day - today).days <= LATEST_DAYS:
        raise UsageError(
            f"The next call cannot be on {day:%-d %b %Y}",
            "Choose today or a later day, at most two years ahead",
        )
    content = {"on": None if day is None else day.isoformat(), "by": named_person(by)}
    decisions.record(business_id, NEXT_CALL, "", content, now)


def approve(decisions: Decisions, business_id: str, week: date, approval: Approval) -> None:
    """Record that a client's digest may be sent. Raises UsageError without a name."""
    content = {
        "as_of": approval.as_of.isoformat(),
        "known_at": approval.known_at.isoformat(),
        "note": approval.note,
        "figures_hash": approval.figures_hash,
        "by": named_person(approval.by),
    }
    decisions.record(business_id, APPROVAL, week.isoformat(), content, approval.at)


def said(decisions: Decisions, week: date, known_at: datetime | None = None) -> DigestSaid:
    """Return what was said of digests as known at a moment (None: now)."""
    of_week = week.isoformat()
    recipients = {
        one: tuple(said["addresses"]) for (one, _), said in decisions.newest(RECIPIENTS, known_at).items()
    }
    notes = {
        one: str(said["text"])
        for (one, when), said in decisions.newest(NOTE, known_at).items()
        if when == of_week
    }
    calls = {
        one: date.fromisoformat(said["on"])
        for (one, _), said in decisions.newest(NEXT_CALL, known_at).items()
        if said["on"] is not None
    }
    approvals = {
        one.business_id: _approval(one.content, one.decided_at)
        for one in decisions.every(APPROVAL, known_at)
        if one.subject == of_week
    }
    return DigestSaid(recipients, notes, calls, approvals)


def _approval(content: Mapping[str, str], at: datetime) -> Approval:
    return Approval(
        date.fromisoformat(content["as_of"]),
        datetime.fromisoformat(content["known_at"]),
        content["note"],
        content["figures_hash"],
        content["by"],
        at,
    )
