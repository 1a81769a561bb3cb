"""One moment, one number: pages, files, digests, letters and commands agree on every figure, whatever the time zone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from rowcol.sandbox.books import demo_companies
from tests.kits.clock import TODAY
from tests.kits.outputs.every import MOMENTS, EveryOutput, compared, disagreements, every_output, outputs

EVERYWHERE = {
    "as_of", "as_of, in words", "reconstructed", "status", "tie_out", "cash_cents", "card_debt_cents", "ar_cents",
    "ar_overdue_cents", "ap_cents", "ap_overdue_cents", "buffer_days", "net_burn_runway_days", "cash_out_date", "weeks",
    "findings", "blocking", "finding", "bill", "bill_cents", "invoice", "invoice_cents", "owes", "due_cents", "safe_cents",
    "aging-ap", "aging-ar", "week", "excluded",
}  # fmt: skip
"""Every figure that two outputs or more print."""


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
