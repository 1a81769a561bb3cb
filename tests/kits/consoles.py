"""One client's console in tests, made as the page makes it."""

from dataclasses import dataclass

from rowcol.clock import NOW, Moment
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control.decisions import Decisions
from rowcol.views.console.inputs import ConsoleInputs, console_inputs
from rowcol.views.console.page import (
    NOT_IN_INPUTS,
    NOT_IN_UNPLANNED,
    ConsoleView,
    client_decisions,
    console_view,
    without_plans,
)


@dataclass(frozen=True)
class ConsoleStage:
    """The consoles of one practice over a real store."""

    gateway: QuickBooksGateway
    decisions: Decisions

    def position(self, business_id: str) -> int:
        """Return what a client's console inputs depend on, as one rising number."""
        return self.gateway.frames.log_position(business_id, NOT_IN_INPUTS)

    def unplanned_position(self, business_id: str) -> int:
        """Return what a client's forecast without plans depends on, as one rising number."""
        return self.gateway.frames.log_position(business_id, NOT_IN_UNPLANNED)

    def inputs(self, business_id: str, moment: Moment = NOW) -> ConsoleInputs:
        """Return the books behind a client's console."""
        return console_inputs(self.gateway, business_id, moment)

    def view(self, inputs: ConsoleInputs, moment: Moment = NOW) -> ConsoleView:
        """Return the console as decided by a moment."""
        known_at = moment.known_at
        decided = client_decisions(self.decisions, inputs.business_id, known_at)
        return console_view(inputs, decided, without_plans(inputs, decided.decisions))
