"""Calls held with clients: recorded with the client's figures at that moment, annotated, withdrawn.

A call is two decisions whose subject is the call's time: its short content, which every list of calls reads, and the
full snapshot of the client, which only a comparison with that call reads.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from rowcol.clock import KnownAt
from rowcol.decisions.recording import (
    BY,
    LONGEST_TEXT,
    Actor,
    Change,
    DecisionLog,
    Recorded,
    current_contents,
    record,
)
from rowcol.domain.calls import Call, CallsByClient, by_client
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions

CALL, SNAPSHOT = "call", "call standing"


def hold(log: DecisionLog, actor: Actor, call: Call, snapshot: Mapping[str, Any]) -> Recorded:
    """Record a call as held by `actor`, with the snapshot of its client, dated by the call.

    Raises UsageError if the note is too long.
    """
    held_call = replace(call, notes=_checked(call.notes), by=actor.name)
    changes = [_change(held_call), Change(SNAPSHOT, _subject(held_call), dict(snapshot), verbatim=True)]
    return record(log, actor, call.business_id, "Call held", changes, call.held_at)


def note(log: DecisionLog, actor: Actor, call: Call, notes: str) -> Recorded:
    """Replace the note of a call; who held it stays. Raises UsageError if the note is too long."""
    changes = [_change(replace(call, notes=_checked(notes)))]
    return record(log, actor, call.business_id, "Note of a call changed", changes)


def withdraw(log: DecisionLog, actor: Actor, call: Call) -> Recorded:
    """Record that a call was not held."""
    change = Change(CALL, _subject(call), None, verbatim=True)
    return record(log, actor, call.business_id, "Call withdrawn", [change])


def all_calls(decisions: Decisions, known_at: KnownAt = None) -> CallsByClient:
    """Return business_id -> its calls as known at a moment, the oldest first, without those withdrawn."""
    return by_client(
        Call(
            business_id=business_id,
            held_at=datetime.fromisoformat(subject),
            as_of=date.fromisoformat(content["as_of"]),
            by=content[BY],
            notes=content["notes"],
            log_position=content["log_position"],
            figures=content["figures"],
        )
        for (business_id, subject), content in current_contents(decisions, CALL, known_at).items()
    )


def snapshots(decisions: Decisions, calls: Iterable[Call]) -> dict[tuple[str, datetime], Mapping[str, Any]]:
    """Return (business_id, held_at) -> the snapshot of the client at that call."""
    wanted = {(call.business_id, _subject(call)): call.held_at for call in calls}
    contents = decisions.of(SNAPSHOT, list(wanted))
    return {(key[0], wanted[key]): content for key, content in contents.items()}


def _checked(notes: str) -> str:
    entered = notes.strip()
    if len(entered) > LONGEST_TEXT:
        raise UsageError(f"The note is longer than {LONGEST_TEXT:,} characters", "Shorten it")
    return entered


def _subject(call: Call) -> str:
    return call.held_at.isoformat()


def _change(call: Call) -> Change:
    content = {
        "as_of": call.as_of.isoformat(), BY: call.by, "notes": call.notes, "log_position": call.log_position,
        "figures": dict(call.figures),
    }  # fmt: skip
    return Change(CALL, _subject(call), content, verbatim=True)
