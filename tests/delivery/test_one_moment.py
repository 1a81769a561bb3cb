"""One moment, one number: pages, files, digests, letters and commands agree on every figure, whatever the time zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company
from tests.kits.clock import TODAY
from tests.kits.outputs.every import MOMENTS, EveryOutput, compared, disagreements, every_output, outputs

EVERYWHERE = {
    "as_of", "as_of, in words", "reconstructed", "status", "tie_out", "cash_cents", "card_debt_cents", "ar_cents",
    "ar_overdue_cents", "ap_cents", "ap_overdue_cents", "buffer_days", "net_burn_runway_days", "cash_out_date", "weeks",
    "findings", "blocking", "finding", "bill", "bill_cents", "invoice", "invoice_cents", "owes", "due_cents", "safe_cents",
    "aging-ap", "aging-ar", "week", "excluded",
}  # fmt: skip
"""Every figure that two outputs or more print."""


SHOP = "9130350000000000009"


def late_shop() -> Company:
    """Return a company with two invoices: 7,225.00 long late, 5,650.00 thirty days late on the day after TODAY."""
    books = Books(SHOP, "Late & Sons", today=TODAY)
    customer = books.customer("Clear Co", email="ap@clear.example")
    books.deposit(date(2026, 9, 1), lines=[("Opening Balance Equity", "5000.00")])
    books.invoice(customer, "7225.00", date(2026, 9, 1), due=date(2026, 10, 1), number="1001")
    books.invoice(customer, "5650.00", date(2026, 9, 22), due=date(2026, 10, 22), number="1002")
    return books.finish()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EveryOutput]:
    """Give two of the built-in companies, each with an account excluded and a reserve."""
    with every_output(tmp_path_factory.mktemp("moments"), demo_companies(2, today=TODAY)) as stage:
        for client in stage.services.clients.names():
            view = stage.services.client_view(client)
            excluded = (str(view.bank_accounts["account_id"].iloc[-1]),)
            settings = replace(view.settings, reserve_cents=1_000_000, excluded_accounts=excluded)
            stage.services.save_settings(client, settings)
        yield stage


@pytest.mark.parametrize("turn", range(3))
def test_every_output_prints_the_same_figure(stage: EveryOutput, turn: int) -> None:
    """A morning, an afternoon and an evening, each client in another time zone each time."""
    stage.at(MOMENTS[turn], turn)
    said = outputs(stage.services)
    assert disagreements(said) == []
    assert compared(said) == EVERYWHERE
    if turn:
        assert stage.days() == {TODAY, TODAY + timedelta(days=1)}


def test_in_the_evening_page_and_letter_ask_for_the_same_amount(tmp_path: Path) -> None:
    """The page was of the client's day and asked for $12,875, its letter of the practice's and asked for $7,225."""
    with every_output(tmp_path, [late_shop()]) as stage:
        stage.at(MOMENTS[2], 2)
        said = outputs(stage.services)
        (client,) = stage.services.clients.names()
        asked = {
            name: figures[client, "invoice_cents"]
            for name, figures in said.items()
            if (client, "invoice_cents") in figures
        }
        assert disagreements(said) == []
        assert asked == dict.fromkeys(
            ("Console page", "commands", "practice's digest", "letter", "letter's text", "letter's mail"),
            1_287_500,
        )
        letter = stage.services.digests.rendered(
            client, stage.services.digests.inputs(client, None, stage.services.now())
        )
        assert "Sat 21 Nov 2026" in letter.text
        assert letter.slug.endswith("2026-11-21")


def test_a_picked_date_applies_to_every_output_and_is_reconstructed(stage: EveryOutput) -> None:
    stage.at(MOMENTS[2], 2)
    picked = TODAY - timedelta(days=45)
    said = outputs(stage.services, picked)
    assert disagreements(said) == []
    values = {
        figure: {value for figures in said.values() for (_, name), value in figures.items() if name == figure}
        for figure in ("as_of", "reconstructed", "tie_out")
    }
    assert values == {"as_of": {picked}, "reconstructed": {True}, "tie_out": {"unchecked"}}
