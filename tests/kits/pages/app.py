"""Open a page in Streamlit's AppTest, and read its text."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from rowcol.ui.kit import navigation
from rowcol.ui.state.refreshing import Refresher
from rowcol.ui.state.tray import PastWeeksReader

SHELL = Path(navigation.__file__).parents[1] / "shell.py"
Open = Callable[..., AppTest]


def open_at(page: str = navigation.CLIENTS, **address: str) -> AppTest:
    """Open a page by its path in `navigation`; keyword arguments are the address's."""
    at = AppTest.from_file(str(SHELL), default_timeout=30)
    at.query_params.update(address)
    if page != navigation.CLIENTS:
        at.switch_page(page)
    at.run()
    assert not at.exception, at.exception
    return at


def words_on(at: AppTest) -> str:
    """Return everything a page says in sentences, titles, captions and boxes."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.warning, at.error, at.info, at.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def finish(work: Refresher | PastWeeksReader) -> None:
    """Wait until what a page started in the background has ended."""
    thread = work._thread
    if thread is not None:
        thread.join(30)
