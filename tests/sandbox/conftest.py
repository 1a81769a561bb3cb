"""The small company, served over HTTP, and a application with a token for it."""

from collections.abc import Iterator

import pytest

from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from tests.kits.clock import FrozenClock
from tests.kits.sandbox_client import Application
from tests.kits.small_company import small_company


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def books() -> Company:
    return small_company()


@pytest.fixture
def sandbox(books: Company, clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([books], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def application(sandbox: RunningSandbox) -> Application:
    return Application(sandbox)
