"""What-ifs the advisor named and kept: drawn beside the expected line, never part of a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rowcol.decisions.cash_ahead import LARGEST_CENTS, new_id
from rowcol.decisions.current import SCENARIO, WITHDRAWN
from rowcol.decisions.undo import Change, Step, take
from rowcol.decisions.validation import said
from rowcol.domain.forecast.scenario import Scenario, Sum
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions

LONGEST_NAME = 60
LONGEST_SLIP = 365


@dataclass(frozen=True)
class KeptScenario:
    """A scenario under the name it was given."""

    scenario_id: str
    name: str
    scenario: Scenario


def keep(
    decisions: Decisions,
    business_id: str,
    name: str,
    scenario: Scenario,
    by: str,
    now: datetime,
    scenario_id: str | None = None,
) -> Step:
    """Keep a what-if under a name, a new one or in place of the one of that id. Raises UsageError."""
    _check(scenario)
    named = " ".join(said(name, "the name of the what-if", LONGEST_NAME).split())
    change = Change(
        SCENARIO, scenario_id or new_id(business_id, named, now), {"name": named, **to_content(scenario)}
    )
    return take(decisions, business_id, f"What-if {named} kept", [change], by, now)


def drop(decisions: Decisions, business_id: str, scenario_id: str, by: str, now: datetime) -> Step:
    """Delete a what-if."""
    return take(decisions, business_id, "What-if deleted", [Change(SCENARIO, scenario_id, None)], by, now)


def kept(
    decisions: Decisions, business_id: str, known_at: datetime | None = None
) -> tuple[KeptScenario, ...]:
    """Return a client's what-ifs as known at a moment, in the order they were first kept."""
    return tuple(
        KeptScenario(scenario_id, str(content["name"]), from_content(content))
        for (client, scenario_id), content in decisions.newest(SCENARIO, known_at).items()
        if client == business_id and not content.get(WITHDRAWN)
    )


def to_content(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as it is recorded."""
    return {
        "overdue_paid_today": scenario.overdue_paid_today,
        "slips": dict(scenario.slips),
        "unpaid": sorted(scenario.unpaid),
        "sums": [
            {
                "name": one.name,
                "on": one.on.isoformat(),
                "amount_cents": one.amount_cents,
                "monthly": one.monthly,
            }
            for one in scenario.sums
        ],
        "new_business": scenario.new_business,
    }


def from_content(content: Mapping[str, Any]) -> Scenario:
    """Return a recorded scenario."""
    return Scenario(
        overdue_paid_today=content["overdue_paid_today"],
        slips=dict(content["slips"]),
        unpaid=frozenset(content["unpaid"]),
        sums=tuple(
            Sum(one["name"], date.fromisoformat(one["on"]), one["amount_cents"], one["monthly"])
            for one in content["sums"]
        ),
        new_business=content["new_business"],
    )


def _check(scenario: Scenario) -> None:
    if scenario == Scenario():
        raise UsageError("This what-if supposes nothing", "Choose at least one thing that would be different")
    if any(not 0 < days <= LONGEST_SLIP for days in scenario.slips.values()):
        raise UsageError("A customer slips by 1 to 365 days", "Give the days it would pay later")
    for one in scenario.sums:
        said(one.name, "what the sum is for", LONGEST_NAME)
        if one.amount_cents == 0 or abs(one.amount_cents) > LARGEST_CENTS:
            raise UsageError(f"The sum for {one.name} cannot be", "Give an amount other than 0")
