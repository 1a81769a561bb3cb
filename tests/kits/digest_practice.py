"""A practice at work: two clients at a sandbox, a mail server on this machine, and one clock for all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rowcol.delivery.digest_run import DigestRun
from rowcol.delivery.digests import Digests
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.practice import SECOND, settings_for, shop
from tests.kits.servers.mail import Postbox

SENDER = "Ledger & Co <digest@ledger.example>"
PARTNERS = ("ann@ledger.example", "bob@ledger.example")
FRIDAY = TODAY + timedelta(days=7)
"""The first Friday after the clients were connected."""


@dataclass
class DigestPractice:
    """The services, the sandbox they ask, the clock of both, and the mail server."""

    services: Services
    sandbox: RunningSandbox
    clock: FrozenClock
    box: Postbox
    database: Path

    @property
    def digests(self) -> Digests:
        return self.services.digests

    def id_of(self, name: str) -> str:
        return self.services.clients.find(name).business_id

    def friday(self, day: date = FRIDAY, hours: float = 7) -> None:
        """Put the clock to this many hours after midnight of a day, in Los Angeles."""
        self.clock.now = self.clock.now.replace(
            year=day.year, month=day.month, day=day.day, hour=8, minute=0, second=0, microsecond=0
        ) + timedelta(hours=hours)

    def job(self) -> DigestRun:
        """Return the week's job as a server that was just started has it."""
        return DigestRun(
            self.digests,
            self.services.refresh,
            self.services.clients.since,
            self.clock,
        )


@contextmanager
def digest_practice_at(
    folder: Path, box: Postbox, companies: list[Company] | None = None, **more: Any
) -> Iterator[DigestPractice]:
    """Give a practice with its clients connected and read once, on the day before the first digest is due."""
    clock = FrozenClock()
    mail = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_from": SENDER, "smtp_starttls": False}
    clients = companies or [shop(), shop(SECOND, "Maple Works")]
    with running_sandbox(clients, clock=clock, throttle=False) as sandbox:
        settings = settings_for(sandbox.url, folder / "rowcol.duckdb", **(mail | more))
        services = Services(settings, clock, unlimited(clock.seconds, clock.sleep))
        try:
            for realm in sandbox.companies:
                services.connect(realm, sandbox.grant(realm))
            services.refresh()
            yield DigestPractice(services, sandbox, clock, box, settings.database)
        finally:
            services.stop()
