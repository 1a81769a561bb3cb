"""The first look at a client: four weeks rolled back, what would have been caught, and the health of the books."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from rowcol.clock import Moment
from rowcol.domain.books_health import HealthPart, books_health
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import no_decisions
from rowcol.entities import ENTITIES
from rowcol.errors import UnknownClient
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger import open_items
from rowcol.store.control import control_rows
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.views.client.page import client_view
from rowcol.views.client.test_drive import INCOMPLETE, NOT_LISTED, DriveView, drive_view
from rowcol.views.clients import clients_view
from tests.kits.records import (
    CHECKING,
    applied,
    bill,
    customer,
    invoice,
    payment,
    purchase,
    ref,
    spent,
    vendor,
)
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago, gateway_over

ZONE = "America/Los_Angeles"
BACK = (28, 21, 14, 7, 0)


def source_of(store: PracticeStore, reserve_cents: int = 0) -> QuickBooksGateway:
    settings = {store.client(): ClientSettings(reserve_cents=reserve_cents)}
    return gateway_over(store.frames, lambda _: settings, lambda _: no_decisions(), NOW, ZONE)


def read_once(store: PracticeStore, realm: str) -> None:
    """Note that a client was refreshed."""
    run = SyncRun(store.client(realm), "run-1", "full", NOW, NOW, "done")
    with store.database.write() as cursor:
        record_run(control_rows(cursor), store.advisor_id, run)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[list[tuple[Company, DriveView, PracticeStore]]]:
    clients = []
    for company in demo_companies(3, today=TODAY):
        store = PracticeStore(MEMORY)
        store.land_all(
            [(entity, record) for entity in ENTITIES for record in company.of(entity).values()],
            realm=company.realm,
        )
        read_once(store, company.realm)
        clients.append(
            (company, drive_view(source_of(store), store.client(company.realm), Moment(TODAY)), store)
        )
    yield clients
    for _, _, store in clients:
        store.close()


def test_each_week_shows_what_was_owed_then(sandbox: list[tuple[Company, DriveView, PracticeStore]]) -> None:
    for company, view, _ in sandbox:
        assert [week.day for week in view.weeks] == [TODAY - timedelta(days=days) for days in BACK]
        assert [week.reconstructed for week in view.weeks] == [True, True, True, True, False]
        for week in view.weeks:
            items = open_items(company, week.day.isoformat())
            for kind, ours in (("Customer", week.ar_cents), ("Vendor", week.ap_cents)):
                assert ours == sum(
                    item.amount_cents
                    for item in items
                    if item.party_kind == kind and item.date <= week.day.isoformat()
                ), (company.name, week.day, kind)


def test_today_is_what_the_client_page_shows(sandbox: list[tuple[Company, DriveView, PracticeStore]]) -> None:
    for company, view, store in sandbox:
        page = client_view(source_of(store), store.client(company.realm), Moment(TODAY))
        today = view.weeks[-1]
        assert page.figures is not None
        row = (
            clients_view(source_of(store), Moment(TODAY)).rows.set_index("business_id").loc[page.business_id]
        )
        assert (today.cash_cents, today.buffer_days) == (page.figures.cash_cents, page.figures.buffer_days)
        assert (today.ar_overdue_cents, today.ap_overdue_cents) == (
            row["ar_overdue_cents"],
            row["ap_overdue_cents"],
        )


def test_each_week_is_what_the_client_list_says_as_of_its_day(
    sandbox: list[tuple[Company, DriveView, PracticeStore]],
) -> None:
    for company, view, store in sandbox:
        for week in view.weeks:
            rows = clients_view(source_of(store), Moment(week.day)).rows.set_index("business_id")
            row = rows.loc[view.business_id]
            assert (week.cash_cents, week.status, week.cash_out_on) == (
                row["cash_cents"],
                row["status"],
                row["cash_out_date"],
            ), (company.name, week.day)


def test_mistakes_of_the_books_are_what_would_have_been_caught(
    sandbox: list[tuple[Company, DriveView, PracticeStore]],
) -> None:
    (_, good, _), (_, bad, _), _ = sandbox
    codes = {finding.code for finding in bad.caught}
    assert {"LATE_INVOICES", "INVOICE_NOT_SENT"} <= codes
    assert [finding.amount_cents for finding in bad.caught] == sorted(
        (finding.amount_cents for finding in bad.caught), reverse=True
    )
    assert all(finding.example for finding in bad.caught)
    assert good.health.score is not None
    assert bad.health.score is not None
    assert good.health.score > bad.health.score


@pytest.fixture
def drive(store: PracticeStore) -> PracticeStore:
    """Give books whose client pays rent of 200 a month and is owed 500 by a customer that paid late."""
    read_once(store, store.clients.all()[0].realm_id)
    store.land_all(
        [
            vendor("1", "Acme"), customer("9", "Beta"),
            *(purchase(ago(days), spent(200)) for days in (85, 55, 25)),
            invoice("9", ago(80), ago(50), 0, TotalAmt=500, Id="700"),
            payment("9", ago(10), 500, applied(500, "Invoice", "700"), UnappliedAmt=0, DepositToAccountRef=ref(CHECKING)),
            invoice("9", ago(70), ago(40), 90, Id="701"),
            bill("1", ago(12), ago(2), 60, Id="801"), bill("1", ago(12), ago(2), 60, Id="802", DocNumber="A"),
        ]
    )  # fmt: skip
    return store


def test_cash_and_debts_are_rolled_back_week_by_week(drive: PracticeStore) -> None:
    """1,000.00 today: 500.00 came ten days ago, 200.00 went 25 days ago."""
    view = drive_view(source_of(drive), drive.client(), Moment(TODAY))
    assert [week.cash_cents for week in view.weeks] == [70_000, 50_000, 50_000, 100_000, 100_000]
    assert [week.ar_cents for week in view.weeks] == [59_000, 59_000, 59_000, 9_000, 9_000]
    assert [week.ap_cents for week in view.weeks] == [0, 0, 0, 12_000, 12_000]
    assert view.missing == (INCOMPLETE,)


def test_a_forecast_then_knows_only_what_was_known_then(drive: PracticeStore) -> None:
    """Four weeks ago: 700.00 and some 7.00 a day going out take it below a reserve of 695.00 before Beta pays."""
    view = drive_view(source_of(drive, 69_500), drive.client(), Moment(TODAY))
    first = view.weeks[0]
    assert first.cash_out_on is not None
    assert first.day <= first.cash_out_on <= first.day + timedelta(days=6)
    low = next(finding for finding in view.caught if finding.code == "CASH_LOW")
    assert low.days == 28
    assert low.example.startswith("On 23 Oct the forecast would have shown cash below the reserve on ")


def test_money_that_is_late_and_bills_entered_twice_are_shown_with_their_days(drive: PracticeStore) -> None:
    caught = {
        finding.code: finding
        for finding in drive_view(source_of(drive), drive.client(), Moment(TODAY)).caught
    }
    late = caught["LATE_INVOICES"]
    assert (late.count, late.amount_cents, late.days, late.example) == (1, 9_000, 10, "Beta, 40 days late")
    assert caught["BILL_DUPLICATE_MAYBE"].amount_cents == 6_000


def test_cash_that_cannot_be_rolled_back_is_not_printed(drive: PracticeStore) -> None:
    """The balance sheets around the window show 300.00 that no record explains."""
    drive.sheet(TODAY - timedelta(days=86), {"35": 200_000})
    drive.sheet(TODAY - timedelta(days=1), {"35": 200_000 - 60_000 + 50_000 - 30_000})
    view = drive_view(source_of(drive), drive.client(), Moment(TODAY))
    assert [(week.cash_cents, week.buffer_days, week.status) for week in view.weeks[:4]] == [
        (None, None, "")
    ] * 4
    assert view.weeks[4].cash_cents == 100_000
    assert [week.ar_cents for week in view.weeks] == [59_000, 59_000, 59_000, 9_000, 9_000]
    assert view.missing == (NOT_LISTED,)


def test_a_client_never_read_has_no_weeks_and_an_unknown_one_is_refused(store: PracticeStore) -> None:
    view = drive_view(source_of(store), store.client(), Moment(TODAY))
    assert view.weeks == ()
    with pytest.raises(UnknownClient):
        drive_view(source_of(store), "nobody", Moment(TODAY))


@pytest.mark.parametrize(
    ("findings", "documents", "tie_out", "days", "score", "word"),
    [
        ({}, 1000, "tied", 1, 100, "good"),
        ({}, 1000, "tied", 3, 100, "good"),
        ({}, 1000, "tied", 14, 75, "fair"),
        ({}, 1000, "tied", None, 75, "fair"),
        ({}, 1000, "broken", 0, 75, "fair"),
        ({}, 1000, "unchecked", 0, 100, "good"),
        (
            {"blocking": 2, "high": 3, "medium": 1},
            200,
            "tied",
            0,
            75,
            "fair",
        ),  # w = 10: half of the 50 points
        ({"blocking": 40}, 1000, "broken", 20, 0, "poor"),
        ({"low": 2}, 10, "tied", 0, 98, "good"),  # fewer than 100 documents count as 100: w = 1
        ({}, 0, "unchecked", 0, 100, "good"),
    ],
)
def test_the_health_of_books_is_made_of_its_parts(
    findings: dict[str, int], documents: int, tie_out: str, days: int | None, score: int, word: str
) -> None:
    health = books_health(findings, documents, tie_out, days)
    assert (health.score, health.word) == (score, word)
    measured = [part for part in health.parts if part.points is not None]
    assert (
        round(100 * sum(part.points or 0 for part in measured) / sum(part.most for part in measured)) == score
    )


def test_the_parts_say_what_they_rest_on() -> None:
    parts = books_health({"blocking": 1, "low": 2}, 1_200, "tied", 1).parts
    assert [part.basis for part in parts] == [
        "findings: 1 blocking, 2 low; 1,200 documents in a year", "every total is QuickBooks' own",
        "newest bank movement 1 day old",
    ]  # fmt: skip
    assert books_health({}, 0, "unchecked", None).parts[0] == HealthPart(
        "Records", None, 50, "no document in the past year"
    )
