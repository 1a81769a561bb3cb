"""Every shape a refusal comes in, as docs/quickbooks.md has captured them, becomes one typed error."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.errors import (
    CompanyLocked,
    NotFound,
    Refused,
    StaleObject,
    Throttled,
    Unauthorized,
    Unavailable,
    WrongEnvironment,
)
from rowcol.qbo.faults import fault_in, is_transient, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STALE = (
    b'{"Fault":{"Error":[{"Message":"Stale Object Error","Detail":"Stale Object Error : You and Ann were working on '
    b'this at the same time.","code":"5010","element":""}],"type":"ValidationFault"},"time":"2016-04-15T09:01:18-07:00"}'
)
THROTTLE_XML = (
    b'<IntuitResponse time="2026-11-20" xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE">'
    b'<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>'
    b"<Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"
)
THROTTLE_JSON = (
    b'{"Fault":{"Error":[{"Message":"message=ThrottleExceeded; errorCode=003001; statusCode=429",'
    b'"Detail":"The request limit was reached.","code":"3001"}],"type":"SERVICE"}}'
)
AUTHENTICATION = (
    b'{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401",'
    b'"detail":"Malformed bearer token: too short or too long","code":"3200","element":null}],"type":"AUTHENTICATION"},'
    b'"queryResponse":null,"batchItemResponse":[],"time":1633520295688,"cdcresponse":[]}'
)
WRONG_REALM = (
    b'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="AuthenticationFault"><Error code="100">'
    b"<Message>General Authentication Error</Message><Detail>AuthenticationErrorGeneral: SRV-110-Authentication Failure"
    b" , statusCode: 401</Detail></Error></Fault></IntuitResponse>"
)
FORBIDDEN = (
    b'{"fault":{"error":[{"message":"message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403",'
    b'"detail":"","code":"3100"}],"type":"SERVICE"}}'
)
HTML = b"<!DOCTYPE html><html><body>Gateway</body></html>"


def coded(code: str, message: str = "") -> bytes:
    return b'{"Fault":{"Error":[{"Message":"%b","code":"%b"}]}}' % (message.encode(), code.encode())


@pytest.mark.parametrize(
    ("status", "body", "error", "code"),
    [
        (400, STALE, StaleObject, "5010"),
        (429, THROTTLE_XML, Throttled, "3001"),
        (403, THROTTLE_XML, Throttled, "3001"),
        (429, THROTTLE_JSON, Throttled, "3001"),
        (200, THROTTLE_JSON, Throttled, "3001"),
        (429, b"", Throttled, None),
        (429, HTML, Throttled, None),
        (401, AUTHENTICATION, Unauthorized, "3200"),
        (200, AUTHENTICATION, Unauthorized, "3200"),
        (401, WRONG_REALM, Unauthorized, "100"),
        (401, coded("120"), Unauthorized, "120"),
        (401, b"", Unauthorized, None),
        (403, FORBIDDEN, WrongEnvironment, "3100"),
        (403, coded("003100"), WrongEnvironment, "3100"),
        (403, b"", WrongEnvironment, None),
        (400, coded("610"), NotFound, "610"),
        (400, coded("000610"), NotFound, "610"),
        (400, coded("6190"), CompanyLocked, "6190"),
        (400, coded("500"), Refused, "500"),
        (400, coded("6210", "Duplicate Document Number Error"), Refused, "6210"),
        (400, coded("", "message=Bad; errorCode=002050; statusCode=400"), Refused, "2050"),
        (500, coded("10000"), Unavailable, "10000"),
        (200, coded("10000"), Unavailable, "10000"),
        (503, HTML, Unavailable, None),
        (504, b"", Unavailable, None),
        (500, coded("610"), Unavailable, "610"),
        (200, b"", Unavailable, None),
        (200, HTML, Unavailable, None),
        (200, b"[]", Unavailable, None),
        (200, b'{"a": NaN}', Unavailable, None),
        (200, b'{"QueryResponse":{"Fault":{"Error":[{"code":"4001"}]}}}', Refused, "4001"),
        (400, b'{"Fault":{}}', Refused, None),
        (400, b'{"Fault":{"Error":{"code":610,"element":null}}}', NotFound, "610"),
        (404, HTML, Refused, None),
    ],
)
def test_each_shape_becomes_its_error(status, body, error, code):
    fault = fault_in(status, {"Intuit_Tid": "1-abc"}, body, NOW)
    assert type(fault) is error
    assert (fault.code, fault.tid) == (code, "1-abc")


@pytest.mark.parametrize(
    "body", [b"{}", b'{"QueryResponse":{}}', b'{"fault":null,"QueryResponse":{}}', b'\xef\xbb\xbf{"a":1}']
)
def test_an_ordinary_answer_is_no_error(body):
    assert fault_in(200, {}, body, NOW) is None


def test_a_refusal_carries_quickbooks_own_words():
    fault = fault_in(400, {"intuit_tid": "1-abc"}, coded("6240", "Duplicate Name Exists"), NOW)
    assert fault is not None
    assert fault.message == "Duplicate Name Exists (HTTP 400, code 6240) (intuit_tid 1-abc)"


def test_a_fault_s_words_are_one_printable_line_without_tokens():
    token = "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0"
    fault = fault_in(
        400, {"intuit_tid": "a\nb"}, coded("4000", f"bad\\n\\u0007 {token} " + "x y " * 400), NOW
    )
    assert fault is not None
    assert fault.tid is None
    assert fault.message.startswith("bad … x y")
    assert len(fault.message) < 350
    assert fault.message.isprintable()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_defines_entities_is_not_read(encoding):
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r [<!ENTITY a "5010">]><IntuitResponse><Fault>'
        '<Error code="610"><Message>&a;</Message></Error></Fault></IntuitResponse>'
    )
    fault = fault_in(400, {}, bomb.encode(encoding), NOW)
    assert type(fault) is Refused
    plain = bomb.replace('<!DOCTYPE r [<!ENTITY a "5010">]>', "").replace("&a;", "gone")
    assert type(fault_in(400, {}, plain.encode(encoding), NOW)) is NotFound


@pytest.mark.parametrize("body", [b"{" * 100_000, b'{"a":' * 100_000, b"\xff\xfe\x00", b"<a>" * 50_000])
def test_a_monstrous_body_is_merely_unusable(body):
    assert type(fault_in(200, {}, body, NOW)) is Unavailable


@given(st.integers(200, 599), st.binary(max_size=60) | st.just(b"<Fault><Error") | st.just(b'{"Fault":[1]}'))
def test_no_body_is_beyond_reading(status, body):
    fault = fault_in(status, {}, body, NOW)
    assert fault is not None or 200 <= status < 300


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"Retry-After": "-3"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:40 GMT"}, 40),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:40 GMT", "Date": "Fri, 20 Nov 2026 12:00:30 GMT"}, 10),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(headers, seconds):
    assert retry_after(headers, NOW) == seconds
    fault = fault_in(429, headers, b"", NOW)
    assert fault is not None
    assert fault.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "status", "may_help"),
    [
        (b"", 503, True),
        (THROTTLE_XML, 429, True),
        (HTML, 200, True),
        (STALE, 400, False),
        (AUTHENTICATION, 401, False),
        (FORBIDDEN, 403, False),
    ],
)
def test_only_what_passes_is_worth_asking_again(body, status, may_help):
    fault = fault_in(status, {}, body, NOW)
    assert fault is not None
    assert is_transient(fault) is may_help
