"""Every output of a practice at one moment, as figures that can be compared: pages, files, digests, letters, commands.

An output is a mapping (business_id, figure) -> value. Figures of one name are the same thing wherever they are printed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rowcol.clock import Moment
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import running_sandbox
from rowcol.wiring import Services
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.outputs.commands import clients_report, commands
from tests.kits.outputs.digests import digests
from tests.kits.outputs.pages import (
    Figures,
    client_pages,
    clients_file,
    clients_page,
    console_pages,
    tray_page,
)
from tests.kits.practice import settings_for

PRACTICE_ZONE = "America/New_York"
ZONES = ("Pacific/Honolulu", PRACTICE_ZONE, "Asia/Tokyo")
MOMENTS = (
    datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
    datetime(2026, 11, 21, 2, 30, tzinfo=UTC),
)
"""Morning, afternoon and evening of TODAY in New York: in Tokyo evening, and night and noon of the next day."""


@dataclass
class EveryOutput:
    """A practice with its clients read once, on a clock that is set."""

    services: Services
    clock: FrozenClock

    def at(self, moment: datetime, turn: int) -> None:
        """Set the clock, and the clients' time zones to those of `ZONES` in turn."""
        self.clock.now = moment - timedelta(minutes=1)
        for place, client in enumerate(self.services.clients.names()):
            zone = ZONES[(place + turn) % len(ZONES)]
            settings = self.services.settings_of(client)
            self.services.save_settings(client, replace(settings, time_zone=zone))
        self.clock.now = moment

    def days(self) -> set[date]:
        """Return the days at which the clients stand."""
        return set(self.services.clients_view().days)


@contextmanager
def every_output(folder: Path, companies: Sequence[Company]) -> Iterator[EveryOutput]:
    """Give a practice in New York whose clients were read once, before the first of `MOMENTS`."""
    clock = FrozenClock(MOMENTS[0] - timedelta(hours=1))
    with running_sandbox(companies, clock=clock, throttle=False) as sandbox:
        settings = settings_for(sandbox.url, folder / "rowcol.duckdb", timezone=PRACTICE_ZONE)
        services = Services(settings, clock, unlimited(clock.seconds, clock.sleep))
        try:
            for realm in sandbox.companies:
                services.connect(realm, sandbox.grant(realm))
            assert all(outcome.ok for outcome in services.refresh())
            yield EveryOutput(services, clock)
        finally:
            services.stop()


def outputs(services: Services, as_of: date | None = None) -> dict[str, Figures]:
    """Return every output of the present moment, as of a day or of each client's own (None), by name."""
    clients = services.clients_view(Moment(as_of))
    pages = {
        "Clients page": clients_page(clients),
        "Clients file": clients_file(clients),
        "Client page": client_pages(services, as_of),
        "Console page": console_pages(services, as_of),
        "Tray page": tray_page(services, as_of),
        "commands": commands(services, as_of),
        "report clients as CSV": clients_report(services, as_of, "csv"),
    }
    return pages | digests(services, as_of)


def disagreements(said: Mapping[str, Figures]) -> list[str]:
    """Return every figure that two outputs print differently, in words."""
    values: dict[tuple[str, Any], dict[str, Any]] = defaultdict(dict)
    for name, figures in said.items():
        for key, value in figures.items():
            values[key][name] = value
    return [f"{key}: {by_output}" for key, by_output in values.items() if len(set(by_output.values())) > 1]


def compared(said: Mapping[str, Figures]) -> set[str]:
    """Return the names of the figures that two outputs or more print."""
    seen: dict[tuple[str, Any], int] = defaultdict(int)
    for figures in said.values():
        for key in figures:
            seen[key] += 1
    names = {name for (_, name), count in seen.items() if count > 1}
    return {name if isinstance(name, str) else name[0] for name in names}
