"""A practice's services at work against a sandbox, on one clock that stands still until it is put forward."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rowcol.clock import Moment
from rowcol.entities import ENTITIES
from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.settings import Settings
from rowcol.store.reads import Scope
from rowcol.store.replay import newest_records
from rowcol.sync.orchestrator import Hint, ServedClient
from rowcol.sync.progress import Outcome
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.store import PRACTICE

FIRST, SECOND = "9130350000000000001", "9130350000000000002"

Content = dict[str, dict[str, Any]]


def shop(realm: str = FIRST, name: str = "Larch & Daughters") -> Company:
    """Return books that can be added up by hand.

    Checking: 5,000.00 put in, 40.00 spent, 100.00 paid on a bill, 250.00 received: 5,110.00. A/P 360.00, of it
    300.00 due 2026-11-10 and 60.00 due 2026-12-10; A/R 500.00 due 2026-10-20.
    """
    books = Books(realm, name, today=TODAY)
    acme, brook = books.vendor("Acme"), books.vendor("Brook")
    client = books.customer("Clear Co", email="ap@clear.example")
    books.deposit(date(2026, 9, 1), lines=[("Opening Balance Equity", "5000.00")])
    paid = books.bill(acme, "400.00", date(2026, 10, 11), due=date(2026, 11, 10), number="A-1")
    books.bill(brook, "60.00", date(2026, 11, 10), due=date(2026, 12, 10), number="B-1")
    books.pay_bill(acme, "100.00", date(2026, 11, 12), {paid: "100.00"})
    sold = books.invoice(client, "750.00", date(2026, 9, 20), due=date(2026, 10, 20), number="1001")
    books.receive(client, "250.00", date(2026, 11, 2), {sold: "250.00"}, into="Checking")
    books.purchase("40.00", date(2026, 11, 5), payee=brook)
    return books.finish()


def served(services: Services, client: str, hint: Hint = Hint.CACHED_OK) -> ServedClient:
    """Return how fresh a client's mirror is, after the refresh that the hint allows."""
    return services.orchestrator.read_refresh([services.clients.find(client)], hint)[0]


@dataclass
class PracticeStage:
    """The services, the sandbox they ask, and the clock of both."""

    services: Services
    sandbox: RunningSandbox
    clock: FrozenClock

    def connect(self, *realms: str) -> None:
        """Connect companies, all of the sandbox's unless named."""
        for realm in realms or self.sandbox.companies:
            self.services.connect(realm, self.sandbox.grant(realm))

    def refresh(self, **how: Any) -> dict[str, Outcome]:
        """Refresh a minute later and return the outcomes by the client's name."""
        self.clock.forward(minutes=1)
        return {outcome.name: outcome for outcome in self.services.refresh(**how)}

    def id_of(self, realm: str = FIRST) -> str:
        """Return a client's business id."""
        return self.services.clients.find(realm).business_id

    def row(self, realm: str = FIRST) -> dict[str, Any]:
        """Return a client's row of the client list."""
        rows = self.services.clients_view(Moment(TODAY)).rows
        (client,) = rows[rows["realm_id"] == realm].to_dict("records")
        return {str(key): value for key, value in client.items()}

    def mirrored(self, realm: str = FIRST) -> Content:
        """Return entity -> id -> record as the log has it now."""
        content: Content = {entity: {} for entity in ENTITIES}
        with self.services.database.read() as cursor:
            for _, _, entity, qbo_id, record in newest_records(
                cursor, Scope(PRACTICE, (self.id_of(realm),)), ENTITIES, self.clock.now + timedelta(days=1)
            ):
                content[entity][qbo_id] = record
        return content

    def served(self, realm: str = FIRST) -> Content:
        """Return entity -> id -> record as the sandbox has it."""
        company = self.sandbox.companies[realm]
        return {entity: dict(company.of(entity)) for entity in ENTITIES}

    def logged(self) -> int:
        """Return how many versions were ever logged."""
        with self.services.database.read() as cursor:
            row = cursor.execute("SELECT count(*) FROM integration_log").fetchone()
        return int(row[0]) if row else 0

    def edit(self, entity: str, qbo_id: str, realm: str = FIRST, **fields: Any) -> None:
        """Change a record at the sandbox, a minute from now."""
        self.clock.forward(minutes=1)
        company = self.sandbox.companies[realm]
        company.put(entity, {**company.of(entity)[qbo_id], **fields}, self.clock.now)

    def delete(self, entity: str, qbo_id: str, realm: str = FIRST) -> None:
        """Delete a record at the sandbox, a minute from now."""
        self.clock.forward(minutes=1)
        self.sandbox.companies[realm].drop(entity, qbo_id, self.clock.now)


def settings_for(url: str, database: Path, **more: Any) -> Settings:
    """Return settings that name a sandbox as QuickBooks."""
    named = {
        "database": database,
        "qbo_client_id": "sandbox-client",
        "qbo_client_secret": "sandbox-secret",
        "qbo_api_url": url,
        "qbo_authorize_url": f"{url}/connect/oauth2",
        "qbo_token_url": f"{url}/oauth2/v1/tokens/bearer",
        "qbo_revoke_url": f"{url}/v2/oauth2/tokens/revoke",
    }
    return Settings.model_validate(named | more)


@contextmanager
def practice_at(companies: Sequence[Company], database: Path, **switches: Any) -> Iterator[PracticeStage]:
    """Serve companies and give a practice that can ask them, at whatever pace."""
    clock = FrozenClock()
    with running_sandbox(companies, clock=clock, throttle=False, **switches) as sandbox:
        rate_limiter = unlimited(clock.seconds, clock.sleep)
        services = Services(settings_for(sandbox.url, database), clock, rate_limiter)
        try:
            yield PracticeStage(services, sandbox, clock)
        finally:
            services.stop()
