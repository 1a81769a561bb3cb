"""Books and a server nobody here wrote: every quirk of the wire, met by the whole product over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rowcol.clock import Moment
from rowcol.errors import CompanyLocked, GrantDead, NotFound, WrongEnvironment
from rowcol.sync.progress import Outcome
from rowcol.wiring import Services
from tests.kits.clock import TODAY, FrozenClock, unlimited
from tests.kits.practice import settings_for
from tests.kits.servers.foreign import REALM, ForeignServer, Reply, as_json, fault, foreign_server
from tests.kits.servers.foreign_books import COLUMNS, REPORTS, YEN, books

THROTTLE: Reply = (
    403,
    b'<?xml version="1.0"?><IntuitResponse time="x" xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE">'
    b'<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message></Error></Fault>'
    b"</IntuitResponse>",
    "text/xml",
)
EXPIRED: Reply = as_json(
    {"warnings": None, "intuitObject": None,
     "fault": {"error": [{"message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                          "detail": "Token expired: ...", "code": "3200", "element": None}], "type": "AUTHENTICATION"},
     "report": None, "queryResponse": None, "batchItemResponse": [], "time": 1633520295688, "cdcresponse": []}, 401
)  # fmt: skip
EMPTY: Reply = (200, b"", "application/json")
TOO_MUCH = {"Row": [{"ColData": [{"value": "Unable to display more data. Please reduce the date range."}]}]}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def other(clock: FrozenClock) -> Iterator[ForeignServer]:
    with foreign_server(books(), dict(REPORTS), clock) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, other: ForeignServer, clock: FrozenClock) -> Iterator[Services]:
    rate_limiter = unlimited(clock.seconds, clock.sleep)
    running = Services(settings_for(other.url, tmp_path / "rowcol.duckdb"), clock, rate_limiter)
    try:
        running.connect(REALM, "refresh-0")
        yield running
    finally:
        running.stop()


def refreshed(services: Services) -> Outcome:
    (outcome,) = services.refresh()
    assert outcome.ok, outcome.message
    return outcome


def row(services: Services) -> dict[str, Any]:
    return {
        str(key): value for key, value in services.clients_view(Moment(TODAY)).rows.iloc[0].to_dict().items()
    }


def aging(services: Services, side: str) -> dict[str, int]:
    rows = services.report(f"aging-{side}", None, Moment(TODAY))
    return dict(zip(rows["party"], rows["total_cents"], strict=True))


def test_its_books_are_read_to_the_cent_and_tied(services: Services) -> None:
    refreshed(services)
    figures = row(services)
    assert figures["realm_id"] == REALM
    assert figures["name"] == YEN
    names = ("cash_cents", "card_debt_cents", "ap_cents", "ap_overdue_cents", "ar_cents")
    assert {name: figures[name] for name in names} == {
        "cash_cents": 120_100, "card_debt_cents": 15_772, "ap_cents": 34_123, "ap_overdue_cents": 34_123, "ar_cents": 50_000,
    }  # fmt: skip
    assert figures["tie_out"] == "tied"
    assert aging(services, "ap") == {"Brosnahan": 24_123, "Norton (deleted)": 10_000}
    assert aging(services, "ar") == {YEN: 50_000}
    assert services.verify().differences == ()


def test_what_changed_there_comes_with_one_request_and_what_was_deleted_goes(
    services: Services, other: ForeignServer, clock: FrozenClock
) -> None:
    refreshed(services)
    clock.forward(minutes=20)
    refreshed(services)  # learns that this company refuses CreditCardPayment
    clock.forward(minutes=20)
    other.put("Bill", {"Id": "25", "Balance": 41.23})
    other.drop("Bill", "26")
    other.requests.clear()
    outcome = refreshed(services)
    assert (outcome.rows_in, outcome.rows_changed, outcome.rows_deleted, outcome.requests) == (1, 1, 1, 1)
    assert "CreditCardPayment" not in other.requests[0]
    assert aging(services, "ap") == {"Brosnahan": 4_123}
    clock.forward(minutes=20)
    assert refreshed(services).rows_changed == 0
    assert services.verify().differences == ()


def test_pages_smaller_than_requested_lose_no_record(tmp_path: Path, clock: FrozenClock) -> None:
    many = books()
    many["Bill"] = {
        str(n): {**many["Bill"]["25"], "Id": str(n), "Balance": 1, "TotalAmt": 1} for n in range(1000, 1370)
    }
    with foreign_server(many, dict(REPORTS), clock, most=100) as other:
        services = Services(settings_for(other.url, tmp_path / "small.duckdb"), clock, unlimited())
        try:
            services.connect(REALM, "refresh-0")
            refreshed(services)
            assert row(services)["ap_cents"] == 370_00
        finally:
            services.stop()


@pytest.mark.parametrize(
    ("match", "replies"),
    [
        ("FROM Bill", [THROTTLE, THROTTLE]),
        ("FROM Bill", [as_json({"Fault": {"Error": [{"code": "10000"}], "type": "SystemFault"}})]),
        ("FROM Vendor", [EXPIRED]),
        ("reports/BalanceSheet", [EMPTY, EMPTY]),
        ("reports/AgedPayables", [(200, b"<html>", "text/html"), as_json({})]),
        ("FROM Invoice", [(429, b"", "text/plain"), EMPTY, (504, b"<html></html>", "text/html")]),
        ("bearer", [(503, b"", "text/html"), EMPTY]),
    ],
    ids=["an old throttle", "a fault in a 200", "an expired token", "an empty report", "a web page", "a storm", "the token"],
)  # fmt: skip
def test_what_passes_changes_nothing_of_the_books(
    services: Services, other: ForeignServer, match: str, replies: list[Reply]
) -> None:
    if match == "bearer":
        other.answers("FROM Bill", EXPIRED)
    other.answers(match, *replies)
    refreshed(services)
    assert not any(left for _, left in other.instead), "every fault was met"
    assert (row(services)["ap_cents"], row(services)["tie_out"]) == (34_123, "tied")


@pytest.mark.parametrize(
    "rows", [None, {}, {"Row": None}, {"Row": []}], ids=["no rows", "empty rows", "a null row", "no row"]
)
def test_a_report_without_rows_is_an_empty_report(tmp_path: Path, clock: FrozenClock, rows: object) -> None:
    nothing = {"Header": {"Option": [{"Name": "NoReportData", "Value": "true"}]}, "Columns": COLUMNS}
    nothing |= {} if rows is None else {"Rows": rows}
    few = {entity: records for entity, records in books().items() if entity not in ("Bill", "Invoice")}
    reports = {**REPORTS, "AgedPayables": nothing, "AgedReceivables": nothing}
    with foreign_server(few, reports, clock) as other:
        services = Services(settings_for(other.url, tmp_path / "few.duckdb"), clock, unlimited())
        try:
            services.connect(REALM, "refresh-0")
            refreshed(services)
            assert (row(services)["ap_cents"], row(services)["tie_out"]) == (0, "tied")
        finally:
            services.stop()


def test_a_report_cut_short_leaves_the_tie_out_unchecked(services: Services, other: ForeignServer) -> None:
    cut = as_json({**REPORTS["AgedPayables"], "Rows": TOO_MUCH})
    other.answers("reports/AgedPayables", cut)
    refreshed(services)
    assert row(services)["tie_out"] == "unchecked"


LOCKED = fault("6190", "Subscription period has ended or canceled or there was a billing problem")
GONE = fault("610", "Object Not Found")
WORDS = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
MIXED = as_json(
    {"fault": {"error": [{"message": WORDS, "detail": "", "code": "3100"}], "type": "SERVICE"}}, 403
)


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (LOCKED, CompanyLocked, "Subscription period has ended"),
        (GONE, NotFound, "Object Not Found"),
        (MIXED, WrongEnvironment, "does not let this application into the company"),
    ],
)
def test_what_is_refused_for_good_is_reported_once_and_the_figures_stay(
    services: Services,
    other: ForeignServer,
    clock: FrozenClock,
    reply: Reply,
    error: type[Exception],
    words: str,
) -> None:
    refreshed(services)
    clock.forward(minutes=20)
    other.answers("/cdc", *[reply] * 9)
    other.requests.clear()
    (outcome,) = services.refresh()
    assert isinstance(outcome.error, error)
    assert words in outcome.message
    assert "intuit_tid tid-" in outcome.message
    assert len(other.requests) <= 2
    figures = row(services)
    assert (figures["stale"], figures["ap_cents"], words in figures["stale_reason"]) == (True, 34_123, True)


@pytest.mark.parametrize("more", [{}, {"error_description": "Incorrect or invalid refresh token"}])
def test_a_grant_that_ended_asks_to_reconnect_with_or_without_a_description(
    services: Services, other: ForeignServer, clock: FrozenClock, more: dict[str, str]
) -> None:
    refreshed(services)
    clock.forward(hours=2)
    other.answers("bearer", as_json({"error": "invalid_grant", **more}, 400))
    (outcome,) = services.refresh()
    assert isinstance(outcome.error, GrantDead)
    assert services.connections_view().rows["state"].tolist() == ["ended"]
    clock.forward(minutes=1)
    services.connect(REALM, "refresh-new")
    refreshed(services)


def test_a_page_that_says_nothing_is_no_empty_entity(services: Services, other: ForeignServer) -> None:
    refreshed(services)
    other.answers("SELECT * FROM Bill ", as_json({"QueryResponse": {}}))
    (outcome,) = services.refresh(full=True)
    assert not outcome.ok
    assert row(services)["ap_cents"] == 34_123
