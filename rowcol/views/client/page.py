"""One client's page: cash, the runways, who owes and who is owed."""

from datetime import date, datetime, timedelta

import pandas as pd

from rowcol.domain.aging import BUCKETS, by_party
from rowcol.domain.burn import operating
from rowcol.domain.clients import ClientSettings
from rowcol.domain.open_items import AP, AR
from rowcol.errors import UnknownClient
from rowcol.views.common.calls import last_call
from rowcol.views.common.gather import Gathered, Source, gather
from rowcol.views.common.links import record_url
from rowcol.views.common.records import ClientView, Figures

WEEKS = 26
DOCUMENT_COLUMNS = [
    "qbo_id", "doc_number", "party", "txn_date", "due_date", "days_past_due", "bucket", "balance_cents", "total_cents",
    "currency", "url",
]  # fmt: skip

DIFFERENCE_COLUMNS = ["subject", "party", "ours_cents", "qbo_cents", "difference_cents"]


def client_view(
    source: Source,
    business_id: str,
    link_host: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> ClientView:
    """Return one client's page; `link_host` is where its records open in QuickBooks. Raises UnknownClient."""
    found = gather(source, (business_id,), as_of, known_at, WEEKS * 7 + 1, ahead=True)
    if found.books.clients.empty:
        raise UnknownClient("This client is not in your practice")
    client = found.books.clients.iloc[0]
    fresh = found.fresh[business_id]
    accounts = found.derived.accounts
    figures = None if fresh.synced_at is None else _figures(found, source.settings(known_at).get(business_id))
    checks = found.books.tie_outs
    return ClientView(
        business_id=business_id,
        realm_id=client["realm_id"],
        name=client["name"],
        currency=client["currency"],
        as_of=client["as_of"].date(),
        known_at=found.known_at,
        status="" if figures is None else found.figures["status"].iloc[0],
        freshness=fresh,
        figures=figures,
        tie_out_state=found.tie_out[business_id],
        tie_out_checked_at=None if checks.empty else _utc(checks["checked_at"].iloc[0], found.known_at),
        settings=source.settings(known_at).get(business_id, ClientSettings()),
        bank_accounts=accounts.drop(columns=["business_id", "missing"]),
        aging_ap=_aging(found, AP),
        aging_ar=_aging(found, AR),
        weekly_cash=_weekly_cash(found, accounts),
        open_bills=_documents(found, "Bill", client["realm_id"], link_host),
        open_invoices=_documents(found, "Invoice", client["realm_id"], link_host),
        tie_out=checks[checks["difference_cents"] != 0][DIFFERENCE_COLUMNS].reset_index(drop=True),
        missing=_missing(found, accounts),
        weeks_ahead=pd.DataFrame() if figures is None else _weeks_ahead(found),
        last_call=last_call(source, found, known_at),
    )


def _weeks_ahead(found: Gathered) -> pd.DataFrame:
    if found.ahead is None:
        raise ValueError("the forecast was not gathered")
    return found.ahead.forecast.weeks.drop(columns="business_id").reset_index(drop=True)


def _figures(found: Gathered, settings: ClientSettings | None) -> Figures:
    row = found.figures.iloc[0]
    return Figures(
        cash_cents=int(row["cash_cents"]),
        card_debt_cents=int(row["card_debt_cents"]),
        undeposited_cents=int(row["undeposited_cents"]),
        reserve_cents=int(row["reserve_cents"]),
        credit_line_cents=0 if settings is None else settings.credit_line_cents,
        ar_cents=int(row["ar_cents"]),
        ar_overdue_cents=int(row["ar_overdue_cents"]),
        ap_cents=int(row["ap_cents"]),
        ap_overdue_cents=int(row["ap_overdue_cents"]),
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


def _aging(found: Gathered, side: str) -> pd.DataFrame:
    rows = by_party(found.items, found.books.parties, side)
    return rows.drop(columns=["business_id", "party_kind"])


def _weekly_cash(found: Gathered, accounts: pd.DataFrame) -> pd.DataFrame:
    """Return 26 weeks up to the as-of date of the accounts that count as cash; closings are rolled back from it.

    A closing is NA where bank activity no entity shows lies somewhere between it and the as-of date.
    """
    as_of = found.books.clients["as_of"].iloc[0]
    counted = accounts[~accounts["excluded"]]
    movements = found.movements[found.movements["account_id"].isin(counted["account_id"])]
    dates = pd.to_datetime(movements["txn_date"])
    flow = operating(movements)
    starts = [as_of - timedelta(days=7 * weeks - 1) for weeks in range(WEEKS, 0, -1)]
    whole = found.figures["unlisted_cents"].iloc[0] == 0
    rows = []
    for start in starts:
        end = start + timedelta(days=6)
        week = (dates >= start) & (dates <= end)
        later = movements["amount_cents"][(dates > end) & (dates <= as_of)].sum()
        closing = int(counted["balance_cents"].sum()) - int(later)
        rows.append(
            {
                "week_start": start,
                "inflow_cents": int(flow[week & (flow > 0)].sum()),
                "outflow_cents": int(flow[week & (flow < 0)].sum()),
                "financing_cents": int(movements["financing_cents"][week].sum()),
                "closing_cents": closing if whole or end >= as_of else pd.NA,
            }
        )
    return pd.DataFrame(rows).astype({"closing_cents": "Int64"})


def _documents(found: Gathered, entity: str, realm_id: str, link_host: str) -> pd.DataFrame:
    rows = found.items[found.items["entity"].eq(entity) & found.items["amount_cents"].gt(0)].rename(
        columns={"amount_cents": "balance_cents"}
    )
    documents = found.books.open_documents[["entity", "qbo_id", "total_cents", "currency"]]
    rows = rows.merge(documents, on=["entity", "qbo_id"])
    names = found.books.parties[["party_kind", "party_id", "name"]]
    rows = rows.merge(names, on=["party_kind", "party_id"], how="left")
    rows["party"] = rows["name"].fillna(rows["party_name"]).fillna("No name")
    rows["currency"] = rows["currency"].fillna(found.books.clients["currency"].iloc[0])
    rows["bucket"] = rows["bucket"].map(BUCKETS).fillna("Undated")
    rows["total_cents"] = rows["total_cents"].astype("Int64")
    rows["url"] = [record_url(link_host, realm_id, entity, qbo_id) for qbo_id in rows["qbo_id"]]
    rows = rows.sort_values(["days_past_due", "balance_cents", "qbo_id"], ascending=[False, False, True])
    return rows[DOCUMENT_COLUMNS].reset_index(drop=True)


def _missing(found: Gathered, accounts: pd.DataFrame) -> tuple[str, ...]:
    without = [
        f"No balance or exchange rate is known for {name}: it counts as nothing"
        for name in accounts["name"][accounts["missing"]]
    ]
    if found.figures["unlisted_cents"].iloc[0] != 0:
        without.append(
            "Bank activity that QuickBooks does not list (payroll, for one) is in the runways but cannot be placed in a week"
        )
    return tuple(without)


def _utc(moment: pd.Timestamp, like: datetime) -> datetime:
    return moment.to_pydatetime().replace(tzinfo=like.tzinfo)
