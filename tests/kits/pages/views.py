"""What the pages of a hand-built practice show, as records."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from rowcol.domain.clients import ClientSettings
from rowcol.domain.freshness import Freshness
from rowcol.sync.progress import Outcome
from rowcol.views.client.page import ClientView, Figures
from rowcol.views.client.tie_out import TieOutView
from rowcol.views.client.working_capital import WorkingCapitalView
from rowcol.views.clients import ClientsView
from rowcol.views.common.left_out import LeftOut

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
        "excluded": (),
        "unpriced": (),
        "rounded": (),
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
        card_credit_cents=0,
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
    frame = frame.assign(as_of=as_of, reconstructed=False)
    return ClientsView(NOW, frame, totals.reset_index())


FIGURES = Figures(
    cash_cents=4_120_855,
    card_debt_cents=812_040,
    card_credit_cents=0,
    undeposited_cents=150_000,
    reserve_cents=1_000_000,
    credit_line_cents=0,
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
    frame = pd.DataFrame(rows[::-1], columns=names).assign(investing_cents=0, set_aside_cents=0)
    return frame.astype({"closing_cents": "Int64"})


def documents(kind: str) -> pd.DataFrame:
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
    frame["url"] = [f"https://app.example/{kind}?txnId={qbo_id}" for qbo_id in frame["qbo_id"]]
    return frame


JUNIPER = ClientView(
    business_id="b-juniper",
    realm_id="9300000000000001",
    name="Juniper & Vale PR",
    currency="USD",
    as_of=TODAY,
    reconstructed=False,
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
    classable_accounts=pd.DataFrame([("60", "Due from affiliate")], columns=["account_id", "name"]),
    left_out=LeftOut(excluded=("Trust account",)),
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
        TODAY, False,
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
        "b-juniper", "Juniper & Vale PR", "USD", TODAY, False, NOW, rows.tail(1).reset_index(drop=True), rows
    )
