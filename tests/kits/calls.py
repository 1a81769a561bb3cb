"""Calls with a client in tests: hold one, compare with it, and what the next begins from."""

from dataclasses import dataclass

from rowcol.clock import NOW, Moment
from rowcol.decisions import calls
from rowcol.decisions.recording import Actor, DecisionLog, Recorded
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.calls import CallView, call_held_now, call_view
from rowcol.views.common.changes import Changes, Since, changes_between


@dataclass(frozen=True)
class CallStage:
    """The calls of one practice over a real store."""

    gateway: QuickBooksGateway
    log: DecisionLog

    def hold(self, actor: Actor, business_id: str, notes: str = "") -> Recorded:
        """Mark a call as held now."""
        return calls.hold(self.log, actor, *call_held_now(self.gateway, business_id, notes))

    def changes(self, business_id: str, since: Since = None) -> Changes:
        """Return what changed since a moment, the last call by default."""
        return changes_between(self.gateway, business_id, since)

    def view(self, business_id: str, moment: Moment = NOW) -> CallView:
        """Return what the next call begins from."""
        return call_view(self.gateway, self.log.decisions, business_id, moment)
