"""Clients: what the advisor sees first."""

from datetime import date, timedelta

import pandas as pd
from streamlit import dataframe_util

from rowcol.errors import StoreLocked
from rowcol.ui.kit import navigation
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import NOW, client_row


def grid_of(at) -> pd.DataFrame:
    return at.dataframe[0].value


def words_over(at) -> pd.DataFrame:
    """Return what the reader sees in the table's cells."""
    return dataframe_util.convert_arrow_bytes_to_pandas_df(
        at.dataframe[0].proto.arrow_data.styler.display_values
    )


def test_the_list_has_one_line_a_client_most_endangered_first(open_page: Open) -> None:
    grid = grid_of(open_page())
    assert list(grid["name"]) == [
        "Juniper & Vale PR",
        "Northlight Creative",
        "Harbor Point Studio",
        "Fathom Films",
        "Maple Row Interiors",
        "Lark & Sons Landscaping and Garden Design",
        "=Brand*New* $tudio",
    ]
    assert list(grid["status"])[:5] == ["▲ Critical", "▲ Critical", "◆ Watch", "◆ Watch", "● Steady"]
    assert list(grid["cash_cents"])[:3] == [4_120_855, -360_600, 31_104_300]


def test_what_is_read_over_the_numbers(open_page: Open) -> None:
    read = words_over(open_page())
    assert list(read["cash_cents"])[:4] == ["$41,209", "-$3,606", "£311,043", "$316,548"]
    assert list(read["net_burn_runway_days"]) == ["22", "0", "38", "66", "cash-generative", "280", "–"]
    assert list(read["cash_out_date"]) == ["27 Nov", *["beyond 13 weeks"] * 5, "–"]
    assert list(read["refreshed"]) == ["4 min", "4 min", "4 min", "3 h · stale", "4 min", "4 min", "never"]


def test_words_without_a_number_sort_after_every_number(open_page: Open) -> None:
    grid = grid_of(open_page())
    assert grid.sort_values("net_burn_runway_days")["name"].iloc[5] == "Maple Row Interiors"
    assert grid.sort_values("refreshed")["name"].iloc[-1] == "=Brand*New* $tudio"
    assert grid.sort_values("cash_out_date")["name"].iloc[0] == "Juniper & Vale PR"


def test_a_client_never_refreshed_has_no_figures(open_page: Open) -> None:
    last = grid_of(open_page()).iloc[-1]
    assert last[["status", "cash_cents", "buffer_days", "net_burn_runway_days", "ar_cents"]].isna().all()
    assert pd.isna(last["cash_out_date"])


def test_unlike_currencies_stand_apart(open_page: Open) -> None:
    cash = open_page().metric[0]
    assert (cash.label, cash.value) == ("Cash in the books", r"\$499k")
    assert cash.delta == r"apart: CA\$2\.21m and £311k".replace("apart:", r"apart\:")
    assert "499,441" not in cash.value
    assert "\\$499,441\\.55 USD" in cash.help
    assert "Unlike currencies are never added" in cash.help


def test_the_count_of_endangered_clients_leaves_out_those_not_read_yet(open_page: Open) -> None:
    assert open_page().metric[1].value == "4 of 6"


def test_the_caption_shows_scope_date_freshness_and_tie_out(open_page: Open) -> None:
    assert open_page().caption[0].value == (
        "7 clients · book cash, each in its home currency · as of Fri 20 Nov 2026 · 5 fresh, 1 stale, 1 never read · "
        "oldest refresh 3 h ago · 4 tied to QuickBooks, 1 not tied, 2 not yet checked"
    )


def test_stale_clients_are_shown_above_the_figures_with_the_reason(open_page: Open) -> None:
    words = open_page().warning[0].value
    assert "Fathom Films is not up to date\\: QuickBooks asked to come back later" in words
    assert "3 h ago" in words


def test_many_stale_clients_are_counted_not_listed(open_page: Open, practice: Practice) -> None:
    practice.rows = [
        client_row(f"b{n}", f"Client {n}", "steady", 100, 50, stale=True, stale_reason="Too old")
        for n in range(9)
    ]
    words = open_page().warning[0].value
    assert "9 clients are not up to date" in words
    assert "6 more" in words
    assert "Client 7" not in words


def test_text_from_the_books_is_never_read_as_markdown(open_page: Open) -> None:
    assert r"Brand\*New\* \$tudio" in open_page().warning[0].value


def test_searching_and_choosing_a_status_narrow_the_list(open_page: Open) -> None:
    at = open_page()
    at.text_input(key="clients_search").input("north CREATIVE").run()
    assert list(grid_of(at)["name"]) == ["Northlight Creative"]
    at.text_input(key="clients_search").input("").run()
    at.pills(key="clients_status").set_value("steady").run()
    assert len(grid_of(at)) == 2
    at.text_input(key="clients_search").input("nobody").run()
    assert not at.dataframe
    assert "No client matches" in words_on(at)


def test_a_click_on_a_row_opens_that_client(open_page: Open) -> None:
    at = open_page()
    at.session_state["client_to_open"] = "b-harbor"
    at.run()
    assert at.title[0].value == "Harbor Point Studio"
    assert at.query_params["client"] == "b-harbor"


def test_another_date_is_chosen_and_kept_for_the_other_pages(open_page: Open) -> None:
    at = open_page()
    at.date_input[0].set_value(date(2026, 11, 3)).run()
    assert "as of Tue 3 Nov 2026" in at.caption[0].value
    at.switch_page(navigation.CLIENT).run()
    assert "as of Tue 3 Nov 2026" in at.caption[0].value
    at.button(key="as_of_today").click().run()
    assert "as of Fri 20 Nov 2026" in at.caption[0].value


def test_before_the_first_refresh_there_are_no_cards_of_nothing(open_page: Open, practice: Practice) -> None:
    practice.rows = [practice.rows[-1] | {"business_id": f"b-{n}", "name": f"Client {n}"} for n in range(5)]
    at = open_page()
    assert "Client 0, Client 1, Client 2 and 2 more are connected. Press **Refresh all**" in words_on(at)
    assert not at.metric
    assert not at.warning


def test_without_clients_the_page_names_the_next_step(open_page: Open, practice: Practice) -> None:
    practice.rows = []
    practice.unconfigured = ("ROWCOL_QBO_CLIENT_ID", "ROWCOL_QBO_CLIENT_SECRET")
    at = open_page()
    words = words_on(at)
    assert "No client connected yet" in words
    assert "`ROWCOL_QBO_CLIENT_ID` and `ROWCOL_QBO_CLIENT_SECRET`" in words
    assert at.get("page_link")[0].proto.label == "Go to Connections"
    assert at.button(key="refresh").disabled


def test_a_refused_request_is_one_plain_sentence_with_what_to_do(open_page: Open, practice: Practice) -> None:
    practice.raises = StoreLocked("Another process (4711) holds the database", "Stop it, then reload")
    at = open_page()
    assert at.title[0].value == "The database is in use"
    assert at.error[0].value == r"Another process \(4711\) holds the database. **Stop it, then reload.**"


def test_ages_follow_the_clock_though_nothing_was_logged(open_page: Open, practice: Practice) -> None:
    at = open_page()
    practice.now = lambda: NOW + timedelta(hours=5)
    at.run()
    assert words_over(at)["refreshed"].iloc[0] == "5 h"


def test_each_client_shows_its_13_weeks_ahead(open_page: Open, practice: Practice) -> None:
    practice.rows[0]["weeks_ahead"] = tuple(range(1_300_000, 0, -100_000))
    ahead = open_page().dataframe[0].value["weeks_ahead"]
    assert list(ahead[0]) == [float(units) for units in range(13_000, 0, -1_000)]
    assert list(ahead[1]) == []


def test_the_order_of_the_list_is_the_way_to_the_next_client(open_page: Open, practice: Practice) -> None:
    """Other pages may know an older order; once the list was seen, the next client is the one below."""
    before = list(open_page(navigation.CLIENT, client="b-juniper").selectbox[0].options)
    practice.rows.reverse()
    practice.position += 1
    at = open_page()
    shown = [row["name"] for row in practice.rows]
    at.switch_page(navigation.CLIENT).run()
    assert before != shown
    assert list(at.selectbox[0].options) == shown
