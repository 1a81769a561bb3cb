"""Dismissing a finding with a reason, and restoring it. A dismissal holds until the record changes."""

from dataclasses import dataclass

from rowcol.decisions.reading import DISMISSAL
from rowcol.decisions.recording import (
    Actor,
    Change,
    DecisionLog,
    Recorded,
    entered_text,
    record,
    subject,
)
from rowcol.domain.hygiene.findings import RULES
from rowcol.errors import UsageError


@dataclass(frozen=True)
class Finding:
    """Which finding: its client, code and record (both None on the company itself), and the version it was found on."""

    business_id: str
    code: str
    entity: str | None
    qbo_id: str | None
    version: int | None


def dismiss(log: DecisionLog, actor: Actor, finding: Finding, reason: str) -> Recorded:
    """Dismiss a finding. Raises UsageError without a reason, or if there is no such finding."""
    if finding.code not in RULES:
        raise UsageError(f"There is no finding called {finding.code!r}", "Choose one from the tray")
    if finding.version is None:
        raise UsageError(
            "This finding cannot be told from a later one", "Refresh the client, then dismiss it"
        )
    content = {
        "version": finding.version,
        "reason": entered_text(reason, "the reason why this finding needs no mending"),
    }
    change = Change(DISMISSAL, _subject(finding), content)
    return record(log, actor, finding.business_id, "Finding dismissed", [change])


def restore(log: DecisionLog, actor: Actor, finding: Finding) -> Recorded:
    """Withdraw the dismissal of a finding."""
    change = Change(DISMISSAL, _subject(finding), None)
    return record(log, actor, finding.business_id, "Finding restored", [change])


def _subject(finding: Finding) -> str:
    return subject(finding.code, finding.entity or "", finding.qbo_id or "")
