"""One step of an advisor: decisions on one client recorded together, and taken back together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rowcol.decisions.current import WITHDRAWN
from rowcol.decisions.validation import named_person
from rowcol.store.decisions import Decisions

BY = "by"


@dataclass(frozen=True)
class Change:
    """A decision to record: its kind, its subject and its content; content None takes back what stood."""

    kind: str
    subject: str
    content: Mapping[str, Any] | None


@dataclass(frozen=True)
class Step:
    """What was recorded on a client, and what stood before: enough to undo it."""

    business_id: str
    told: str
    """What was done, as the advisor reads it."""
    before: tuple[Change, ...]


def take(
    decisions: Decisions, business_id: str, told: str, changes: Sequence[Change], by: str, now: datetime
) -> Step:
    """Record changes, all or none, with who decided. Raises UsageError without a name."""
    name = named_person(by)
    standing = {kind: decisions.newest(kind) for kind in {change.kind for change in changes}}
    before = tuple(
        Change(change.kind, change.subject, _held(standing[change.kind].get((business_id, change.subject))))
        for change in changes
    )
    if changes:
        made = [(change.kind, change.subject, _content(change, name)) for change in changes]
        decisions.record_all(business_id, made, now)
    return Step(business_id, told, before)


def undo(decisions: Decisions, step: Step, by: str, now: datetime) -> Step:
    """Record what stood before a step again; the step returned undoes that. Raises UsageError without a name."""
    return take(decisions, step.business_id, f"Taken back: {step.told}", step.before, by, now)


def _held(content: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if content is None or content.get(WITHDRAWN) else content


def _content(change: Change, name: str) -> dict[str, Any]:
    return {**({WITHDRAWN: True} if change.content is None else change.content), BY: name}
