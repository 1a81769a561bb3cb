"""Running the sandbox: in the foreground for a person, in a thread for tests and the demo."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import uvicorn

from rowcol.sandbox.company import Company
from rowcol.sandbox.faults import rule_from_json
from rowcol.sandbox.server import create_app
from rowcol.sandbox.state import Clock, Sandbox, sandbox_of
from rowcol.sandbox.switches import Switches
from rowcol.sandbox.times import system_clock
from rowcol.sandbox.wire import Connections, watching_protocol

HOST = "127.0.0.1"
BACKLOG = 128
SHUTDOWN_SECONDS = 1


def serve(
    companies: Sequence[Company], port: int, latency_ms: int = 0, switches: Switches | None = None
) -> None:
    """Serve companies until interrupted; prints `listening on http://127.0.0.1:PORT` when ready (port 0: any free).

    Raises OSError if the port is taken.
    """
    chosen = replace(switches or Switches(), latency_ms=latency_ms)
    listener = _listener(port)
    server = _server(sandbox_of(companies, chosen), lambda: _say(_url(listener)))
    with suppress(KeyboardInterrupt):  # uvicorn raises Ctrl-C again once it has closed everything
        server.run(sockets=[listener])


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox being served: its address, and its state to look at and to steer."""

    url: str
    state: Sandbox

    @property
    def companies(self) -> dict[str, Company]:
        """Return the companies by realm."""
        return self.state.companies

    def grant(self, realm: str) -> str:
        """Return a refresh token for a company."""
        return self.state.grants.grant(realm, self.state.clock())

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put fault rules into force (`faults.FaultRule`, as dictionaries); none: clear them."""
        if not rules:
            self.state.faults.clear()
        self.state.faults.add([rule_from_json(rule) for rule in rules])

    def switch(self, **changes: Any) -> None:
        """Set switches by name."""
        self.state.switches = replace(self.state.switches, **changes)

    def stats(self) -> dict[str, Any]:
        """Return what was asked so far (`stats.Stats.document`)."""
        return self.state.stats.document()


@contextmanager
def running_sandbox(
    companies: Sequence[Company], *, port: int = 0, clock: Clock = system_clock, **switches: Any
) -> Iterator[RunningSandbox]:
    """Serve companies from a thread while the block runs; keyword arguments are `Switches`."""
    state = sandbox_of(companies, Switches(**switches), clock)
    listener = _listener(port)
    ready = threading.Event()
    server = _server(state, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield RunningSandbox(_url(listener), state)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class _Server(uvicorn.Server):
    """uvicorn, telling when it accepts."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell_started()


def _server(state: Sandbox, started: Callable[[], None]) -> _Server:
    connections = Connections()
    config = uvicorn.Config(
        create_app(state, connections),
        http=watching_protocol(connections),
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    return _Server(config, started)


def _listener(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle on and every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(BACKLOG)
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _say(url: str) -> None:
    sys.stdout.write(f"listening on {url}\n")
    sys.stdout.flush()
