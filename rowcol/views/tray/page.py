"""The hygiene tray: what is wrong in the books, the most money soonest first."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.hygiene.evidence import Calls
from rowcol.domain.hygiene.findings import FINDING, RULES, describe, first_seen_in
from rowcol.domain.window import WINDOW_DAYS
from rowcol.errors import UnknownClient
from rowcol.views.common.gather import Gathered, Source, freshness_columns, gather
from rowcol.views.common.links import record_url

COLUMNS = [
    "business_id", "realm_id", "client", "currency", "code", "severity", "blocking", "entity", "qbo_id", "party",
    "amount_cents", "runway_effect_days", "message", "why", "what_to_do", "first_seen", "version", "url",
]  # fmt: skip
DISMISSED_COLUMNS = [*COLUMNS, "reason", "by", "dismissed_at"]


@dataclass(frozen=True)
class TrayView:
    """The hygiene findings of one client or of all.

    `rows`, most money soonest first: business_id, realm_id, client, currency, code, severity, blocking (bool),
    entity and qbo_id (None on the company itself), party, amount_cents (home), runway_effect_days (Float64, NA
    where undefined), message, why, what_to_do, first_seen (UTC), version (log position of the record's version,
    Int64; on the company itself what the finding rests on), url (opens the record in QuickBooks, None where it has
    no page).
    `dismissed`: the same of those the advisor set aside, with reason, by and dismissed_at (UTC), the newest first.
    `by_code`: code, severity, findings, amount_cents of `rows`.
    `clients`: business_id, name, currency, synced_at (UTC or NaT), stale, stale_reason of every client asked for.
    """

    as_of: date
    known_at: datetime
    rows: pd.DataFrame
    dismissed: pd.DataFrame
    by_code: pd.DataFrame
    clients: pd.DataFrame


def tray_view(
    source: Source,
    business_id: str | None,
    link_host: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    calls: Calls | None = None,
) -> TrayView:
    """Return the findings of one client, or of all (None); `calls` are the last weekly calls held, by business id.

    Raises UnknownClient.
    """
    found, every = _told(source, business_id, as_of, known_at, calls)
    every["why"] = pd.Series([RULES[code].why for code in every["code"]], index=every.index, dtype="object")
    urls = [
        None if code == "DELETED_SINCE" else record_url(link_host, realm, entity, qbo_id)
        for code, realm, entity, qbo_id in every[["code", "realm_id", "entity", "qbo_id"]].itertuples(
            index=False, name=None
        )
    ]
    every["url"] = pd.Series(urls, index=every.index, dtype="object")
    rows = every[~every["dismissed"]][COLUMNS].reset_index(drop=True)
    dismissals = source.advice(known_at).dismissals
    today = today_in(zone_or(None, source.default_zone), found.known_at)
    return TrayView(
        as_of or today,
        known_at or source.now,
        rows,
        _dismissed(every[every["dismissed"]], dismissals),
        _by_code(rows),
        _clients(found),
    )


def tray_rows(
    source: Source,
    business_id: str | None,
    as_of: date | None = None,
    known_at: datetime | None = None,
    calls: Calls | None = None,
) -> pd.DataFrame:
    """Return the findings with their clients' realm_id, client (name) and currency. Raises UnknownClient."""
    _, every = _told(source, business_id, as_of, known_at, calls)
    return every[~every["dismissed"]].drop(columns="dismissed").reset_index(drop=True)


def _told(
    source: Source,
    business_id: str | None,
    as_of: date | None,
    known_at: datetime | None,
    calls: Calls | None,
) -> tuple[Gathered, pd.DataFrame]:
    """Return every finding, with `dismissed` telling those set aside."""
    only = None if business_id is None else (business_id,)
    found = gather(source, only, as_of, known_at, WINDOW_DAYS + 1, calls=calls or {})
    if found.evidence is None or (business_id is not None and found.books.clients.empty):
        raise UnknownClient("This client is not in your practice")
    rows = describe(found.findings, dismissed=True)
    rows = first_seen_in(rows, source.frames.newest_versions(rows, known_at))
    rows["first_seen"] = rows["first_seen"].dt.tz_localize("UTC")
    clients = found.books.clients[["business_id", "realm_id", "name", "currency"]]
    return found, rows.merge(clients.rename(columns={"name": "client"}), on="business_id", how="left")


def _dismissed(rows: pd.DataFrame, dismissals: pd.DataFrame) -> pd.DataFrame:
    said = dismissals.rename(columns={"decided_at": "dismissed_at"})
    said = said.assign(**{key: said[key].where(said[key] != "", None) for key in ("entity", "qbo_id")})
    rows = rows.merge(said[[*FINDING, "reason", "by", "dismissed_at"]], on=FINDING, how="left")
    return rows.sort_values("dismissed_at", ascending=False, kind="stable", ignore_index=True)[
        DISMISSED_COLUMNS
    ]


def _clients(found: Gathered) -> pd.DataFrame:
    clients = found.books.clients[["business_id", "name", "currency"]]
    fresh = [found.fresh[business_id] for business_id in clients["business_id"]]
    return clients.join(freshness_columns(fresh, clients.index))


def _by_code(rows: pd.DataFrame) -> pd.DataFrame:
    """Return code, severity, findings, amount_cents: how many of each, in the order of the rules."""
    sums = rows.groupby("code").agg(findings=("code", "size"), amount_cents=("amount_cents", "sum"))
    sums = sums.reindex([code for code in RULES if code in sums.index]).reset_index()
    sums.insert(1, "severity", [RULES[code].severity for code in sums["code"]])
    return sums
