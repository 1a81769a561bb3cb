"""A mail server of the test's own, and a store to note in what became of letters."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .postbox import Postbox, postbox

sys.path.append(str(Path(__file__).parents[1]))  # the store's own kit


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as own:
        yield own
