"""The hygiene tray: what is wrong in the books, blocking findings first, then the most money soonest."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.hygiene.findings import FINDING, RULES
from rowcol.gateways.client_books import ClientBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import day_columns, freshness_columns
from rowcol.views.common.links import record_url

COLUMNS = [
    "business_id", "realm_id", "client", "currency", "code", "severity", "blocking", "entity", "qbo_id", "party",
    "amount_cents", "runway_effect_days", "message", "why", "what_to_do", "first_seen", "version", "url", "as_of",
    "reconstructed",
]  # fmt: skip
DISMISSED_COLUMNS = [*COLUMNS, "reason", "by", "dismissed_at"]
WEEKS = 8
COUNTS = ["business_id", "code", "severity", "findings"]


@dataclass(frozen=True)
class TrayView:
    """The hygiene findings of one client or of all.

    `rows`, blocking ones first, then the most money soonest: business_id, realm_id, client, currency, code, severity,
    blocking (bool), entity and qbo_id (None on the company itself), party, amount_cents (home), runway_effect_days (Float64,
    NA if undefined), message, why, what_to_do, first_seen (UTC), version (log position of the record's version,
    Int64; on the company itself what the finding rests on), url (opens the record in QuickBooks, None if it has
    no page), as_of (date, the client's own) and reconstructed (bool).
    `dismissed`: the same of those the advisor set aside, with reason, by and dismissed_at (UTC), the newest first.
    `by_code`: code, severity, findings, amount_cents of `rows`.
    `clients`: business_id, name, currency, as_of, reconstructed, synced_at (UTC or NaT), stale, stale_reason of every
    client requested.
    """

    known_at: datetime
    rows: pd.DataFrame
    dismissed: pd.DataFrame
    by_code: pd.DataFrame
    clients: pd.DataFrame

    @property
    def days(self) -> tuple[date, ...]:
        """The as-of days of the clients requested, each once, the earliest first."""
        return tuple(sorted(set(self.clients["as_of"])))


def tray_view(gateway: QuickBooksGateway, business_id: str | None = None, moment: Moment = NOW) -> TrayView:
    """Return the findings of one client, or of all (None). Raises UnknownClient."""
    with gateway.open(None if business_id is None else (business_id,), moment) as books:
        every = _with_clients(books.all_findings(), books)
        every["why"] = pd.Series(
            [RULES[code].why for code in every["code"]], index=every.index, dtype="object"
        )
        every["url"] = _urls(every, gateway.link_host)
        rows = every[~every["dismissed"]][COLUMNS].reset_index(drop=True)
        return TrayView(
            books.known_at,
            rows,
            _dismissed(every[every["dismissed"]], books.decisions.dismissals),
            _by_code(rows),
            _clients(books),
        )


def tray_rows(books: ClientBooks) -> pd.DataFrame:
    """Return the findings with their clients' realm_id, client (name) and currency."""
    return _with_clients(books.list_incomplete(), books)


def _with_clients(rows: pd.DataFrame, books: ClientBooks) -> pd.DataFrame:
    clients = books.clients[["business_id", "realm_id", "name", "currency"]]
    clients = clients.merge(day_columns(books.clients), on="business_id")
    return rows.merge(clients.rename(columns={"name": "client"}), on="business_id", how="left")


def _urls(rows: pd.DataFrame, link_host: str) -> pd.Series:
    records = rows[["code", "realm_id", "entity", "qbo_id"]].itertuples(index=False, name=None)
    urls = [
        None if code == "DELETED_SINCE" else record_url(link_host, realm, entity, qbo_id)
        for code, realm, entity, qbo_id in records
    ]
    return pd.Series(urls, index=rows.index, dtype="object")


def _dismissed(rows: pd.DataFrame, dismissals: pd.DataFrame) -> pd.DataFrame:
    decisions = dismissals.rename(columns={"decided_at": "dismissed_at"})
    decisions = decisions.assign(
        **{key: decisions[key].where(decisions[key] != "", None) for key in ("entity", "qbo_id")}
    )
    rows = rows.merge(decisions[[*FINDING, "reason", "by", "dismissed_at"]], on=FINDING, how="left")
    return rows.sort_values("dismissed_at", ascending=False, kind="stable", ignore_index=True)[
        DISMISSED_COLUMNS
    ]


def _clients(books: ClientBooks) -> pd.DataFrame:
    clients = books.clients[["business_id", "name", "currency"]].merge(
        day_columns(books.clients), on="business_id"
    )
    fresh = [books.freshness[business_id] for business_id in clients["business_id"]]
    return clients.join(freshness_columns(fresh, clients.index))


def _by_code(rows: pd.DataFrame) -> pd.DataFrame:
    """Return code, severity, findings, amount_cents: how many of each, in the order of the rules."""
    sums = rows.groupby("code").agg(findings=("code", "size"), amount_cents=("amount_cents", "sum"))
    sums = sums.reindex([code for code in RULES if code in sums.index]).reset_index()
    sums.insert(1, "severity", [RULES[code].severity for code in sums["code"]])
    return sums


@dataclass(frozen=True)
class Week:
    """The findings as they were known at a moment, each client as of its own day then.

    `counts`: business_id, code, severity, findings, without what was dismissed by then. `known`: the clients whose
    books had been read by then; no other has a count.
    """

    moment: datetime
    counts: pd.DataFrame
    known: frozenset[str]


def past_weeks(now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the beginnings of the present week and of those before, `WEEKS` Mondays in the practice's zone, oldest first.

    They are the same for a whole week, so that what was computed for them can be kept.
    """
    day = now.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    days = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [datetime.combine(start, time.min, zone) for start in days]


def week_at(gateway: QuickBooksGateway, moment: datetime) -> Week:
    """Return the findings of every client that had been read by a moment, as they were known then."""
    known = gateway.read_by(moment)
    if not known:
        return Week(moment, pd.DataFrame(columns=COUNTS), frozenset())
    with gateway.open(known, Moment(known_at=moment)) as books:
        groups = books.findings.open.groupby(["business_id", "code", "severity"])
        return Week(moment, groups.size().rename("findings").reset_index()[COUNTS], frozenset(known))
