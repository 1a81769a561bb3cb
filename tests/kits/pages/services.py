"""The services of a practice of hand-built books: hand out the records of `page_views`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from rowcol.clock import Moment
from rowcol.decisions.client_settings import check
from rowcol.decisions.follow_ups import all_questions, all_tasks
from rowcol.decisions.recording import DecisionLog
from rowcol.delivery.digests import Digests
from rowcol.domain.clients import ClientSettings
from rowcol.domain.freshness import Freshness
from rowcol.errors import ConsentError, RowColError, UnknownClient
from rowcol.settings import Settings
from rowcol.store.control.decisions import Decisions
from rowcol.sync.budget import Budget
from rowcol.sync.progress import Outcome, Progress
from rowcol.views.client.page import ClientView
from rowcol.views.client.test_drive import DriveView
from rowcol.views.client.tie_out import TieOutView
from rowcol.views.client.working_capital import WorkingCapitalView
from rowcol.views.clients import ClientsView
from rowcol.views.common.follow_up import FollowUpView, follow_up
from rowcol.views.connections import ConnectionsView
from rowcol.views.console.accuracy import AccuracyView
from rowcol.views.console.inputs import ConsoleInputs
from tests.kits.pages.views import (
    FIRST_READ,
    JUNIPER,
    NOW,
    ROWS,
    TODAY,
    clients_view,
    outcome,
    tie_out,
    working_capital,
)
from tests.kits.store import MEMORY, PracticeStore


@dataclass
class Practice:
    """Hands out the records above; keeps what the advisor requested, as the real services would."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [dict(row) for row in ROWS])
    views: dict[str, ClientView] = field(default_factory=lambda: {"b-juniper": JUNIPER})
    unconfigured: tuple[str, ...] = ()
    raises: RowColError | None = None
    settings: Settings = field(default_factory=Settings)
    cli_token: str = "token-of-the-test"
    refreshed: list[list[str]] = field(default_factory=list)
    disconnected: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    refreshed_as_of: date | None = None
    known_at: datetime | None = None
    breakers: dict[str, str] = field(default_factory=dict)
    intuit: tuple[str, datetime | None] = ("closed", None)
    budget: Budget = field(default=Budget(12_480, 500_000, 301_200))
    position: int = 1
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    behind: set[str] = field(default_factory=set)
    before_refresh: Callable[[], object] = lambda: None
    drive_view: Callable[..., DriveView] | None = None
    console_inputs: Callable[..., ConsoleInputs] | None = None
    accuracy_view: Callable[..., AccuracyView] | None = None
    tied: TieOutView = field(default_factory=lambda: tie_out(("ap", "1", "Norcal Lumber", 100, 100, 0)))
    capital: WorkingCapitalView = field(
        default_factory=lambda: working_capital(("2026-10-31", 44.0, 30.0), ("2026-11-20", 45.5, None))
    )
    digests: Digests | None = None
    other_position: Callable[[], int] = lambda: 0

    @cached_property
    def store(self) -> PracticeStore:
        return PracticeStore(MEMORY)

    @cached_property
    def decision_log(self) -> DecisionLog:
        return DecisionLog(Decisions(self.store.database, "practice", self.store.positions), lambda: NOW)

    def follow_up_view(self, business_id: str | None, moment: Moment) -> FollowUpView:
        rows = [row for row in self.rows if business_id in (None, row["business_id"])]
        today = pd.Timestamp(moment.as_of or TODAY)
        clients = pd.DataFrame(
            [(row["business_id"], row["name"], row["realm_id"], today, False) for row in rows],
            columns=["business_id", "client", "realm_id", "as_of", "reconstructed"],
        )
        decisions = self.decision_log.decisions
        return follow_up(
            all_questions(decisions, moment.known_at),
            all_tasks(decisions, moment.known_at),
            clients,
            "qbo.example",
            NOW,
        )

    def tie_out_view(self, business_id: str, moment: Moment) -> TieOutView:
        return replace(self.tied, business_id=business_id, known_at=moment.known_at or NOW)

    def working_capital_view(self, business_id: str, moment: Moment) -> WorkingCapitalView:
        return replace(
            self.capital,
            business_id=business_id,
            as_of=moment.as_of or TODAY,
            known_at=moment.known_at or NOW,
        )

    def check_tie_out(self, business_id: str) -> None:
        self.checked.append(business_id)

    def clients_view(self, moment: Moment) -> ClientsView:
        as_of, known_at = moment.as_of, moment.known_at
        if self.raises:
            raise self.raises
        self.known_at = known_at
        if known_at is None:
            return clients_view(self.rows, as_of or TODAY)
        rows = [self.known(row, known_at) for row in self.rows]
        return replace(clients_view(rows, as_of or known_at.date()), known_at=known_at)

    def known(self, row: dict[str, Any], known_at: datetime) -> dict[str, Any]:
        """Return a row as it was known: read at FIRST_READ, and not at all before."""
        if known_at >= FIRST_READ:
            return row | {"synced_at": FIRST_READ, "stale": True, "stale_reason": "Too old"}
        return row | {"status": None, "synced_at": pd.NaT, "stale": True}

    def client_view(self, business_id: str, moment: Moment) -> ClientView:
        as_of, known_at = moment.as_of, moment.known_at
        if known_at is not None:
            view = replace(self.client_view(business_id, Moment(as_of or known_at.date())), known_at=known_at)
            if known_at >= FIRST_READ:
                return replace(view, freshness=Freshness(FIRST_READ, True, "Too old", "Press Refresh"))
            return replace(view, figures=None, status="", freshness=Freshness(None, True))
        row = next((row for row in self.rows if row["business_id"] == business_id), None)
        if row is None:
            raise UnknownClient("This client is not in your practice")
        view = self.views.get(business_id) or replace(JUNIPER, business_id=business_id, name=str(row["name"]))
        view = (
            view if row["status"] else replace(view, figures=None, status="", freshness=Freshness(None, True))
        )
        return replace(view, as_of=as_of or TODAY, currency=str(row["currency"]))

    def connections_view(self) -> ConnectionsView:
        names = ["business_id", "realm_id", "name", "synced_at", "stale", "stale_reason", "by_plan"]
        rows = pd.DataFrame([{name: row[name] for name in names} for row in self.rows], columns=names)
        rows["state"] = ["ended" if row["business_id"] == "b-fathom" else "connected" for row in self.rows]
        rows["reason"] = ["access was revoked" if state == "ended" else "" for state in rows["state"]]
        rows["connected_at"] = NOW - timedelta(days=40)
        rows["breaker"] = [self.breakers.get(str(client), "closed") for client in rows["business_id"]]
        rows["home_currency"] = [row["currency"] for row in self.rows]
        return ConnectionsView(rows, "sandbox", self.unconfigured, self.budget, *self.intuit)

    def refresh(
        self,
        business_ids: Sequence[str] | None,
        on_progress: Callable[[Progress], None],
        as_of: date | None = None,
    ) -> list[Outcome]:
        clients = list(business_ids or [row["business_id"] for row in self.rows])
        self.refreshed.append(clients)
        self.refreshed_as_of = as_of
        self.before_refresh()
        outcomes = []
        for business_id in clients:
            name = str(next(row["name"] for row in self.rows if row["business_id"] == business_id))
            on_progress(Progress(business_id, name, "Invoices", 5, 18, 4_200))
            default = outcome(business_id, name)
            outcomes.append(self.outcomes.get(business_id, default))
            on_progress(Progress(business_id, name, "Reports", 18, 18, 4_321, "done"))
        self.position += 1
        return outcomes

    def refresh_behind(self, business_id: str) -> bool:
        self.opened.append(business_id)
        return business_id in self.behind

    def refreshing(self, business_id: str) -> bool:
        return business_id in self.behind

    def save_settings(self, business_id: str, settings: ClientSettings) -> None:
        check(settings)
        self.views[business_id] = replace(self.client_view(business_id, Moment()), settings=settings)

    def disconnect(self, business_id: str) -> None:
        self.disconnected.append(business_id)
        self.rows = [row for row in self.rows if row["business_id"] != business_id]

    def consent_url(self) -> str:
        return "https://intuit.example/connect/oauth2?state=one-use"

    def complete_consent(self, params: Mapping[str, str]) -> str:
        if "error" in params:
            raise ConsentError("The company's owner said no at Intuit <b>")
        return "Harbor <script>alert(1)</script> Studio"

    @property
    def clients(self) -> "Practice":
        """Return what names the clients: this record."""
        return self

    def names(self) -> dict[str, str]:
        return {row["business_id"]: row["name"] for row in self.rows}

    def log_position(self, business_id: str | None = None, excluded_kinds: tuple[str, ...] = ()) -> int:  # noqa: ARG002 - one for all
        return self.position + self.store.database.commits + self.other_position()

    def now(self) -> datetime:
        return NOW

    def start(self) -> None:
        """Nothing runs by the clock here."""

    def stop(self) -> None:
        """Nothing runs by the clock here."""
