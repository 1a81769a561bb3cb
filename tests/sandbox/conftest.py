"""The small company, served over HTTP, and a visitor with a token for it."""

from collections.abc import Iterator

import pytest
from small_books import small_company
from visiting import Clock, Visitor

from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def books() -> Company:
    return small_company()


@pytest.fixture
def sandbox(books: Company, clock: Clock) -> Iterator[RunningSandbox]:
    with running_sandbox([books], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def visitor(sandbox: RunningSandbox) -> Visitor:
    return Visitor(sandbox)
