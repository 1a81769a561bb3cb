"""One client's page: cash, the runways, who owes and who is owed."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.account_classes import class_notes, classable
from rowcol.domain.aging import BUCKETS, by_party
from rowcol.domain.burn import operating
from rowcol.domain.calls import Call
from rowcol.domain.clients import ClientSettings
from rowcol.domain.freshness import Freshness
from rowcol.domain.open_items import AP, AR
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import Stated
from rowcol.views.common.left_out import LeftOut, left_out
from rowcol.views.common.links import record_url

WEEKS = 26
DOCUMENT_COLUMNS = [
    "qbo_id", "doc_number", "party", "txn_date", "due_date", "days_past_due", "bucket", "balance_cents", "total_cents",
    "currency", "url",
]  # fmt: skip

APART = ("financing_cents", "investing_cents", "set_aside_cents")
"""What moves cash and is not in burn."""
DIFFERENCE_COLUMNS = ["subject", "party", "ours_cents", "qbo_cents", "difference_cents"]


@dataclass(frozen=True)
class Figures:
    """Cash and runway of one client; cents of the home currency and whole days, None if undefined."""

    cash_cents: int | None
    card_debt_cents: int
    card_credit_cents: int
    """What other cards hold in credit; never deducted from the debt."""
    undeposited_cents: int
    reserve_cents: int
    credit_line_cents: int
    outflow_cents: int
    """Operating outflows in the window."""
    inflow_cents: int
    """Operating inflows in the window."""
    window_start: date
    window_end: date
    window_days: int
    """Days the averages divide by (at least 30)."""
    buffer_days: int | None
    net_burn_runway_days: int | None
    cash_generative: bool
    cash_out_date: date | None
    """First forecast day below the reserve; None: beyond 13 weeks."""
    marks: tuple[str, ...]
    """`stale books`, `bank activity incomplete`."""


@dataclass(frozen=True)
class ClientView:
    """One client's page.

    `bank_accounts`: account_id, name, currency, balance_cents (home, at the as-of date), excluded (bool).
    `aging_ap`, `aging_ar`: party_id, party, current_cents, d1_30_cents, d31_60_cents, d61_90_cents,
    d91_over_cents, undated_cents, total_cents; one row a party, largest total first.
    `weekly_cash`, 26 rows, oldest first: week_start, inflow_cents, outflow_cents (negative), financing_cents,
    investing_cents and set_aside_cents (signed), closing_cents (cash at the week's end).
    `classable_accounts`: account_id, name; those whose class the advisor can set.
    `open_bills`, `open_invoices`: qbo_id, doc_number, party, txn_date, due_date, days_past_due (Int64),
    bucket, balance_cents, total_cents, currency, url (opens the record in QuickBooks).
    `tie_out`: subject, party, ours_cents, qbo_cents, difference_cents; the differences alone.
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    reconstructed: bool
    """As of a day before the client's own at known-at: rolled back."""
    known_at: datetime
    status: str
    freshness: Freshness
    figures: Figures | None
    tie_out_state: str
    """`tied`, `broken` or `unchecked`; of a reconstructed day by a check of that day alone."""
    tie_out_checked_at: datetime | None
    settings: ClientSettings
    bank_accounts: pd.DataFrame
    aging_ap: pd.DataFrame
    aging_ar: pd.DataFrame
    weekly_cash: pd.DataFrame
    open_bills: pd.DataFrame
    open_invoices: pd.DataFrame
    tie_out: pd.DataFrame
    missing: tuple[str, ...] = field(default=())
    """Sentences: what the books lack for a figure that is not printed."""
    weeks_ahead: pd.DataFrame = field(default_factory=pd.DataFrame)
    """`Forecast.weeks` of the client; empty if there are no figures yet."""
    classable_accounts: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["account_id", "name"])
    )
    class_notes: tuple[str, ...] = field(default=())
    """What the advisor set of accounts: `Due from affiliate counts as financing`."""
    last_call: Call | None = None
    """The last call held up to the as-of date, with the figures kept of it."""
    left_out: LeftOut = field(default_factory=LeftOut)
    """What cash leaves out and what is rounded."""

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


def client_view(gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW) -> ClientView:
    """Return one client's page. Raises UnknownClient."""
    with gateway.open_with_forecast((business_id,), moment, WEEKS * 7 + 1) as books:
        return _view(books, business_id, gateway.link_host)


def _view(books: ForecastBooks, business_id: str, link_host: str) -> ClientView:
    client = books.clients.iloc[0]
    fresh = books.freshness[business_id]
    accounts = books.balances()
    settings = books.settings.get(business_id, ClientSettings())
    figures = None if fresh.synced_at is None else _figures(books, settings)
    checks = books.tie_outs
    return ClientView(
        business_id=business_id,
        realm_id=client["realm_id"],
        name=client["name"],
        currency=client["currency"],
        as_of=client["as_of"].date(),
        reconstructed=bool(client["reconstructed"]),
        known_at=books.known_at,
        status="" if figures is None else books.figures["status"].iloc[0],
        freshness=fresh,
        figures=figures,
        tie_out_state=books.tie_out[business_id],
        tie_out_checked_at=None if checks.empty else _utc(checks["checked_at"].iloc[0], books.known_at),
        settings=settings,
        bank_accounts=accounts.drop(columns=["business_id", "own_cents", "missing"]),
        aging_ap=_aging(books, AP),
        aging_ar=_aging(books, AR),
        weekly_cash=_weekly_cash(books, accounts),
        open_bills=_documents(books, "Bill", client["realm_id"], link_host),
        open_invoices=_documents(books, "Invoice", client["realm_id"], link_host),
        tie_out=checks[checks["difference_cents"] != 0][DIFFERENCE_COLUMNS].reset_index(drop=True),
        missing=_missing(books),
        classable_accounts=classable(books.books)[["account_id", "name"]].reset_index(drop=True),
        class_notes=class_notes(books.books, business_id),
        weeks_ahead=pd.DataFrame() if figures is None else _weeks_ahead(books),
        last_call=books.last_calls.get(business_id),
        left_out=left_out(books)[business_id],
    )


def _weeks_ahead(books: ForecastBooks) -> pd.DataFrame:
    return books.forecast.weeks.drop(columns="business_id").reset_index(drop=True)


def _figures(books: ForecastBooks, settings: ClientSettings) -> Figures:
    row = books.figures.iloc[0]
    return Figures(
        cash_cents=int(row["cash_cents"]),
        card_debt_cents=int(row["card_debt_cents"]),
        card_credit_cents=int(row["card_credit_cents"]),
        undeposited_cents=int(row["undeposited_cents"]),
        reserve_cents=int(row["reserve_cents"]),
        credit_line_cents=settings.credit_line_cents,
        outflow_cents=int(row["outflow_cents"]),
        inflow_cents=int(row["inflow_cents"]),
        window_start=row["start"].date(),
        window_end=row["end"].date(),
        window_days=int(row["days"]),
        buffer_days=None if pd.isna(row["buffer_days"]) else int(row["buffer_days"]),
        net_burn_runway_days=None
        if pd.isna(row["net_burn_runway_days"])
        else int(row["net_burn_runway_days"]),
        cash_generative=bool(row["cash_generative"]),
        cash_out_date=None if pd.isna(row["cash_out_on"]) else row["cash_out_on"].date(),
        marks=row["marks"],
    )


def _aging(books: ForecastBooks, side: str) -> pd.DataFrame:
    rows = by_party(books.items, books.books.parties, side)
    return rows.drop(columns=["business_id", "party_kind"])


def _weekly_cash(books: ForecastBooks, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return 26 weeks up to the as-of date of the accounts that count as cash; closings are rolled back from it.

    A closing is NA if bank activity that no entity shows may lie between it and the as-of date.
    """
    as_of = books.clients["as_of"].iloc[0]
    counted = accounts[~accounts["excluded"]]
    moved = books.movements[books.movements["account_id"].isin(counted["account_id"])]
    dates = pd.to_datetime(moved["txn_date"])
    flow = operating(moved)
    starts = [as_of - timedelta(days=7 * weeks - 1) for weeks in range(WEEKS, 0, -1)]
    whole = books.figures["unlisted_cents"].iloc[0] == 0
    rows = []
    for start in starts:
        end = start + timedelta(days=6)
        week = (dates >= start) & (dates <= end)
        later = moved["amount_cents"][(dates > end) & (dates <= as_of)].sum()
        closing = int(counted["balance_cents"].sum()) - int(later)
        rows.append(
            {
                "week_start": start,
                "inflow_cents": int(flow[week & (flow > 0)].sum()),
                "outflow_cents": int(flow[week & (flow < 0)].sum()),
                **{name: int(moved[name][week].sum()) for name in APART},
                "closing_cents": closing if whole or end >= as_of else pd.NA,
            }
        )
    return pd.DataFrame(rows).astype({"closing_cents": "Int64"})


def _documents(books: ForecastBooks, entity: str, realm_id: str, link_host: str) -> pd.DataFrame:
    rows = books.items[books.items["entity"].eq(entity) & books.items["amount_cents"].gt(0)].rename(
        columns={"amount_cents": "balance_cents"}
    )
    documents = books.books.open_documents[["entity", "qbo_id", "total_cents", "currency"]]
    rows = rows.merge(documents, on=["entity", "qbo_id"])
    names = books.books.parties[["party_kind", "party_id", "name"]]
    rows = rows.merge(names, on=["party_kind", "party_id"], how="left")
    rows["party"] = rows["name"].fillna(rows["party_name"]).fillna("No name")
    rows["currency"] = rows["currency"].fillna(books.clients["currency"].iloc[0])
    rows["bucket"] = rows["bucket"].map(BUCKETS).fillna("Undated")
    rows["total_cents"] = rows["total_cents"].astype("Int64")
    rows["url"] = [record_url(link_host, realm_id, entity, qbo_id) for qbo_id in rows["qbo_id"]]
    rows = rows.sort_values(["days_past_due", "balance_cents", "qbo_id"], ascending=[False, False, True])
    return rows[DOCUMENT_COLUMNS].reset_index(drop=True)


def _missing(books: ForecastBooks) -> tuple[str, ...]:
    if books.figures["unlisted_cents"].iloc[0] == 0:
        return ()
    return (
        "Bank activity that QuickBooks does not list (payroll, for one) is in the runways but cannot be placed in a week",
    )


def _utc(moment: pd.Timestamp, like: datetime) -> datetime:
    return moment.to_pydatetime().replace(tzinfo=like.tzinfo)
