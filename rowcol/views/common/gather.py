"""What every view is made from: the books of some clients, and how fresh they are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.books import Books, read_books
from rowcol.domain.calls import Call, CallsByClient, last_calls
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.derived import DerivedBooks, derive
from rowcol.domain.forecast.direct_method import forecast
from rowcol.domain.forecast.inputs import BANK_DAYS, ForecastInputs, Paid, forecast_inputs, read_paid
from rowcol.domain.forecast.result import Forecast
from rowcol.domain.freshness import Freshness, freshness
from rowcol.domain.hygiene.evidence import Calls, Evidence, Records, build_evidence, read_records
from rowcol.domain.hygiene.findings import BLOCKING_CODES, Findings, check, still_dismissed
from rowcol.domain.payment_habits import PaymentHabits, payment_habits
from rowcol.domain.runway import figures, with_cash_out
from rowcol.domain.tie_out import states
from rowcol.store.frames import Frames

SettingsAt = Callable[[datetime | None], Mapping[str, ClientSettings]]
CurrentDecisionsAt = Callable[[datetime | None], CurrentDecisions]
CallsAt = Callable[[datetime | None], CallsByClient]
Standings = Callable[[Iterable[Call]], Mapping[tuple[str, datetime], Mapping[str, Any]]]
"""Calls -> (business_id, held_at) -> where the client stood then, as the call kept it."""


def never_called(_: datetime | None) -> CallsByClient:
    """Return the calls of a practice that has held none."""
    return {}


def nothing_kept(_: Iterable[Call]) -> Mapping[tuple[str, datetime], Mapping[str, Any]]:
    """Return where clients stood at calls of which nothing is kept."""
    return {}


@dataclass(frozen=True)
class Source:
    """Where views come from: the named reads, what the advisor said and decided by a moment, the present moment."""

    frames: Frames
    settings: SettingsAt
    advice: CurrentDecisionsAt
    now: datetime
    default_zone: str
    calls: CallsAt = never_called
    standings: Standings = nothing_kept

    def today(self) -> date:
        """Return the practice's own today."""
        return today_in(zone_or(None, self.default_zone), self.now)


@dataclass(frozen=True)
class Ahead:
    """What is ahead of the clients: the forecast, what it was made from, and how customers pay."""

    forecast: Forecast
    outlook: ForecastInputs
    habits: PaymentHabits
    advice: CurrentDecisions


@dataclass(frozen=True)
class Gathered:
    """Books and the figures they give: `derived` what the figures share, `figures` a row a client.

    `fresh` and `tie_out` are keyed by business id; `known` is what the freshness is measured against.
    """

    derived: DerivedBooks
    figures: pd.DataFrame
    fresh: Mapping[str, Freshness]
    tie_out: Mapping[str, str]
    known_at: datetime
    evidence: Evidence | None = None
    """What the hygiene findings are made from, where it was asked for."""
    ahead: Ahead | None = None
    """The forecast, where it was asked for; `figures` then have cash_out_on, and status by it."""

    @property
    def books(self) -> Books:
        """The books."""
        return self.derived.books

    @property
    def items(self) -> pd.DataFrame:
        """The aged open items."""
        return self.derived.items

    @property
    def movements(self) -> pd.DataFrame:
        """The bank movements."""
        return self.derived.movements

    @cached_property
    def findings(self) -> Findings:
        """What every rule found."""
        return check(self._asked())

    @cached_property
    def blocked(self) -> pd.DataFrame:
        """business_id, entity, qbo_id of the records with a blocking finding."""
        return check(self._asked(), BLOCKING_CODES).blocked

    def _asked(self) -> Evidence:
        if self.evidence is None:
            raise ValueError("the findings were not gathered")
        return self.evidence


def gather(
    source: Source,
    business_ids: tuple[str, ...] | None,
    as_of: date | None,
    known_at: datetime | None,
    bank_days: int,
    calls: Calls | None = None,
    *,
    ahead: bool = False,
) -> Gathered:
    """Read the books of some clients (None: all that are connected) and work out their figures.

    Bank movements are those of the last `bank_days`; where the forecast is asked for (`ahead`), what may recur
    since 181 days as well. `calls` (business_id -> last weekly call, empty for those that were held) asks for the
    evidence of the findings too, in which what the advisor dismissed is set aside.
    """
    moment = known_at or source.now
    read = _read(source, business_ids, as_of, known_at, bank_days, calls, ahead=ahead)
    books, ids = read.books, read.books.clients["business_id"]
    derived = derive(books)
    fresh = {business_id: freshness_of(read.runs, business_id, moment) for business_id in ids}
    checked = states(books.tie_outs)
    ties = {business_id: checked.get(business_id, "unchecked") for business_id in ids}
    rows = figures(derived)
    advice = source.advice(known_at)
    coming = None
    if read.paid is not None:
        coming = look_ahead(derived, rows, read.paid, advice)
        rows = with_cash_out(rows, coming.forecast.outcome)
    evidence = None
    if read.records is not None:
        dismissals = advice.dismissals
        dismissed = still_dismissed(dismissals, source.frames.newest_versions(dismissals, known_at))
        evidence = build_evidence(derived, rows, fresh, read.records, dismissed)
    return Gathered(derived, rows, fresh, ties, moment, evidence, coming)


@dataclass(frozen=True)
class _Read:
    """What was read for some clients; `records` and `paid` where they were asked for."""

    books: Books
    runs: pd.DataFrame
    records: Records | None
    paid: Paid | None


def _read(
    source: Source,
    business_ids: tuple[str, ...] | None,
    as_of: date | None,
    known_at: datetime | None,
    bank_days: int,
    calls: Calls | None,
    *,
    ahead: bool,
) -> _Read:
    """Read everything at one moment, so that nothing lands between two parts of it."""
    with source.frames.open(source.frames.scope(business_ids), known_at) as reading:
        companies = reading.companies()
        if business_ids is None:
            companies = companies[companies["disconnected_at"].isna()].reset_index(drop=True)
        moment = known_at or source.now
        clients = client_frame(companies, source.settings(known_at), moment, as_of, source.default_zone)
        oldest = clients["as_of"].min().date() if len(clients) else source.today()
        payees_since = oldest - timedelta(days=BANK_DAYS) if ahead else None
        books = read_books(reading, clients, oldest - timedelta(days=bank_days), payees_since)
        runs = reading.last_runs().set_index("business_id")
        records = None
        if calls is not None:
            held = last_calls(source.calls(known_at), clients)
            last = calls or {business_id: call.held_at for business_id, call in held.items()}
            records = read_records(reading, clients, last)
        waiting = None if records is None else records.waiting_receipts
        return _Read(books, runs, records, read_paid(reading, clients, waiting) if ahead else None)


def look_ahead(derived: DerivedBooks, rows: pd.DataFrame, paid: Paid, advice: CurrentDecisions) -> Ahead:
    """Return what is ahead of the clients of some books, from their figures."""
    learned = payment_habits(paid.settled, derived.books.clients)
    state = forecast_inputs(derived, rows, learned, paid)
    return Ahead(forecast(state, advice), state, learned, advice)


def freshness_of(runs: pd.DataFrame, business_id: str, now: datetime) -> Freshness:
    """Return a client's freshness from the last runs (indexed by business_id) at a moment."""
    if business_id not in runs.index:
        return freshness(None, None, "", "", now)
    run: dict[Any, Any] = runs.loc[business_id].to_dict()
    synced = (
        None if pd.isna(run["synced_at"]) else run["synced_at"].to_pydatetime().replace(tzinfo=now.tzinfo)
    )
    return freshness(synced, run["outcome"], run["reason"], run["hint"], now)


def freshness_columns(fresh: Sequence[Freshness], index: pd.Index) -> pd.DataFrame:
    """Return synced_at (UTC or NaT), stale, stale_reason and by_plan, a row for each freshness given."""
    synced = pd.Series([one.synced_at for one in fresh], index=index, dtype="object")
    return pd.DataFrame(
        {
            "synced_at": pd.to_datetime(synced, utc=True),
            "stale": pd.Series([one.stale for one in fresh], index=index, dtype="bool"),
            "stale_reason": pd.Series([one.reason for one in fresh], index=index, dtype="object"),
            "by_plan": pd.Series([one.by_plan for one in fresh], index=index, dtype="bool"),
        }
    )


def as_dates(days: pd.Series) -> pd.Series:
    """Return days as dates, None where there is none."""
    return pd.Series([None if pd.isna(day) else day.date() for day in days], index=days.index, dtype="object")
