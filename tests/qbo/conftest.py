"""A scripted loopback server, and the QuickBooks client set up against it with time that nobody waits for."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from rowcol.qbo.client import QboClient
from rowcol.qbo.oauth import AuthorizationServer
from tests.kits.clock import FrozenClock
from tests.kits.servers.scripted import APPLICATION, FixedTokens, Handler, Scripted, client_of, endpoints


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    script = Scripted(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (Handler,), {"scripted": script})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        script.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def time_() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def tokens() -> FixedTokens:
    return FixedTokens()


@pytest.fixture
def client(scripted: Scripted, time_: FrozenClock, tokens: FixedTokens) -> QboClient:
    """Return a client of the scripted server."""
    return client_of(scripted.url, time_, tokens)


@pytest.fixture
def authority(scripted: Scripted, time_: FrozenClock) -> AuthorizationServer:
    return AuthorizationServer(endpoints(scripted.url), lambda: APPLICATION, now=time_, sleep=time_.sleep)
