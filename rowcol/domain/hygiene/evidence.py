"""What the hygiene rules look at: the books, their figures, and what else the records say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, in_home
from rowcol.domain.derived import DerivedBooks
from rowcol.domain.freshness import Freshness
from rowcol.domain.netting import DOCUMENTS, payers
from rowcol.entities import CREDITS, PAYMENTS

DAYS_BETWEEN_CALLS = 7
RECENT_DAYS = 90
"""How far back purchases, journal entries and lines of paid documents are looked at."""
YEAR_DAYS = 365
NEW_VENDOR_DAYS = 14
CLEARING_DAYS = 30
_ALIKE = ["business_id", "entity", "party_id", "currency", "amount_cents"]

Calls = Mapping[str, datetime]


class RecordReads(Protocol):
    """The named reads over one scope, as the store gives them."""

    def open_at(self, documents: pd.DataFrame) -> None: ...
    def undeposited_receipts(self, day: date) -> pd.DataFrame: ...
    def hygiene_documents(self) -> pd.DataFrame: ...
    def outside_payments(self) -> pd.DataFrame: ...
    def payeeless_lines(self, since: date) -> pd.DataFrame: ...
    def uncategorized_lines(self, since: date) -> pd.DataFrame: ...
    def duplicate_names(self) -> pd.DataFrame: ...
    def new_vendor_bills(self, since: date, days: Mapping[str, date]) -> pd.DataFrame: ...
    def last_emailed(self, days: Mapping[str, date]) -> pd.DataFrame: ...
    def clearing_postings(self, since: date) -> pd.DataFrame: ...
    def first_refreshes(self) -> pd.DataFrame: ...
    def backdated_documents(self, calls: Calls) -> pd.DataFrame: ...
    def deletions(self, calls: Calls) -> pd.DataFrame: ...
    def revisions(self, calls: Calls) -> pd.DataFrame: ...
    def last_runs(self) -> pd.DataFrame: ...


class Records:
    """What the rules look at beside the books: the store's named reads, each made when a rule first needs it."""

    def __init__(self, reads: RecordReads, derived: DerivedBooks, calls: Calls) -> None:
        """Take the books, and the calls held with their clients (business_id -> moment)."""
        self._reads, self._derived, self._calls = reads, derived, calls
        self._clients = derived.books.clients

    def start(self, begin: Callable[..., None]) -> None:
        """Begin the reads that take longest: `begin` takes their names and arguments."""
        begin("open_at", self._opened)
        for name in ("hygiene_documents", "outside_payments", "duplicate_names"):
            begin(name)
        begin("clearing_postings", self._clearing_since)
        for name in ("uncategorized_lines", "payeeless_lines"):
            begin(name, self._recent_since)
        begin("undeposited_receipts", self._oldest)

    @property
    def _oldest(self) -> date:
        days = self._clients["as_of"] if len(self._clients) else pd.Series([pd.Timestamp(0)])
        oldest: date = days.min().date()
        return oldest

    @property
    def _recent_since(self) -> date:
        return self._oldest - timedelta(days=RECENT_DAYS)

    @property
    def _clearing_since(self) -> date:
        return self._oldest - timedelta(days=CLEARING_DAYS)

    @property
    def _until(self) -> dict[str, date]:
        return dict(zip(self._clients["business_id"], self._clients["as_of"].dt.date, strict=True))

    @cached_property
    def _opened(self) -> pd.DataFrame:
        return self._derived.books.dated(self._derived.open_documents)[[*DOCUMENT, "as_of"]]

    @cached_property
    def _reads_of_open(self) -> RecordReads:
        """The reads, told which documents are open at the as-of date."""
        self._reads.open_at(self._opened)
        return self._reads

    @cached_property
    def _since_call(self) -> dict[str, datetime]:
        return call_moments(self._clients, self._calls, self._reads.first_refreshes())

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The read `hygiene_documents`."""
        return self._reads_of_open.hygiene_documents()

    @cached_property
    def outside_payments(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads_of_open.outside_payments()

    @cached_property
    def payeeless_lines(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads.payeeless_lines(self._recent_since)

    @cached_property
    def uncategorized_lines(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads_of_open.uncategorized_lines(self._recent_since)

    @cached_property
    def waiting_receipts(self) -> pd.DataFrame:
        """The read `undeposited_receipts`."""
        return self._reads.undeposited_receipts(self._oldest)

    @cached_property
    def namesakes(self) -> pd.DataFrame:
        """The read `duplicate_names`."""
        return self._reads.duplicate_names()

    @cached_property
    def new_vendor_bills(self) -> pd.DataFrame:
        """The read of that name."""
        since = self._oldest - timedelta(days=NEW_VENDOR_DAYS + 1)
        return self._reads.new_vendor_bills(since, self._until)

    @cached_property
    def last_emailed(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads.last_emailed(self._until)

    @cached_property
    def clearing_postings(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads.clearing_postings(self._clearing_since)

    @cached_property
    def back_entries(self) -> pd.DataFrame:
        """The read `backdated_documents`."""
        return self._reads.backdated_documents(self._since_call)

    @cached_property
    def deletions(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads.deletions(self._since_call)

    @cached_property
    def revisions(self) -> pd.DataFrame:
        """The read of that name."""
        return self._reads.revisions(self._since_call)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The read `last_runs`."""
        return self._reads.last_runs()

    @cached_property
    def calls(self) -> pd.DataFrame:
        """business_id, called_at (UTC without zone): since when changes are looked at."""
        moments = [moment.astimezone(UTC).replace(tzinfo=None) for moment in self._since_call.values()]
        return pd.DataFrame(
            {
                "business_id": pd.Series(list(self._since_call), dtype="object"),
                "called_at": pd.Series(moments, dtype="datetime64[us]"),
            }
        )


@dataclass(frozen=True)
class Evidence:
    """Everything a rule may look at, of one or many clients.

    `figures` have a row a client (index business_id), `fresh` is keyed by business id. `documents` are the records'
    bills and invoices with as_of, due (effective due date), days_late, open (at the as-of date), balance_cents (home: what
    is open then; of what is dated later what is open as entered) and created_on (the client's own calendar). `dismissed`
    (`DISMISSAL_COLUMNS`) are the findings the advisor dismissed.
    """

    derived: DerivedBooks
    figures: pd.DataFrame
    fresh: Mapping[str, Freshness]
    records: Records
    documents: pd.DataFrame
    dismissed: pd.DataFrame

    @cached_property
    def opened(self) -> Mapping[str, pd.DataFrame]:
        """Entity -> its open documents."""
        rows = self.documents[self.documents["open"]]
        return {entity: rows[rows["entity"] == entity] for entity in DOCUMENTS}

    @cached_property
    def alike(self) -> pd.DataFrame:
        """Documents of one party and amount above 0, dated up to the as-of date, one of them open; `twins`: which."""
        rows = self.documents
        rows = rows[
            rows["party_id"].notna() & rows["amount_cents"].gt(0) & ~(rows["txn_date"] > rows["as_of"])
        ]
        twins = rows.groupby(_ALIKE, sort=False, dropna=False).ngroup().to_numpy()
        several = (np.bincount(twins) > 1) & (np.bincount(twins, rows["open"]) > 0)
        kept = several[twins]
        return rows[kept].assign(twins=twins[kept])

    @cached_property
    def unused_credits(self) -> pd.DataFrame:
        """Credits with their `payer` and `unused_cents`, what no link has used: one to a later document uses it too.

        QuickBooks states it of all but bill payments, whose links are counted with what is entered ahead.
        """
        rows = self.derived.entered
        rows = self.books.dated(rows[rows["entity"].isin((*CREDITS, *PAYMENTS)) & (rows["amount_cents"] < 0)])
        rows = rows[~(rows["txn_date"] > rows["as_of"])]
        if rows.empty:
            return rows.assign(payer=rows["party_id"], unused_cents=0)
        stated = self.books.open_documents
        stated = stated[stated["entity"].isin((*CREDITS, *PAYMENTS))].set_index(DOCUMENT)
        stated = stated.reindex(pd.MultiIndex.from_frame(rows[DOCUMENT])).set_index(rows.index)
        own = (
            stated["open_cents"].where(rows["entity"] != "Payment", stated["unapplied_cents"]).astype("Int64")
        )
        open_cents = -rows["amount_cents"]
        left = in_home(own.fillna(0), stated["exchange_rate"]).where(own.notna(), open_cents)
        rows = rows.assign(unused_cents=left.clip(upper=open_cents), payer=payers(rows, self.books.parties))
        return rows[rows["unused_cents"] > 0]

    @cached_property
    def owed(self) -> pd.DataFrame:
        """What each payer has open at the as-of date: business_id, payer, document (its entity), owed_cents."""
        rows = self.derived.open_documents
        rows = rows.assign(payer=payers(rows, self.books.parties), document=rows["entity"])
        sums = rows.groupby(["business_id", "payer", "document"])["amount_cents"].sum()
        return sums.rename("owed_cents").reset_index()

    @property
    def books(self) -> Books:
        """The books."""
        return self.derived.books

    @property
    def items(self) -> pd.DataFrame:
        """The aged open items."""
        return self.derived.items


def call_moments(clients: pd.DataFrame, calls: Calls, first_refreshes: pd.DataFrame) -> dict[str, datetime]:
    """Return business_id -> the last weekly call, before any was held 7 days before t; not before the first refresh.

    A client never refreshed has none: nothing can have changed since.
    """
    first = dict(zip(first_refreshes["business_id"], first_refreshes["refreshed_at"], strict=True))
    moments: dict[str, datetime] = {}
    for business_id, as_of, zone in clients[["business_id", "as_of", "zone"]].itertuples(
        index=False, name=None
    ):
        if business_id in first:
            day = as_of.date() - timedelta(days=DAYS_BETWEEN_CALLS)
            call = calls.get(business_id, datetime.combine(day, time.min, ZoneInfo(zone)))
            moments[business_id] = max(call, first[business_id].to_pydatetime().replace(tzinfo=UTC))
    return moments


def build_evidence(
    derived: DerivedBooks,
    figures: pd.DataFrame,
    fresh: Mapping[str, Freshness],
    records: Records,
    dismissed: pd.DataFrame,
) -> Evidence:
    """Return the evidence with its documents prepared (see `Evidence`); `dismissed` as `still_dismissed` gives them."""
    books = derived.books
    documents = books.dated(records.documents)
    documents["due"] = documents["due_date"].fillna(documents["txn_date"])
    documents["days_late"] = (documents["as_of"] - documents["due"]).dt.days
    left = derived.open_documents.set_index(DOCUMENT)["amount_cents"]
    left = left.reindex(pd.MultiIndex.from_frame(documents[DOCUMENT])).set_axis(documents.index)
    documents["open"] = left.notna()
    later = documents["txn_date"] > documents["as_of"]
    documents["balance_cents"] = (
        left.fillna(documents["balance_cents"].where(later)).fillna(0).astype("int64")
    )
    documents["created_on"] = local_days(documents, "created_at", books.clients)
    home = of_client(documents, books.clients, "currency")
    documents["currency"] = documents["currency"].fillna(home)
    return Evidence(derived, figures, fresh, records, documents, dismissed)


def local_days(rows: pd.DataFrame, moment: str, clients: pd.DataFrame) -> pd.Series:
    """Return a UTC column as days on each client's own calendar."""
    days = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    zones = of_client(rows, clients, "zone")
    for zone, moments in rows[moment].groupby(zones):
        there = moments.dt.tz_localize("UTC").dt.tz_convert(str(zone)).dt.tz_localize(None)
        days[moments.index] = there.dt.normalize()
    return days


def of_client(rows: pd.DataFrame, clients: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of each row's client."""
    known = dict(zip(clients["business_id"], clients[column], strict=True))
    return rows["business_id"].map(known)
