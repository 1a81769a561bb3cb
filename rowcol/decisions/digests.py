"""Decisions about digests: who gets them, the note at the top, the next call, and the approval to send one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rowcol.decisions.recording import (
    BY,
    WITHDRAWN,
    Actor,
    Change,
    DecisionLog,
    Recorded,
    current_contents,
    record,
)
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions
from rowcol.wording import date_text

RECIPIENTS, NOTE, NEXT_CALL, APPROVAL = (
    "digest recipients", "digest note", "next call", "digest approval",
)  # fmt: skip
LONGEST_NOTE = 2_000
MOST_RECIPIENTS = 20
LATEST_DAYS = 730


@dataclass(frozen=True)
class Approval:
    """The approval to send a client's digest: of which day and moment, with which note and figures, by whom and when."""

    as_of: date
    known_at: datetime
    note: str
    figures_hash: str
    by: str
    at: datetime


@dataclass(frozen=True)
class DigestDecisions:
    """Recipients and next calls as known at a moment, notes and approvals of one week; by business id.

    The business id '' is the practice itself.
    """

    recipients: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    next_calls: Mapping[str, date]
    approvals: Mapping[str, Approval]


def set_recipients(log: DecisionLog, actor: Actor, business_id: str, addresses: Sequence[str]) -> Recorded:
    """Record who gets a digest; `addresses` are valid ones. Raises UsageError if there are too many."""
    if len(addresses) > MOST_RECIPIENTS:
        raise UsageError(f"More than {MOST_RECIPIENTS} recipients", "Name fewer, or a mailing list")
    change = Change(RECIPIENTS, "", {"addresses": list(addresses)})
    return record(log, actor, business_id, "Recipients of the digest changed", [change])


def write_note(log: DecisionLog, actor: Actor, business_id: str, week: date, text: str) -> Recorded:
    """Record the note at the top of a week's digest; '' removes it. Raises UsageError if it is too long."""
    entered = text.strip()
    if len(entered) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters", "Shorten it")
    change = Change(NOTE, week.isoformat(), {"text": entered})
    return record(log, actor, business_id, "Note of the digest changed", [change])


def set_next_call(
    log: DecisionLog, actor: Actor, business_id: str, day: date | None, today: date
) -> Recorded:
    """Record the day of the next call with a client; None removes it. Raises UsageError if it is past or too late."""
    if day is not None and not 0 <= (day - today).days <= LATEST_DAYS:
        raise UsageError(
            f"The next call cannot be on {date_text(day)}",
            "Choose today or a later day, at most two years ahead",
        )
    change = Change(NEXT_CALL, "", {"on": None if day is None else day.isoformat()})
    return record(log, actor, business_id, "Next call changed", [change])


def approve(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    week: date,
    *,
    as_of: date,
    known_at: datetime,
    note: str,
    figures_hash: str,
) -> Recorded:
    """Record the approval to send a client's digest of a week, as made of that day and moment."""
    content = {
        "as_of": as_of.isoformat(), "known_at": known_at.isoformat(), "note": note, "figures_hash": figures_hash,
    }  # fmt: skip
    change = Change(APPROVAL, week.isoformat(), content)
    return record(log, actor, business_id, "Digest approved", [change])


def digest_decisions(decisions: Decisions, week: date, known_at: datetime | None = None) -> DigestDecisions:
    """Return the decisions about the digests of a week, as known at a moment (None: now)."""
    of_week = week.isoformat()
    recipients, notes, calls = (
        current_contents(decisions, kind, known_at) for kind in (RECIPIENTS, NOTE, NEXT_CALL)
    )
    return DigestDecisions(
        recipients={
            business_id: tuple(content["addresses"]) for (business_id, _), content in recipients.items()
        },
        notes={
            business_id: str(content["text"])
            for (business_id, when), content in notes.items()
            if when == of_week
        },
        next_calls={
            business_id: date.fromisoformat(content["on"])
            for (business_id, _), content in calls.items()
            if content["on"] is not None
        },
        approvals=_approvals(decisions, of_week, known_at),
    )


def _approvals(decisions: Decisions, of_week: str, known_at: datetime | None) -> dict[str, Approval]:
    every = decisions.every(APPROVAL, known_at)
    newest = {decision.business_id: decision for decision in every if decision.subject == of_week}
    return {
        business_id: _approval(decision.content, decision.decided_at)
        for business_id, decision in newest.items()
        if not decision.content.get(WITHDRAWN)
    }


def _approval(content: Mapping[str, str], at: datetime) -> Approval:
    return Approval(
        date.fromisoformat(content["as_of"]),
        datetime.fromisoformat(content["known_at"]),
        content["note"],
        content["figures_hash"],
        content[BY],
        at,
    )
