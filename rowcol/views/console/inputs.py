"""The books behind a client's console: read once, decided on many times."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.books import in_home, party_names
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast.inputs import BANK_DAYS, ForecastInputs
from rowcol.domain.forecast.result import Forecast
from rowcol.domain.freshness import Freshness
from rowcol.domain.open_items import AP
from rowcol.gateways.client_books import ForecastBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import Stated
from rowcol.views.common.left_out import LeftOut, left_out
from rowcol.views.common.links import record_url
from rowcol.views.console.lists import ready_bills, ready_invoices

PAID_DAYS = 60
"""How many days back payments on bills are read, to be compared with plans."""
_RECORD = ["entity", "qbo_id"]


@dataclass(frozen=True)
class ConsoleInputs:
    """What a client's console is made from, without the decisions: read from the store once, decided on many times.

    `entered` as `DerivedBooks.entered`; `bills` as `ready_bills`, `invoices` as `ready_invoices`, both with url.
    `credits`: vendor, entity, doc_number, txn_date, amount_cents (negative), left_cents: what no bill took of
    each vendor credit.
    `accounts`: account_id, name, balance_cents of those that count as cash. `paid`: qbo_id, paid_on, amount_cents
    (home) of payments on bills; `documents`: qbo_id, doc_number, party, open_cents (after netting) of the bills open or
    paid recently.
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    reconstructed: bool
    known_at: datetime
    freshness: Freshness
    tie_out_state: str
    status: str
    reserve_cents: int
    credit_line_cents: int
    forecast_inputs: ForecastInputs
    forecast: Forecast
    """By `decisions`: those of the moment in which the books were read."""
    decisions: CurrentDecisions
    entered: pd.DataFrame
    bills: pd.DataFrame
    invoices: pd.DataFrame
    credits: pd.DataFrame
    accounts: pd.DataFrame
    paid: pd.DataFrame
    documents: pd.DataFrame
    kept_out: "KeptOut"
    left_out: LeftOut
    """What cash leaves out and what is rounded."""

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


@dataclass(frozen=True)
class KeptOut:
    """How many open bills and invoices are not offered: held back by a blocking finding, or netted away."""

    blocked_bills: int
    netted_bills: int
    blocked_invoices: int
    netted_invoices: int


def console_inputs(gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW) -> ConsoleInputs:
    """Return what one client's console is made from. Raises UnknownClient."""
    with gateway.open_with_forecast((business_id,), moment, BANK_DAYS) as books:
        return _inputs(books, business_id, gateway.link_host)


def _inputs(books: ForecastBooks, business_id: str, link_host: str) -> ConsoleInputs:
    client, fresh = books.clients.iloc[0], books.freshness[business_id]
    realm_id = client["realm_id"]
    paid = _paid(books)
    return ConsoleInputs(
        business_id=business_id,
        realm_id=realm_id,
        name=client["name"],
        currency=client["currency"],
        as_of=client["as_of"].date(),
        reconstructed=bool(client["reconstructed"]),
        known_at=books.known_at,
        freshness=fresh,
        tie_out_state=books.tie_out[business_id],
        status="" if fresh.synced_at is None else books.figures["status"].iloc[0],
        reserve_cents=int(client["reserve_cents"]),
        credit_line_cents=books.settings.get(business_id, ClientSettings()).credit_line_cents,
        forecast_inputs=books.forecast_inputs,
        forecast=books.forecast,
        decisions=books.decisions.of(business_id),
        entered=books.derived.entered,
        bills=_linked(ready_bills(books), "Bill", realm_id, link_host),
        invoices=_linked(ready_invoices(books), "Invoice", realm_id, link_host),
        credits=_credits(books),
        accounts=books.forecast_inputs.accounts,
        paid=paid[["qbo_id", "paid_on", "amount_cents"]],
        documents=_documents(books, paid),
        kept_out=_kept_out(books),
        left_out=left_out(books)[business_id],
    )


def _linked(rows: pd.DataFrame, entity: str, realm_id: str, link_host: str) -> pd.DataFrame:
    urls = [record_url(link_host, realm_id, entity, str(qbo_id)) for qbo_id in rows["qbo_id"]]
    return rows.assign(url=pd.Series(urls, index=rows.index, dtype="object"))


def _credits(books: ForecastBooks) -> pd.DataFrame:
    """Return the vendors' credits with what of each no bill took, the largest first."""
    credits = books.netted.credits
    payable = credits[credits["side"] == AP]
    rows = payable.assign(vendor=party_names(payable, books.books.parties))
    columns = ["vendor", "entity", "doc_number", "txn_date", "amount_cents", "left_cents"]
    return rows.sort_values(["amount_cents", "qbo_id"], ignore_index=True)[columns]


def _paid(books: ForecastBooks) -> pd.DataFrame:
    """Return the payments of bills of the last `PAID_DAYS` days, amounts in home cents."""
    day = books.clients["as_of"].iloc[0].date()
    rows = books.reading.bills_paid(day - timedelta(days=PAID_DAYS))
    return rows.assign(amount_cents=in_home(rows["amount_cents"], rows["exchange_rate"]))


def _documents(books: ForecastBooks, paid: pd.DataFrame) -> pd.DataFrame:
    """Return qbo_id, doc_number, party, open_cents of the bills that are open or were paid recently."""
    documents = books.documents
    bills = documents[documents["entity"] == "Bill"]
    opened = bills.assign(open_cents=bills["netted_cents"])
    closed = paid[~paid["qbo_id"].isin(opened["qbo_id"])].drop_duplicates("qbo_id").assign(open_cents=0)
    columns = ["business_id", "qbo_id", "doc_number", "party_kind", "party_id", "party_name", "open_cents"]
    rows = pd.concat([opened[columns], closed[columns]], ignore_index=True)
    rows["party"] = party_names(rows.assign(party_kind="Vendor"), books.books.parties)
    return rows[["qbo_id", "doc_number", "party", "open_cents"]]


def _kept_out(books: ForecastBooks) -> KeptOut:
    documents = books.documents
    blocked = pd.MultiIndex.from_frame(books.findings.blocked[_RECORD].drop_duplicates())
    is_blocked = pd.MultiIndex.from_frame(documents[_RECORD]).isin(blocked)
    gone = (documents["netted_cents"] == 0).to_numpy() & ~is_blocked

    def count(entity: str) -> tuple[int, int]:
        of_entity = (documents["entity"] == entity).to_numpy()
        return int((of_entity & is_blocked).sum()), int((of_entity & gone).sum())

    return KeptOut(*count("Bill"), *count("Invoice"))
