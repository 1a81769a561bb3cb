"""A QuickBooks nobody here wrote: a few records as captured payloads have them, served by a server that knows little.

It shares nothing with the sandbox. It takes GET alone for what is read, knows no CreditCardPayment, sends no counts it
was not requested, writes times in Pacific offsets, and leaves out whatever has no value.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

REALM = "9341453172065912345"
"""Above 2^53: a number would lose its last digits."""
PACIFIC = timezone(timedelta(hours=-8))
NAMES = ("Account", "Customer", "Vendor")
KNOWN = (
    *NAMES, "Bill", "Invoice", "BillPayment", "Payment", "VendorCredit", "CreditMemo", "Purchase", "Deposit", "Transfer",
    "JournalEntry", "SalesReceipt", "RefundReceipt", "CompanyInfo", "Preferences",
)  # fmt: skip
STATEMENT = re.compile(
    r"SELECT (?P<what>\*|COUNT\(\*\)) FROM (?P<entity>\w+)(?: WHERE (?P<where>.*?))?(?: ORDERBY [\w.]+)?"
    r"(?: STARTPOSITION (?P<start>\d+))?(?: MAXRESULTS (?P<most>\d+))?",
    re.IGNORECASE,
)

Record = dict[str, Any]
Reply = tuple[int, bytes, str]


def as_json(document: Any, status: int = 200) -> Reply:
    """Return a JSON answer, its text beyond ASCII as UTF-8."""
    return status, json.dumps(document, ensure_ascii=False).encode(), "application/json;charset=UTF-8"


def fault(code: str, message: str, status: int = 400) -> Reply:
    """Return a refusal as QuickBooks writes one."""
    error = {"Message": message, "Detail": message, "code": code}
    return as_json(
        {"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "2026-11-20T12:00:00.1-08:00"},
        status,
    )


@dataclass
class ForeignServer:
    """The company served, what is to be answered in its place, and the requests."""

    url: str
    now: Callable[[], datetime]
    records: dict[str, dict[str, Record]]
    reports: Mapping[str, Any]
    most: int = 1000
    gone: list[tuple[str, str, datetime]] = field(default_factory=list)
    instead: list[tuple[str, list[Reply]]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    tokens: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self, match: str, *replies: Reply) -> None:
        """Give these answers to the next requests whose address holds `match`."""
        self.instead.append((match, list(replies)))

    def put(self, entity: str, record: Record) -> None:
        """Enter or change a record now."""
        old = self.records.setdefault(entity, {}).get(str(record["Id"]), {})
        created = old.get("MetaData", {}).get("CreateTime", self.stamp())
        meta = {"CreateTime": created, "LastUpdatedTime": self.stamp()}
        self.records[entity][str(record["Id"])] = {**old, **record, "MetaData": meta}

    def drop(self, entity: str, qbo_id: str) -> None:
        """Delete a record now."""
        del self.records[entity][qbo_id]
        self.gone.append((entity, qbo_id, self.now()))

    def stamp(self) -> str:
        """Return the time as a record has it."""
        return self.now().astimezone(PACIFIC).isoformat(timespec="seconds")

    def reply(self, method: str, target: str, _body: bytes) -> Reply:
        """Answer one request."""
        address = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        with self.lock:
            self.requests.append(f"{method} {unquote(target)}")
            for match, replies in self.instead:
                if replies and match in unquote(target):
                    return replies.pop(0)
            if address.path == "/oauth2/v1/tokens/bearer":
                return self._token()
            if method != "GET" or f"/v3/company/{REALM}/" not in address.path:
                return fault("500", "Unsupported operation")
            place = address.path.rpartition(f"/{REALM}/")[2]
            if place == "query":
                return self._query(query["query"])
            if place == "cdc":
                return self._cdc(query["entities"].split(","), datetime.fromisoformat(query["changedSince"]))
            return as_json(self.reports[place.removeprefix("reports/")])

    def _token(self) -> Reply:
        self.tokens += 1
        return as_json({"token_type": "bearer", "access_token": f"access-{self.tokens}", "expires_in": 3600,
                        "refresh_token": f"refresh-{self.tokens}", "x_refresh_token_expires_in": 8726400})  # fmt: skip

    def _query(self, statement: str) -> Reply:
        read = STATEMENT.fullmatch(statement)
        if read is None or read["entity"] not in KNOWN:
            return fault("4000", f"QueryParserError: Encountered {statement[:20]}")
        matches = list(self.records.get(read["entity"], {}).values())
        if read["entity"] in NAMES and "Active IN (true, false)" not in (read["where"] or ""):
            matches = [match for match in matches if match.get("Active", True)]
        if read["what"] != "*":
            return as_json({"QueryResponse": {"totalCount": len(matches)}, "time": self.stamp()})
        start = int(read["start"] or 1) - 1
        page = matches[start : start + min(int(read["most"] or 100), self.most)]
        answer = {read["entity"]: page, "startPosition": start + 1, "maxResults": len(page)} if page else {}
        return as_json({"QueryResponse": answer, "time": self.stamp()})

    def _cdc(self, entities: list[str], since: datetime) -> Reply:
        if set(entities) - set(KNOWN):
            return fault("4001", "QueryValidationError: Invalid context declaration: CreditCardPayment")
        parts: list[Record] = []
        for entity in entities:
            live = [
                record
                for record in self.records.get(entity, {}).values()
                if datetime.fromisoformat(record["MetaData"]["LastUpdatedTime"]) >= since
            ]
            dead = [
                {
                    "domain": "QBO",
                    "status": "Deleted",
                    "Id": qbo_id,
                    "MetaData": {"LastUpdatedTime": self.stamp()},
                }
                for name, qbo_id, at in self.gone
                if name == entity and at >= since
            ]
            parts.append(
                {entity: [*live, *dead], "maxResults": len(live) + len(dead)} if live or dead else {}
            )
        return as_json({"CDCResponse": [{"QueryResponse": parts}], "time": f"{self.stamp()[:-6]}.19-08:00"})


@contextmanager
def foreign_server(
    records: dict[str, dict[str, Record]],
    reports: Mapping[str, Any],
    now: Callable[[], datetime],
    most: int = 1000,
) -> Iterator[ForeignServer]:
    """Serve a company while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    foreign = ForeignServer(f"http://127.0.0.1:{server.server_port}", now, records, reports, most)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _meet(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content, kind = foreign.reply(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("intuit_tid", f"tid-{len(foreign.requests)}")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _meet  # noqa: N815 - the names http.server calls

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield foreign
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
