"""Named what-ifs: drawn beside the expected forecast, never part of a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rowcol.decisions.cash_ahead import LARGEST_CENTS, new_id
from rowcol.decisions.reading import SCENARIO
from rowcol.decisions.recording import (
    Actor,
    Change,
    DecisionLog,
    Recorded,
    current_contents,
    entered_text,
    one_line,
    record,
)
from rowcol.domain.forecast.scenario import ExtraAmount, Scenario
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions

LONGEST_NAME = 60
LONGEST_SLIP = 365


@dataclass(frozen=True)
class KeptScenario:
    """A scenario with its id and name."""

    scenario_id: str
    name: str
    scenario: Scenario


def keep(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    name: str,
    scenario: Scenario,
) -> Recorded:
    """Save a what-if under a name. Raises UsageError if it supposes nothing or an amount or a name is not valid."""
    _check(scenario)
    named = one_line(name, "the name of the what-if", LONGEST_NAME)
    now = log.clock()
    content = {"name": named, **_to_content(scenario)}
    change = Change(SCENARIO, new_id(business_id, named, now), content)
    return record(log, actor, business_id, f"What-if {named} kept", [change], now)


def drop(log: DecisionLog, actor: Actor, business_id: str, scenario_id: str) -> Recorded:
    """Delete a what-if."""
    return record(log, actor, business_id, "What-if deleted", [Change(SCENARIO, scenario_id, None)])


def kept(
    decisions: Decisions, business_id: str, known_at: datetime | None = None
) -> tuple[KeptScenario, ...]:
    """Return a client's what-ifs as known at a moment, in the order in which they were first saved."""
    return tuple(
        KeptScenario(scenario_id, str(content["name"]), _from_content(content))
        for (client, scenario_id), content in current_contents(decisions, SCENARIO, known_at).items()
        if client == business_id
    )


def _to_content(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as the content of a decision."""
    return {
        "overdue_paid_today": scenario.overdue_paid_today,
        "slips": dict(scenario.slips),
        "unpaid": sorted(scenario.unpaid),
        "sums": [
            {
                "name": entry.name,
                "on": entry.on.isoformat(),
                "amount_cents": entry.amount_cents,
                "monthly": entry.monthly,
            }
            for entry in scenario.sums
        ],
        "new_business": scenario.new_business,
    }


def _from_content(content: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a decision's content."""
    return Scenario(
        overdue_paid_today=content["overdue_paid_today"],
        slips=dict(content["slips"]),
        unpaid=frozenset(content["unpaid"]),
        sums=tuple(
            ExtraAmount(
                entry["name"], date.fromisoformat(entry["on"]), entry["amount_cents"], entry["monthly"]
            )
            for entry in content["sums"]
        ),
        new_business=content["new_business"],
    )


def _check(scenario: Scenario) -> None:
    if scenario == Scenario():
        raise UsageError("This what-if supposes nothing", "Choose at least one thing that would be different")
    if any(not 0 < days <= LONGEST_SLIP for days in scenario.slips.values()):
        raise UsageError("A customer slips by 1 to 365 days", "Give the days it would pay later")
    for entry in scenario.sums:
        entered_text(entry.name, "what the sum is for", LONGEST_NAME)
        if entry.amount_cents == 0 or abs(entry.amount_cents) > LARGEST_CENTS:
            raise UsageError(f"The sum for {entry.name} cannot be", "Give an amount other than 0")
