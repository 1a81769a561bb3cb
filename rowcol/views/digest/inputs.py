"""What the digests of a week are made from: every client at one moment, what changed, and what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
import pandas as pd

from rowcol.clock import Moment, OwnMoments, today_in, zone_or
from rowcol.domain.books import Books
from rowcol.domain.current_decisions import CurrentDecisions, apply_decisions
from rowcol.domain.forecast.inputs import BANK_DAYS
from rowcol.domain.forecast.result import PAYMENTS, PLACED, WEEK, Forecast
from rowcol.domain.safe_to_pay import DUE_GROUPS, Cents, SafeToPay, safe_to_pay
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.changes import Changes, bank_days, changes_of
from rowcol.views.common.client_rows import client_rows
from rowcol.views.common.columns import as_dates
from rowcol.views.common.follow_up import FollowUpView, follow_up_of
from rowcol.views.common.ready import bills, collections
from rowcol.views.digest.records import week_of


@dataclass(frozen=True)
class DueBills:
    """Bills of one client that are due, with what was decided of them, and how far down the list one can go."""

    due: pd.DataFrame
    safe: SafeToPay
    reserve_cents: int


@dataclass(frozen=True)
class DigestInputs:
    """Every client at one moment, each as of its own day or all as of the day picked.

    `day` is the day picked, else the practice's own: the digest is of its `week`. `zone` is the practice's.
    `rows` are those of the client list, `findings` those of the tray, `due_bills` and `collections` those of the
    console. `promises` are the current ones; `cash_accounts` count as cash. `scores`: business_id, through,
    expected_cents, happened_cents: cash at the end of last week, as forecast and as it happened.
    """

    day: date
    week: date
    known_at: datetime
    zone: str
    books: Books
    movements: pd.DataFrame
    forecast: Forecast
    cash_accounts: pd.DataFrame
    promises: pd.DataFrame
    rows: pd.DataFrame
    changes: Changes
    findings: pd.DataFrame
    due_bills: Mapping[str, DueBills]
    collections: pd.DataFrame
    follow_up: FollowUpView
    scores: pd.DataFrame

    @cached_property
    def zones(self) -> Mapping[str, str]:
        """Business id -> the client's own time zone."""
        return dict(zip(self.books.clients["business_id"], self.books.clients["zone"], strict=True))


def digest_inputs(
    gateway: QuickBooksGateway,
    as_of: date | None,
    known_at: datetime,
    business_id: str | None = None,
    week: date | None = None,
) -> DigestInputs:
    """Return what the digests of one client or of every connected one (None) are made from.

    All as known at one moment, and as of one day, or each as of its own at that moment (None). `week`: the week they
    are of, if it is not that of the day. Raises UnknownClient.
    """
    zone = zone_or(None, gateway.default_zone)
    day = as_of or today_in(zone, known_at)
    days = max(BANK_DAYS, bank_days(gateway, None, known_at))
    only = None if business_id is None else (business_id,)
    with gateway.open_with_forecast(only, Moment(as_of, known_at), days) as books:
        return DigestInputs(
            day=day,
            week=week or week_of(day),
            known_at=known_at,
            zone=zone.key,
            books=books.books,
            movements=books.movements,
            forecast=books.forecast,
            cash_accounts=books.forecast_inputs.accounts,
            promises=books.decisions.promises,
            rows=client_rows(books),
            changes=changes_of(gateway, books),
            findings=books.list_incomplete(),
            due_bills=_due_bills(books),
            collections=collections(books),
            follow_up=follow_up_of(gateway, books),
            scores=_scores(gateway, books),
        )


def _due_bills(books: ForecastBooks) -> dict[str, DueBills]:
    """Return every client's due bills by what was decided, and which of them are safe to pay."""
    ready = bills(books)
    items, days = books.forecast.items, books.forecast.days
    placed = items[(items["line"] == PAYMENTS) & (items["entity"] == "Bill") & (items["state"] == PLACED)]
    as_of = books.clients.set_index("business_id")["as_of"]
    on = (placed["expected_on"] - placed["business_id"].map(as_of)).dt.days
    paid_on = on.groupby([placed["business_id"], placed["qbo_id"]]).max()
    closings = {
        str(business_id): cents.to_numpy(dtype=np.int64)
        for business_id, cents in days.groupby("business_id")["closing_cents"]
    }
    reserves = {str(business_id): int(cents) for business_id, cents in books.figures["reserve_cents"].items()}
    return {
        business_id: _due_bills_of(
            ready[ready["business_id"] == business_id],
            books.decisions.of(business_id),
            as_of[business_id],
            paid_on,
            closings[business_id],
            reserve,
        )
        for business_id, reserve in reserves.items()
    }


def _due_bills_of(
    ready: pd.DataFrame,
    decisions: CurrentDecisions,
    as_of: pd.Timestamp,
    paid_on: pd.Series,
    closing_cents: Cents,
    reserve_cents: int,
) -> DueBills:
    rows = apply_decisions(ready, decisions, as_of)
    at = pd.MultiIndex.from_frame(rows[["business_id", "qbo_id"]])
    rows["placed_day"] = paid_on.reindex(at).set_axis(rows.index).astype("Int64")
    rows["free"] = (rows["held"] == "") & rows["pay_on"].isna()
    rows["amount_cents"] = rows["balance_cents"]
    safe = safe_to_pay(rows, closing_cents, reserve_cents)
    return DueBills(rows[rows["group"].isin(DUE_GROUPS)], safe, reserve_cents)


def _scores(gateway: QuickBooksGateway, books: ForecastBooks) -> pd.DataFrame:
    """Return cash at the end of the last seven days as forecast a week ago and as it happened, of clients known then."""
    first = books.reading.first_refreshes().set_index("business_id")["refreshed_at"].dt.tz_localize("UTC")
    clients = books.clients[["business_id", "as_of", "today"]]
    days: dict[str, date] = {}
    moments: dict[str, datetime] = {}
    for business_id, as_of, today in clients.itertuples(index=False, name=None):
        made_on = as_of - pd.Timedelta(days=WEEK)
        moment = books.known_at - (today - made_on).to_pytimedelta()
        if made_on <= today and business_id in first and first[business_id] <= moment:
            days[business_id], moments[business_id] = made_on.date(), moment
    if not days:
        return pd.DataFrame(columns=["business_id", "through", "expected_cents", "happened_cents"])
    with gateway.open_each(OwnMoments(days, moments)) as then:
        ahead = then.books.dated(then.forecast.days)
        last = ahead[ahead["day"] == ahead["as_of"] + pd.Timedelta(days=WEEK - 1)]
    expected = last[["business_id", "closing_cents"]].rename(columns={"closing_cents": "expected_cents"})
    through = clients.assign(through=as_dates(clients["as_of"] - pd.Timedelta(days=1)))
    return expected.merge(_closing(books), on="business_id").merge(
        through[["business_id", "through"]], on="business_id"
    )


def _closing(books: ForecastBooks) -> pd.DataFrame:
    """Return business_id, happened_cents: cash at the end of the day before the as-of date, as known now."""
    accounts = books.forecast_inputs.accounts[["business_id", "account_id", "balance_cents"]]
    counted = accounts[["business_id", "account_id"]]
    moved = books.books.dated(books.movements.merge(counted, on=["business_id", "account_id"]))
    today = moved[pd.to_datetime(moved["txn_date"]) == moved["as_of"]]
    cash = accounts.groupby("business_id")["balance_cents"].sum()
    happened = cash.sub(today.groupby("business_id")["amount_cents"].sum(), fill_value=0).astype("int64")
    return happened.rename("happened_cents").rename_axis("business_id").reset_index()
