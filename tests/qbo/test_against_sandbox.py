"""The QuickBooks client against the sandbox: consent, rotation, paging, reports, faults and the real pace."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from rowcol.errors import ConsentError, GrantDead, Throttled, Unauthorized, Unavailable
from rowcol.qbo.client import QboClient, Request
from rowcol.qbo.oauth import Application, AuthorizationServer, Grant, new_state
from rowcol.qbo.pages import cdc_changes, entity_pages
from rowcol.qbo.reports import aged_payables, balance_sheet, rows
from rowcol.qbo.tokens import Tokens
from rowcol.sandbox.company import Company, company_from_json
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.servers.scripted import REALM, MemoryBook, endpoints

BILLS = Request("GET", "query", {"query": "SELECT * FROM Bill"}, "query")
TODAY = date(2026, 11, 20)


def company() -> Company:
    """Return a company with 2,345 bills of one vendor, 10.00 each, and one bank account."""
    bills = [
        {
            "Id": str(1000 + number),
            "TxnDate": "2026-11-01",
            "DueDate": "2026-11-30",
            "TotalAmt": 10.0,
            "Balance": 10.0,
            "VendorRef": {"value": "1", "name": "O'Neil"},
            "Line": [],
        }
        for number in range(2345)
    ]
    entities: dict[str, Any] = {
        "Account": [
            {"Id": "35", "Name": "Checking", "AccountType": "Bank", "CurrentBalance": 500.0, "Active": True},
            {
                "Id": "33",
                "Name": "Accounts Payable",
                "AccountType": "Accounts Payable",
                "CurrentBalance": -23450.0,
                "Active": True,
            },
        ],
        "Vendor": [
            {"Id": "1", "DisplayName": "O'Neil", "Active": True, "Balance": 23450.0},
            {"Id": "2", "DisplayName": "Gone (deleted)", "Active": False, "Balance": 0},
        ],
        "Bill": bills,
    }
    books = {"realm": REALM, "name": "Harbour", "currency": "USD", "entities": entities}
    return company_from_json(books, datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox([company()], throttle=False, double_refresh_kills=True) as running:
        yield running


def expired(refresh_token: str) -> Grant:
    return Grant(REALM, "none-yet", datetime(2020, 1, 1, tzinfo=UTC), refresh_token, None)


def authority_of(sandbox: RunningSandbox) -> AuthorizationServer:
    registration = Application("sandbox-client", "sandbox-secret", "http://localhost:8501/qbo/callback")
    return AuthorizationServer(endpoints(sandbox.url), lambda: registration, sleep=FrozenClock().sleep)


@pytest.fixture
def book(sandbox: RunningSandbox) -> MemoryBook:
    return MemoryBook(expired(sandbox.grant(REALM)))


@pytest.fixture
def qbo(sandbox: RunningSandbox, book: MemoryBook) -> QboClient:
    """Return a client without pace whose waits pass at once; a reply has half a real second."""
    time_ = FrozenClock()
    return QboClient(
        endpoints(sandbox.url),
        Tokens(authority_of(sandbox), book),
        rate_limiter=unlimited(time_.seconds, time_.sleep),
        clock=time_.seconds,
        sleep=time_.sleep,
        read_seconds=2.0,
        report_seconds=2.0,
    )


def test_a_consent_becomes_a_grant_and_its_code_serves_once(sandbox: RunningSandbox):
    authority = authority_of(sandbox)
    state, _ = new_state()
    url = authority.consent_url(state)
    form = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    page = f"{sandbox.url}/connect/oauth2"
    decided = {**form, "realm": REALM, "decision": "allow"}
    back = requests.post(page, data=decided, allow_redirects=False, timeout=5).headers["Location"]
    parameters = {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}
    assert (parameters["state"], parameters["realmId"]) == (state, REALM)
    grant = authority.exchange(parameters["realmId"], parameters["code"])
    assert grant.refresh_expires_at is not None
    assert grant.refresh_expires_at - grant.access_expires_at == timedelta(seconds=8_726_400 - 3600)
    with pytest.raises(ConsentError):
        authority.exchange(parameters["realmId"], parameters["code"])


def test_a_whole_entity_comes_with_one_count_and_no_row_twice(sandbox: RunningSandbox, qbo: QboClient):
    pages = list(entity_pages(qbo.send, REALM, "Bill"))
    ids = [record["Id"] for page in pages for record in page.records]
    assert len(ids) == len(set(ids)) == 2345
    assert [page.count_expected for page in pages] == [2345] * 3
    assert sandbox.stats()["realms"][REALM]["requests"]["query"] == 4


def test_inactive_names_come_too(qbo: QboClient):
    names = [r["DisplayName"] for page in entity_pages(qbo.send, REALM, "Vendor") for r in page.records]
    assert names == ["O'Neil", "Gone (deleted)"]


def test_the_company_s_own_record_is_read(qbo: QboClient):
    (page,) = entity_pages(qbo.send, REALM, "CompanyInfo")
    assert page.records[0]["CompanyName"] == "Harbour"


def test_the_reports_give_parties_and_accounts_in_cents(qbo: QboClient):
    aging = rows(qbo.send(REALM, aged_payables(TODAY)).document)
    assert [(row.id, row.label, row.cents, row.total_cents) for row in aging] == [
        ("1", "O'Neil", (2345000, 0, 0, 0, 0, 2345000), 2345000)
    ]
    sheet = {row.id: row.total_cents for row in rows(qbo.send(REALM, balance_sheet(TODAY)).document)}
    assert sheet["35"] == 50000


def test_changes_come_from_the_feed(qbo: QboClient):
    changes = cdc_changes(qbo.send, REALM, ["Bill", "Vendor"], datetime.now(UTC) - timedelta(days=20))
    assert changes.time is not None


PASSING = [
    {"kind": "429", "form": "json"},
    {"kind": "429", "form": "xml", "retry_after": 3},
    {"kind": "500"},
    {"kind": "503"},
    {"kind": "504"},
    {"kind": "xml"},
    {"kind": "html"},
    {"kind": "html", "status": 502},
    {"kind": "empty"},
    {"kind": "garbage"},
    {"kind": "fault200"},
    {"kind": "reset"},
    {"kind": "truncate"},
]


@pytest.mark.parametrize("rule", PASSING, ids=[str(rule) for rule in PASSING])
def test_every_passing_fault_is_retried(sandbox: RunningSandbox, qbo: QboClient, rule: dict[str, Any]):
    sandbox.faults({**rule, "times": 4})
    assert qbo.send(REALM, BILLS).attempts == 5


def test_an_endless_fault_ends_as_what_it_is(sandbox: RunningSandbox, qbo: QboClient):
    sandbox.faults({"kind": "503", "times": None})
    with pytest.raises(Unavailable):
        qbo.send(REALM, BILLS)
    sandbox.faults()
    sandbox.faults({"kind": "429", "times": None})
    with pytest.raises(Throttled):
        qbo.send(REALM, BILLS)
    sandbox.faults()
    sandbox.faults({"kind": "401", "times": None})
    with pytest.raises(Unauthorized):
        qbo.send(REALM, BILLS)


def at_once(count: int, work: Callable[[], Any]) -> list[Any]:
    together = threading.Barrier(count)
    with ThreadPoolExecutor(count) as pool:
        return [
            future.result()
            for future in [pool.submit(lambda: (together.wait(), work())) for _ in range(count)]
        ]


def test_eight_threads_with_an_expired_token_rotate_it_once_and_all_get_through(
    sandbox: RunningSandbox, qbo: QboClient, book: MemoryBook
):
    assert len(at_once(8, lambda: qbo.send(REALM, BILLS))) == 8
    assert len(book.steps) == 1
    sandbox.state.grants.expire_access(REALM)
    assert len(at_once(8, lambda: qbo.send(REALM, BILLS))) == 8
    assert len(book.steps) == 2
    assert book.dead == {}


def test_a_revoked_company_has_to_reconnect(sandbox: RunningSandbox, qbo: QboClient, book: MemoryBook):
    qbo.send(REALM, BILLS)
    Tokens(authority_of(sandbox), book).revoke(REALM)
    with pytest.raises(GrantDead) as error:
        qbo.send(REALM, BILLS)
    assert "reconnect" in error.value.line()
    assert list(book.dead) == [REALM]


def test_a_write_repeated_after_a_lost_answer_is_made_once(sandbox: RunningSandbox, qbo: QboClient):
    sandbox.faults({"kind": "truncate"})
    bill = {"VendorRef": {"value": "1"}, "Line": [{"Amount": 5.0, "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "35"}}}]}  # fmt: skip
    reply = qbo.send(REALM, Request("POST", "bill", {"requestid": "r-1"}, "write", bill))
    assert reply.attempts == 2
    assert len(sandbox.companies[REALM].of("Bill")) == 2346


def test_the_promised_pace_is_kept_on_the_real_wire(sandbox: RunningSandbox, book: MemoryBook):
    client = QboClient(endpoints(sandbox.url), Tokens(authority_of(sandbox), book))
    request = Request("GET", "query", {"query": "SELECT COUNT(*) FROM Bill"}, "query")
    sandbox.switch(latency_ms=100)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: client.send(REALM, request), range(20)))
    seen = sandbox.stats()["realms"][REALM]
    assert seen["requests"] == {"token": 1, "query": 20}
    assert seen["max_in_one_second"] <= 9
    assert seen["max_in_flight"] <= 10
