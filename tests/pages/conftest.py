"""The pages run by Streamlit's own AppTest, on a practice of hand-built books."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from practice import Practice
from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from rowcol.ui.state import access, refreshing

sys.path.append(str(Path(__file__).parents[1]))  # the store's own kit, also when these tests run alone
SHELL = Path(navigation.__file__).parents[1] / "shell.py"
Open = Callable[..., AppTest]


@pytest.fixture
def practice(monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    """The services the pages ask; caches hold nothing of another test."""
    own = Practice()
    monkeypatch.setattr(access, "_made", lambda: own)
    st.cache_resource.clear()
    refreshing.refresher.cache_clear()
    yield own
    refreshing.refresher().join(10)
    st.cache_resource.clear()
    refreshing.refresher.cache_clear()


@pytest.fixture
def open_page(practice: Practice) -> Open:  # noqa: ARG001 - the services must stand first
    """Open a page, by its path in `places`; keyword arguments are the address's."""

    def opened(page: str = navigation.CLIENTS, **address: str) -> AppTest:
        at = AppTest.from_file(str(SHELL), default_timeout=30)
        at.query_params.update(address)
        if page != navigation.CLIENTS:
            at.switch_page(page)
        at.run()
        assert not at.exception, at.exception
        return at

    return opened


def words_on(at: AppTest) -> str:
    """Return everything a page says in sentences, titles, captions and boxes."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.warning, at.error, at.info, at.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)
