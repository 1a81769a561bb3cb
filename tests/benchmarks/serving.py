"""A QuickBooks that only sends what was prepared: page bodies made beforehand, in a process of its own.

It answers queries by entity and STARTPOSITION, counts, reports and the token endpoint, as fast as a socket
takes the bytes, or after a latency; and it remembers when each request came.
"""

import json
import multiprocessing
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.benchmarks.books import AP, AR, BANK, SAVINGS, Sizes, company

PAGE = 1000
TODAY = date(2026, 11, 20)
REALM = "9130000000000001"
TOKENS = {
    "access_token": "access", "refresh_token": "refresh", "expires_in": 3600, "token_type": "bearer",
    "x_refresh_token_expires_in": 8_726_400,
}  # fmt: skip
_SELECT = re.compile(r"FROM (\w+).*?(?:STARTPOSITION (\d+))?(?: MAXRESULTS (\d+))?$", re.IGNORECASE)


@dataclass(frozen=True)
class RequestCounts:
    """The requests a server got: API requests by entity or report, and the most in any sliding second."""

    requests: dict[str, int]
    most_in_a_second: int
    first_to_last: float

    @property
    def total(self) -> int:
        return sum(self.requests.values())


class Prepared:
    """The bodies of one company's pages, and when each was requested."""

    def __init__(self, sizes: Sizes, seed: int = 1) -> None:
        self.pages: dict[tuple[str, int], bytes] = {}
        self.counts: dict[str, bytes] = {}
        self.log: list[tuple[float, str]] = []
        self.lock = threading.Lock()
        for entity, records in company(REALM, sizes, TODAY, seed).items():
            self.counts[entity] = orjson.dumps({"QueryResponse": {"totalCount": len(records)}})
            for start in range(0, len(records), PAGE):
                part = records[start : start + PAGE]
                self.pages[(entity, start + 1)] = _page(entity, part, start + 1)

    def answer(self, path: str, statement: str) -> tuple[str, bytes]:
        """Return the entity or report requested, and the body."""
        if "/reports/" in path:
            report = path.rpartition("/")[2]
            return report, _report(report)
        if path.endswith("/cdc"):
            return "changes", b'{"CDCResponse":[{"QueryResponse":[{}]}],"time":"2026-11-20T09:00:00-08:00"}'
        match = _SELECT.search(statement)
        entity = match[1] if match else ""
        if "COUNT(" in statement.upper():
            return entity, self.counts.get(entity, orjson.dumps({"QueryResponse": {"totalCount": 0}}))
        start = int(match[2] or 1) if match else 1
        return entity, self.pages.get(
            (entity, start), b'{"QueryResponse":{},"time":"2026-11-20T09:00:00-08:00"}'
        )

    def note(self, kind: str) -> None:
        """Remember that a request came."""
        with self.lock:
            self.log.append((time.monotonic(), kind))

    def so_far(self) -> RequestCounts:
        """Return the requests so far and forget them."""
        with self.lock:
            served, self.log = self.log, []
        moments = [moment for moment, _ in served]
        most = max((sum(first <= other < first + 1 for other in moments) for first in moments), default=0)
        requests: dict[str, int] = {}
        for _, kind in served:
            requests[kind] = requests.get(kind, 0) + 1
        return RequestCounts(requests, most, max(moments) - min(moments) if moments else 0.0)


@contextmanager
def serving(sizes: Sizes, latency: float = 0.0) -> Iterator[tuple[str, Connection]]:
    """Serve one company from another process; give its address and a pipe that answers with `RequestCounts`."""
    ours, theirs = multiprocessing.Pipe()
    server: SpawnProcess = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(sizes, latency, theirs), daemon=True
    )
    server.start()
    try:
        yield str(ours.recv()), ours
    finally:
        ours.send(None)
        server.join(10)
        server.terminate()


def _serve(sizes: Sizes, latency: float, pipe: Connection) -> None:
    prepared = Prepared(sizes)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(prepared, latency))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(f"http://127.0.0.1:{server.server_port}")
    while pipe.recv() is not None:
        pipe.send(prepared.so_far())
    server.shutdown()


def _handler(prepared: Prepared, latency: float) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._answer(parts.path, parse_qs(parts.query).get("query", [""])[0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            if parts.path == "/token":
                self._send(json.dumps(TOKENS).encode())
            else:
                self._answer(parts.path, body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self, path: str, statement: str) -> None:
            kind, body = prepared.answer(path, statement)
            prepared.note(kind)
            if latency:
                time.sleep(latency)
            self._send(body)

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("intuit_tid", "1-benchmark")
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _page(entity: str, records: list[dict[str, object]], start: int) -> bytes:
    response = {entity: records, "startPosition": start, "maxResults": len(records)}
    return orjson.dumps({"QueryResponse": response, "time": "2026-11-20T09:00:00.000-08:00"})


def _report(name: str) -> bytes:
    """Return a small report: the figures are not what is measured."""
    subjects = {"BalanceSheet": (BANK, SAVINGS, AR, AP)}.get(name, ("10001", "50001"))
    rows = [
        {"ColData": [{"value": subject, "id": subject}, {"value": "100.00"}], "type": "Data"}
        for subject in subjects
    ]
    columns = [{"ColType": "Account"}, {"ColType": "Money"}]
    return orjson.dumps(
        {"Header": {"ReportName": name}, "Columns": {"Column": columns}, "Rows": {"Row": rows}}
    )
