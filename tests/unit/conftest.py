"""A store of its own for each test that needs books."""

from collections.abc import Iterator

import pytest

from tests.kits.records import chart
from tests.kits.store import MEMORY, PracticeStore


@pytest.fixture
def store() -> Iterator[PracticeStore]:
    """Give an empty store whose one client has a chart of accounts and 1,000.00 in Checking."""
    store = PracticeStore(MEMORY)
    store.land_all(chart(checking=1000))
    yield store
    store.close()
