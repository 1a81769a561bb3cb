"""Runs `rowcol` commands in this process, for a practice whose sandbox serves two clients."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from rowcol.cli import run
from rowcol.cli.output import Console
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.wiring import Services
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.practice import SECOND, settings_for, shop


@dataclass
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Runs commands in this process, each on services of its own, as separate processes would."""

    sandbox: RunningSandbox
    database: Path
    clock: FrozenClock
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str) -> Answer:
        """Run one command."""
        running: list[Services] = []

        def get() -> Services:
            if not running:
                settings = settings_for(self.sandbox.url, self.database, **self.more)
                running.append(Services(settings, self.clock, unlimited()))
            return running[0]

        out, err = StringIO(), StringIO()
        console = Console(out, err)
        try:
            code = run(words, get, console)
        finally:
            for services in running:
                services.stop()
        return Answer(code, out.getvalue(), err.getvalue())

    def connect(self, *realms: str) -> None:
        """Connect companies, all of the sandbox's unless named."""
        for realm in realms or self.sandbox.companies:
            done = self("connect", "--realm", realm, "--refresh-token", self.sandbox.grant(realm))
            assert done.code == 0, done.err


@contextmanager
def terminal_at(folder: Path) -> Iterator[Terminal]:
    """Give a terminal with nothing connected yet."""
    clock = FrozenClock()
    companies = [shop(), shop(SECOND, "Maple Works")]
    with running_sandbox(companies, clock=clock, throttle=False) as sandbox:
        yield Terminal(sandbox, folder / "rowcol.duckdb", clock)
