"""QuickBooks behind the gateway protocols: the mirror, brought up to date where needed, judged by the domain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from rowcol.domain.books import in_home, read_books
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.domain.derived import derive
from rowcol.domain.freshness import freshness
from rowcol.domain.hygiene.evidence import Calls, Evidence, build_evidence, read_records
from rowcol.domain.hygiene.findings import BLOCKING_CODES, check, still_dismissed
from rowcol.domain.listed import Listed
from rowcol.domain.readiness import collections_ready, payment_ready
from rowcol.domain.runway import figures
from rowcol.domain.window import WINDOW_DAYS
from rowcol.store.control.clients import Clients
from rowcol.store.frames import Frames
from rowcol.sync.orchestrator import Hint, Orchestrator, Served

HISTORY_COLUMNS = [
    "business_id", "entity", "qbo_id", "payment_entity", "payment_id", "paid_on", "party_id", "party_name", "amount_cents",
]  # fmt: skip
AP_ENTITIES = ("Bill", "VendorCredit", "BillPayment", "Vendor")
AR_ENTITIES = ("Invoice", "CreditMemo", "Payment", "Customer")


@dataclass(frozen=True)
class QboSource:
    """What the QuickBooks gateways stand on."""

    orchestrator: Orchestrator
    frames: Frames
    clients: Clients
    settings: Callable[[], Mapping[str, ClientSettings]]
    advice: Callable[[], CurrentDecisions]
    default_zone: str

    def served(self, entity: str, business_id: str, hint: Hint) -> Served:
        """Bring an entity up to date where needed. Raises UnknownClient."""
        return self.orchestrator.read_refresh(entity, self.clients.find(business_id), hint)

    def evidence(self, business_id: str, as_of: date | None) -> Evidence:
        """Return everything the domain needs to judge a client's records."""
        now = self.orchestrator.context.clock()
        calls: Calls = {}
        with self.frames.open(self.frames.scope((business_id,))) as reading:
            clients = client_frame(reading.companies(), self.settings(), now, as_of, self.default_zone)
            since = clients["as_of"].min().date() - timedelta(days=WINDOW_DAYS + 1)
            books = read_books(reading, clients, since)
            records = read_records(reading, clients, calls)
        derived = derive(books)
        fresh = {business_id: freshness(now, None, "", "", now)}
        dismissals = self.advice().dismissals
        dismissed = still_dismissed(dismissals, self.frames.newest_versions(dismissals, None))
        return build_evidence(derived, figures(derived), fresh, records, dismissed)

    def settlements(self, business_id: str, entity: str) -> pd.DataFrame:
        """Return what was paid on one entity's records (`HISTORY_COLUMNS`), home cents, oldest first."""
        with self.frames.open(self.frames.scope((business_id,))) as reading:
            rows = reading.settlements()
        mine = rows[rows["entity"] == entity].reset_index(drop=True)
        mine["amount_cents"] = in_home(mine["amount_cents"], mine["exchange_rate"])
        return mine[HISTORY_COLUMNS]


@dataclass(frozen=True)
class QboAp:
    """The bills of QuickBooks clients."""

    source: QboSource
    hint: Hint = Hint.CACHED_OK

    def list_incomplete(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return findings on bills, vendor credits, bill payments and vendors."""
        return _incomplete(self.source, self.hint, business_id, as_of, "Bill", AP_ENTITIES)

    def list_payment_ready(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return the payment-ready bills; see `payment_ready`."""
        served = self.source.served("Bill", business_id, self.hint)
        return _listed(_judged(self.source.evidence(business_id, as_of), payment_ready), served)

    def payment_history(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return what was paid on bills up to a day (`HISTORY_COLUMNS`)."""
        return _history(self.source, self.hint, business_id, as_of, "Bill")


@dataclass(frozen=True)
class QboAr:
    """The invoices of QuickBooks clients."""

    source: QboSource
    hint: Hint = Hint.CACHED_OK

    def list_incomplete(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return findings on invoices, credit memos, payments and customers."""
        return _incomplete(self.source, self.hint, business_id, as_of, "Invoice", AR_ENTITIES)

    def list_collections_ready(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return the collections-ready invoices; see `collections_ready`."""
        served = self.source.served("Invoice", business_id, self.hint)
        return _listed(_judged(self.source.evidence(business_id, as_of), collections_ready), served)

    def payment_history(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return what was received on invoices up to a day (`HISTORY_COLUMNS`)."""
        return _history(self.source, self.hint, business_id, as_of, "Invoice")


@dataclass(frozen=True)
class QboBank:
    """The balances of QuickBooks clients."""

    source: QboSource
    hint: Hint = Hint.CACHED_OK

    def list_incomplete(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return findings on everything that is neither payable nor receivable."""
        listed = _incomplete(self.source, self.hint, business_id, as_of, "Account", None)
        rows = listed.rows[~listed.rows["entity"].isin([*AP_ENTITIES, *AR_ENTITIES])]
        return Listed(
            rows.reset_index(drop=True), listed.refreshed_at, listed.stale, listed.reason, listed.finding
        )

    def payment_history(self, business_id: str, as_of: date | None = None) -> Listed:
        """Return the bank movements of the window up to a day, oldest first; see `bank_movements`."""
        served = self.source.served("Account", business_id, self.hint)
        evidence = self.source.evidence(business_id, as_of)
        rows = evidence.books.dated(evidence.derived.movements)
        rows = rows[rows["txn_date"] <= rows["as_of"]].drop(columns="as_of")
        return _listed(rows.sort_values(["txn_date", "entity", "qbo_id"], ignore_index=True), served)


def _incomplete(
    source: QboSource,
    hint: Hint,
    business_id: str,
    as_of: date | None,
    entity: str,
    entities: tuple[str, ...] | None,
) -> Listed:
    served = source.served(entity, business_id, hint)
    rows = check(source.evidence(business_id, as_of)).open
    if entities is not None:
        rows = rows[rows["entity"].isin(entities)]
    return _listed(rows.reset_index(drop=True), served)


def _history(source: QboSource, hint: Hint, business_id: str, as_of: date | None, entity: str) -> Listed:
    served = source.served(entity, business_id, hint)
    rows = source.settlements(business_id, entity)
    if as_of is not None:
        rows = rows[pd.to_datetime(rows["paid_on"]) <= pd.Timestamp(as_of)].reset_index(drop=True)
    return _listed(rows, served)


def _judged(evidence: Evidence, ready: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    return ready(evidence.derived.netted.documents, check(evidence, BLOCKING_CODES).blocked)


def _listed(rows: pd.DataFrame, served: Served) -> Listed:
    return Listed(rows, served.refreshed_at, served.stale, served.reason, served.finding)
