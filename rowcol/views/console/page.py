"""The decision console of one client: what to pay, whom to chase, when cash gets tight; each answers the other two."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pandas as pd

from rowcol.decisions.scenarios import KeptScenario
from rowcol.domain.current_decisions import CurrentDecisions, apply_decisions
from rowcol.domain.forecast.direct_method import forecast, replan
from rowcol.domain.forecast.inputs import ForecastInputs
from rowcol.domain.forecast.result import PAYMENTS, PLACED, Forecast
from rowcol.domain.freshness import Freshness
from rowcol.domain.outcomes import plan_outcomes
from rowcol.domain.safe_to_pay import DUE_GROUPS, SafeToPay, safe_to_pay
from rowcol.views.console.collections import customers_of, with_contacts
from rowcol.views.console.lists import with_expected


@dataclass(frozen=True)
class ConsoleInputs:
    """What a client's console is made from, decisions apart: read from the store once, decided upon many times.

    `open_items` as `aged`; `bills` as `ready_bills`, `invoices` as `ready_invoices`, both with url. `credits`: vendor,
    entity, doc_number, txn_date, amount_cents (negative), left_cents: vendor credits and what no bill took of each.
    `accounts`: account_id, name, balance_cents of those that count as cash. `paid`: qbo_id, paid_on, amount_cents
    (home) of payments on bills; `documents`: qbo_id, doc_number, party, open_cents (after netting) of the bills open or
    paid of late.
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    known_at: datetime
    freshness: Freshness
    tie_out_state: str
    status: str
    reserve_cents: int
    credit_line_cents: int
    outlook: ForecastInputs
    open_items: pd.DataFrame
    bills: pd.DataFrame
    invoices: pd.DataFrame
    credits: pd.DataFrame
    accounts: pd.DataFrame
    paid: pd.DataFrame
    documents: pd.DataFrame
    kept_out: "KeptOut"


@dataclass(frozen=True)
class KeptOut:
    """How many open bills and invoices are not offered: held back by a blocking finding, or netted away."""

    blocked_bills: int
    netted_bills: int
    blocked_invoices: int
    netted_invoices: int


@dataclass(frozen=True)
class Said:
    """What was decided of one client by a moment: `contacts` and `planned` as `said_before` has them."""

    advice: CurrentDecisions
    contacts: pd.DataFrame
    planned: pd.DataFrame
    scenarios: tuple[KeptScenario, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A what-if with the forecast it comes to."""

    kept: KeptScenario
    forecast: Forecast


@dataclass(frozen=True)
class Collecting:
    """Whom to chase. `invoices`: those of `ConsoleInputs` with promised_on, next_on and note of the customer, expected_on
    and reason by the forecast. `customers`: one row a customer that has any, see `customers_of`.
    """

    invoices: pd.DataFrame
    customers: pd.DataFrame


@dataclass(frozen=True)
class ConsoleView:
    """One client's console. Money in home cents.

    `bills`: those of `ConsoleInputs` with priority, held, pay_on, planned_cents, placed_day (Int64, the day of the forecast
    that pays it, NA where none does), free (bool: neither held nor planned).
    `expected` is the forecast with all that was decided, `unplanned` the same without the plan of bills.
    """

    ground: ConsoleInputs
    said: Said
    bills: pd.DataFrame
    expected: Forecast
    unplanned: Forecast
    safe: SafeToPay


def console_view(ground: ConsoleInputs, said: Said, unplanned: Forecast) -> ConsoleView:
    """Return a client's console from its books and what was decided: pure, so that a tick need not read the books.

    `unplanned` as `without_plans` gives it of the same: it is the same for every plan.
    """
    expected = unplanned if said.advice.plans.empty else replan(unplanned, ground.outlook, said.advice)
    bills = _bills(ground, said.advice, expected)
    return ConsoleView(
        ground=ground,
        said=said,
        bills=bills,
        expected=expected,
        unplanned=unplanned,
        safe=_safe(bills, expected, ground.reserve_cents, rest_waits=False),
    )


def safe_if_rest_waits(view: ConsoleView) -> SafeToPay:
    """Return what is safe to pay this week if the due bills not taken are left unpaid."""
    return _safe(view.bills, view.expected, view.ground.reserve_cents, rest_waits=True)


def _safe(bills: pd.DataFrame, found: Forecast, reserve_cents: int, *, rest_waits: bool) -> SafeToPay:
    asked = bills.rename(columns={"balance_cents": "amount_cents"})
    closing = found.days["closing_cents"].to_numpy()
    return safe_to_pay(asked, closing, reserve_cents, rest_waits=rest_waits)


def without_plans(ground: ConsoleInputs, advice: CurrentDecisions) -> Forecast:
    """Return the forecast by all that was decided but the plan of bills."""
    return forecast(ground.outlook, replace(advice, plans=advice.plans.iloc[:0]))


def collecting(view: ConsoleView) -> Collecting:
    """Return whom to chase."""
    rows = with_expected(view.ground.invoices, view.expected.items)
    invoices = with_contacts(rows, view.said.advice.promises, view.said.contacts)
    return Collecting(invoices, customers_of(invoices))


def what_ifs(view: ConsoleView) -> tuple[Drawn, ...]:
    """Return the what-ifs that were kept, each with its forecast."""
    said, state = view.said, view.ground.outlook
    return tuple(Drawn(kept, forecast(state, said.advice, kept.scenario)) for kept in said.scenarios)


def planned_and_paid(view: ConsoleView) -> pd.DataFrame:
    """Return what became of each plan, see `plan_outcomes`."""
    ground = view.ground
    return plan_outcomes(view.said.planned, ground.paid, ground.documents, pd.Timestamp(ground.as_of))


def waiting_closings(view: ConsoleView) -> "pd.Series[int]":
    """Return the daily closings if the due bills without a plan wait: paid at no time within the 13 weeks."""
    waits = view.bills[view.bills["group"].isin(DUE_GROUPS) & view.bills["free"]]
    days = np.arange(len(view.expected.days))
    placed = waits["placed_day"].fillna(len(days)).to_numpy(dtype="int64")
    kept = np.where(days >= placed[:, None], waits["balance_cents"].to_numpy()[:, None], 0).sum(axis=0)
    closing: pd.Series[int] = view.expected.days["closing_cents"] + kept
    return closing


def _bills(ground: ConsoleInputs, advice: CurrentDecisions, expected: Forecast) -> pd.DataFrame:
    rows = apply_decisions(ground.bills, advice, pd.Timestamp(ground.as_of))
    items = expected.items
    mine = items[(items["line"] == PAYMENTS) & (items["entity"] == "Bill") & (items["state"] == PLACED)]
    day = (mine["expected_on"] - pd.Timestamp(ground.as_of)).dt.days
    placed = day.groupby(mine["qbo_id"]).max()
    rows["placed_day"] = placed.reindex(rows["qbo_id"]).set_axis(rows.index).astype("Int64")
    rows["free"] = (rows["held"] == "") & rows["pay_on"].isna()
    return rows
