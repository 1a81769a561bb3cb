"""Working capital of one client: the figures of the day, and how they moved over twelve months."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.domain.reconstruct import read_history
from rowcol.domain.window import WINDOW_DAYS
from rowcol.domain.working_capital import COLUMNS, over_months, working_capital
from rowcol.errors import UnknownClient
from rowcol.views.common.gather import Source, gather


@dataclass(frozen=True)
class WorkingCapitalView:
    """One client's working-capital figures.

    `now`: one row of `working_capital` at the as-of date, from the books as known. `months`: the same at the ends of
    the twelve months before and at the as-of date, *reconstructed* from the records of today.
    """

    business_id: str
    name: str
    currency: str
    as_of: date
    known_at: datetime
    now: pd.DataFrame
    months: pd.DataFrame


def working_capital_view(
    source: Source, business_id: str, as_of: date | None = None, known_at: datetime | None = None
) -> WorkingCapitalView:
    """Return one client's figures. Raises UnknownClient."""
    found = gather(source, (business_id,), as_of, known_at, WINDOW_DAYS + 1)
    if found.books.clients.empty:
        raise UnknownClient("This client is not in your practice")
    with source.frames.open(source.frames.scope((business_id,)), known_at) as reading:
        history = read_history(reading)
    client = found.books.clients.iloc[0]
    return WorkingCapitalView(
        business_id,
        client["name"],
        client["currency"],
        client["as_of"].date(),
        found.known_at,
        working_capital(found.books, found.items, history)[COLUMNS],
        over_months(found.books, history, found.movements),
    )
