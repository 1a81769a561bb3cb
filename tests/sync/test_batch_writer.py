"""Work handed over is done once, in order, together with what waits; a failure is raised to each caller."""

import threading
from collections.abc import Sequence

import pytest

from rowcol.errors import StoreFull
from rowcol.sync.batch_writer import batch_writer


def test_what_waits_is_done_together_in_the_order_it_was_brought() -> None:
    batches: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> None:
        batches.append(list(items))
        begun.set()
        assert go_on.wait(10)

    with batch_writer(work, 8) as writer:
        writer.put(0)
        assert begun.wait(10)
        for item in (1, 2, 3):
            writer.put(item)
        go_on.set()
        writer.finish()
        assert batches == [[0], [1, 2, 3]]
        writer.put(4)
    assert batches == [[0], [1, 2, 3], [4]], "what was brought is done before the end"


def test_a_failure_is_raised_to_every_reader_and_nothing_is_done_after_it() -> None:
    done: list[int] = []

    def work(items: Sequence[int]) -> None:
        done.extend(items)
        raise StoreFull("The disk is full")

    with batch_writer(work, 8) as writer:
        writer.put(0)
        with pytest.raises(StoreFull):
            writer.finish()
        with pytest.raises(StoreFull):
            writer.put(1)
        with pytest.raises(StoreFull):
            writer.finish()
    assert done == [0]
