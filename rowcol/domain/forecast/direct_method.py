"""The 13-week forecast by the direct method. Source: docs/definitions.md, 13-week forecast.

Booked movements dated later count in receipts if they bring money in, else in payments; commitments in
recurring. Recurring are outflows alone: what comes in regularly stays in the baseline.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast.baseline import baseline
from rowcol.domain.forecast.commitments import commitments, current_commitments
from rowcol.domain.forecast.days import days_of, outcome_of, weeks_of
from rowcol.domain.forecast.inputs import ForecastInputs as ForecastInputs
from rowcol.domain.forecast.inputs import forecast_inputs as forecast_inputs
from rowcol.domain.forecast.new_business import new_business, without_placed
from rowcol.domain.forecast.payments import payments
from rowcol.domain.forecast.receipts import receipts
from rowcol.domain.forecast.replacement import bills_placed, commitment_matches, replaced
from rowcol.domain.forecast.result import (
    COMMITMENTS,
    DEBT_SERVICE,
    LATER_PAYMENTS,
    NOT_CLEARED,
    PAYMENTS,
    RECURRING,
    SET_ASIDE,
    placed_items,
)
from rowcol.domain.forecast.result import Forecast as Forecast
from rowcol.domain.forecast.scenario import BASE_CASE, scenario_items
from rowcol.domain.forecast.scenario import Scenario as Scenario

Openings = tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]


def forecast(state: ForecastInputs, decisions: CurrentDecisions, scenario: Scenario = BASE_CASE) -> Forecast:
    """Return the forecast of the clients of `state`, with the advisor's decisions and a scenario applied."""
    paid = payments(state.payables, decisions, scenario)
    openings, not_cleared = _openings(state, decisions.bank_balances)
    items = [
        receipts(state.receivables, decisions.promises, scenario),
        state.settled,
        not_cleared,
        scenario_items(state.clients, scenario),
    ]
    return _forecast(state, decisions, (items, paid), openings, with_new_business=scenario.new_business)


def replan(base: Forecast, state: ForecastInputs, decisions: CurrentDecisions) -> Forecast:
    """Return a forecast under other plans.

    `base` is of the same `state`, and of decisions that differ in their plans alone. Nothing but the payments of bills,
    and what they replace, is computed again, so that a plan can be tried while a person waits.
    """
    again = [PAYMENTS, LATER_PAYMENTS, RECURRING, DEBT_SERVICE, SET_ASIDE, COMMITMENTS]
    left_over = state.settled[state.settled["line"].isin(again)]
    items = [base.items[~base.items["line"].isin(again)], left_over]
    outcome = base.outcome.set_index("business_id").loc[state.clients["business_id"]]
    openings = (
        outcome["opening_cents"].to_numpy(dtype=np.int64),
        outcome["opening_typed"].to_numpy(dtype=bool),
    )
    paid = payments(state.payables, decisions, BASE_CASE)
    return _forecast(state, decisions, (items, paid), openings, with_new_business=BASE_CASE.new_business)


def _forecast(
    state: ForecastInputs, decisions: CurrentDecisions, given: tuple[list[pd.DataFrame], pd.DataFrame],
    opened: Openings, *, with_new_business: bool,
) -> Forecast:  # fmt: skip
    """Return the forecast of the given items, the bills that are paid among them, and of what recurs and is committed."""
    others, paid = given
    committed = current_commitments(decisions.commitments, state.clients)
    matches = [bills_placed(state.matches, paid), commitment_matches(state.recurring, committed)]
    replacement = replaced(state.recurring, pd.concat(matches, ignore_index=True))
    items = pd.concat([*others, paid, replacement.items, commitments(committed)], ignore_index=True)
    everyday = baseline(state.clients, state.card_payments, state.ahead, committed, replacement.by)
    everyday = without_placed(everyday, state.clients, items)
    openings, typed = opened
    coming = new_business(state.clients, on=with_new_business)
    days = days_of(state.clients, openings, items, everyday, coming)
    return Forecast(items, days, weeks_of(days), outcome_of(state.clients, days, typed))


def _openings(state: ForecastInputs, balances: pd.DataFrame) -> tuple[Openings, pd.DataFrame]:
    """Return each client's opening cash, whether a bank balance typed on its as-of date is part of it, and the items.

    What is typed above an account's books has not cleared, so it goes out the day after; unless it is not booked yet.
    """
    accounts = state.accounts.merge(state.clients[["business_id", "as_of"]], on="business_id")
    typed_balances = balances.rename(columns={"balance_cents": "typed_cents", "on": "as_of"})
    keys = ["business_id", "account_id", "as_of"]
    rows = accounts.merge(typed_balances.drop_duplicates(keys, keep="last"), on=keys, how="left")
    rows["typed"] = rows["typed_cents"].notna()
    rows["cash_cents"] = rows["balance_cents"].where(~rows["typed"], rows["typed_cents"]).astype("int64")
    sums = rows.groupby("business_id").agg(cash_cents=("cash_cents", "sum"), typed=("typed", "any"))
    sums = sums.reindex(state.clients["business_id"])
    typed = sums["typed"].astype("boolean").fillna(False)
    openings = sums["cash_cents"].fillna(0).to_numpy(dtype=np.int64), typed.to_numpy(dtype=bool)
    return openings, _not_cleared(rows[rows["typed"]])


def _not_cleared(accounts: pd.DataFrame) -> pd.DataFrame:
    booked = ~accounts["not_booked"].astype("boolean").fillna(False).astype(bool)
    rows = accounts[booked & (accounts["cash_cents"] > accounts["balance_cents"])]
    tomorrow = rows["as_of"] + pd.Timedelta(days=1)
    return placed_items(
        rows.assign(
            line=NOT_CLEARED, entity="Account", qbo_id=rows["account_id"], party=rows["name"], due_on=tomorrow,
            amount_cents=rows["balance_cents"] - rows["cash_cents"], expected_on=tomorrow, reason="",
            basis="above the books",
        )
    )  # fmt: skip
