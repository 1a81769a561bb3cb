"""The client list: who is in danger, by how much, is it true and fresh."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.client_rows import DANGER, MONEY, client_rows


@dataclass(frozen=True)
class ClientsView:
    """The client list: one row a client, most endangered first.

    `rows` as `client_rows` gives them.
    `totals` columns, one row a currency: currency, clients, cash_cents, card_debt_cents, ar_cents,
    ar_overdue_cents, ap_cents, ap_overdue_cents, critical, watch, steady.
    """

    known_at: datetime
    rows: pd.DataFrame
    totals: pd.DataFrame

    @property
    def days(self) -> tuple[date, ...]:
        """The as-of days of the clients, each once, the earliest first."""
        return tuple(sorted(set(self.rows["as_of"])))


def clients_view(gateway: QuickBooksGateway, moment: Moment = NOW) -> ClientsView:
    """Return the list of every connected client, the most endangered first."""
    with gateway.open_with_forecast(None, moment, band=False) as books:
        rows = client_rows(books)
        return ClientsView(books.known_at, rows, _totals(rows))


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum by currency: unlike currencies are never added; the currency of most clients comes first."""
    known = rows[rows["status"].notna()]
    sums = known.groupby("currency")[MONEY].sum()
    sums.insert(0, "clients", known.groupby("currency").size())
    for status in DANGER:
        sums[status] = (known["status"] == status).groupby(known["currency"]).sum()
    return sums.reset_index().sort_values(["clients", "currency"], ascending=[False, True], ignore_index=True)
