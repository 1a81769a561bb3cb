"""Calls held with clients: marked, noted, taken back; each keeps where the client stood.

A call is two decisions of one subject, the call's time: what lists of calls need, and where the client stood in full,
which only a comparison with that call reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rowcol.decisions.current import WITHDRAWN
from rowcol.decisions.validation import LONGEST, named_person
from rowcol.domain.calls import Call, CallsByClient, by_client
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions

CALL, STANDING = "call", "call standing"


def hold(decisions: Decisions, call: Call, standing: Mapping[str, Any]) -> Call:
    """Record a call as held, with where the client stood. Raises UsageError without a name or for too long a note."""
    call = _checked(call)
    made = [(CALL, _subject(call), _content(call)), (STANDING, _subject(call), dict(standing))]
    decisions.record_all(call.business_id, made, call.held_at)
    return call


def note(decisions: Decisions, call: Call, notes: str, by: str, now: datetime) -> Call:
    """Replace what was noted of a call. Raises UsageError."""
    noted = _checked(replace(call, notes=notes, by=by))
    decisions.record(call.business_id, CALL, _subject(call), _content(replace(noted, by=call.by)), now)
    return replace(noted, by=call.by)


def withdraw(decisions: Decisions, call: Call, by: str, now: datetime) -> None:
    """Take back that a call was held; `restore` undoes that. Raises UsageError without a name."""
    content = {WITHDRAWN: True, "by": named_person(by)}
    decisions.record(call.business_id, CALL, _subject(call), content, now)


def restore(decisions: Decisions, call: Call, now: datetime) -> None:
    """Record again that a call was held, as it was."""
    decisions.record(call.business_id, CALL, _subject(call), _content(call), now)


def all_calls(decisions: Decisions, known_at: datetime | None = None) -> CallsByClient:
    """Return business_id -> its calls as known at a moment, the oldest first; those taken back are not among them."""
    newest = decisions.newest(CALL, known_at)
    return by_client(
        Call(
            business_id=business_id,
            held_at=datetime.fromisoformat(subject),
            as_of=date.fromisoformat(content["as_of"]),
            by=content["by"],
            notes=content["notes"],
            log_position=content["log_position"],
            figures=content["figures"],
        )
        for (business_id, subject), content in newest.items()
        if not content.get(WITHDRAWN)
    )


def standings(decisions: Decisions, calls: Iterable[Call]) -> dict[tuple[str, datetime], Mapping[str, Any]]:
    """Return (business_id, held_at) -> where the client stood at that call."""
    wanted = {(call.business_id, _subject(call)): call.held_at for call in calls}
    found = decisions.of(STANDING, list(wanted))
    return {(key[0], wanted[key]): content for key, content in found.items()}


def _checked(call: Call) -> Call:
    notes = call.notes.strip()
    if len(notes) > LONGEST:
        raise UsageError(f"The note is longer than {LONGEST:,} characters", "Shorten it")
    return replace(call, notes=notes, by=named_person(call.by))


def _subject(call: Call) -> str:
    return call.held_at.isoformat()


def _content(call: Call) -> dict[str, Any]:
    return {
        "as_of": call.as_of.isoformat(), "by": call.by, "notes": call.notes, "log_position": call.log_position,
        "figures": dict(call.figures),
    }  # fmt: skip
