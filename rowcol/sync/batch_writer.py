"""Work that many threads bring and one does beside them: what waits for it is done together."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class BatchWriter(Generic[T]):
    """Where work is brought; once some of it failed nothing more is done."""

    def __init__(self, work: Callable[[Sequence[T]], None], most: int) -> None:
        self._work = work
        self._waiting: queue.Queue[T | None] = queue.Queue(most)
        self._failure: BaseException | None = None

    def bring(self, item: T) -> None:
        """Hand an item over; wait where too many are waiting. Raises what the work raised, for whichever items."""
        self._raise_failure()
        self._waiting.put(item)

    def finish(self) -> None:
        """Return once everything brought so far is done. Raises what the work raised, for whichever items."""
        self._waiting.join()
        self._raise_failure()

    def run(self) -> None:
        """Do what is brought until the end is told."""
        while (item := self._waiting.get()) is not None:
            batch = [item]
            while (more := self._next()) is not None:
                batch.append(more)
            self._do(batch)

    def end(self) -> None:
        """Let `run` return once everything is done."""
        self._waiting.put(None)

    def _next(self) -> T | None:
        """Return an item that waits already, None where none does or the end is told."""
        try:
            item = self._waiting.get_nowait()
        except queue.Empty:
            return None
        if item is None:
            self._waiting.put(None)
            self._waiting.task_done()
        return item

    def _do(self, batch: Sequence[T]) -> None:
        try:
            if self._failure is None:
                self._work(batch)
        except BaseException as error:  # noqa: BLE001 - whoever brings more must hear of it
            self._failure = error
        finally:
            for _ in batch:
                self._waiting.task_done()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


@contextmanager
def batch_writer(work: Callable[[Sequence[T]], None], most: int) -> Iterator[BatchWriter[T]]:
    """Give a place to bring work to while the block runs; up to `most` items wait, and all are done at its end."""
    place: BatchWriter[T] = BatchWriter(work, most)
    thread = threading.Thread(target=place.run, name="landing", daemon=True)
    thread.start()
    try:
        yield place
    finally:
        place.end()
        thread.join()
