"""Of which day figures are: in words, in the last columns of a file, beside a tie-out, and what cash leaves out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.delivery.csv import to_csv
from rowcol.delivery.render import render_practice
from rowcol.domain.clients import ClientSettings
from rowcol.store.control.checks import TieOutRow
from rowcol.ui.client.tie_out import state_text
from rowcol.ui.clients.page import cash_sentences
from rowcol.ui.clients.table import NARROW, SHOWN, shown_columns
from rowcol.ui.connections.page import rounding_note
from rowcol.ui.kit.tables import STATED_FILE
from rowcol.ui.kit.wording import tie_out_sentence
from rowcol.views.client.tie_out import tie_out_view
from rowcol.views.clients import clients_view
from rowcol.views.common.columns import Stated
from rowcol.views.common.left_out import LeftOut
from rowcol.views.reports import report
from rowcol.wording import as_of_text, period_text
from tests.kits.digests import PRACTICE
from tests.kits.records import CHECKING, SAVINGS, account
from tests.kits.store import NOW, TODAY, PracticeStore, gateway_over

THURSDAY, FRIDAY = date(2026, 12, 17), date(2026, 12, 18)
OTHER = "9130350000000000077"


@pytest.mark.parametrize(
    ("days", "reconstructed", "words"),
    [
        ([FRIDAY], [False], "as of Fri 18 Dec 2026"),
        ([THURSDAY, THURSDAY], [True, True], "as of Thu 17 Dec 2026, reconstructed"),
        ([THURSDAY, THURSDAY], [False, True], "as of Thu 17 Dec 2026, 1 of 2 clients reconstructed"),
        (
            [FRIDAY, THURSDAY],
            [False, False],
            "each client as of its own day, Thu 17 Dec 2026 to Fri 18 Dec 2026",
        ),
    ],
)
def test_days_in_words(days: list[date], reconstructed: list[bool], words: str) -> None:
    assert as_of_text(days, reconstructed) == words


def test_several_days_in_a_file_s_name() -> None:
    assert (period_text([FRIDAY]), period_text([FRIDAY, THURSDAY])) == (
        "2026-12-18",
        "2026-12-17 to 2026-12-18",
    )


def test_a_file_s_last_columns_are_its_day_and_knowledge() -> None:
    rows = pd.DataFrame({"cash_cents": [1_250]})
    stated = Stated(datetime(2026, 12, 18, 5, 30, tzinfo=UTC), THURSDAY, True)
    text = to_csv(stated.on(rows), {"cash_cents": "cash", **STATED_FILE}).decode("utf-8-sig")
    assert text == "cash,as_of,reconstructed,known_at\r\n12.50,2026-12-17,yes,2026-12-18T05:30:00+00:00\r\n"


def test_each_client_stands_at_its_own_day_and_a_picked_one_applies_to_all(store: PracticeStore) -> None:
    """At 05:30 UTC of the 18th it is still the 17th in Los Angeles."""
    first = store.client()
    second = store.client(OTHER)
    zones = {
        first: ClientSettings(time_zone="America/Los_Angeles"),
        second: ClientSettings(time_zone="Asia/Tokyo"),
    }
    at = datetime(2026, 12, 18, 5, 30, tzinfo=UTC)
    gateway = gateway_over(store.frames, lambda _: zones, now=at, zone="America/New_York")
    own = clients_view(gateway).rows.set_index("business_id")
    assert own["as_of"].to_dict() == {first: THURSDAY, second: FRIDAY}
    assert not own["reconstructed"].any()
    picked = clients_view(gateway, Moment(THURSDAY)).rows.set_index("business_id")
    assert picked["as_of"].to_dict() == {first: THURSDAY, second: THURSDAY}
    assert picked["reconstructed"].to_dict() == {first: False, second: True}
    then = clients_view(gateway, Moment(known_at=at - timedelta(days=3))).rows
    assert not then["reconstructed"].any(), "a past moment as it was known then is not rolled back"


def test_a_report_names_its_clients_by_their_days(store: PracticeStore) -> None:
    first = store.client()
    zones = {first: ClientSettings(time_zone="Asia/Tokyo")}
    at = datetime(2026, 12, 18, 5, 30, tzinfo=UTC)
    store.client(OTHER)
    gateway = gateway_over(store.frames, lambda _: zones, now=at, zone="America/New_York")
    names = {row["business_id"]: row["name"] for row in clients_view(gateway).rows.to_dict("records")}
    (other,) = (name for business_id, name in names.items() if business_id != first)
    picked = report(gateway, "aging-ap", None, Moment(THURSDAY)).stated
    assert picked == "As of Thu 17 Dec 2026, reconstructed. As known at Fri 18 Dec 2026, 00:30 EST."
    at_night = report(
        gateway_over(store.frames, lambda _: zones, now=at - timedelta(hours=2), zone="America/New_York"),
        "aging-ap",
    ).stated
    assert at_night == (
        f"As of Thu 17 Dec 2026: {other}. As of Fri 18 Dec 2026: {names[first]}. As known at Thu 17 Dec 2026, 22:30 EST."
    )


def test_a_tie_out_made_for_another_day_is_not_shown(store: PracticeStore) -> None:
    client = store.client()
    store.check(TODAY, [TieOutRow("ap", "1", "Acme", 100, 90)])
    gateway = gateway_over(store.frames)
    assert clients_view(gateway).rows["tie_out"].tolist() == ["broken"]
    past = Moment(TODAY - timedelta(days=45))
    assert clients_view(gateway, past).rows["tie_out"].tolist() == ["unchecked"]
    assert "TIE_OUT_BROKEN" not in set(report(gateway, "tray", None, past).rows["code"])
    view = tie_out_view(gateway, client, past)
    assert (view.state, view.other_day, len(view.totals), len(view.clues)) == ("unchecked", TODAY, 0, 0)
    assert "Not checked for this day" in state_text(view)
    assert tie_out_sentence("unchecked", reconstructed=True) == "– not checked for this day"


def test_a_check_of_the_past_day_itself_is_shown(store: PracticeStore) -> None:
    client = store.client()
    yesterday = TODAY - timedelta(days=1)
    store.check(yesterday, [TieOutRow("ap", "1", "Acme", 100, 100)], at=NOW - timedelta(days=1))
    gateway = gateway_over(store.frames)
    assert tie_out_view(gateway, client, Moment(yesterday)).state == "tied"
    assert tie_out_view(gateway, client).state == "tied", "today has the last check, with its age"


def test_an_excluded_account_is_named_wherever_cash_is(store: PracticeStore) -> None:
    client = store.client()
    store.land_all([account(CHECKING, "Checking", "Bank", 5), account(SAVINGS, "Trust", "Bank", 7)])
    settings = {client: ClientSettings(excluded_accounts=(SAVINGS,))}
    gateway = gateway_over(store.frames, lambda _: settings)
    rows = clients_view(gateway).rows
    assert rows["excluded"].tolist() == [("Trust",)]
    assert cash_sentences(rows) == [f"Left out of cash: Trust ({rows['name'].iloc[0]})"]
    assert report(gateway, "forecast").left_out == (f"{rows['name'].iloc[0]}: Left out of cash: Trust.",)
    assert report(gateway, "aging-ap").left_out == (), "no cash is in it"


def test_what_is_left_out_in_sentences() -> None:
    out = LeftOut(("Trust", "Escrow"), ("Euro account EUR 1,234.50",), ("KWD",))
    assert out.sentences() == (
        "Left out of cash: Trust and Escrow",
        "Left out, no exchange rate or balance is known: Euro account EUR 1,234.50",
        "KWD has three decimals: amounts are rounded to two places",
    )


def test_companies_in_a_currency_with_three_decimals_are_named_on_connections() -> None:
    rows = pd.DataFrame(
        {"name": ["Gulf Co", "Larch", "Gone"], "home_currency": ["KWD", "USD", "BHD"],
         "state": ["connected", "connected", "disconnected"]}
    )  # fmt: skip
    assert rounding_note(rows) == "KWD has three decimals: amounts are rounded to two places (Gulf Co)."
    assert rounding_note(rows[1:2]) == ""


def test_the_client_list_shows_each_day_only_if_days_differ() -> None:
    assert "as_of" not in shown_columns(list(SHOWN), [FRIDAY])
    assert shown_columns(NARROW, [THURSDAY, FRIDAY])[-1] == "as_of"


def test_a_digest_of_several_days_names_each_client_s() -> None:
    lines = (replace(PRACTICE.lines[0], as_of=date(2026, 11, 21)), *PRACTICE.lines[1:])
    chase = (replace(PRACTICE.chase[0], as_of=date(2026, 11, 21)), *PRACTICE.chase[1:])
    mail = render_practice(replace(PRACTICE, lines=lines, chase=chase))
    assert "Acme Corp (Juniper & Vale PR, as of 21 Nov)" in mail.text
    assert "Zed Retail (Harbor Point Studio, as of 20 Nov)" in mail.text
    assert (
        "Each client as of its own day, Fri 20 Nov 2026 to Sat 21 Nov 2026, as the books were known on"
        in mail.text
    )
    assert "Juniper &amp; Vale PR, as of 21 Nov" in mail.html
    file = mail.csv.decode("utf-8-sig").splitlines()
    assert file[0] == "section,client,party,what,amount,currency,days,date,as_of,reconstructed,known_at"
    (owes,) = (line for line in file if line.startswith("chase,Juniper"))
    assert owes.endswith("2026-11-21,no,2026-11-20T15:04:00+00:00")
