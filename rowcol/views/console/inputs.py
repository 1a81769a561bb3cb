"""The books behind a client's console: read once, decided upon many times."""

from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.domain.books import in_home, party_names
from rowcol.domain.clients import ClientSettings
from rowcol.domain.forecast.inputs import BANK_DAYS
from rowcol.domain.open_items import AP
from rowcol.errors import UnknownClient
from rowcol.views.common.gather import Gathered, Source, gather
from rowcol.views.common.links import record_url
from rowcol.views.console.lists import ready_bills, ready_invoices
from rowcol.views.console.page import ConsoleInputs, KeptOut

PAID_DAYS = 60
"""So far back payments on bills are read, to be held against plans."""
_RECORD = ["entity", "qbo_id"]


def console_ground(
    source: Source,
    business_id: str,
    link_host: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ConsoleInputs:
    """Return what one client's console is made from. Raises UnknownClient."""
    found = gather(source, (business_id,), as_of, known_at, BANK_DAYS, calls={}, ahead=True)
    if found.books.clients.empty or found.ahead is None:
        raise UnknownClient("This client is not in your practice")
    client = found.books.clients.iloc[0]
    day = client["as_of"].date()
    documents, credits = found.derived.netted.documents, found.derived.netted.credits
    paid = _paid(source, business_id, known_at, day)
    fresh = found.fresh[business_id]
    return ConsoleInputs(
        business_id=business_id,
        realm_id=client["realm_id"],
        name=client["name"],
        currency=client["currency"],
        as_of=day,
        known_at=found.known_at,
        freshness=fresh,
        tie_out_state=found.tie_out[business_id],
        status="" if fresh.synced_at is None else found.figures["status"].iloc[0],
        reserve_cents=int(client["reserve_cents"]),
        credit_line_cents=source.settings(known_at).get(business_id, ClientSettings()).credit_line_cents,
        outlook=found.ahead.outlook,
        open_items=found.items,
        bills=_linked(ready_bills(found), "Bill", client["realm_id"], link_host),
        invoices=_linked(ready_invoices(found), "Invoice", client["realm_id"], link_host),
        credits=_credits(found, credits),
        accounts=found.ahead.outlook.accounts,
        paid=paid[["qbo_id", "paid_on", "amount_cents"]],
        documents=_documents(found, documents, paid),
        kept_out=_kept_out(found, documents),
    )


def _linked(rows: pd.DataFrame, entity: str, realm_id: str, link_host: str) -> pd.DataFrame:
    urls = [record_url(link_host, realm_id, entity, str(qbo_id)) for qbo_id in rows["qbo_id"]]
    return rows.assign(url=pd.Series(urls, index=rows.index, dtype="object"))


def _credits(found: Gathered, credits: pd.DataFrame) -> pd.DataFrame:
    """Return the vendors' credits with what of each no bill took, the largest first."""
    mine = credits[credits["side"] == AP]
    rows = mine.assign(vendor=party_names(mine, found.books.parties))
    columns = ["vendor", "entity", "doc_number", "txn_date", "amount_cents", "left_cents"]
    return rows.sort_values(["amount_cents", "qbo_id"], ignore_index=True)[columns]


def _paid(source: Source, business_id: str, known_at: datetime | None, as_of: date) -> pd.DataFrame:
    with source.frames.open(source.frames.scope((business_id,)), known_at) as reading:
        rows: pd.DataFrame = reading.bills_paid(as_of - timedelta(days=PAID_DAYS))
    rows["amount_cents"] = in_home(rows["amount_cents"], rows["exchange_rate"])
    return rows


def _documents(found: Gathered, documents: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Return qbo_id, doc_number, party, open_cents of the open bills and of those paid of late."""
    bills = documents[documents["entity"] == "Bill"]
    opened = bills.assign(open_cents=bills["netted_cents"])
    closed = paid[~paid["qbo_id"].isin(opened["qbo_id"])].drop_duplicates("qbo_id").assign(open_cents=0)
    columns = ["business_id", "qbo_id", "doc_number", "party_kind", "party_id", "party_name", "open_cents"]
    rows = pd.concat([opened[columns], closed[columns]], ignore_index=True)
    rows["party"] = party_names(rows.assign(party_kind="Vendor"), found.books.parties)
    return rows[["qbo_id", "doc_number", "party", "open_cents"]]


def _kept_out(found: Gathered, documents: pd.DataFrame) -> KeptOut:
    blocked = found.blocked[_RECORD]
    is_blocked = pd.MultiIndex.from_frame(documents[_RECORD]).isin(pd.MultiIndex.from_frame(blocked))
    gone = (documents["netted_cents"] == 0).to_numpy() & ~is_blocked

    def count(entity: str) -> tuple[int, int]:
        mine = (documents["entity"] == entity).to_numpy()
        return int((mine & is_blocked).sum()), int((mine & gone).sum())

    return KeptOut(*count("Bill"), *count("Invoice"))
