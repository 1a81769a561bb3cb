"""When `send` stops asking: throttles, tokens that stay refused, refusals, and the bounds of its patience."""

import socket
import threading
from datetime import timedelta
from email.utils import format_datetime

import pytest

from rowcol.errors import (
    CompanyLocked,
    NotFound,
    RailError,
    Refused,
    StaleObject,
    Throttled,
    Unauthorized,
    Unavailable,
    WrongEnvironment,
)
from rowcol.qbo.client import QboClient, Request
from rowcol.qbo.retry import FAILURE_BUDGET, THROTTLE_LONGEST
from tests.kits.clock import NOON, FrozenClock
from tests.kits.servers.scripted import REALM, FixedTokens, Scripted, answer, client_of, raw

QUERY = Request("GET", "query", {"query": "SELECT * FROM Bill"}, "query")
GOOD = answer({"QueryResponse": {}})
UNAVAILABLE = answer(b"", 503)
EXPIRED = answer({"fault": {"error": [{"code": "3200", "detail": "Token expired"}]}}, 401)


def throttled(after: str | None = None):
    headers = {} if after is None else {"Retry-After": after}
    return answer({"Fault": {"Error": [{"code": "003001"}], "type": "SERVICE"}}, 429, headers)


def refused(code: str, status: int = 400):
    fault = {"Fault": {"Error": [{"code": code, "Message": "No", "Detail": "Because"}]}, "time": "now"}
    return answer(fault, status, {"intuit_tid": "tid-9"})


def test_retry_after_is_waited_for_in_full(client, scripted, time_):
    scripted.answers(throttled("17"), GOOD)
    assert client.send(REALM, QUERY).attempts == 2
    assert time_.naps == [17]


def test_retry_after_may_be_a_date(client, scripted, time_):
    scripted.answers(throttled(format_datetime(NOON + timedelta(seconds=25), usegmt=True)), GOOD)
    client.send(REALM, QUERY)
    assert time_.naps == [25]


def test_a_wait_beyond_the_budget_ends_the_request_at_once(client, scripted, time_):
    scripted.answers(throttled("61"))
    with pytest.raises(Throttled) as raised:
        client.send(REALM, QUERY)
    assert raised.value.retry_after == 61
    assert (time_.naps, len(scripted.seen)) == ([], 1)


def test_a_company_that_must_wait_long_gets_no_request_meanwhile_and_another_does(client, scripted, time_):
    scripted.answers(throttled("300"))
    with pytest.raises(Throttled):
        client.send(REALM, QUERY)
    with pytest.raises(Throttled):
        client.send(REALM, QUERY)
    assert len(scripted.seen) == 1
    client.send("9130350000000000002", QUERY)
    time_.sleep(300)
    assert client.send(REALM, QUERY).attempts == 1


def test_no_throttle_holds_a_company_beyond_the_next_cycle(client, scripted, time_):
    scripted.answers(throttled("864000"))
    with pytest.raises(Throttled):
        client.send(REALM, QUERY)
    time_.sleep(THROTTLE_LONGEST)
    assert client.send(REALM, QUERY).attempts == 1


def test_a_throttle_without_a_time_pauses_longer_each_time_and_ends_within_the_budget(
    client, scripted, time_
):
    scripted.then = throttled()
    with pytest.raises(Throttled):
        client.send(REALM, QUERY)
    assert time_.naps == [2, 4, 8, 16]
    assert len(scripted.seen) == 5


def test_a_throttle_pauses_every_thread_of_the_company(client, scripted, time_):
    def another_thread_asks() -> None:
        other = threading.Thread(target=client.send, args=(REALM, QUERY))
        other.start()
        other.join()

    time_.before_first_nap = another_thread_asks
    scripted.answers(throttled("20"))
    client.send(REALM, QUERY)
    assert time_.naps == [20, 20]


def test_a_server_that_only_fails_is_given_up_within_sixty_seconds(scripted, time_, tokens):
    seconds_a_try = 9.0

    def slow_failure(sock: socket.socket) -> None:
        time_.sleep(seconds_a_try)
        UNAVAILABLE(sock)

    scripted.then = slow_failure
    with pytest.raises(Unavailable):
        client_of(scripted.url, time_, tokens).send(REALM, QUERY)
    assert len(scripted.seen) >= 5
    assert time_.passed <= FAILURE_BUDGET


def test_no_connection_at_all_is_reported_in_our_own_words(time_, tokens):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unavailable) as raised:
            client_of(url, time_, tokens).send(REALM, QUERY)
    assert raised.value.message == "127.0.0.1 could not be asked: the connection failed"
    assert raised.value.__context__ is None


def test_a_refused_token_is_replaced_and_the_request_replayed_once(client, scripted, tokens):
    scripted.answers(EXPIRED, GOOD)
    client.send(REALM, QUERY)
    assert tokens.rejected == [f"access-of-{REALM}"]
    bearers = [seen.headers["Authorization"] for seen in scripted.seen]
    assert bearers == [f"Bearer access-of-{REALM}", f"Bearer fresh-of-{REALM}"]


def test_a_fresh_token_refused_too_is_access_lost(client, scripted, tokens):
    scripted.then = EXPIRED
    with pytest.raises(Unauthorized) as raised:
        client.send(REALM, QUERY)
    assert raised.value.code == "3200"
    assert (len(scripted.seen), len(tokens.rejected)) == (2, 1)


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        (refused("610"), NotFound, "610"),
        (refused("000610"), NotFound, "610"),
        (refused("5010"), StaleObject, "5010"),
        (refused("6190"), CompanyLocked, "6190"),
        (refused("4001"), Refused, "4001"),
        (refused("6240", 200), Refused, "6240"),
        (refused("3100", 403), WrongEnvironment, "3100"),
        (answer(b"<html>no</html>", 404, {"intuit_tid": "tid-9"}), Refused, None),
        (answer(b"", 302, {"intuit_tid": "tid-9", "Location": "http://127.0.0.1:1/"}), Refused, None),
    ],
)
def test_a_refusal_is_raised_at_once_with_intuits_id(client, scripted, time_, fault, error, code):
    scripted.answers(fault)
    with pytest.raises(RailError) as raised:
        client.send(REALM, QUERY)
    assert type(raised.value) is error
    assert (raised.value.code, raised.value.tid) == (code, "tid-9")
    assert "intuit_tid tid-9" in raised.value.message
    assert (len(scripted.seen), time_.naps) == (1, [])


def test_a_write_is_repeated_only_with_its_requestid(client, scripted):
    bill = {"VendorRef": {"value": "46"}}
    scripted.answers(UNAVAILABLE, answer({"Bill": {"Id": "1"}}))
    client.send(REALM, Request("POST", "bill", {"requestid": "r-1"}, "write", bill))
    assert [("requestid=r-1" in seen.path, seen.body) for seen in scripted.seen] == [
        (True, b'{"VendorRef": {"value": "46"}}')
    ] * 2
    scripted.answers(UNAVAILABLE)
    with pytest.raises(Unavailable):
        client.send(REALM, Request("POST", "bill", {}, "write", bill))
    assert len(scripted.seen) == 3


def test_every_try_is_counted_by_kind(scripted, time_, tokens):
    calls: list[tuple[str, str, int]] = []
    client = client_of(
        scripted.url, time_, tokens, lambda realm, kind, status, _: calls.append((realm, kind, status))
    )
    scripted.answers(UNAVAILABLE, raw(b""), GOOD)
    client.send(REALM, QUERY)
    assert calls == [(REALM, "query", 503), (REALM, "query", 0), (REALM, "query", 200)]


def test_a_realm_cannot_leave_its_place_in_the_address(client: QboClient, scripted: Scripted):
    client.send("1/../2?x=", QUERY)
    assert scripted.seen[0].path.startswith("/v3/company/1%2F..%2F2%3Fx%3D/query?")


def test_a_netrc_entry_does_not_replace_the_token(
    scripted: Scripted, time_: FrozenClock, tokens: FixedTokens, tmp_path, monkeypatch
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    client_of(scripted.url, time_, tokens).send(REALM, QUERY)
    assert scripted.seen[0].headers["Authorization"] == f"Bearer access-of-{REALM}"
