"""A practice of hand-built books: what the pages show, as records, and a place that hands them out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from rowcol.clock import Moment
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
from rowcol.views.client.page import ClientView, Figures
from rowcol.views.client.test_drive import DriveView
from rowcol.views.client.tie_out import TieOutView
from rowcol.views.client.working_capital import WorkingCapitalView
from rowcol.views.clients import ClientsView
from rowcol.views.common.follow_up import FollowUpView, follow_up
from rowcol.views.connections import ConnectionsView
from tests.kits.store import MEMORY, House

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
FRESH = NOW - timedelta(minutes=4)
FIRST_READ = NOW - timedelta(days=7)
"""When a past moment first knows anything."""
MONEY = ["cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents"]


def client_row(
    business_id: str, name: str, status: str | None, cash: float, buffer: int, **other: object
) -> dict[str, Any]:
    """Return one row of the client list; amounts in whole units."""
    row: dict[str, Any] = {
        "business_id": business_id,
        "realm_id": f"93000000000000{len(name):02d}",
        "name": name,
        "currency": "USD",
        "cash_cents": round(cash * 100),
        "card_debt_cents": 0,
        "ar_cents": 13_680_000,
        "ar_overdue_cents": 4_900_000,
        "ap_cents": 5_520_000,
        "ap_overdue_cents": 360_000,
        "buffer_days": buffer,
        "net_burn_runway_days": buffer * 2,
        "cash_generative": False,
        "cash_out_date": None,
        "status": status,
        "findings": pd.NA,
        "blocking": pd.NA,
        "tie_out": "tied",
        "synced_at": FRESH,
        "stale": False,
        "stale_reason": "",
        "by_plan": False,
        "marks": (),
        "weeks_ahead": (),
    }
    return row | other


ROWS = [
    client_row(
        "b-juniper",
        "Juniper & Vale PR",
        "critical",
        41_208.55,
        11,
        card_debt_cents=812_040,
        cash_out_date=date(2026, 11, 27),
    ),
    client_row("b-north", "Northlight Creative", "critical", -3_606, 0, tie_out="broken"),
    client_row(
        "b-harbor", "Harbor Point Studio", "watch", 311_043, 19, currency="GBP", ar_overdue_cents=-1_200_00
    ),
    client_row(
        "b-fathom",
        "Fathom Films",
        "watch",
        316_548,
        33,
        stale=True,
        stale_reason="QuickBooks asked to come back later",
        synced_at=NOW - timedelta(hours=3),
        tie_out="unchecked",
    ),
    client_row(
        "b-maple",
        "Maple Row Interiors",
        "steady",
        145_291,
        41,
        net_burn_runway_days=pd.NA,
        cash_generative=True,
    ),
    client_row(
        "b-lark", "Lark & Sons Landscaping and Garden Design", "steady", 2_206_659, 140, currency="CAD"
    ),
    client_row(
        "b-new",
        "=Brand*New* $tudio",
        None,
        0,
        0,
        **dict.fromkeys([*MONEY, "buffer_days", "net_burn_runway_days"], pd.NA),
        synced_at=pd.NaT,
        stale=True,
        stale_reason="Not refreshed yet",
        tie_out="unchecked",
    ),
]


def clients_view(rows: Sequence[Mapping[str, object]], as_of: date) -> ClientsView:
    """Return the client list of these rows, with its totals a currency."""
    frame = pd.DataFrame(rows, columns=list(ROWS[0]))
    for column in [*MONEY, "buffer_days", "net_burn_runway_days", "findings", "blocking"]:
        frame[column] = pd.array(frame[column].tolist(), dtype="Int64")
    known = frame[frame["status"].notna()]
    totals = known.groupby("currency")[MONEY].sum()
    totals.insert(0, "clients", known.groupby("currency").size())
    for status in ("critical", "watch", "steady"):
        totals[status] = (known["status"] == status).groupby(known["currency"]).sum()
    return ClientsView(as_of, NOW, frame, totals.reset_index())


FIGURES = Figures(
    cash_cents=4_120_855,
    card_debt_cents=812_040,
    undeposited_cents=150_000,
    reserve_cents=1_000_000,
    credit_line_cents=0,
    ar_cents=7_520_000,
    ar_overdue_cents=3_320_000,
    ap_cents=4_540_000,
    ap_overdue_cents=1_540_000,
    outflow_cents=33_716_000,
    inflow_cents=10_535_000,
    window_start=date(2026, 8, 22),
    window_end=date(2026, 11, 19),
    window_days=90,
    buffer_days=11,
    net_burn_runway_days=16,
    cash_generative=False,
    cash_out_date=date(2026, 11, 27),
    marks=("stale books",),
)


def aging(rows: Sequence[tuple[str, int, int, int, int, int]]) -> pd.DataFrame:
    """Return an aging frame of (party, current, 1-30, 31-60, 61-90, 91 and over), in cents."""
    frame = pd.DataFrame(
        [(str(number), *row, 0, sum(row[1:])) for number, row in enumerate(rows)],
        columns=[
            "party_id", "party", "current_cents", "d1_30_cents", "d31_60_cents", "d61_90_cents", "d91_over_cents",
            "undated_cents", "total_cents",
        ],
    )  # fmt: skip
    return frame.sort_values("total_cents", ascending=False, ignore_index=True)


AGING_AP = aging([("Norcal Lumber", 3_000_000, 1_200_000, 300_000, 0, 0), ("PG&E", 0, 0, 0, 0, 40_000)])
AGING_AR = aging(
    [("Acme <b>Corp</b>", 4_200_000, 1_800_000, 900_000, 400_000, 0), ("*Zed*", 0, 0, 0, 0, 220_000)]
)


def weekly_cash() -> pd.DataFrame:
    """Return 26 weeks that go down from 54,000 to 41,208.55."""
    rows = []
    cash = 4_120_855
    for week in range(26):
        inflow, outflow = 800_000 + 90_000 * (week % 5), -1_000_000 - 80_000 * (week % 4)
        financing = 2_000_000 if week == 9 else 0
        start = pd.Timestamp(TODAY) - pd.Timedelta(days=7 * week + 6)
        rows.append((start, inflow, outflow, financing, cash))
        cash -= inflow + outflow + financing
    names = ["week_start", "inflow_cents", "outflow_cents", "financing_cents", "closing_cents"]
    return pd.DataFrame(rows[::-1], columns=names).astype({"closing_cents": "Int64"})


def documents(what: str) -> pd.DataFrame:
    """Return three open documents, one of them without number or due date."""
    rows = [
        (
            "101",
            "A-1182",
            "Norcal Lumber",
            date(2026, 10, 9),
            date(2026, 11, 8),
            12,
            "1-30",
            120_000,
            240_000,
        ),
        (
            "102",
            "=HYPERLINK(1)",
            "PG&E",
            date(2026, 11, 1),
            date(2026, 12, 1),
            -11,
            "Current",
            43_020,
            43_020,
        ),
        ("103", None, "No name", date(2026, 7, 1), None, pd.NA, "Undated", 15_000, 15_000),
    ]
    names = [
        "qbo_id", "doc_number", "party", "txn_date", "due_date", "days_past_due", "bucket", "balance_cents",
        "total_cents",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names)
    frame["days_past_due"] = pd.array(frame["days_past_due"].tolist(), dtype="Int64")
    frame["currency"] = "USD"
    frame["url"] = [f"https://app.example/{what}?txnId={qbo_id}" for qbo_id in frame["qbo_id"]]
    return frame


JUNIPER = ClientView(
    business_id="b-juniper",
    realm_id="9300000000000001",
    name="Juniper & Vale PR",
    currency="USD",
    as_of=TODAY,
    known_at=NOW,
    status="critical",
    freshness=Freshness(FRESH, False),
    figures=FIGURES,
    tie_out_state="tied",
    tie_out_checked_at=NOW - timedelta(hours=2),
    settings=ClientSettings(reserve_cents=1_000_000),
    bank_accounts=pd.DataFrame(
        [("35", "Operating", "USD", 4_120_855, False), ("36", "Trust account", "USD", 900_000, True)],
        columns=["account_id", "name", "currency", "balance_cents", "excluded"],
    ),
    aging_ap=AGING_AP,
    aging_ar=AGING_AR,
    weekly_cash=weekly_cash(),
    open_bills=documents("bill"),
    open_invoices=documents("invoice"),
    tie_out=pd.DataFrame(columns=["subject", "party", "ours_cents", "qbo_cents", "difference_cents"]),
)


def outcome(business_id: str, name: str, failure: str = "", hint: str = "") -> Outcome:
    """Return how a client's refresh ended; with a failure's sentence, badly."""
    return Outcome(
        business_id=business_id,
        name=name,
        ok=not failure,
        entities=0 if failure else 18,
        message=failure,
        hint=hint,
        rows_in=120,
        rows_changed=7,
        rows_deleted=0,
        requests=14,
        seconds=2.4,
    )


TOTALS = ["subject", "party_id", "party", "ours_cents", "qbo_cents", "difference_cents"]


def tie_out(
    *totals: tuple[str, str | None, str, int, int, int], clues: pd.DataFrame | None = None
) -> TieOutView:
    """Return a check of two hours ago with these totals; without any, one that was never made."""
    checked = bool(totals)
    off = any(total[-1] for total in totals)
    names = [
        "subject",
        "party_id",
        "says",
        "entity",
        "qbo_id",
        "doc_number",
        "txn_date",
        "amount_cents",
        "url",
    ]
    changed = [
        "entity",
        "qbo_id",
        "doc_number",
        "txn_date",
        "party_name",
        "total_cents",
        "changed_at",
        "deleted",
        "url",
    ]
    return TieOutView(
        "b-juniper", "Juniper & Vale PR", "USD", ("broken" if off else "tied") if checked else "unchecked", NOW,
        NOW - timedelta(hours=2) if checked else None, TODAY if checked else None,
        pd.DataFrame(list(totals), columns=TOTALS), pd.DataFrame(columns=changed),
        pd.DataFrame(columns=names) if clues is None else clues, "" if checked else "The report timed out",
    )  # fmt: skip


def working_capital(*months: tuple[str, float | None, float | None]) -> WorkingCapitalView:
    """Return figures at some days: (day, DSO, DPO); the rest the same each time."""
    rows = pd.DataFrame(list(months), columns=["day", "dso", "dpo"])
    rows["day"] = pd.to_datetime(rows["day"])
    rows = rows.assign(
        business_id="b-juniper", days=90, best_dso=20.5, cei=88.1, concentration=17.0, largest_customer="*Zed* & Co",
        **dict.fromkeys(["ar_cents", "current_ar_cents", "ap_cents", "credit_sales_cents", "bills_cents"], 123_456),
        opening_ar_cents=100_000,
    ).astype({"dso": "Float64", "dpo": "Float64"})  # fmt: skip
    return WorkingCapitalView(
        "b-juniper", "Juniper & Vale PR", "USD", TODAY, NOW, rows.tail(1).reset_index(drop=True), rows
    )


@dataclass
class Practice:
    """Hands out the records above; keeps what the advisor asked for, as the real services would."""

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
    tied: TieOutView = field(default_factory=lambda: tie_out(("ap", "1", "Norcal Lumber", 100, 100, 0)))
    capital: WorkingCapitalView = field(
        default_factory=lambda: working_capital(("2026-10-31", 44.0, 30.0), ("2026-11-20", 45.5, None))
    )
    digests: Digests | None = None
    other_position: Callable[[], int] = lambda: 0

    @cached_property
    def house(self) -> House:
        return House(MEMORY)

    @cached_property
    def decision_log(self) -> DecisionLog:
        return DecisionLog(Decisions(self.house.database, "practice", self.house.positions), lambda: NOW)

    def follow_up_view(self, business_id: str | None, moment: Moment) -> FollowUpView:
        rows = [row for row in self.rows if business_id in (None, row["business_id"])]
        today = pd.Timestamp(moment.as_of or TODAY)
        clients = pd.DataFrame(
            [(row["business_id"], row["name"], row["realm_id"], today) for row in rows],
            columns=["business_id", "client", "realm_id", "today"],
        )
        decisions = self.decision_log.decisions
        return follow_up(
            all_questions(decisions, moment.known_at),
            all_tasks(decisions, moment.known_at),
            clients,
            "qbo.example",
            moment.as_of or TODAY,
            NOW,
        )

    def tie_out_view(self, business_id: str, known_at: datetime | None = None) -> TieOutView:
        return replace(self.tied, business_id=business_id, known_at=known_at or NOW)

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
        rows["breaker"] = [self.breakers.get(str(one), "closed") for one in rows["business_id"]]
        return ConnectionsView(rows, "sandbox", self.unconfigured, self.budget, *self.intuit)

    def refresh(
        self,
        business_ids: Sequence[str] | None,
        on_progress: Callable[[Progress], None],
        as_of: date | None = None,
    ) -> list[Outcome]:
        asked = list(business_ids or [row["business_id"] for row in self.rows])
        self.refreshed.append(asked)
        self.refreshed_as_of = as_of
        self.before_refresh()
        found = []
        for business_id in asked:
            name = str(next(row["name"] for row in self.rows if row["business_id"] == business_id))
            on_progress(Progress(business_id, name, "Invoices", 5, 18, 4_200))
            default = outcome(business_id, name)
            found.append(self.outcomes.get(business_id, default))
            on_progress(Progress(business_id, name, "Reports", 18, 18, 4_321, "done"))
        self.position += 1
        return found

    def refresh_behind(self, business_id: str) -> bool:
        self.opened.append(business_id)
        return business_id in self.behind

    def refreshing(self, business_id: str) -> bool:
        return business_id in self.behind

    def save_settings(self, business_id: str, settings: ClientSettings) -> None:
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
        return self.position + self.house.database.commits + self.other_position()

    def now(self) -> datetime:
        return NOW

    def start(self) -> None:
        """Nothing runs by the clock here."""

    def stop(self) -> None:
        """Nothing runs by the clock here."""
