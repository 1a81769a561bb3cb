"""What a page shows, decided from what is known of its books."""

import pytest

from rowcol.ui.kit.page_frame import PageState, page_state


@pytest.mark.parametrize(
    ("read", "past", "refreshing", "state"),
    [
        (True, False, False, PageState.FIGURES),
        (True, True, True, PageState.FIGURES),
        (False, True, False, PageState.NOTHING_KNOWN),
        (False, True, True, PageState.NOTHING_KNOWN),
        (False, False, True, PageState.LOADING),
        (False, False, False, PageState.NEVER_REFRESHED),
    ],
)
def test_a_page_shows_its_figures_or_why_it_has_none(
    read: bool, past: bool, refreshing: bool, state: PageState
) -> None:
    assert page_state(read=read, past=past, refreshing=refreshing) is state
