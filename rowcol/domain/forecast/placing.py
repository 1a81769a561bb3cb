"""From rows with an expected day or a reason to the items of a forecast."""

import numpy as np
import pandas as pd

from rowcol.domain.forecast.result import BEYOND, DAYS, EXCLUDED, ITEM_COLUMNS, PLACED


def placed_items(rows: pd.DataFrame, late_by: pd.Series | None = None) -> pd.DataFrame:
    """Return rows as items (`ITEM_COLUMNS`): excluded where they have a reason, else placed or beyond 13 weeks.

    `rows` have as_of, expected_on, reason and what else of `ITEM_COLUMNS` is known. `late_by`: days after the expected
    one by which four out of five such items have come; without it `late_on` is the expected day.
    """
    excluded = (rows["reason"] != "").to_numpy()
    expected = pd.to_datetime(rows["expected_on"]).where(~excluded)
    inside = (expected - rows["as_of"]).dt.days < DAYS
    state = np.select([excluded, inside.to_numpy()], [EXCLUDED, PLACED], BEYOND)
    late = expected if late_by is None else expected + pd.to_timedelta(late_by, unit="D")
    basis = rows["basis"].where(~excluded, "")
    items = rows.assign(expected_on=expected, late_on=late, state=state, basis=basis)
    return items.reindex(columns=list(ITEM_COLUMNS)).astype(ITEM_COLUMNS)


def no_items() -> pd.DataFrame:
    """Return a frame of items without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in ITEM_COLUMNS.items()})
