"""Faults on request as a client really meets them, limits, and what was counted."""

import threading
import time

import pytest
import requests

from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.sandbox.throttle import Throttle
from tests.kits.clock import FrozenClock
from tests.kits.sandbox_client import Application
from tests.kits.small_company import REALM


def test_a_reset_is_seen_as_a_reset(application: Application) -> None:
    application.sandbox.faults({"kind": "reset"})
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        application.get("preferences")
    assert application.get("preferences").status_code == 200


def test_a_truncated_answer_ends_before_its_content_length(application: Application) -> None:
    application.sandbox.faults({"kind": "truncate"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="more expected"):
        application.get("preferences")


def test_a_hang_lasts_until_the_client_gives_up(application: Application) -> None:
    application.sandbox.faults({"kind": "hang", "seconds": 30})
    with pytest.raises(requests.ReadTimeout):
        application.session.get(application.url("preferences"), timeout=0.2)
    assert application.get("preferences").status_code == 200


def test_a_hang_the_client_waits_out_ends_without_an_answer(application: Application) -> None:
    application.sandbox.faults({"kind": "hang", "seconds": 0.1})
    with pytest.raises(requests.ConnectionError):
        application.get("preferences")


def test_a_slow_answer_is_late_and_right(application: Application) -> None:
    application.sandbox.faults({"kind": "slow", "seconds": 0.3})
    began = time.monotonic()
    assert application.get("preferences").status_code == 200
    assert time.monotonic() - began >= 0.3


def test_429_with_and_without_retry_after_in_json_and_xml(application: Application) -> None:
    application.sandbox.faults({"kind": "429", "retry_after": 7}, {"kind": "429", "form": "xml"})
    first, second = application.get("preferences"), application.get("preferences")
    assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
    assert application.fault(first)[1] == "3001"
    assert (second.status_code, "Retry-After" in second.headers) == (429, False)
    assert "<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>" in second.text
    assert first.headers["intuit_tid"] != second.headers["intuit_tid"]


@pytest.mark.parametrize(
    ("rule", "status", "kind", "part"),
    [
        ({"kind": "500"}, 500, "application/json", '"code":"10000"'),
        ({"kind": "503"}, 503, "application/json", '"type":"SystemFault"'),
        ({"kind": "401"}, 401, "application/json", '"fault":{"error"'),
        ({"kind": "403"}, 403, "application/json", '"code":"3100"'),
        ({"kind": "html"}, 200, "text/html", "<h1>Gateway error</h1>"),
        ({"kind": "html", "status": 502}, 502, "text/html", "<h1>Gateway error</h1>"),
        ({"kind": "xml"}, 500, "application/xml", "<IntuitResponse time="),
        ({"kind": "empty"}, 200, "application/json", ""),
        ({"kind": "garbage"}, 200, "application/json", '{"QueryResponse":{"Bill":[{'),
        ({"kind": "fault200"}, 200, "application/json", '{"Fault":'),
        ({"kind": "fault", "code": "6190", "message": "Subscription ended"}, 400, "application/json", "6190"),
    ],
)
def test_wrong_answers(application: Application, rule: dict, status: int, kind: str, part: str) -> None:
    application.sandbox.faults(rule)
    answer = application.get("preferences")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(kind)
    assert part in answer.text
    assert (answer.content == b"") == (rule["kind"] == "empty")


@pytest.mark.parametrize(("kind", "status"), [("token429", 429), ("token503", 503), ("invalid_grant", 400)])
def test_token_faults_meet_the_token_endpoint_alone(application: Application, kind: str, status: int) -> None:
    application.sandbox.faults({"kind": kind, "realm": REALM})
    assert application.get("preferences").status_code == 200
    assert application.refresh().status_code == status
    assert application.refresh().status_code == 200


def test_a_truncated_token_answer_has_rotated_all_the_same(application: Application) -> None:
    application.sandbox.faults({"kind": "truncate", "match": "/oauth2/v1/tokens"})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        application.refresh()
    assert application.refresh().json()["error"] == "invalid_grant"


def test_rules_meet_what_they_match_as_often_as_they_say_until_cleared(application: Application) -> None:
    url = f"{application.sandbox.url}/sandbox/faults"
    rules = [{"kind": "500", "times": 2, "match": "FROM Bill"}, {"kind": "503", "times": None, "realm": "1"}]
    assert len(requests.post(url, json=rules, timeout=10).json()) == 2
    assert application.get("query", query="SELECT * FROM Invoice").status_code == 200
    statuses = [application.get("query", query="SELECT * FROM Bill").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    assert [rule["kind"] for rule in requests.get(url, timeout=10).json()] == ["503"]
    assert requests.delete(url, timeout=10).json() == []
    assert requests.post(url, json=[{"kind": "earthquake"}], timeout=10).status_code == 400


def test_the_eleventh_request_of_a_second_is_throttled(books: Company, clock: FrozenClock) -> None:
    with running_sandbox([books], clock=clock, retry_after=3) as sandbox:
        application = Application(sandbox)
        answers = [application.get("bill/101") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert "ThrottleExceeded" in answers[-1].text
        assert answers[-1].headers["Retry-After"] == "3"
        assert sandbox.stats()["realms"][REALM]["max_in_one_second"] == 11
        clock.forward(seconds=1)
        sandbox.switch(throttle_form="json", retry_after=None)
        again = [application.get("bill/101") for _ in range(11)]
        assert application.fault(again[-1])[:2] == (429, "3001")
        assert "Retry-After" not in again[-1].headers


def test_a_minute_admits_500_requests_and_40_batches() -> None:
    throttle = Throttle()
    seconds = [number / 9 for number in range(539)]  # nine a second, for a little less than a minute
    admitted = [throttle.admits("1", second, 1, batch=False) for second in seconds]
    assert admitted == [True] * 500 + [False] * 39
    assert throttle.admits("1", 60.0, 1, batch=False)
    assert throttle.admits("2", 59.0, 1, batch=False)
    batches = [throttle.admits("3", float(number), 1, batch=True) for number in range(41)]
    assert batches == [True] * 40 + [False]
    assert throttle.admits("3", 41.0, 1, batch=False)


def test_ten_in_flight_are_admitted_and_an_eleventh_is_not() -> None:
    throttle = Throttle()
    assert throttle.admits("1", 0.0, 10, batch=False)
    assert not throttle.admits("1", 5.0, 11, batch=False)


def test_requests_at_the_same_time_are_counted_as_in_flight(application: Application) -> None:
    application.sandbox.faults({"kind": "slow", "seconds": 0.5, "times": 3})
    headers = dict(application.session.headers)

    def ask() -> None:
        requests.get(application.url("bill/101"), headers=headers, timeout=10)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert application.sandbox.stats()["realms"][REALM]["max_in_flight"] == 3


def test_requests_are_counted_by_kind_and_listed_without_secrets(application: Application) -> None:
    application.query("SELECT * FROM Bill")
    application.get("reports/BalanceSheet")
    application.get("cdc", entities="Bill", changedSince="2026-11-20T00:00:00Z")
    application.get("bill/101")
    stats = requests.get(f"{application.sandbox.url}/sandbox/stats", timeout=10).json()
    assert stats["realms"][REALM]["requests"] == {"token": 1, "query": 1, "reports": 1, "cdc": 1, "record": 1}
    targets = [seen["target"].removeprefix(f"/v3/company/{REALM}") for seen in stats["recent"]]
    assert targets[:2] == ["/oauth2/v1/tokens/bearer", "/query?query=SELECT * FROM Bill"]
    assert [seen["status"] for seen in stats["recent"]] == [200] * 5
    assert application.refresh_token not in str(stats)


def test_a_grant_can_be_had_without_a_browser(sandbox: RunningSandbox) -> None:
    granted = requests.post(f"{sandbox.url}/sandbox/grants", json={"realm": REALM}, timeout=10).json()
    assert granted["realm"] == REALM
    listed = requests.get(f"{sandbox.url}/sandbox/companies", timeout=10).json()
    assert listed == [{"realm": REALM, "name": "Harbour & Pine Studio"}]
    application = Application(sandbox)
    application.refresh_token = granted["refresh_token"]
    assert application.refresh().status_code == 200
    unknown = requests.post(f"{sandbox.url}/sandbox/grants", json={"realm": "7"}, timeout=10)
    assert unknown.status_code == 400


def test_access_tokens_can_be_expired_on_request(application: Application) -> None:
    requests.post(f"{application.sandbox.url}/sandbox/expire", json={"realm": REALM}, timeout=10)
    assert application.get("preferences").status_code == 401
    application.refresh()
    assert application.get("preferences").status_code == 200
