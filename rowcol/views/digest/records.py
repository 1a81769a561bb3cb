"""What a digest says, as plain frozen records: money in cents of each client's home currency, days as dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


def week_of(day: date) -> date:
    """Return the Monday of a day's week: every digest of that week is the same letter."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class StaleClient:
    """A client whose books could not be brought up to date: in the digest, and not safe to discuss."""

    name: str
    reason: str
    synced_at: datetime | None
    as_of: date


@dataclass(frozen=True)
class UntiedClient:
    """A client whose totals differ from QuickBooks' own reports, and in how many places."""

    name: str
    differences: int
    as_of: date


@dataclass(frozen=True)
class Freshness:
    """How true the digest is: how many clients are up to date and tied, and which are not."""

    clients: int
    stale: tuple[StaleClient, ...]
    tied: int
    broken: tuple[UntiedClient, ...]
    unchecked: int


@dataclass(frozen=True)
class ClientLine:
    """One client in figures; days are None if undefined (`generative`: no net burn).

    `safe`: up to date, so safe to discuss. `cash_then_cents` is cash at the last call, None if not known.
    """

    business_id: str
    name: str
    currency: str
    status: str
    cash_cents: int
    cash_then_cents: int | None
    buffer_days: int | None
    runway_days: int | None
    generative: bool
    cash_out_on: date | None
    safe: bool
    as_of: date
    marks: tuple[str, ...] = ()
    """`stale books`, `bank activity incomplete`."""
    reconstructed: bool = False
    """As of a day before its own at known-at: rolled back."""
    left_out: tuple[str, ...] = ()
    """Sentences: what its cash leaves out, and what is rounded."""


@dataclass(frozen=True)
class Reason:
    """One cause of a runway lost: in words, in money (None: it is in the burn alone) and in days."""

    words: str
    amount_cents: int | None
    days: int | None


@dataclass(frozen=True)
class ShorterRunway:
    """How many days of runway a client lost since the last call, and why; `figure` is the runway that is meant."""

    line: ClientLine
    figure: str
    was_days: int
    now_days: int
    since: date
    reasons: tuple[Reason, ...]

    @property
    def days(self) -> int:
        """Return the days lost."""
        return self.was_days - self.now_days


@dataclass(frozen=True)
class BelowReserve:
    """A client whose cash falls below its reserve within 13 weeks: when first, and how low it gets."""

    line: ClientLine
    on: date
    reserve_cents: int
    lowest_on: date
    lowest_cents: int


@dataclass(frozen=True)
class BillsToDecide:
    """The bills a client has to pay this week, against what it can spend.

    Due are the bills overdue or due within 7 days, spendable the cash above the reserve, safe those of the due that
    leave every later day of the forecast at or above the reserve.
    """

    line: ClientLine
    due_bills: int
    due_cents: int
    spendable_cents: int
    safe_bills: int
    safe_cents: int


@dataclass(frozen=True)
class CustomerToChase:
    """A customer to chase: what it owes 30 or more days past due, how much of it the forecast expects, from when on."""

    client: str
    currency: str
    customer: str
    invoices: int
    owed_cents: int
    expected_cents: int
    days_past_due: int
    expected_on: date | None
    promised_on: date | None
    as_of: date


@dataclass(frozen=True)
class NewFinding:
    """A finding that is new since the last call."""

    client: str
    currency: str
    severity: str
    message: str
    amount_cents: int
    runway_days: float | None
    as_of: date


@dataclass(frozen=True)
class AlteredRecord:
    """A record that was deleted, voided or back-dated since the last call."""

    client: str
    currency: str
    what: str
    entity: str
    party: str
    amount_cents: int | None
    on: date | None
    as_of: date


@dataclass(frozen=True)
class ScoredForecast:
    """Last week's forecast against what happened: the week's receipts and payments, and cash at its end."""

    client: str
    currency: str
    through: date
    expected_cents: int
    happened_cents: int
    as_of: date

    @property
    def off_cents(self) -> int:
        """Return by how much more cash there is than was forecast; negative is less."""
        return self.happened_cents - self.expected_cents


@dataclass(frozen=True)
class Task:
    """A task still open, and for how many days."""

    client: str
    what: str
    owner: str
    due: date | None
    overdue: bool
    age_days: int
    as_of: date


@dataclass(frozen=True)
class PracticeDigest:
    """The contents of the practice's digest of a week; lists are in the order they are to be read.

    `as_of` is the day picked, else the practice's own; every row states its client's own. `lines` are all clients, the most
    endangered first; `quiet` those with nothing new; `found` the findings new since the last call.
    """

    week: date
    as_of: date
    known_at: datetime
    zone: str
    note: str
    freshness: Freshness
    lines: tuple[ClientLine, ...]
    lost: tuple[ShorterRunway, ...]
    below: tuple[BelowReserve, ...]
    to_decide: tuple[BillsToDecide, ...]
    chase: tuple[CustomerToChase, ...]
    found: tuple[NewFinding, ...]
    altered: tuple[AlteredRecord, ...]
    scored: tuple[ScoredForecast, ...]
    tasks: tuple[Task, ...]
    quiet: tuple[ClientLine, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Return the as-of days of the clients, each once, the earliest first."""
        return tuple(sorted({line.as_of for line in self.lines}))


@dataclass(frozen=True)
class Flow:
    """What came from or went to one party since the last call; positive came in."""

    party: str
    amount_cents: int


@dataclass(frozen=True)
class Bill:
    """A bill due now or within a week."""

    vendor: str
    number: str
    due: date | None
    amount_cents: int


@dataclass(frozen=True)
class Debtor:
    """A customer who is late, and by how many days."""

    customer: str
    amount_cents: int
    days_past_due: int
    invoices: int


@dataclass(frozen=True)
class Week:
    """One week of the forecast: cash at its end."""

    start: date
    closing_cents: int


@dataclass(frozen=True)
class ClientDigest:
    """The contents of one client's digest of a week.

    `since` is the day of the last call (None: nothing before this day is known, no change is shown). `figures_known`: the
    books were read at least once. `tight_on` is the first day of 13 weeks with less than the reserve. Bills that can
    be paid this week without that, and those that had better wait; `chase` at most five; `questions` unanswered ones.
    `incomplete`: what the figures lack, as sentences. `as_of` is the client's own day, `zone` its own.
    """

    business_id: str
    name: str
    currency: str
    week: date
    as_of: date
    known_at: datetime
    zone: str
    note: str
    figures_known: bool
    stale: bool
    stale_reason: str
    synced_at: datetime | None
    since: date | None
    cash_cents: int
    cash_then_cents: int | None
    buffer_days: int | None
    reserve_cents: int
    tight_on: date | None
    weeks: tuple[Week, ...]
    came_in: tuple[Flow, ...]
    went_out: tuple[Flow, ...]
    pay_now: tuple[Bill, ...]
    can_wait: tuple[Bill, ...]
    chase: tuple[Debtor, ...]
    chase_cents: int
    questions: tuple[str, ...]
    next_call: date | None
    incomplete: tuple[str, ...] = ()
    reconstructed: bool = False


@dataclass(frozen=True)
class Digest:
    """The digests of one moment: the practice's own, and one a client by its business id."""

    practice: PracticeDigest
    clients: Mapping[str, ClientDigest] = field(default_factory=dict)
