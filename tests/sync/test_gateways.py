"""The gateways over QuickBooks: what is ready, what is incomplete, what was paid; and the rails that are off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rowcol.domain.ap import ApGateway
from rowcol.domain.ar import ArGateway
from rowcol.domain.bank import BankGateway
from rowcol.errors import SettingsError, UnknownClient
from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.settings import enabled_rails
from rowcol.sync.orchestrator import Hint
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.company_sync import REALM, product
from tests.kits.practice import settings_for


def books() -> Company:
    """Return a company with one bill for each place a bill can be in, and the same of invoices."""
    own = Books(REALM, "Larch & Daughters", today=TODAY)
    acme, brook = own.vendor("Acme"), own.vendor("Brook")
    cole, dune = own.customer("Cole", email="ap@cole.example"), own.customer("Dune", email="ap@dune.example")
    late, soon = TODAY - timedelta(days=40), TODAY + timedelta(days=3)
    paid = own.bill(acme, "400.00", late, due=late, number="A-1")
    own.pay_bill(acme, "150.00", TODAY - timedelta(days=9), {paid: "150.00"})
    own.bill(acme, "70.00", late, due=soon, number="A-2")
    own.vendor_credit(acme, "260.00", TODAY - timedelta(days=5))
    wrong = own.bill(brook, "90.00", TODAY - timedelta(days=2), due=soon, number="B-1")
    own.bill(brook, "90.00", TODAY - timedelta(days=2), due=soon, number="B-1")
    assert wrong != paid
    sold = own.invoice(cole, "800.00", late, due=late, number="1")
    own.receive(cole, "300.00", TODAY - timedelta(days=8), {sold: "300.00"}, into="Checking")
    own.invoice(dune, "55.00", late, due=TODAY - timedelta(days=29), number="2")
    return own.finish()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([books()], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[Services]:
    with product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as running:
        running.refresh()
        yield running


def test_bills_are_ready_after_netting_and_without_the_blocked(services: Services) -> None:
    gateway: ApGateway = services.ap
    client = services.clients.find(REALM).business_id
    ready = gateway.list_payment_ready(client, TODAY)
    assert ready.rows[["doc_number", "group", "balance_cents"]].to_numpy().tolist() == [
        ["A-2", "urgent", 6000],
        ["B-1", "urgent", 9000],
    ]
    assert not ready.stale
    incomplete = gateway.list_incomplete(client, TODAY).rows
    assert incomplete[incomplete["blocking"]]["code"].tolist() == ["BILL_DUPLICATE"]
    assert set(incomplete["entity"]) <= {"Bill", "VendorCredit", "BillPayment", "Vendor"}


def test_invoices_are_ready_to_be_collected_30_days_past_due(services: Services) -> None:
    gateway: ArGateway = services.ar
    client = services.clients.find(REALM).business_id
    ready = gateway.list_collections_ready(client, TODAY).rows
    assert ready[["doc_number", "days_past_due", "balance_cents"]].to_numpy().tolist() == [["1", 40, 50000]]


def test_what_was_paid_is_told_by_document_and_up_to_a_day(services: Services) -> None:
    client = services.clients.find(REALM).business_id
    paid = services.ap.payment_history(client, TODAY).rows
    received = services.ar.payment_history(client).rows
    assert paid[["entity", "payment_entity", "amount_cents"]].to_numpy().tolist() == [
        ["Bill", "BillPayment", 15000]
    ]
    assert received["amount_cents"].tolist() == [30000]
    assert services.ap.payment_history(client, TODAY - timedelta(days=10)).rows.empty
    gateway: BankGateway = services.bank
    moved = gateway.payment_history(client, TODAY).rows
    assert moved["amount_cents"].tolist() == [-15000, 30000]
    assert not gateway.list_incomplete(client, TODAY).rows["entity"].isin(["Bill", "Invoice"]).any()


def test_a_gateway_asks_quickbooks_first_where_the_mirror_is_old_and_says_when_it_could_not(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client, read_at = services.clients.find(REALM).business_id, clock()
    clock.forward(minutes=16)
    assert services.ap.list_payment_ready(client, TODAY).refreshed_at == clock()
    assert read_at < clock()
    clock.forward(minutes=16)
    sandbox.faults({"kind": "403", "times": None})
    told = services.ap.list_payment_ready(client, TODAY)
    assert (told.stale, told.finding, len(told.rows)) == (True, "SYNC_FAILED", 2)


def test_a_gateway_for_a_page_answers_at_once_and_the_refresh_follows_behind(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    (client,) = services.clients.all()
    clock.forward(minutes=16)
    with sandbox.companies[REALM].lock:  # QuickBooks does not answer until the page has its rows
        listed = replace(services.ap, hint=Hint.BEHIND).list_payment_ready(client.business_id, TODAY)
        assert (len(listed.rows) > 0, listed.stale, listed.finding) == (True, True, "SYNC_STALE")
    services._refresher.close()
    assert not services.client_view(client.business_id).freshness.stale


def test_a_client_of_nobody_is_unknown(services: Services) -> None:
    with pytest.raises(UnknownClient):
        services.ap.list_payment_ready("nobody")


def test_quickbooks_alone_is_enabled_rails() -> None:
    assert enabled_rails(" QBO ") == ("qbo",)


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("qbo,ramp", "ramp cannot be switched on yet"),
        ("plaid", "plaid cannot be switched on yet"),
        ("qbo, stripe", "stripe cannot be switched on yet"),
        ("qbo,xero", "no rail called 'xero'"),
        (",", "leaves QuickBooks out"),
    ],
)
def test_any_other_rail_refuses_clearly(tmp_path: Path, named: str, why: str) -> None:
    settings = settings_for("http://127.0.0.1:1", tmp_path / "none.duckdb").model_copy(
        update={"rails": named}
    )
    with pytest.raises(SettingsError, match=why):
        Services(settings)
    assert not (tmp_path / "none.duckdb").exists()
