"""Work put by many threads and done by one, in batches of whatever is waiting."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class BatchWriter(Generic[T]):
    """A queue of work and the loop that does it; after a failure nothing more is done."""

    def __init__(self, work: Callable[[Sequence[T]], None], most: int) -> None:
        self._work = work
        self._waiting: queue.Queue[T | None] = queue.Queue(most)
        self._failure: BaseException | None = None

    def put(self, item: T) -> None:
        """Queue an item; wait if the queue is full. Raises what the work raised, for whichever items."""
        self._raise_failure()
        self._waiting.put(item)

    def finish(self) -> None:
        """Wait until everything queued so far is done. Raises what the work raised, for whichever items."""
        self._waiting.join()
        self._raise_failure()

    def run(self) -> None:
        """Do the work until `close`."""
        while (item := self._waiting.get()) is not None:
            batch = [item]
            while (more := self._next()) is not None:
                batch.append(more)
            self._do(batch)

    def close(self) -> None:
        """Let `run` return once everything is done."""
        self._waiting.put(None)

    def _next(self) -> T | None:
        """Return an item that is already waiting, None if there is none or the queue is closed."""
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
        except BaseException as error:  # noqa: BLE001 - `put` and `finish` raise it
            self._failure = error
        finally:
            for _ in batch:
                self._waiting.task_done()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


@contextmanager
def batch_writer(work: Callable[[Sequence[T]], None], most: int) -> Iterator[BatchWriter[T]]:
    """Run a batch writer during the block; up to `most` items wait, and all are done at its end."""
    writer: BatchWriter[T] = BatchWriter(work, most)
    thread = threading.Thread(target=writer.run, name="landing", daemon=True)
    thread.start()
    try:
        yield writer
    finally:
        writer.close()
        thread.join()
