"""Working capital of one client: the figures of the day, and how they moved over twelve months."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.window import WINDOW_DAYS
from rowcol.domain.working_capital import over_months, reach_days, working_capital
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import Stated


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
    reconstructed: bool
    known_at: datetime
    now: pd.DataFrame
    months: pd.DataFrame

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


def working_capital_view(
    gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW
) -> WorkingCapitalView:
    """Return one client's figures. Raises UnknownClient."""
    back = reach_days()
    with gateway.open((business_id,), moment, WINDOW_DAYS + 1, back) as books:
        charges = books.reading.daily_charges(books.clients["as_of"].iloc[0].date() - timedelta(days=back))
        client = books.clients.iloc[0]
        return WorkingCapitalView(
            business_id,
            client["name"],
            client["currency"],
            client["as_of"].date(),
            bool(client["reconstructed"]),
            books.known_at,
            working_capital(books.books, books.items, charges),
            over_months(books.books, charges),
        )
