"""A circuit breaker per company and one for Intuit as a whole: what keeps failing is not called for a while.

Closed: calls go through. Open: calls are refused without being made. Half-open: the pause is over and one call
probes; its success closes the circuit, its failure opens it again for twice as long.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rowcol.clock import Clock
from rowcol.errors import GrantDead, Paused, RailError, Throttled, Unavailable
from rowcol.qbo.client import Reply, Request, Send

State = Literal["closed", "open", "half-open"]
INTUIT = "Intuit"


@dataclass(frozen=True)
class Policy:
    """When a circuit opens and for how long; a failure is a call that failed in all its attempts.

    `failures` in a row open it, if they come from at least `companies` companies.
    """

    failures: int
    companies: int
    pause: timedelta
    longest_pause: timedelta


COMPANY_POLICY = Policy(3, 1, timedelta(minutes=1), timedelta(minutes=15))
INTUIT_POLICY = Policy(6, 3, timedelta(minutes=1), timedelta(minutes=5))


@dataclass(frozen=True)
class Circuit:
    """One circuit as health shows it; `until` is when an open one is tried again."""

    state: State
    failures: int
    until: datetime | None = None


@dataclass
class _Circuit:
    policy: Policy
    failures: int = 0
    companies: set[str] = field(default_factory=set)
    counted_at: datetime | None = None
    until: datetime | None = None
    pause: timedelta = timedelta(0)
    probing: bool = False

    def state(self, now: datetime) -> State:
        if self.until is None:
            return "closed"
        return "open" if now < self.until else "half-open"

    def admits(self, now: datetime) -> bool:
        return self.until is None or (now >= self.until and not self.probing)

    def failed(self, company: str, began: datetime, now: datetime) -> None:
        """Count a failure; calls in flight together fail together and count once per company."""
        together = self.counted_at is not None and began < self.counted_at
        if together and not self.probing and company in self.companies:
            return
        self.failures, self.counted_at = self.failures + 1, now
        self.companies.add(company)
        enough = self.failures >= self.policy.failures and len(self.companies) >= self.policy.companies
        if self.probing or (enough and self.until is None):
            self.pause = min(self.pause * 2 or self.policy.pause, self.policy.longest_pause)
            self.until, self.probing = now + self.pause, False

    def succeeded(self) -> None:
        self.failures, self.until, self.pause, self.probing = 0, None, timedelta(0), False
        self.companies.clear()

    def allow_retry(self) -> None:
        """Close it so that one more failure opens it again."""
        if self.until is not None:
            self.failures, self.until, self.probing = self.policy.failures - 1, None, False


class Breaker:
    """The circuits of all companies; safe to share between threads."""

    def __init__(
        self, clock: Clock, company: Policy = COMPANY_POLICY, intuit: Policy = INTUIT_POLICY
    ) -> None:
        self._clock = clock
        self._policy = company
        self._intuit = _Circuit(intuit)
        self._companies: dict[str, _Circuit] = {}
        self._lock = threading.Lock()

    def guard(self, send: Send) -> Send:
        """Return a `send` that raises Paused instead of sending if a circuit is open."""

        def guarded(realm: str, request: Request) -> Reply:
            began = self._clock()
            probed = self._enter(realm, began)
            try:
                reply = send(realm, request)
            except RailError as error:
                self._ended(realm, began, probed, error)
                raise
            except BaseException:
                self._withdraw(probed)
                raise
            self._ended(realm, began, probed, None)
            return reply

        return guarded

    def state(self, realm: str) -> State:
        """Return the state of a company: its own, or Intuit's if that is worse."""
        with self._lock:
            now = self._clock()
            states = [circuit.state(now) for circuit in (self._company(realm), self._intuit)]
        return next((state for state in ("open", "half-open") if state in states), "closed")

    def intuit(self) -> Circuit:
        """Return the circuit of Intuit as a whole."""
        with self._lock:
            return Circuit(self._intuit.state(self._clock()), self._intuit.failures, self._intuit.until)

    def allow_retry(self, realms: Iterable[str]) -> None:
        """Allow calls to companies at once, on a person's request; one more failure opens the circuits again."""
        with self._lock:
            for circuit in (self._intuit, *(self._company(realm) for realm in realms)):
                circuit.allow_retry()

    def _enter(self, realm: str, now: datetime) -> list[_Circuit]:
        """Return the circuits this call probes. Raises Paused."""
        with self._lock:
            circuits = (self._company(realm), self._intuit)
            for circuit, name in zip(circuits, ("this company", "Intuit"), strict=True):
                if not circuit.admits(now):
                    raise Paused(_because(name, circuit))
            probed = [circuit for circuit in circuits if circuit.until is not None]
            for circuit in probed:
                circuit.probing = True
            return probed

    def _ended(self, realm: str, began: datetime, probed: list[_Circuit], error: RailError | None) -> None:
        """Update both circuits: a refusal shows that QuickBooks works; a dead grant or a 429 shows nothing."""
        with self._lock:
            now = self._clock()
            company = self._company(realm)
            if isinstance(error, Throttled | Unavailable):
                company.failed(realm, began, now)
            if isinstance(error, Unavailable):
                self._intuit.failed(realm, began, now)
            if not isinstance(error, Throttled | Unavailable | GrantDead):
                for circuit in (company, self._intuit):
                    if circuit in probed or circuit.until is None:
                        circuit.succeeded()
        self._withdraw(probed)

    def _withdraw(self, probed: list[_Circuit]) -> None:
        with self._lock:
            for circuit in probed:
                circuit.probing = False

    def _company(self, realm: str) -> _Circuit:
        return self._companies.setdefault(realm, _Circuit(self._policy))


def _because(name: str, circuit: _Circuit) -> str:
    until = "" if circuit.until is None else f"; next try after {circuit.until:%H:%M} UTC"
    return f"QuickBooks failed {circuit.failures} times running for {name} and is not asked for now{until}"


def stop_after_failure(send: Send) -> Send:
    """Return a `send` for one run: after a call that failed in all its attempts, the next ones are not made.

    So a company that only fails costs a run the retries of one call (60 s), however much it had to read.
    """
    lock = threading.Lock()
    failures: list[RailError] = []

    def guarded(realm: str, request: Request) -> Reply:
        with lock:
            failure = failures[0] if failures else None
        if failure is not None:
            raise type(failure)(failure.message, failure.hint, retry_after=failure.retry_after)
        try:
            return send(realm, request)
        except (Throttled, Unavailable, Paused) as error:
            with lock:
                failures.append(error)
            raise

    return guarded
