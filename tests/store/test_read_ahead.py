"""Reads begun ahead: the views of all clients read the same as those that begin none."""

from collections.abc import Iterator
from threading import Event
from typing import cast

import pandas as pd
import pytest

from rowcol.sandbox.books import demo_companies
from rowcol.store.frames import Reading
from rowcol.store.read_ahead import ReadAhead
from rowcol.views.common.client_rows import client_rows
from tests.kits.store import MEMORY, TODAY, PracticeStore, gateway_over


class Reads:
    """A reading of two reads, one of which fails, and one that waits."""

    def __init__(self) -> None:
        self.made: list[object] = []
        self.go = Event()

    def plain(self, day: int) -> int:
        self.made.append(day)
        return day

    def waiting(self) -> None:
        self.go.wait(10)

    def failing(self) -> None:
        raise ValueError("not read")


@pytest.fixture
def reads() -> Iterator[Reads]:
    reads = Reads()
    yield reads
    reads.go.set()


def ahead_of(reads: Reads) -> ReadAhead:
    return ReadAhead(cast(Reading, reads))


def test_a_read_begun_is_made_once_and_another_day_is_read_on_its_own(reads: Reads) -> None:
    ahead = ahead_of(reads)
    ahead.start("plain", 1)
    ahead.start("plain", 1)
    assert (ahead.plain(1), ahead.plain(1), ahead.plain(2)) == (1, 1, 2)
    assert reads.made == [1, 2]
    ahead.close()


def test_the_call_raises_what_a_read_begun_raised(reads: Reads) -> None:
    ahead = ahead_of(reads)
    ahead.start("failing")
    assert ahead.plain(3) == 3
    with pytest.raises(ValueError, match="not read"):
        ahead.failing()
    ahead.close()


def test_what_was_not_begun_when_the_view_ends_is_not_read(reads: Reads) -> None:
    ahead = ahead_of(reads)
    ahead.start("waiting")
    ahead.start("plain", 1)
    reads.go.set()
    ahead.waiting()
    ahead.close()
    assert reads.made in ([], [1])
    with pytest.raises(RuntimeError, match="shutdown"):
        ahead.plain(2)


def test_all_clients_read_ahead_are_what_they_are_read_by_name() -> None:
    store = PracticeStore(MEMORY)
    for company in demo_companies(count=4, seed=1, today=TODAY):
        for entity, records in company.entities.items():
            store.land(entity, *records.values(), realm=company.realm)
    gateway = gateway_over(store.frames)
    with gateway.open_with_forecast() as books:
        rows, findings = client_rows(books), books.all_findings()
        named = tuple(books.clients["business_id"])
    with gateway.open_with_forecast(named) as books:
        assert books.ahead is None
        pd.testing.assert_frame_equal(client_rows(books), rows)
        pd.testing.assert_frame_equal(books.all_findings(), findings)
    assert len(findings)
    store.close()
