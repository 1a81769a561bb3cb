"""The hygiene tray: what is wrong in the books, the most money soonest first."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.domain.hygiene import RULES, findings, first_seen_in
from rowcol.domain.hygiene.evidence import Calls
from rowcol.domain.window import WINDOW_DAYS
from rowcol.errors import UnknownClient
from rowcol.experiences.gather import Source, gather
from rowcol.experiences.links import record_url

COLUMNS = [
    "business_id", "realm_id", "client", "currency", "code", "severity", "blocking", "entity", "qbo_id", "party",
    "amount_cents", "runway_effect_days", "message", "why", "what_to_do", "first_seen", "version", "url",
]  # fmt: skip


@dataclass(frozen=True)
class TrayView:
    """The hygiene findings of one client or of all.

    `rows`, most money soonest first: business_id, realm_id, client, currency, code, severity, blocking (bool),
    entity and qbo_id (None on the company itself), party, amount_cents (home), runway_effect_days (Float64, NA
    where undefined), message, why, what_to_do, first_seen (UTC), version (log position of the record's version,
    Int64), url (opens the record in QuickBooks, None where it has no page).
    `by_code`: code, severity, findings, amount_cents.
    """

    as_of: date
    known_at: datetime
    rows: pd.DataFrame
    by_code: pd.DataFrame


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
    found = tray_rows(source, business_id, as_of, known_at, calls)
    found["why"] = pd.Series([RULES[code].why for code in found["code"]], index=found.index, dtype="object")
    urls = [
        None if code == "DELETED_SINCE" else record_url(link_host, realm, entity, qbo_id)
        for code, realm, entity, qbo_id in found[["code", "realm_id", "entity", "qbo_id"]].itertuples(
            index=False, name=None
        )
    ]
    found["url"] = pd.Series(urls, index=found.index, dtype="object")
    return TrayView(as_of or source.today(), known_at or source.now, found[COLUMNS], _by_code(found))


def tray_rows(
    source: Source,
    business_id: str | None,
    as_of: date | None = None,
    known_at: datetime | None = None,
    calls: Calls | None = None,
) -> pd.DataFrame:
    """Return the findings with their clients' realm_id, client (name) and currency. Raises UnknownClient."""
    only = None if business_id is None else (business_id,)
    found = gather(source, only, as_of, known_at, WINDOW_DAYS + 1, calls=calls or {})
    if found.evidence is None or (business_id is not None and found.books.clients.empty):
        raise UnknownClient("This client is not in your practice")
    rows = findings(found.evidence)
    rows = first_seen_in(rows, source.frames.logged(rows, known_at))
    rows["first_seen"] = rows["first_seen"].dt.tz_localize("UTC")
    clients = found.books.clients[["business_id", "realm_id", "name", "currency"]]
    return rows.merge(clients.rename(columns={"name": "client"}), on="business_id", how="left")


def _by_code(rows: pd.DataFrame) -> pd.DataFrame:
    """Return code, severity, findings, amount_cents: how many of each, in the order of the rules."""
    sums = rows.groupby("code").agg(findings=("code", "size"), amount_cents=("amount_cents", "sum"))
    sums = sums.reindex([code for code in RULES if code in sums.index]).reset_index()
    sums.insert(1, "severity", [RULES[code].severity for code in sums["code"]])
    return sums
