"""Work that many bring and one does at a time: what waits for its turn together is done together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Calls `work` with everything that was brought while the last call ran; safe to share between threads."""

    def __init__(self, work: Callable[[Sequence[T]], None]) -> None:
        self._work = work
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: list[tuple[T, Future[None]]] = []

    def bring(self, item: T) -> None:
        """Return once the item's work is done. Raises what `work` raised, to all whose items it had."""
        done: Future[None] = Future()
        with self._lock:
            self._waiting.append((item, done))
        with self._turn:
            if not done.done():
                self._do()
        done.result()

    def _do(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            self._work([item for item, _ in batch])
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            for _, done in batch:
                done.set_exception(error)
            return
        for _, done in batch:
            done.set_result(None)
