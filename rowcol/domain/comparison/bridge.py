"""The runway bridge: the steps from a former runway to the present one, by cause, to the cent and the day.

Sequential substitution: the days are computed again after each cause, in one order for all, so that the steps add up
to the difference exactly, whatever the rounding of each. Source of the two figures: docs/definitions.md, Runway.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from rowcol.domain.burn import days_of_cash
from rowcol.domain.comparison.cash import CASH_CAUSES
from rowcol.domain.comparison.snapshot import PARTS, Snapshot

BURN, ALL = "burn", "cash_and_burn"
WINDOW = "days"
BURN_CAUSES = {
    "vendors_out_cents": "Payments to vendors, 90 days",
    "other_out_cents": "Other money out, 90 days",
    "unlisted_out_cents": "Unlisted money out, 90 days",
    "customers_in_cents": "Receipts from customers, 90 days",
    "other_in_cents": "Other money in, 90 days",
    "unlisted_in_cents": "Unlisted money in, 90 days",
    WINDOW: "Days averaged over",
    BURN: "Burn, all of it",
    ALL: "Cash and burn together",
}
"""Cause -> its words, in the order they are taken; `burn` and `cash_and_burn` stand for several at once."""
OUTS, INS = tuple(BURN_CAUSES)[:3], tuple(BURN_CAUSES)[3:6]
BUFFER, RUNWAY = "buffer_days", "net_burn_runway_days"


@dataclass(frozen=True)
class Position:
    """What days of cash are worked out from: cash, the operating flows of the window by part, the days averaged over."""

    cash_cents: int
    flows: Mapping[str, int]
    days: int

    def of(self, figure: str) -> int | None:
        """Return cash buffer days or net-burn runway; None if it is undefined."""
        burned = sum(self.flows[part] for part in OUTS)
        if figure == RUNWAY:
            burned -= sum(self.flows[part] for part in INS)
        return days_of_cash(self.cash_cents, burned, self.days)


def day_steps(
    figure: str, first: Position, second: Position, cash: Mapping[str, int]
) -> dict[str, int] | None:
    """Return cause -> days, in the order taken; they add up to second less first. None if either is undefined.

    `cash`: cause -> cents, adding up to the difference in cash. If the way from one to the other leads through
    a position in which the figure is undefined, the causes that make it so are one step.
    """
    if first.of(figure) is None or second.of(figure) is None:
        return None
    burned = replace(second, cash_cents=first.cash_cents)
    orders: tuple[Sequence[tuple[str, Position]], ...] = (
        [*_by_cash(first, cash), *_by_flows(first, second)],
        [*_by_cash(first, cash), (BURN, second)],
        [(BURN, burned), *_by_cash(burned, cash)],
        [(ALL, second)],
    )
    return next(steps for order in orders if (steps := _walked(figure, first, order)) is not None)


def _walked(figure: str, first: Position, order: Sequence[tuple[str, Position]]) -> dict[str, int] | None:
    steps: dict[str, int] = {}
    at = first.of(figure)
    for cause, position in order:
        then, at = at, position.of(figure)
        if then is None or at is None:
            return None
        steps[cause] = at - then
    return steps


def _by_cash(first: Position, cash: Mapping[str, int]) -> Iterator[tuple[str, Position]]:
    cash_cents = first.cash_cents
    for cause, amount in cash.items():
        cash_cents += amount
        yield cause, replace(first, cash_cents=cash_cents)


def _by_flows(first: Position, second: Position) -> Iterator[tuple[str, Position]]:
    flows = dict(first.flows)
    for part in (*OUTS, *INS):
        flows[part] = second.flows[part]
        yield part, Position(second.cash_cents, dict(flows), first.days)
    yield WINDOW, second


CAUSE_WORDS = {**CASH_CAUSES, **BURN_CAUSES}
STEP_COLUMNS = {
    "business_id": "object", "cause": "object", "words": "object", "cash_cents": "Int64", BUFFER: "Int64", RUNWAY: "Int64",
}  # fmt: skip
_PLACES = {cause: place for place, cause in enumerate(CAUSE_WORDS)}


def bridge(first: Snapshot, second: Snapshot, causes: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of each client's bridge (`STEP_COLUMNS`), in the order they are taken.

    `causes` are `cash_causes`. cash_cents: home cents, NA for a cause that is in the burn alone; the days NA if
    a figure is undefined at either end, or the cause has no step of its own in it. Each column adds up to the
    second less the first, if both are defined. Steps that change nothing are left out.
    """
    cash = causes.groupby(["business_id", "cause"])["amount_cents"].sum()
    rows: list[dict[str, Any]] = []
    for business_id in first.figures.index.intersection(second.figures.index):
        by_cause = {cause: int(cash.get((business_id, cause), 0)) for cause in CASH_CAUSES}
        rows += _steps(business_id, _position(first, business_id), _position(second, business_id), by_cause)
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS)).astype(STEP_COLUMNS)


def _steps(
    business_id: str, first: Position, second: Position, cash: Mapping[str, int]
) -> list[dict[str, Any]]:
    moved = {cause: cents for cause, cents in cash.items() if cents}
    buffer, runway = (day_steps(figure, first, second, moved) or {} for figure in (BUFFER, RUNWAY))
    changed = {cause for cause in CAUSE_WORDS if moved.get(cause) or buffer.get(cause) or runway.get(cause)}
    return [
        {
            "business_id": business_id, "cause": cause, "words": CAUSE_WORDS[cause], "cash_cents": moved.get(cause),
            BUFFER: buffer.get(cause), RUNWAY: runway.get(cause),
        }
        for cause in sorted(changed, key=_PLACES.__getitem__)
    ]  # fmt: skip


def _position(snapshot: Snapshot, business_id: str) -> Position:
    row: dict[Hashable, Any] = snapshot.figures.loc[business_id].to_dict()
    return Position(int(row["cash_cents"]), {part: int(row[part]) for part in PARTS}, int(row["days"]))
