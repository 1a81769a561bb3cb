"""The views of the decision console."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from rowcol.decisions import current, scenarios
from rowcol.domain.forecast.result import Forecast
from rowcol.store.control.decisions import Decisions
from rowcol.views.common.gather import Source
from rowcol.views.console.forecast import ForecastView, forecast_view
from rowcol.views.console.inputs import console_ground
from rowcol.views.console.page import ConsoleInputs, ConsoleView, Said, console_view, without_plans

KINDS = (
    current.PLAN, current.HOLD, current.PRIORITY, current.PROMISE, current.BANK_BALANCE, current.COMMITMENT,
    current.CONTACT, current.SCENARIO,
)  # fmt: skip
"""Decisions that the ground of a console does not depend on."""
BESIDE_THE_FORECAST = (current.PLAN, current.PRIORITY, current.CONTACT, current.SCENARIO)
"""Decisions that the forecast without plans does not depend on."""


@dataclass(frozen=True)
class ConsoleRoom:
    """The console views of one practice."""

    decisions: Decisions
    source: Callable[[], Source]
    link_host: str

    def position(self, business_id: str) -> int:
        """Return what the ground of a client's console depends on, as one rising number."""
        return self.source().frames.log_position(business_id, KINDS)

    def unplanned_position(self, business_id: str) -> int:
        """Return what a client's forecast without plans depends on, as one rising number."""
        return self.source().frames.log_position(business_id, BESIDE_THE_FORECAST)

    def ground(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> ConsoleInputs:
        """Return the books behind a client's console. Raises UnknownClient."""
        return console_ground(self.source(), business_id, self.link_host, as_of, known_at)

    def unplanned(self, ground: ConsoleInputs, known_at: datetime | None = None) -> Forecast:
        """Return the forecast of a client by all that was decided by a moment but the plan of bills."""
        return without_plans(ground, current.advice(self.decisions, known_at).of(ground.business_id))

    def view(
        self, ground: ConsoleInputs, unplanned: Forecast, known_at: datetime | None = None
    ) -> ConsoleView:
        """Return the console of a client as decided by a moment; `unplanned` as known at the same."""
        business_id = ground.business_id
        said = Said(
            current.advice(self.decisions, known_at).of(business_id),
            current.contacts(self.decisions, business_id, known_at),
            current.planned(self.decisions, business_id, known_at),
            scenarios.kept(self.decisions, business_id, known_at),
        )
        return console_view(ground, said, unplanned)

    def forecast(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> ForecastView:
        """Return how customers pay, how well that foretold, and how last week's forecast did. Raises UnknownClient."""
        return forecast_view(self.source(), business_id, self.link_host, as_of, known_at)
