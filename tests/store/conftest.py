"""A store of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kits.lake import Lake
from tests.kits.store import PracticeStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    """Give an empty store."""
    store = PracticeStore(tmp_path / "rowcol.duckdb")
    yield store
    store.close()


@pytest.fixture
def lake_store(tmp_path: Path) -> Iterator[PracticeStore]:
    """Give an empty store on a lake."""
    path = tmp_path / "rowcol.ducklake"
    lake_store = PracticeStore(path, database=Lake(path))
    yield lake_store
    lake_store.close()
