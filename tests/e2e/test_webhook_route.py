"""Intuit's webhook meets the running server: its signature decides, its size is bounded, it is answered at once."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.kits.servers.app import Server, free_port, serving

TOKEN = "verifier-token"
BODY = json.dumps(
    [{"specversion": "1.0", "type": "qbo.bill.updated.v1", "intuitaccountid": "1", "intuitentityid": "7"}]
).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("webhooks")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROWCOL_")}
    variables = {
        "ROWCOL_DATABASE": str(folder / "books.duckdb"),
        "ROWCOL_PASSWORD": "a password",
        "ROWCOL_QBO_WEBHOOK_TOKEN": TOKEN,
    }
    with serving(folder, inherited | variables, free_port()) as running:
        yield running


def signature(body: bytes) -> str:
    return base64.b64encode(hmac.new(TOKEN.encode(), body, hashlib.sha256).digest()).decode()


def post(server: Server, body: bytes, signed: str) -> int:
    port = urlsplit(server.url).port
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/qbo/webhooks", body, {"intuit-signature": signed})
        with connection.getresponse() as reply:
            return reply.status


def test_a_genuine_notification_is_taken_without_a_password_and_in_milliseconds(server: Server) -> None:
    assert post(server, BODY, signature(BODY)) == 200
    took = []
    for _ in range(5):
        began = time.perf_counter()
        assert post(server, BODY, signature(BODY)) == 200
        took.append(time.perf_counter() - began)
    assert min(took) < 0.1


def test_any_other_signature_is_refused(server: Server) -> None:
    assert post(server, BODY + b" ", signature(BODY)) == 401
    assert post(server, BODY, "") == 401


def test_an_endless_body_is_refused(server: Server) -> None:
    endless = b"x" * 1_000_001
    assert post(server, endless, signature(endless)) == 413


def test_a_genuine_body_in_no_known_form_is_taken_and_changes_nothing(server: Server) -> None:
    assert post(server, b"null", signature(b"null")) == 200
