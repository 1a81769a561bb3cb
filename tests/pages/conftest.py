"""The pages run by Streamlit's own AppTest, on a practice of hand-built books."""

from collections.abc import Iterator

import pytest
import streamlit as st

from rowcol import wiring
from rowcol.ui.state import refreshing
from tests.kits.call_console import Call
from tests.kits.pages.app import Open, finish, open_at
from tests.kits.pages.console import At, console_opener
from tests.kits.pages.services import Practice


@pytest.fixture
def practice(monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    """The services the pages ask; caches hold nothing of another test."""
    practice = Practice()
    monkeypatch.setattr(wiring, "services", lambda: practice)
    st.cache_resource.clear()
    refreshing.refresher.cache_clear()
    yield practice
    finish(refreshing.refresher())
    st.cache_resource.clear()
    refreshing.refresher.cache_clear()


@pytest.fixture
def open_page(practice: Practice) -> Open:  # noqa: ARG001 - the services must be there first
    """Return a function that opens a page."""
    return open_at


@pytest.fixture
def call() -> Iterator[Call]:
    """The books of a client with decisions to take."""
    call = Call()
    yield call
    call.close()


@pytest.fixture
def open_console(open_page: Open, practice: Practice, call: Call) -> At:
    """Return a function that opens the console's page at a tab."""
    return console_opener(open_page, practice, call)
