"""A practice of one client or two, connected and not yet refreshed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kits.practice import SECOND, PracticeStage, practice_at, shop


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeStage]:
    """Give a practice with one client."""
    with practice_at([shop()], tmp_path / "rowcol.duckdb") as stage:
        stage.connect()
        yield stage


@pytest.fixture
def practice_of_two(tmp_path: Path) -> Iterator[PracticeStage]:
    """Give a practice with two clients."""
    with practice_at([shop(), shop(SECOND, "Maple Works")], tmp_path / "rowcol.duckdb") as stage:
        stage.connect()
        yield stage
