"""What `send` asks, what it takes for an answer, and how long it keeps asking."""

import pytest

from rowcol.errors import Unavailable
from rowcol.qbo.client import QboClient, Request
from rowcol.qbo.query import select
from rowcol.qbo.retry import FAILURE_BUDGET
from tests.kits.clock import FrozenClock
from tests.kits.servers.scripted import REALM, Scripted, answer, raw, reset

QUERY = Request("GET", "query", {"query": select("Bill", order_by="MetaData.CreateTime")}, "query")
GOOD = answer({"QueryResponse": {"Bill": [{"Id": "1"}]}}, headers={"intuit_tid": "tid-1"})
UNAVAILABLE = answer(b"", 503)
TOO_MANY = (
    b'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="3001">'
    b"<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message></Error></Fault></IntuitResponse>"
)


def hang(scripted: Scripted):
    return lambda _sock: scripted.stopped.wait(5)


def drip(scripted: Scripted, head: bytes):
    def send(sock):
        sock.sendall(head)
        while not scripted.stopped.wait(0.1):
            sock.sendall(b" ")

    return send


def test_a_query_is_sent_as_intuit_documents_it(client: QboClient, scripted: Scripted):
    scripted.answers(GOOD)
    reply = client.send(REALM, QUERY)
    request = scripted.seen[0]
    assert request.method == "GET"
    assert request.path == (
        f"/v3/company/{REALM}/query?query=SELECT%20%2A%20FROM%20Bill%20ORDERBY%20MetaData.CreateTime&minorversion=75"
    )
    assert request.headers["Accept"] == "application/json"
    assert request.headers["Authorization"] == f"Bearer access-of-{REALM}"
    assert reply.document == {"QueryResponse": {"Bill": [{"Id": "1"}]}}
    assert (reply.intuit_tid, reply.attempts) == ("tid-1", 1)


def test_an_offset_is_percent_encoded_once(client: QboClient, scripted: Scripted):
    scripted.answers(answer({"CDCResponse": []}))
    client.send(REALM, Request("GET", "cdc", {"changedSince": "2026-11-01T00:00:00+01:00"}, "cdc"))
    assert "changedSince=2026-11-01T00%3A00%3A00%2B01%3A00" in scripted.seen[0].path


BODIES_THAT_HEAL = {
    "503 without a body": UNAVAILABLE,
    "500 with a fault": answer({"Fault": {"Error": [{"code": "10000"}], "type": "SystemFault"}}, 500),
    "504 as a web page": answer(b"<html>gateway</html>", 504, kind="text/html"),
    "a web page in a 200": answer(b"<!DOCTYPE html><html></html>", kind="text/html"),
    "an empty 200": answer(b""),
    "half a JSON document": answer(b'{"QueryResponse":{"Bill":[{'),
    "JSON that is no object": answer(b"[1]"),
    "a query reply without its key": answer({"time": "2026-11-20T12:00:00Z"}),
    "a system fault in a 200": answer({"Fault": {"Error": [{"code": "10000"}]}}),
    "a body shorter than announced": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{}"),
    "a chunk cut off": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{}"),
    "a connection closed unanswered": raw(b""),
    "a connection reset in mid-answer": reset,
    "a garbled status line": raw(b"HELLO\r\n\r\n"),
    "a body that is not gzip": answer(b"plain", headers={"Content-Encoding": "gzip"}),
    "a throttle in XML": answer(TOO_MANY, 429, kind="application/xml"),
    "an old throttle, with 403": answer(TOO_MANY, 403, kind="application/xml"),
}


@pytest.mark.parametrize("fault", BODIES_THAT_HEAL.values(), ids=BODIES_THAT_HEAL.keys())
def test_a_passing_fault_is_retried(client: QboClient, scripted: Scripted, time_: FrozenClock, fault):
    scripted.answers(fault, fault, fault, GOOD)
    reply = client.send(REALM, QUERY)
    assert reply.document["QueryResponse"]["Bill"] == [{"Id": "1"}]
    assert reply.attempts == len(scripted.seen) == 4
    assert 0 < time_.passed < FAILURE_BUDGET


def test_eight_faults_in_a_row_are_survived_and_the_ninth_is_raised(client, scripted, time_):
    scripted.answers(*[UNAVAILABLE] * 8, GOOD)
    assert client.send(REALM, QUERY).attempts == 9
    scripted.then = UNAVAILABLE
    with pytest.raises(Unavailable, match="HTTP 503"):
        client.send(REALM, QUERY)
    assert len(scripted.seen) == 18
    assert [nap for nap in time_.naps if nap >= 0.5] == [0.5, 1, 2, 4, 8, 8, 8, 8] * 2


def test_a_hanging_server_is_left_after_the_read_time_out(client, scripted):
    scripted.answers(hang(scripted), GOOD)
    assert client.send(REALM, QUERY).attempts == 2


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX:"]
)
def test_an_answer_that_drips_is_left_though_every_byte_is_in_time(client, scripted, head):
    scripted.answers(drip(scripted, head), GOOD)
    assert client.send(REALM, QUERY).attempts == 2


def test_an_answer_that_never_ends_is_reported_as_late(client, scripted):
    scripted.then = drip(scripted, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    with pytest.raises(Unavailable, match="no answer in time"):
        client.send(REALM, Request("POST", "bill", {}, "write", {}))
