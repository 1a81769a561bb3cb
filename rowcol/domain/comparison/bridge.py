"""The runway bridge: from where a client stood to where it stands, by cause, to the cent and the day."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from rowcol.domain.comparison.cash import CASH_CAUSES
from rowcol.domain.comparison.days import BUFFER, BURN_CAUSES, RUNWAY, Position, day_steps
from rowcol.domain.comparison.snapshot import PARTS, Snapshot

CAUSE_WORDS = {**CASH_CAUSES, **BURN_CAUSES}
STEP_COLUMNS = {
    "business_id": "object", "cause": "object", "words": "object", "cash_cents": "Int64", BUFFER: "Int64", RUNWAY: "Int64",
}  # fmt: skip
_PLACES = {cause: place for place, cause in enumerate(CAUSE_WORDS)}


def bridge(first: Snapshot, second: Snapshot, causes: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of each client's bridge (`STEP_COLUMNS`), in the order they are taken.

    `causes` are `cash_causes`. cash_cents: home cents, NA for a cause that is in the burn alone; the days NA where
    a figure is undefined at either end, or the cause has no step of its own in it. Each column adds up to the
    second less the first, where both are defined. Steps that change nothing are left out.
    """
    cash = causes.groupby(["business_id", "cause"])["amount_cents"].sum()
    rows: list[dict[str, Any]] = []
    for business_id in first.figures.index.intersection(second.figures.index):
        mine = {cause: int(cash.get((business_id, cause), 0)) for cause in CASH_CAUSES}
        rows += _steps(business_id, _position(first, business_id), _position(second, business_id), mine)
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS)).astype(STEP_COLUMNS)


def _steps(
    business_id: str, first: Position, second: Position, cash: Mapping[str, int]
) -> list[dict[str, Any]]:
    moved = {cause: cents for cause, cents in cash.items() if cents}
    buffer, runway = (day_steps(figure, first, second, moved) or {} for figure in (BUFFER, RUNWAY))
    told = {cause for cause in CAUSE_WORDS if moved.get(cause) or buffer.get(cause) or runway.get(cause)}
    return [
        {
            "business_id": business_id, "cause": cause, "words": CAUSE_WORDS[cause], "cash_cents": moved.get(cause),
            BUFFER: buffer.get(cause), RUNWAY: runway.get(cause),
        }
        for cause in sorted(told, key=_PLACES.__getitem__)
    ]  # fmt: skip


def _position(held: Snapshot, business_id: str) -> Position:
    row: dict[Hashable, Any] = held.figures.loc[business_id].to_dict()
    return Position(int(row["cash_cents"]), {part: int(row[part]) for part in PARTS}, int(row["days"]))
