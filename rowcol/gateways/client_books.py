"""The books of some clients at one moment, and what follows from them: each thing is read and computed once.

Every view, report and letter begins here, for one client or for all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import KnownAt, Moment, OwnMoments, WorkingTime
from rowcol.domain.books import Books, in_home, party_names, read_books
from rowcol.domain.calls import Call, CallsByClient, last_calls
from rowcol.domain.clients import ClientSettings, client_frame, weekdays
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.derived import DerivedBooks, derive
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import (
    BANK_DAYS,
    ForecastInputs,
    Paid,
    forecast_inputs,
    paid_arguments,
    read_paid,
)
from rowcol.domain.forecast.result import Forecast
from rowcol.domain.freshness import ClientSchedule, Freshness, freshness_of
from rowcol.domain.gateways import HISTORY_COLUMNS, OpenBooks
from rowcol.domain.hygiene.evidence import Evidence, Records, build_evidence
from rowcol.domain.hygiene.findings import Findings, describe, first_seen_in, still_dismissed
from rowcol.domain.netting import Netted
from rowcol.domain.payment_habits import PaymentHabits, payment_habits
from rowcol.domain.readiness import collections_ready, payment_ready
from rowcol.domain.runway import figures, with_cash_out
from rowcol.domain.tie_out.totals import checks_of_day, states
from rowcol.entities import SIDE_OF
from rowcol.store.frames import Frames, Reading
from rowcol.store.read_ahead import ReadAhead

_PARTY_KINDS = {"Bill": "Vendor", "Invoice": "Customer"}


@dataclass(frozen=True)
class AdvisorRecords:
    """Reads of what the advisor recorded, each as known at a moment (None: now)."""

    settings: Callable[[KnownAt], Mapping[str, ClientSettings]]
    decisions: Callable[[KnownAt], CurrentDecisions]
    calls: Callable[[KnownAt], CallsByClient]
    call_snapshots: Callable[[Iterable[Call]], Mapping[tuple[str, datetime], Mapping[str, Any]]]
    """Calls -> (business_id, held_at) -> the snapshot of the client that the call kept."""
    questions: Callable[[datetime | None], pd.DataFrame]
    tasks: Callable[[datetime | None], pd.DataFrame]


class ClientBooks(OpenBooks):
    """The books of some clients, without the forecast; at one moment, or each client's at its own (`own`).

    Reads are made when something first needs them, in the one transaction that `reading` holds; use it within the
    block that opened it. Frames have one row or more a client, keyed by `business_id`; money is home cents.
    """

    ahead: ReadAhead | None = None
    """What can begin reads before they are needed; only of all clients it is worth its thread."""

    def __init__(
        self,
        reading: Reading,
        frames: Frames,
        records: AdvisorRecords,
        business_ids: tuple[str, ...] | None,
        moment: Moment,
        now: datetime,
        default_zone: str,
        bank_days: int,
        open_days: int = 0,
        own: OwnMoments | None = None,
    ) -> None:
        self.reading = reading
        self.business_ids = business_ids
        self.moment = moment
        self.known_at = moment.known_at or now
        self._known: KnownAt = moment.known_at if own is None else own.known_at
        self._days = moment.as_of if own is None else own.as_of
        self._frames = frames
        self._records = records
        self._default_zone = default_zone
        self._bank_days = bank_days
        self._open_days = open_days

    @cached_property
    def settings(self) -> Mapping[str, ClientSettings]:
        """The settings of each client that has any."""
        return self._records.settings(self._known)

    @cached_property
    def decisions(self) -> CurrentDecisions:
        """The advisor's decisions that figures depend on."""
        return self._records.decisions(self._known)

    @cached_property
    def calls(self) -> CallsByClient:
        """The calls held with each client, the oldest first."""
        return self._records.calls(self._known)

    @cached_property
    def clients(self) -> pd.DataFrame:
        """One row a client, see `client_frame`; all that are connected if none is named."""
        companies = self.reading.companies()
        if self.business_ids is None:
            companies = companies[companies["disconnected_at"].isna()].reset_index(drop=True)
        now = self.known_at if self._known is None else self._known
        return client_frame(companies, self.settings, now, self._days, self._default_zone)

    @cached_property
    def books(self) -> Books:
        """The records that figures are computed from; bank movements and what was open of the last days named."""
        since = self._oldest_day - timedelta(days=self._bank_days)
        open_since = self._oldest_day - timedelta(days=self._open_days)
        return read_books(self.reading, self.clients, since, self._payees_since, open_since)

    @property
    def _oldest_day(self) -> date:
        return self.clients["as_of"].min().date() if len(self.clients) else self.known_at.date()

    @property
    def _newest_day(self) -> date:
        return self.clients["as_of"].max().date() if len(self.clients) else self.known_at.date()

    @property
    def _payees_since(self) -> date | None:
        return None

    @cached_property
    def derived(self) -> DerivedBooks:
        """The books with what several figures share: bank movements, open items, netting."""
        return derive(self.books)

    @property
    def movements(self) -> pd.DataFrame:
        """Bank movements, see `DerivedBooks`."""
        return self.derived.movements

    @property
    def items(self) -> pd.DataFrame:
        """Open items with their buckets, see `DerivedBooks`."""
        return self.derived.items

    @property
    def netted(self) -> Netted:
        """What is open and what is entered ahead, after netting."""
        return self.derived.netted

    @property
    def documents(self) -> pd.DataFrame:
        """The open bills and invoices with what netting leaves of each, see `DerivedBooks`."""
        return self.derived.documents

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Cash, debts, burn and runways, a row a client, see `figures`."""
        return figures(self.derived)

    @cached_property
    def freshness(self) -> Mapping[str, Freshness]:
        """How old each client's books are, and why they are stale if they are."""
        runs = self.reading.last_runs().set_index("business_id")
        known = self._known if isinstance(self._known, Mapping) else {}
        columns = ["business_id", "zone", "working_hours", "working_days", "connected_at"]
        fresh = {}
        for business_id, zone, hours, days, connected_at in self.clients[columns].itertuples(
            index=False, name=None
        ):
            working = WorkingTime(ZoneInfo(zone), hours, weekdays(days))
            schedule = ClientSchedule(working, connected_at.tz_localize("UTC"))
            now = known.get(business_id, self.known_at)
            fresh[business_id] = freshness_of(runs, business_id, now, schedule)
        return fresh

    @cached_property
    def tie_outs(self) -> pd.DataFrame:
        """The last check of each client that its figures may be shown beside, see `checks_of_day`."""
        return checks_of_day(self.books)

    @cached_property
    def tie_out(self) -> Mapping[str, str]:
        """`tied`, `broken` or `unchecked` of each client, by `tie_outs`."""
        checked = states(self.tie_outs)
        return {
            business_id: checked.get(business_id, "unchecked") for business_id in self.clients["business_id"]
        }

    @cached_property
    def last_calls(self) -> Mapping[str, Call]:
        """The last call held with each client up to its as-of day; clients never called are not in it."""
        return last_calls(self.calls, self.clients)

    @cached_property
    def _hygiene_records(self) -> Records:
        called_at = {business_id: call.held_at for business_id, call in self.last_calls.items()}
        return Records(self.reading, self.derived, called_at)

    def start_findings(self) -> None:
        """Begin the longest reads of the findings, to be made while something else is computed."""
        if self.ahead is not None:
            self._hygiene_records.start(self.ahead.start)

    @cached_property
    def evidence(self) -> Evidence:
        """What the hygiene rules look at, with the findings that the advisor dismissed."""
        dismissals = self.decisions.dismissals
        dismissed = still_dismissed(dismissals, self._frames.newest_versions(dismissals, self._known))
        return build_evidence(self.derived, self.figures, self.freshness, self._hygiene_records, dismissed)

    @cached_property
    def findings(self) -> Findings:
        """What every hygiene rule found."""
        return Findings(self.evidence)

    def all_findings(self) -> pd.DataFrame:
        """Return every finding, the dismissed ones too (`dismissed`, bool): `FINDING_COLUMNS`, first_seen in UTC."""
        self.start_findings()
        rows = describe(self.findings, dismissed=True)
        rows = first_seen_in(rows, self._frames.newest_versions(rows, self._known))
        return rows.assign(first_seen=rows["first_seen"].dt.tz_localize("UTC"))

    def list_incomplete(self) -> pd.DataFrame:
        """Return the findings that are not dismissed, as `ranked`: `FINDING_COLUMNS`."""
        rows = self.all_findings()
        return rows[~rows["dismissed"]].drop(columns="dismissed").reset_index(drop=True)

    def list_payment_ready(self) -> pd.DataFrame:
        """Return the bills ready for a decision, the earliest due first, see `payment_ready`."""
        return payment_ready(self.documents, self.findings.blocked)

    def list_collections_ready(self) -> pd.DataFrame:
        """Return the invoices to collect, the longest overdue first, see `collections_ready`."""
        return collections_ready(self.documents, self.findings.blocked)

    def payment_history(self) -> pd.DataFrame:
        """Return every payment of a bill or an invoice up to the as-of date, oldest first: `HISTORY_COLUMNS`."""
        rows = self.books.dated(self.reading.settlements())
        rows = rows[rows["paid_on"] <= rows["as_of"]].reset_index(drop=True)
        rows = rows.rename(columns={"entity": "document_entity", "qbo_id": "document_id"})
        rows = rows.rename(columns={"payment_entity": "entity", "payment_id": "qbo_id"})
        rows["side"] = rows["document_entity"].map(SIDE_OF)
        rows["days_late"] = (rows["paid_on"] - rows["due_date"]).dt.days.astype("Int64")
        rows["amount_cents"] = in_home(rows["amount_cents"], rows["exchange_rate"])
        rows["party"] = party_names(
            rows.assign(party_kind=rows["document_entity"].map(_PARTY_KINDS)), self.books.parties
        )
        return rows[HISTORY_COLUMNS]

    def balances(self) -> pd.DataFrame:
        """Return the bank accounts with their balances at the as-of date, see `bank_accounts`."""
        return self.derived.accounts


class ForecastBooks(ClientBooks):
    """The books of some clients at one moment, with the 13 weeks ahead.

    `figures` also have cash_out_on, and their status follows the forecast.
    """

    band = True
    """Whether the forecast has its p80 days; a view that shows none of them leaves out what they are learned from."""

    @property
    def _payees_since(self) -> date | None:
        return self._oldest_day - timedelta(days=BANK_DAYS)

    @cached_property
    def _figures_today(self) -> pd.DataFrame:
        return figures(self.derived)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Cash, debts, burn and runways with the cash-out date, a row a client."""
        return with_cash_out(self._figures_today, self.forecast.outcome)

    @cached_property
    def _paid(self) -> Paid:
        days = (self._oldest_day, self._newest_day)
        waiting = self._hygiene_records.waiting_receipts
        return read_paid(self.reading, self.derived.payments, days, waiting, band=self.band)

    def start_findings(self) -> None:
        """Begin the longest reads of the findings, after those of the forecast: both are made by one thread."""
        if self.ahead is not None:
            self.books  # noqa: B018 - read when first needed
            for name, arguments in paid_arguments(self._oldest_day, self._newest_day, band=self.band).items():
                self.ahead.start(name, *arguments)
        super().start_findings()

    @cached_property
    def payment_habits(self) -> PaymentHabits:
        """How customers pay, and how the clients pay their bills."""
        return payment_habits(self.settled_documents, self.clients)

    @property
    def settled_documents(self) -> pd.DataFrame:
        """The documents that were paid off, as far back as habits and p80 days look; see `read_settled`."""
        return self._paid.settled

    @cached_property
    def forecast_inputs(self) -> ForecastInputs:
        """What the forecast is made from, decisions apart."""
        return forecast_inputs(self.derived, self._figures_today, self.payment_habits, self._paid)

    @cached_property
    def forecast(self) -> Forecast:
        """The 13 weeks ahead by what the advisor decided."""
        return forecast(self.forecast_inputs, self.decisions)
