"""The gateways over QuickBooks: what is ready, what is incomplete, what was paid; and the rails that are off."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rowcol.clock import Moment
from rowcol.errors import SettingsError, UnknownClient
from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.settings import enabled_rails
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.company_sync import REALM, refreshed_product
from tests.kits.practice import settings_for


def books() -> Company:
    """Return a company with one bill for each place a bill can be in, and the same of invoices."""
    builder = Books(REALM, "Larch & Daughters", today=TODAY)
    acme, brook = builder.vendor("Acme"), builder.vendor("Brook")
    cole, dune = (
        builder.customer("Cole", email="ap@cole.example"),
        builder.customer("Dune", email="ap@dune.example"),
    )
    late, soon = TODAY - timedelta(days=40), TODAY + timedelta(days=3)
    paid = builder.bill(acme, "400.00", late, due=late, number="A-1")
    builder.pay_bill(acme, "150.00", TODAY - timedelta(days=9), {paid: "150.00"})
    builder.bill(acme, "70.00", late, due=soon, number="A-2")
    builder.vendor_credit(acme, "260.00", TODAY - timedelta(days=5))
    wrong = builder.bill(brook, "90.00", TODAY - timedelta(days=2), due=soon, number="B-1")
    builder.bill(brook, "90.00", TODAY - timedelta(days=2), due=soon, number="B-1")
    assert wrong != paid
    sold = builder.invoice(cole, "800.00", late, due=late, number="1")
    builder.receive(cole, "300.00", TODAY - timedelta(days=8), {sold: "300.00"}, into="Checking")
    builder.invoice(dune, "55.00", late, due=TODAY - timedelta(days=29), number="2")
    return builder.finish()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([books()], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[Services]:
    with refreshed_product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as running:
        yield running


def test_bills_are_ready_after_netting_and_without_the_blocked(services: Services) -> None:
    with services.gateway.open(moment=Moment(TODAY)) as books:
        ready = books.list_payment_ready()
        incomplete = books.list_incomplete()
    assert ready[["doc_number", "group", "balance_cents"]].to_numpy().tolist() == [
        ["A-2", "urgent", 6000],
        ["B-1", "urgent", 9000],
    ]
    assert incomplete[incomplete["blocking"]]["code"].tolist() == ["BILL_DUPLICATE"]


def test_invoices_are_ready_to_be_collected_30_days_past_due(services: Services) -> None:
    with services.gateway.open(moment=Moment(TODAY)) as books:
        ready = books.list_collections_ready()
    assert ready[["doc_number", "days_past_due", "balance_cents"]].to_numpy().tolist() == [["1", 40, 50000]]


def test_payment_history_lists_each_payment_of_a_document_up_to_the_day(services: Services) -> None:
    with services.gateway.open(moment=Moment(TODAY)) as books:
        history = books.payment_history()
    paid_on = [TODAY - timedelta(days=9), TODAY - timedelta(days=8)]
    assert history["paid_on"].dt.date.tolist() == paid_on
    columns = ["side", "entity", "party", "days_late", "amount_cents", "document_entity", "document_number"]
    assert history[columns].to_numpy().tolist() == [
        ["ap", "BillPayment", "Acme", 31, 15000, "Bill", "A-1"],
        ["ar", "Payment", "Cole", 32, 30000, "Invoice", "1"],
    ]
    with services.gateway.open(moment=Moment(TODAY - timedelta(days=9))) as books:
        assert books.payment_history()["side"].tolist() == ["ap"]


def test_balances_are_those_of_the_bank_accounts(services: Services) -> None:
    with services.gateway.open(moment=Moment(TODAY)) as books:
        balances = books.balances()
    assert balances["name"].tolist() == ["Checking"]
    assert balances["balance_cents"].tolist() == [15000]


def test_a_gateway_states_the_same_staleness_as_the_pages_and_never_requests_anything(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    (client,) = services.clients.all()
    clock.forward(minutes=16)
    sandbox.faults({"kind": "403", "times": None})
    services.refresh()
    before = len(sandbox.stats())
    with services.gateway.open((client.business_id,)) as books:
        fresh = books.freshness[client.business_id]
        ready = books.list_payment_ready()
    assert fresh == services.client_view(client.business_id).freshness
    assert fresh.stale
    assert len(ready) == 2
    row = services.clients_view().rows.iloc[0]
    tray = services.tray_view().clients.iloc[0]
    assert (
        (row["stale"], row["stale_reason"]) == (tray["stale"], tray["stale_reason"]) == (True, fresh.reason)
    )
    assert len(sandbox.stats()) == before


def test_a_client_of_nobody_is_unknown(services: Services) -> None:
    with pytest.raises(UnknownClient), services.gateway.open(("nobody",)):
        raise AssertionError("the books of nobody were opened")


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
