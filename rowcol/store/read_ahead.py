"""Reads made in a thread of their own, so that some are under way while others' rows are computed with."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rowcol.store.frames import Reading


class ReadAhead:
    """The reads of one `Reading`: one after the other in the order of their calls, all in one thread.

    `start` begins a read and returns at once; the call that needs it waits for it. DuckDB works outside of Python's
    lock, so pandas and DuckDB each have a processor. What is read is the same.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reads")
        self._started: dict[str, tuple[tuple[Any, ...], Future[Any]]] = {}

    def start(self, name: str, *arguments: Any) -> None:
        """Begin the read of that name, unless it was begun. Its call returns what it read, or raises what it raised."""
        if name not in self._started:
            self._started[name] = arguments, self._thread.submit(getattr(self._reading, name), *arguments)

    def close(self) -> None:
        """Wait for the read that is under way; those not begun are not made."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        read = getattr(self._reading, name)

        def call(*arguments: Any, **named: Any) -> Any:
            begun, future = self._started.get(name, (None, None))
            if future is not None and begun == arguments and not named:
                return future.result()
            return self._thread.submit(read, *arguments, **named).result()

        return call
