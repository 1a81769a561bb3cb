"""A practice of one client or two, connected and not yet refreshed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kits.practice import SECOND, Desk, desk_at, shop


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give the desk of a practice with one client."""
    with desk_at([shop()], tmp_path / "rowcol.duckdb") as own:
        own.connect()
        yield own


@pytest.fixture
def desk_of_two(tmp_path: Path) -> Iterator[Desk]:
    """Give the desk of a practice with two clients."""
    with desk_at([shop(), shop(SECOND, "Maple Works")], tmp_path / "rowcol.duckdb") as own:
        own.connect()
        yield own
