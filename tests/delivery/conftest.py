"""A mail server of the test's own, and a store to note in what became of letters."""

from collections.abc import Iterator

import pytest

from tests.kits.servers.mail import Postbox, postbox


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box
