"""Known at: the books as they were known at a past moment."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcol.ui.kit import navigation
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import FIRST_READ, NOW

PACIFIC = ZoneInfo("America/Los_Angeles")


def known_at(at, day: date, clock: time = time(18, 0)):
    """Choose a moment as the advisor does."""
    next(widget for widget in at.date_input if widget.label == "Day").set_value(day)
    next(widget for widget in at.time_input if widget.label == "Time").set_value(clock)
    return next(widget for widget in at.button if widget.label == "Show").click().run()


def test_now_is_what_the_pages_know_until_a_moment_is_chosen(open_page: Open, practice: Practice) -> None:
    at = open_page()
    assert practice.known_at is None
    assert "known at" not in at.caption[0].value
    assert not any(button.label == "Back to now" for button in at.button)


def test_a_past_moment_is_chosen_shown_and_kept_on_the_other_page(
    open_page: Open, practice: Practice
) -> None:
    at = known_at(open_page(), date(2026, 11, 16), time(9, 30))
    assert practice.known_at == datetime(2026, 11, 16, 9, 30, tzinfo=PACIFIC)
    assert "as of Mon 16 Nov 2026 · as known at Mon 16 Nov 2026, 09:30" in at.caption[0].value
    assert r"as RowCol knew them at Mon 16 Nov 2026, 09\:30\: nothing read later" in at.warning[0].value
    at.switch_page(navigation.CLIENT).run()
    assert "as known at Mon 16 Nov 2026, 09:30 · refreshed 3 d before" in at.caption[0].value
    assert not any(tab.label == "Settings" for tab in at.tabs)


def test_refresh_is_off_while_the_page_shows_the_past(open_page: Open) -> None:
    at = known_at(open_page(), date(2026, 11, 16))
    assert at.button(key="refresh").disabled
    assert "go back to now" in at.button(key="refresh").help


def test_back_to_now_shows_the_present_figures_again(open_page: Open) -> None:
    at = known_at(open_page(navigation.CLIENT), date(2026, 11, 16))
    at.button(key="known_now").click().run()
    assert at.caption[0].value.startswith("▲ Critical · as of Fri 20 Nov 2026 · refreshed 4 min ago")
    assert not at.warning


def test_before_the_first_refresh_nothing_was_known_and_that_is_shown(open_page: Open) -> None:
    before = (FIRST_READ - timedelta(days=1)).date()
    for page in (navigation.CLIENTS, navigation.CLIENT):
        at = known_at(open_page(page), before)
        words = words_on(at)
        assert "Nothing was known then" in words
        assert r"had been read from QuickBooks by Thu 12 Nov 2026, 18\:00" in words
        assert "**Back to now**" in words
        assert not at.metric
        assert "Press **Refresh" not in words


def test_a_moment_to_come_means_now(open_page: Open, practice: Practice) -> None:
    known_at(open_page(), NOW.date(), time(23, 45))
    assert practice.known_at is None
