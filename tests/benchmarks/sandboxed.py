"""The sandbox in a process of its own, so that its time is not ours; it runs the functions it is sent."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox


@dataclass(frozen=True)
class Sandboxed:
    """A sandbox served from elsewhere: its address, and a way to have something done to it."""

    url: str
    pipe: Connection

    def do(self, work: Callable[..., Any], *args: Any) -> Any:
        """Run `work(sandbox, *args)`, a function of some module, in the process of the sandbox; return what it returns."""
        self.pipe.send((work, args))
        return self.pipe.recv()


@contextmanager
def sandboxed(make_companies: Callable[..., Sequence[Company]], *args: Any) -> Iterator[Sandboxed]:
    """Serve the companies `make_companies(*args)` from another process while the block runs; nothing is throttled."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(theirs, make_companies, args), daemon=True
    )
    process.start()
    try:
        yield Sandboxed(str(ours.recv()), ours)
    finally:
        ours.send(None)
        process.join(10)
        process.terminate()


def grants(sandbox: RunningSandbox) -> dict[str, str]:
    """Return a refresh token for each company, by realm."""
    return {realm: sandbox.grant(realm) for realm in sandbox.companies}


def switched(sandbox: RunningSandbox, changes: dict[str, Any]) -> None:
    """Set switches and forget the requests so far."""
    sandbox.switch(**changes)
    sandbox.state.stats.clear()


def request_counts(sandbox: RunningSandbox) -> dict[str, dict[str, int]]:
    """Return realm -> kind -> requests since the last `switched`."""
    return {realm: dict(seen["requests"]) for realm, seen in sandbox.stats()["realms"].items()}


def _serve(pipe: Connection, make_companies: Callable[..., Sequence[Company]], args: tuple[Any, ...]) -> None:
    with running_sandbox(make_companies(*args), throttle=False) as sandbox:
        pipe.send(sandbox.url)
        while (task := pipe.recv()) is not None:
            work, values = task
            pipe.send(work(sandbox, *values))
