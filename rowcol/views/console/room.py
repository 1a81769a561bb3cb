"""The decision console as pages ask for it: its views, and the commands that change what they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rowcol.clock import Clock
from rowcol.decisions import cash_ahead, current, history, payables, receivables, scenarios
from rowcol.decisions import undo as steps
from rowcol.decisions.cash_ahead import Commitment
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.undo import Step
from rowcol.domain.forecast.result import Forecast
from rowcol.domain.forecast.scenario import Scenario
from rowcol.store.decisions import Decisions
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
    """Views and commands of one practice. Each command raises UsageError, with what to do, where it cannot be done."""

    decisions: Decisions
    clock: Clock
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
            history.contacts(self.decisions, business_id, known_at),
            history.planned(self.decisions, business_id, known_at),
            scenarios.kept(self.decisions, business_id, known_at),
        )
        return console_view(ground, said, unplanned)

    def forecast(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> ForecastView:
        """Return how customers pay, how well that foretold, and how last week's forecast did. Raises UnknownClient."""
        return forecast_view(self.source(), business_id, self.link_host, as_of, known_at)

    def plan(self, business_id: str, payments: Sequence[PlannedPayment], today: date, by: str) -> Step:
        """Plan bills to be paid."""
        return payables.plan(self.decisions, business_id, payments, today, by, self.clock())

    def unplan(self, business_id: str, qbo_ids: Sequence[str], by: str) -> Step:
        """Take bills out of the plan."""
        return payables.unplan(self.decisions, business_id, qbo_ids, by, self.clock())

    def hold(self, business_id: str, scope: str, subject_id: str, state: str | None, by: str) -> Step:
        """Hold or dispute a vendor's bills or one bill; None lets them go."""
        return payables.hold(self.decisions, business_id, scope, subject_id, state, by, self.clock())

    def prioritise(self, business_id: str, scope: str, subject_id: str, priority: str, by: str) -> Step:
        """Say how much a vendor's bills or one bill matter."""
        return payables.prioritise(self.decisions, business_id, scope, subject_id, priority, by, self.clock())

    def promise(
        self, business_id: str, qbo_ids: Sequence[str], on: date | None, today: date, by: str
    ) -> Step:
        """Note the day invoices are promised to be paid; None takes their promises back."""
        return receivables.promise(self.decisions, business_id, qbo_ids, on, today, by, self.clock())

    def contact(
        self, business_id: str, customer_id: str, note: str, next_on: date | None, today: date, by: str
    ) -> Step:
        """Note a contact with a customer and the day of the next one."""
        return receivables.contact(
            self.decisions, business_id, customer_id, note, next_on, today, by, self.clock()
        )

    def bank_balance(
        self, business_id: str, account_id: str, balance_cents: int | None, on: date, by: str
    ) -> Step:
        """Note what the bank says an account holds; None takes it back."""
        return cash_ahead.bank_balance(
            self.decisions, business_id, account_id, balance_cents, on, by, self.clock()
        )

    def commit(
        self,
        business_id: str,
        commitment: Commitment,
        today: date,
        by: str,
        commitment_id: str | None = None,
    ) -> Step:
        """Note a payment to come."""
        return cash_ahead.commit(
            self.decisions, business_id, commitment, today, by, self.clock(), commitment_id
        )

    def drop_commitment(self, business_id: str, commitment_id: str, by: str) -> Step:
        """Take a payment to come back."""
        return cash_ahead.drop_commitment(self.decisions, business_id, commitment_id, by, self.clock())

    def keep_scenario(self, business_id: str, name: str, scenario: Scenario, by: str) -> Step:
        """Keep a what-if under a name."""
        return scenarios.keep(self.decisions, business_id, name, scenario, by, self.clock())

    def drop_scenario(self, business_id: str, scenario_id: str, by: str) -> Step:
        """Delete a what-if."""
        return scenarios.drop(self.decisions, business_id, scenario_id, by, self.clock())

    def undo(self, step: Step, by: str) -> Step:
        """Record what stood before a step again."""
        return steps.undo(self.decisions, step, by, self.clock())
