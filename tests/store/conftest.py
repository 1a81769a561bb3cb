"""A store of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kits.lake import Lake
from tests.kits.store import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give an empty store."""
    own = House(tmp_path / "rowcol.duckdb")
    yield own
    own.close()


@pytest.fixture
def lake_house(tmp_path: Path) -> Iterator[House]:
    """Give an empty store on a lake."""
    path = tmp_path / "rowcol.ducklake"
    own = House(path, database=Lake(path))
    yield own
    own.close()
