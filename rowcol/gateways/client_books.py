"""The books of some clients at one moment, and what follows from them: each thing is read and computed once.

Every view, report and letter begins here, for one client or for all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from rowcol.clock import Moment, today_in, zone_or
from rowcol.domain.aging import in_buckets
from rowcol.domain.bank import movements
from rowcol.domain.books import Books, in_home, read_books
from rowcol.domain.calls import Call, Held, last_held
from rowcol.domain.cash import bank_accounts
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.forecast import BANK_DAYS, Forecast, ForecastInputs, forecast, forecast_inputs, read_paid
from rowcol.domain.forecast.open_amounts import party_names
from rowcol.domain.freshness import Freshness, freshness_of
from rowcol.domain.hygiene import (
    Evidence,
    collected,
    findings,
    first_seen_in,
    found_on,
    is_dismissed,
    nothing_dismissed,
    read_records,
    still_dismissed,
)
from rowcol.domain.netting import net
from rowcol.domain.open_items import AP, AR, open_and_later
from rowcol.domain.payment_habits import Behaviour, behaviour
from rowcol.domain.readiness import collections_ready, payment_ready
from rowcol.domain.runway import figures, with_cash_out
from rowcol.domain.tie_out import states
from rowcol.store.frames import Frames, Reading

HISTORY_COLUMNS = [
    "business_id", "side", "qbo_id", "entity", "party_id", "party", "paid_on", "due_date", "days_late", "amount_cents",
    "document_entity", "document_id", "document_number",
]  # fmt: skip
_SIDES = {"Bill": AP, "Invoice": AR}
_PARTY_KINDS = {"Bill": "Vendor", "Invoice": "Customer"}


@dataclass(frozen=True)
class AdvisorRecords:
    """Reads of what the advisor recorded, each as known at a moment (None: now)."""

    settings: Callable[[datetime | None], Mapping[str, ClientSettings]]
    decisions: Callable[[datetime | None], CurrentDecisions]
    calls: Callable[[datetime | None], Held]
    call_snapshots: Callable[[Iterable[Call]], Mapping[tuple[str, datetime], Mapping[str, Any]]]
    """Calls -> (business_id, held_at) -> the snapshot of the client that the call kept."""
    questions: Callable[[datetime | None], pd.DataFrame]
    tasks: Callable[[datetime | None], pd.DataFrame]


class ClientBooks:
    """The books of some clients at one moment, without the forecast.

    Reads are made when something first needs them, in the one transaction that `reading` holds; use it within the
    block that opened it. Frames have one row or more a client, keyed by `business_id`; money is home cents.
    """

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
    ) -> None:
        self.reading = reading
        self.business_ids = business_ids
        self.moment = moment
        self.known_at = moment.known_at or now
        self._frames = frames
        self._records = records
        self._default_zone = default_zone
        self._bank_days = bank_days

    @property
    def today(self) -> date:
        """The as-of date asked for, else the practice's own today as known at the moment."""
        return self.moment.as_of or today_in(zone_or(None, self._default_zone), self.known_at)

    @cached_property
    def settings(self) -> Mapping[str, ClientSettings]:
        """The settings of each client that has any."""
        return self._records.settings(self.moment.known_at)

    @cached_property
    def decisions(self) -> CurrentDecisions:
        """The advisor's decisions that figures depend on."""
        return self._records.decisions(self.moment.known_at)

    @cached_property
    def calls(self) -> Held:
        """The calls held with each client, the oldest first."""
        return self._records.calls(self.moment.known_at)

    @cached_property
    def clients(self) -> pd.DataFrame:
        """One row a client, see `client_frame`; all that are connected if none is named."""
        companies = self.reading.companies()
        if self.business_ids is None:
            companies = companies[companies["disconnected_at"].isna()].reset_index(drop=True)
        return client_frame(companies, self.settings, self.known_at, self.moment.as_of, self._default_zone)

    @cached_property
    def books(self) -> Books:
        """The records that figures are computed from; bank movements of the last `bank_days`."""
        since = self._oldest_day - timedelta(days=self._bank_days)
        return read_books(self.reading, self.clients, since, self._payees_since)

    @property
    def _oldest_day(self) -> date:
        return self.clients["as_of"].min().date() if len(self.clients) else self.today

    @property
    def _payees_since(self) -> date | None:
        return None

    @cached_property
    def movements(self) -> pd.DataFrame:
        """Bank movements, see `movements`."""
        return movements(self.books)

    @cached_property
    def _aged(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        now, later = open_and_later(self.books)
        return in_buckets(self.books, now), in_buckets(self.books, later)

    @property
    def items(self) -> pd.DataFrame:
        """Open items by bucket, see `in_buckets`."""
        return self._aged[0]

    @property
    def later_items(self) -> pd.DataFrame:
        """Open items dated after the as-of date, which only the forecast counts."""
        return self._aged[1]

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Cash, debts, burn and runways, a row a client, see `figures`."""
        return figures(self.books, self.movements, self.items)

    @cached_property
    def freshness(self) -> Mapping[str, Freshness]:
        """How old each client's books are, and why they are stale if they are."""
        runs = self.reading.last_runs().set_index("business_id")
        return {one: freshness_of(runs, one, self.known_at) for one in self.clients["business_id"]}

    @cached_property
    def tie_out(self) -> Mapping[str, str]:
        """`tied`, `broken` or `unchecked` of each client."""
        checked = states(self.books.tie_outs)
        return {one: checked.get(one, "unchecked") for one in self.clients["business_id"]}

    @cached_property
    def last_calls(self) -> Mapping[str, Call]:
        """The last call held with each client up to its as-of day; clients never called are not in it."""
        return last_held(self.calls, self.clients)

    @cached_property
    def evidence(self) -> Evidence:
        """What the hygiene rules look at; findings that the advisor dismissed are known to it."""
        called_at = {one: call.held_at for one, call in self.last_calls.items()}
        records = read_records(self.reading, self.clients, called_at)
        dismissals = self.decisions.dismissals
        dismissed = still_dismissed(dismissals, self._frames.logged(dismissals, self.moment.known_at))
        return collected(
            self.books, self.items, self.movements, self.figures, self.freshness, records, dismissed
        )

    @cached_property
    def all_findings(self) -> pd.DataFrame:
        """Every finding, those dismissed too (`dismissed`, bool): `FINDING_COLUMNS`, first_seen in UTC."""
        rows = findings(replace(self.evidence, dismissed=nothing_dismissed()))
        rows = first_seen_in(rows, self._frames.logged(rows, self.moment.known_at))
        first_seen = rows["first_seen"].dt.tz_localize("UTC")
        return rows.assign(first_seen=first_seen, dismissed=is_dismissed(rows, self.evidence.dismissed))

    @cached_property
    def finding_codes(self) -> pd.DataFrame:
        """business_id, code, severity, blocking, entity, qbo_id of each finding that is not dismissed."""
        return found_on(self.evidence)

    @cached_property
    def finding_counts(self) -> pd.DataFrame:
        """Findings and, of these, blocking of each client that has any, indexed by business_id."""
        groups = self.finding_codes.groupby("business_id")
        return pd.DataFrame({"findings": groups.size(), "blocking": groups["blocking"].sum()})

    @cached_property
    def _netting(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return net(self.items, self.books.parties)

    @property
    def netted_documents(self) -> pd.DataFrame:
        """Open bills and invoices with `netted_cents`: what their party's credits leave of each."""
        return self._netting[0]

    @property
    def netted_credits(self) -> pd.DataFrame:
        """Credits with `left_cents`: what no document took of each."""
        return self._netting[1]

    @cached_property
    def blocked(self) -> pd.DataFrame:
        """business_id, entity, qbo_id of the records that a blocking finding keeps out of the consoles."""
        rows = self.finding_codes
        return rows[rows["blocking"]][["business_id", "entity", "qbo_id"]].drop_duplicates()

    def list_incomplete(self) -> pd.DataFrame:
        """Return the findings, most money soonest first, without those dismissed: `FINDING_COLUMNS`."""
        rows = self.all_findings
        return rows[~rows["dismissed"]].drop(columns="dismissed").reset_index(drop=True)

    def list_payment_ready(self) -> pd.DataFrame:
        """Return the bills ready for a decision, the earliest due first, see `payment_ready`."""
        return payment_ready(self.netted_documents, self.blocked)

    def list_collections_ready(self) -> pd.DataFrame:
        """Return the invoices to collect, the longest overdue first, see `collections_ready`."""
        return collections_ready(self.netted_documents, self.blocked)

    def payment_history(self) -> pd.DataFrame:
        """Return every payment of a bill or an invoice up to the as-of date, oldest first: `HISTORY_COLUMNS`.

        One row for each document that a payment paid. `days_late` counts from the document's effective due date
        (Int64, NA if it is unknown); `amount_cents` is what the payment paid of it.
        """
        rows = self.books.dated(self.reading.settlements())
        rows = rows[rows["paid_on"] <= rows["as_of"]].reset_index(drop=True)
        rows = rows.rename(columns={"entity": "document_entity", "qbo_id": "document_id"})
        rows = rows.rename(columns={"payment_entity": "entity", "payment_id": "qbo_id"})
        rows["side"] = rows["document_entity"].map(_SIDES)
        rows["days_late"] = (rows["paid_on"] - rows["due_date"]).dt.days.astype("Int64")
        rows["amount_cents"] = in_home(rows["amount_cents"], rows["exchange_rate"])
        rows["party"] = party_names(
            rows.assign(party_kind=rows["document_entity"].map(_PARTY_KINDS)), self.books.parties
        )
        return rows[HISTORY_COLUMNS]

    def balances(self) -> pd.DataFrame:
        """Return the bank accounts with their balances at the as-of date, see `bank_accounts`."""
        return bank_accounts(self.books, self.movements)


class ForecastBooks(ClientBooks):
    """The books of some clients at one moment, with the 13 weeks ahead.

    `figures` also have cash_out_on, and their status follows the forecast.
    """

    @property
    def _payees_since(self) -> date | None:
        return self._oldest_day - timedelta(days=BANK_DAYS)

    @cached_property
    def _figures_today(self) -> pd.DataFrame:
        return figures(self.books, self.movements, self.items)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Cash, debts, burn and runways with the cash-out date, a row a client."""
        return with_cash_out(self._figures_today, self.forecast.outcome)

    @cached_property
    def _paid(self) -> Any:
        return read_paid(self.reading, self.clients)

    @cached_property
    def payment_habits(self) -> Behaviour:
        """How customers pay, and how the clients pay their bills."""
        return behaviour(self._paid.settled, self.books.clients)

    @cached_property
    def forecast_inputs(self) -> ForecastInputs:
        """What the forecast is made from, decisions apart."""
        return forecast_inputs(
            self.books, self.items, self.later_items, self.movements, self._figures_today, self.payment_habits,
            self._paid,
        )  # fmt: skip

    @cached_property
    def forecast(self) -> Forecast:
        """The 13 weeks ahead by what the advisor decided."""
        return forecast(self.forecast_inputs, self.decisions)
