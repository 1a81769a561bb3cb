"""A terminal of each test's own, and one that tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kits.practice import FIRST
from tests.kits.terminal import Terminal, terminal_at


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """Give a terminal of the test's own."""
    with terminal_at(tmp_path) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """Give a terminal for reading only, with one client connected and refreshed."""
    with terminal_at(tmp_path_factory.mktemp("shared")) as shared:
        shared.connect(FIRST)
        done = shared("sync")
        assert done.code == 0, done.err
        yield shared


@pytest.fixture
def synced(terminal: Terminal) -> Terminal:
    """Give a terminal with one client connected and refreshed."""
    terminal.connect(FIRST)
    done = terminal("sync")
    assert done.code == 0, done.err
    return terminal
