"""What a running sandbox holds: its companies, its switches, and what it remembers between requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rowcol.sandbox.company import Company
from rowcol.sandbox.faults import FaultBook
from rowcol.sandbox.grants import Grants
from rowcol.sandbox.refusals import Answer
from rowcol.sandbox.selection import Selections
from rowcol.sandbox.stats import Stats
from rowcol.sandbox.switches import Switches
from rowcol.sandbox.throttle import Throttle
from rowcol.sandbox.times import system_clock

Clock = Callable[[], datetime]


@dataclass
class Sandbox:
    """The state behind the routes; `switches` may be replaced while it runs."""

    companies: dict[str, Company]
    switches: Switches = field(default_factory=Switches)
    clock: Clock = system_clock
    grants: Grants = field(default_factory=Grants)
    faults: FaultBook = field(default_factory=FaultBook)
    stats: Stats = field(default_factory=Stats)
    throttle: Throttle = field(default_factory=Throttle)
    selections: Selections = field(default_factory=Selections)
    replays: dict[tuple[str, str], Answer] = field(default_factory=dict)  # by realm and requestid


def sandbox_of(companies: Sequence[Company], switches: Switches, clock: Clock = system_clock) -> Sandbox:
    """Return the state of a sandbox that serves these companies, in this order."""
    return Sandbox({company.realm: company for company in companies}, switches, clock)
