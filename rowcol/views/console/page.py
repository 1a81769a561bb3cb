"""The decision console of one client: what to pay, whom to chase, when cash gets tight; each answers the other two."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from rowcol.decisions import reading, scenarios
from rowcol.decisions.scenarios import KeptScenario
from rowcol.domain.current_decisions import CurrentDecisions, apply_decisions
from rowcol.domain.forecast.direct_method import forecast, replan
from rowcol.domain.forecast.result import PAYMENTS, PLACED, Forecast
from rowcol.domain.outcomes import plan_outcomes
from rowcol.domain.safe_to_pay import DUE_GROUPS, SafeToPay, safe_to_pay
from rowcol.store.control.decisions import Decisions
from rowcol.views.console.collections import customers_of, with_contacts
from rowcol.views.console.inputs import ConsoleInputs
from rowcol.views.console.lists import with_expected

NOT_IN_INPUTS = (
    reading.PLAN, reading.HOLD, reading.PRIORITY, reading.PROMISE, reading.BANK_BALANCE, reading.COMMITMENT,
    reading.CONTACT, reading.SCENARIO,
)  # fmt: skip
"""Decisions on which `ConsoleInputs` do not depend."""
NOT_IN_UNPLANNED = (reading.PLAN, reading.PRIORITY, reading.CONTACT, reading.SCENARIO)
"""Decisions on which the forecast without plans does not depend."""


@dataclass(frozen=True)
class ClientDecisions:
    """What was decided of one client by a moment; `contacts` and `planned` as `decisions.reading` returns them."""

    decisions: CurrentDecisions
    contacts: pd.DataFrame
    planned: pd.DataFrame
    scenarios: tuple[KeptScenario, ...] = ()


@dataclass(frozen=True)
class ScenarioForecast:
    """A what-if with the forecast it comes to."""

    kept: KeptScenario
    forecast: Forecast


@dataclass(frozen=True)
class CollectionList:
    """The invoices to collect and their customers.

    `invoices`: those of `ConsoleInputs` with promised_on, next_on and note of the customer, expected_on and reason by
    the forecast. `customers`: one row a customer that has any, see `customers_of`.
    """

    invoices: pd.DataFrame
    customers: pd.DataFrame


@dataclass(frozen=True)
class ConsoleView:
    """One client's console. Money in home cents.

    `bills`: those of `ConsoleInputs` with priority, held, pay_on, planned_cents, placed_day (Int64, the day of the forecast
    that pays it, NA if none does), free (bool: neither held nor planned).
    `expected` is the forecast with all that was decided, `unplanned` the same without the plan of bills.
    """

    inputs: ConsoleInputs
    decided: ClientDecisions
    bills: pd.DataFrame
    expected: Forecast
    unplanned: Forecast
    safe: SafeToPay


def client_decisions(
    decisions: Decisions, business_id: str, known_at: datetime | None = None
) -> ClientDecisions:
    """Return what was decided of a client by a moment (None: now)."""
    return ClientDecisions(
        reading.current_decisions(decisions, known_at).of(business_id),
        reading.contacts(decisions, business_id, known_at),
        reading.planned(decisions, business_id, known_at),
        scenarios.kept(decisions, business_id, known_at),
    )


def console_view(inputs: ConsoleInputs, decided: ClientDecisions, unplanned: Forecast) -> ConsoleView:
    """Return a client's console from its books and what was decided: pure, so that a tick need not read the books.

    `unplanned` as `without_plans` gives it of the same: it is the same for every plan.
    """
    decisions, expected = decided.decisions, unplanned
    if not decisions.plans.empty:
        expected = replan(unplanned, inputs.forecast_inputs, decisions)
    bills = _bills(inputs, decisions, expected)
    return ConsoleView(
        inputs=inputs,
        decided=decided,
        bills=bills,
        expected=expected,
        unplanned=unplanned,
        safe=_safe(bills, expected, inputs.reserve_cents, rest_waits=False),
    )


def safe_if_rest_waits(view: ConsoleView) -> SafeToPay:
    """Return what is safe to pay this week if the due bills not taken are left unpaid."""
    return _safe(view.bills, view.expected, view.inputs.reserve_cents, rest_waits=True)


def _safe(bills: pd.DataFrame, expected: Forecast, reserve_cents: int, *, rest_waits: bool) -> SafeToPay:
    payable = bills.rename(columns={"balance_cents": "amount_cents"})
    closing = expected.days["closing_cents"].to_numpy()
    return safe_to_pay(payable, closing, reserve_cents, rest_waits=rest_waits)


def without_plans(inputs: ConsoleInputs, decisions: CurrentDecisions) -> Forecast:
    """Return the forecast by all that was decided but the plan of bills; what the books were read with is not repeated."""
    if decisions.plans.empty and decisions.equals(inputs.decisions):
        return inputs.forecast
    return forecast(inputs.forecast_inputs, replace(decisions, plans=decisions.plans.iloc[:0]))


def collection_list(view: ConsoleView) -> CollectionList:
    """Return the invoices to collect and their customers."""
    rows = with_expected(view.inputs.invoices, view.expected.items)
    invoices = with_contacts(rows, view.decided.decisions.promises, view.decided.contacts)
    return CollectionList(invoices, customers_of(invoices))


def what_ifs(view: ConsoleView) -> tuple[ScenarioForecast, ...]:
    """Return the what-ifs that were kept, each with its forecast."""
    inputs, decided = view.inputs.forecast_inputs, view.decided
    return tuple(
        ScenarioForecast(kept, forecast(inputs, decided.decisions, kept.scenario))
        for kept in decided.scenarios
    )


def planned_and_paid(view: ConsoleView) -> pd.DataFrame:
    """Return the outcome of each plan, see `plan_outcomes`."""
    inputs = view.inputs
    return plan_outcomes(view.decided.planned, inputs.paid, inputs.documents, pd.Timestamp(inputs.as_of))


def waiting_closings(view: ConsoleView) -> "pd.Series[int]":
    """Return the daily closings if the due bills without a plan wait: paid at no time within the 13 weeks."""
    waits = view.bills[view.bills["group"].isin(DUE_GROUPS) & view.bills["free"]]
    days = np.arange(len(view.expected.days))
    placed = waits["placed_day"].fillna(len(days)).to_numpy(dtype="int64")
    kept = np.where(days >= placed[:, None], waits["balance_cents"].to_numpy()[:, None], 0).sum(axis=0)
    closing: pd.Series[int] = view.expected.days["closing_cents"] + kept
    return closing


def _bills(inputs: ConsoleInputs, decisions: CurrentDecisions, expected: Forecast) -> pd.DataFrame:
    rows = apply_decisions(inputs.bills, decisions, pd.Timestamp(inputs.as_of))
    items = expected.items
    payments = items[(items["line"] == PAYMENTS) & (items["entity"] == "Bill") & (items["state"] == PLACED)]
    day = (payments["expected_on"] - pd.Timestamp(inputs.as_of)).dt.days
    placed = day.groupby(payments["qbo_id"]).max()
    rows["placed_day"] = placed.reindex(rows["qbo_id"]).set_axis(rows.index).astype("Int64")
    rows["free"] = (rows["held"] == "") & rows["pay_on"].isna()
    return rows
