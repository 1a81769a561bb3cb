"""A practice at work against a sandbox: books that people change meanwhile, and a mirror held against them."""

import pickle
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from rowcol.clock import Clock, system_clock
from rowcol.entities import ENTITIES
from rowcol.qbo.client import QboClient
from rowcol.qbo.oauth import Application, AuthorizationServer, Grant
from rowcol.qbo.query import LARGEST_PAGE
from rowcol.qbo.rate_limit import RateLimiter
from rowcol.qbo.tokens import Tokens
from rowcol.sandbox.builder import Books
from rowcol.sandbox.calls import Call
from rowcol.sandbox.company import Company as Served
from rowcol.sandbox.company import company_from_json
from rowcol.sandbox.links import linked_payments
from rowcol.sandbox.run import RunningSandbox
from rowcol.sandbox.writes.records import write
from rowcol.settings import Endpoints
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Clients
from rowcol.store.database import Database
from rowcol.store.log import Positions, last_position
from rowcol.store.migrations import migrate
from rowcol.store.mirror import Landed
from rowcol.store.reads import Scope
from rowcol.store.replay import Difference, verify
from rowcol.sync.breaker import stop_after_failure
from rowcol.sync.context import Company, SyncContext
from rowcol.sync.plan import plan_refresh, read_planned
from rowcol.sync.policy import ensure_policies
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.practice import settings_for
from tests.kits.store import PRACTICE

REALM = "9130350000000000001"
BOOKS_MADE = datetime(2026, 9, 1, tzinfo=UTC)

Record = dict[str, Any]
Content = dict[tuple[str, str], Record]


def agency(realm: str = REALM) -> Served:
    """Return a small agency's books: names, bills, invoices, payments both ways and a card."""
    books = Books(realm, f"Larch & Daughters {realm[-3:]}", today=TODAY)
    books.account("Savings", "Bank", "Savings")
    for number in range(6):
        vendor = books.vendor(f"Vendor {number}")
        customer = books.customer(f"Customer {number}", email=f"ap{number}@example.com")
        for month in (8, 9, 10):
            day = date(2026, month, 3 + number)
            bill = books.bill(vendor, f"{100 + 10 * number + month}.50", day, due=day + timedelta(days=30))
            invoice = books.invoice(customer, f"{300 + 7 * number}.25", day, due=day + timedelta(days=30))
            if month == 8:
                books.pay_bill(vendor, "50.00", date(2026, 9, 20), {bill: "50.00"})
                books.receive(customer, "120.00", date(2026, 9, 21), {invoice: "120.00"}, into="Checking")
        books.purchase(f"{20 + number}.99", date(2026, 10, 2 + number), payee=vendor)
    books.transfer("250.00", date(2026, 10, 20), "Checking", "Savings")
    return books.finish()


def company_of_bills(count: int, realm: str = REALM, *, created: datetime = BOOKS_MADE) -> Served:
    """Return a company of one vendor, two accounts and this many bills of 10.00, created a minute apart."""
    meta = _meta(created)
    bills = [_bill(str(1000 + number), created + timedelta(minutes=number)) for number in range(count)]
    accounts = [("35", "Checking", "Bank", 500.0), ("33", "Payables", "Accounts Payable", -10.0 * count)]
    entities = {
        "Account": [
            {"Id": i, "Name": n, "AccountType": kind, "CurrentBalance": balance, "Active": True, **meta}
            for i, n, kind, balance in [*accounts, ("60", "Rent", "Expense", 0)]
        ],
        "Vendor": [{"Id": "1", "DisplayName": "O'Neil", "Active": True, "Balance": 10.0 * count, **meta}],
        "Bill": bills,
    }
    return company_from_json({"realm": realm, "name": f"Bills {realm[-3:]}", "entities": entities}, created)


def _bill(id_: str, created: datetime) -> Record:
    line = {"Amount": 10.0, "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "60"}}}  # fmt: skip
    day = created.date().isoformat()
    amounts = {"TxnDate": day, "DueDate": day, "TotalAmt": 10.0, "Balance": 10.0}
    return {
        "Id": id_,
        **amounts,
        "VendorRef": {"value": "1", "name": "O'Neil"},
        "Line": [line],
        **_meta(created),
    }


def _meta(moment: datetime) -> Record:
    stamp = moment.replace(microsecond=0).isoformat()
    return {"MetaData": {"CreateTime": stamp, "LastUpdatedTime": stamp}}


class Bookkeeper:
    """A person who works in QuickBooks itself."""

    def __init__(self, sandbox: RunningSandbox, realm: str = REALM) -> None:
        self.sandbox = sandbox
        self.company = sandbox.companies[realm]

    def create(self, entity: str, **fields: Any) -> Record:
        """Enter a record."""
        return write(self._call(), entity, "create", fields)

    def edit(self, entity: str, id_: str, **fields: Any) -> Record:
        """Change some fields of a record."""
        return write(self._call(), entity, "update", {**self._known(entity, id_), "sparse": True, **fields})

    def delete(self, entity: str, id_: str) -> None:
        """Delete a transaction; nothing may be linked to it."""
        write(self._call(), entity, "delete", self._known(entity, id_))

    def void(self, entity: str, id_: str) -> Record:
        """Void a transaction."""
        return write(self._call(), entity, "void", self._known(entity, id_))

    def save(self, entity: str, record: Record) -> Record:
        """Store a record as it is given, as an import would: nothing else follows."""
        return self.company.put(entity, record, self.sandbox.state.clock())

    def pay_bill(self, bill_id: str, amount: float) -> Record:
        """Pay a bill by check."""
        bill = self.company.of("Bill")[bill_id]
        line = {"Amount": amount, "LinkedTxn": [{"TxnId": bill_id, "TxnType": "Bill"}]}
        account = next(record["Id"] for record in self.records("Account") if record["Name"] == "Checking")
        return self.create(
            "BillPayment", VendorRef=bill["VendorRef"], PayType="Check", TotalAmt=amount, Line=[line],
            CheckPayment={"BankAccountRef": {"value": account}},
        )  # fmt: skip

    def records(self, entity: str) -> list[Record]:
        """Return an entity's records as they stand."""
        with self.company.lock:
            return list(self.company.of(entity).values())

    def unlinked(self, entity: str) -> list[Record]:
        """Return the records nothing is linked to: those that can be deleted or voided."""
        return [record for record in self.records(entity) if not linked_payments(record)]

    def _known(self, entity: str, id_: str) -> Record:
        record = self.company.of(entity)[id_]
        return {"Id": id_, "SyncToken": record["SyncToken"]}

    def _call(self) -> Call:
        state = self.sandbox.state
        return Call(self.company, state.switches, state.selections, state.clock())


class CompanySync:
    """One company's way into a store of its own, with clock, page size, pace and time-outs as arguments."""

    def __init__(
        self,
        folder: Path,
        sandbox: RunningSandbox,
        realm: str = REALM,
        *,
        clock: Clock = system_clock,
        page_size: int = LARGEST_PAGE,
        **client: Any,
    ) -> None:
        self.sandbox, self.realm = sandbox, realm
        self.database = Database(folder / "rowcol.duckdb")
        migrate(self.database)
        ensure_policies(self.database, PRACTICE)
        with self.database.read() as cursor:
            positions = Positions(last_position(cursor))
        with self.database.write() as cursor:
            self.client = Clients(self.database, PRACTICE).connect(
                control_rows(cursor), realm, "The client", clock()
            )
        self.book = GrantInMemory(
            Grant(realm, "none", datetime(2020, 1, 1, tzinfo=UTC), sandbox.grant(realm), None)
        )
        authority = AuthorizationServer(
            endpoints(sandbox),
            lambda: Application("sandbox-client", "sandbox-secret", "http://localhost/qbo/callback"),
            now=clock,
        )
        self.waits = FrozenClock()
        if "rate_limiter" not in client:
            waits = self.waits
            client = {
                "rate_limiter": unlimited(waits.seconds, waits.sleep),
                "clock": waits.seconds,
                "sleep": waits.sleep,
                **client,
            }
        self.tokens = Tokens(authority, self.book, clock)
        self.qbo = QboClient(endpoints(sandbox), self.tokens, now=clock, **client)
        self.context = SyncContext(self.database, PRACTICE, positions, self.qbo.send, clock, page_size)

    def sync(self, *, full: bool = False) -> Landed:
        """Refresh once, reports aside. Raises the first error met."""
        company = Company(self.client, uuid.uuid4().hex, self.context.clock())
        context = replace(self.context, send=stop_after_failure(self.context.send))
        result = read_planned(context, company, plan_refresh(context, company, full=full), lambda *_: None)
        with self.database.write() as cursor:
            result.move_cursors(control_rows(cursor), PRACTICE, self.client.business_id)
        return result.landed

    def requests(self) -> list[str]:
        """Return the requests to the sandbox since the last call, tokens aside, oldest first."""
        seen = [entry for entry in self.sandbox.stats()["recent"] if entry["kind"] not in ("token", "oauth")]
        self.sandbox.state.stats.clear()
        return [entry["target"] for entry in seen if entry["realm"] == self.realm]

    def content(self) -> Content:
        """Return what the mirror holds."""
        return mirrored(self.database, self.client.business_id)

    def books(self) -> Content:
        """Return what QuickBooks holds."""
        return served(self.sandbox.companies[self.realm])

    def differences(self) -> tuple[Difference, ...]:
        """Return the differences between the mirror and the log folded."""
        return verify(self.database, Scope(PRACTICE)).differences

    def cursors(self) -> dict[str, datetime]:
        """Return the moment each entity is read through."""
        with self.database.read() as cursor:
            rows = cursor.execute("SELECT entity, read_through FROM entity_freshness").fetchall()
        return {entity: moment.replace(tzinfo=UTC) for entity, moment in rows}

    def versions_logged(self) -> int:
        """Return how many versions the log holds."""
        return logged(self.database)

    def at_rest(self) -> bool:
        """Say whether log, mirror and QuickBooks agree to the last field; raise AssertionError if not."""
        assert self.differences() == ()
        assert_same(self.content(), self.books())
        return True

    def close(self) -> None:
        self.database.close()


class GrantInMemory:
    """A grant book of one grant."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self.written = 0
        self.dead = ""

    def read(self, _realm: str) -> Grant | None:
        return self.grant

    def write(self, grant: Grant) -> None:
        self.grant = grant
        self.written += 1

    def mark_dead(self, _realm: str, reason: str) -> None:
        self.dead = reason

    def why_dead(self, _realm: str) -> str | None:
        return self.dead or None


@contextmanager
def company_sync(
    folder: Path, sandbox: RunningSandbox, realm: str = REALM, **arguments: Any
) -> Iterator[CompanySync]:
    """Give one company's sync while the block runs."""
    company = CompanySync(folder, sandbox, realm, **arguments)
    try:
        yield company
    finally:
        company.close()


@contextmanager
def product(
    folder: Path,
    sandbox: RunningSandbox,
    *,
    clock: Clock = system_clock,
    rate_limiter: RateLimiter | None = None,
) -> Iterator[Services]:
    """Give the whole product with every company of the sandbox connected."""
    services = Services(settings_for(sandbox.url, folder / "product.duckdb"), clock, rate_limiter)
    try:
        for realm in sandbox.companies:
            services.connect(realm, sandbox.grant(realm))
        yield services
    finally:
        services.stop()


@dataclass(frozen=True)
class _Refreshed:
    """A product's files by name and the sandbox's grants, after a first refresh."""

    files: Mapping[str, bytes]
    grants: bytes


_REFRESHED: dict[tuple[object, ...], _Refreshed] = {}


@contextmanager
def refreshed_product(
    folder: Path, sandbox: RunningSandbox, *, clock: Clock, rate_limiter: RateLimiter | None = None
) -> Iterator[Services]:
    """Give the product with every company connected and refreshed; the sandbox has counted no request yet.

    Books of the same names at the same moment are refreshed once a process and copied from then on: call it only with
    books that nobody changed.
    """
    key = (clock(), *((realm, company.name) for realm, company in sandbox.companies.items()))
    if key not in _REFRESHED:
        with (
            tempfile.TemporaryDirectory() as first,
            product(Path(first), sandbox, clock=clock, rate_limiter=rate_limiter) as services,
        ):
            assert all(outcome.ok for outcome in services.refresh())
            services.stop()
            files = {path.name: path.read_bytes() for path in Path(first).iterdir()}
        _REFRESHED[key] = _Refreshed(files, pickle.dumps(_grants_of(sandbox)))
    refreshed = _REFRESHED[key]
    for name, content in refreshed.files.items():
        (folder / name).write_bytes(content)
    vars(sandbox.state.grants).update(pickle.loads(refreshed.grants))  # noqa: S301 - pickled above
    sandbox.state.stats.clear()
    services = Services(settings_for(sandbox.url, folder / "product.duckdb"), clock, rate_limiter)
    try:
        yield services
    finally:
        services.stop()


def _grants_of(sandbox: RunningSandbox) -> dict[str, object]:
    return {name: value for name, value in vars(sandbox.state.grants).items() if name != "_lock"}


def endpoints(sandbox: RunningSandbox) -> Endpoints:
    """Return the sandbox's addresses."""
    return settings_for(sandbox.url, Path("unused")).endpoints


def requests_of(sandbox: RunningSandbox, realm: str) -> dict[str, int]:
    """Return how many requests of each kind the sandbox had from a company since the last time; tokens aside."""
    counted = sandbox.stats()["realms"].get(realm, {}).get("requests", {})
    return {kind: count for kind, count in counted.items() if kind not in ("token", "oauth")}


def mirrored(database: Database, business_id: str) -> Content:
    """Return (entity, id) -> the newest logged version of every record that exists, read back from its JSON."""
    with database.read() as cursor:
        rows = cursor.execute(
            "SELECT r.entity, r.qbo_id, l.raw FROM mirror_records r JOIN integration_log l"
            " ON l.log_position = r.log_position AND l.business_id = r.business_id"
            " WHERE r.business_id = ? AND r.deleted_at IS NULL AND list_contains(?, r.entity)",
            [business_id, list(ENTITIES)],
        ).fetchall()
    return {(entity, qbo_id): orjson.loads(raw) for entity, qbo_id, raw in rows}


def served(company: Served) -> Content:
    """Return (entity, id) -> record of everything QuickBooks holds of what we read."""
    with company.lock:
        return {(entity, id_): record for entity in ENTITIES for id_, record in company.of(entity).items()}


def logged(database: Database) -> int:
    """Return how many versions of books (reports aside) the log holds."""
    with database.read() as cursor:
        row = cursor.execute(
            "SELECT count(*) FROM integration_log WHERE list_contains(?, entity)", [list(ENTITIES)]
        ).fetchone()
    return int(row[0]) if row else 0


def assert_same(mirror: Content, books: Content) -> None:
    """Raise AssertionError naming what the mirror lost, invented or has in another version."""
    lost, invented = sorted(books.keys() - mirror.keys()), sorted(mirror.keys() - books.keys())
    other = sorted(key for key in books.keys() & mirror.keys() if books[key] != mirror[key])
    if lost or invented or other:
        raise AssertionError(f"lost {lost[:9]}, invented {invented[:9]}, in another version {other[:9]}")
