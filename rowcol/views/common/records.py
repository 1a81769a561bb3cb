"""What the pages show, as frozen records; the frames' columns are given with each field."""

from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from rowcol.domain.calls import Call
from rowcol.domain.clients import WEEKDAYS as WEEKDAYS
from rowcol.domain.clients import ClientSettings as ClientSettings
from rowcol.domain.clients import weekday_text as weekday_text
from rowcol.domain.clients import weekdays as weekdays
from rowcol.domain.freshness import Freshness as Freshness
from rowcol.sync.budget import Budget as Budget

TieOutState = str
"""`tied`, `broken` or `unchecked`."""

Status = str
"""`critical`, `watch` or `steady`."""


@dataclass(frozen=True)
class ClientsView:
    """The client list: one row a client, most endangered first.

    `rows` columns: business_id, realm_id, name, currency, cash_cents, card_debt_cents, ar_cents,
    ar_overdue_cents, ap_cents, ap_overdue_cents, buffer_days, net_burn_runway_days (Int64, NA where
    undefined or never refreshed), cash_generative (bool), cash_out_date (None: beyond 13 weeks),
    weeks_ahead (tuple of the forecast's 13 weekly closings in cents, empty where never refreshed),
    status, findings, blocking (Int64, NA where never refreshed), tie_out, synced_at (UTC or NaT), stale (bool),
    stale_reason (str), by_plan (bool: stale, but as the schedule has it), marks (tuple of str, e.g. `stale books`).
    `totals` columns, one row a currency: currency, clients, cash_cents, card_debt_cents, ar_cents,
    ar_overdue_cents, ap_cents, ap_overdue_cents, critical, watch, steady.
    """

    as_of: date
    known_at: datetime
    rows: pd.DataFrame
    totals: pd.DataFrame


@dataclass(frozen=True)
class Figures:
    """Cash and runway of one client; cents of the home currency and whole days, None where undefined."""

    cash_cents: int | None
    card_debt_cents: int
    undeposited_cents: int
    reserve_cents: int
    credit_line_cents: int
    ar_cents: int
    ar_overdue_cents: int
    ap_cents: int
    ap_overdue_cents: int
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
    `weekly_cash`, 26 rows, oldest first: week_start, inflow_cents, outflow_cents (negative), financing_cents
    (signed), closing_cents (cash at the week's end).
    `open_bills`, `open_invoices`: qbo_id, doc_number, party, txn_date, due_date, days_past_due (Int64),
    bucket, balance_cents, total_cents, currency, url (opens the record in QuickBooks).
    `tie_out`: subject, party, ours_cents, qbo_cents, difference_cents; the differences alone.
    """

    business_id: str
    realm_id: str
    name: str
    currency: str
    as_of: date
    known_at: datetime
    status: Status
    freshness: Freshness
    figures: Figures | None
    tie_out_state: TieOutState
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
    """`Forecast.weeks` of the client; empty where there are no figures yet."""
    last_call: Call | None = None
    """The last call held up to the as-of date, with the figures kept of it."""


@dataclass(frozen=True)
class ConnectionsView:
    """The companies connected, and whether more can be.

    `rows`: business_id, realm_id, name, state (`connected`, `ended`, `disconnected`), reason, connected_at,
    synced_at, stale (bool), stale_reason, by_plan (bool), breaker (`closed`, `open`: left alone after repeated failures,
    `half-open`: asked once to see whether it answers).
    `unconfigured` names the settings that are missing before a company can be connected; empty when none.
    `intuit` is the state of Intuit as a whole, `intuit_until` when it is tried again.
    `budget`: this month's reads, used, limit, forecast, slowed, and `words()` that say so.
    """

    rows: pd.DataFrame
    environment: str
    unconfigured: tuple[str, ...]
    budget: Budget | None = None
    intuit: str = "closed"
    intuit_until: datetime | None = None
