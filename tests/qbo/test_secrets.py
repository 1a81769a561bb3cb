"""No token, secret or document body ever reaches a log, an error or an address."""

import logging
import traceback

import pytest

from rowcol.errors import RailError
from rowcol.qbo.client import Request
from rowcol.qbo.tokens import Tokens
from tests.kits.servers.scripted import REALM, MemoryBook, answer, client_of, grant, raw

ACCESS = "eyJhbGciOiJkaXIi.access"
REFRESH = "AB11-refresh"
SECRETS = (ACCESS, REFRESH, "client-secret-value", "Y2xpZW50LWlk", "Salary of Ann")
QUERY = Request("GET", "query", {"query": "SELECT * FROM Bill"}, "query")


def echo(status: int):
    """Return an answer that quotes what it was sent, as QuickBooks' auth faults do."""
    message = f"Malformed bearer token: {ACCESS}, {REFRESH}"
    fault = {"fault": {"error": [{"code": "3200", "message": message, "detail": message}]}, "error": message}
    return answer(fault, status)


ANSWERS = {
    "a good one": answer({"QueryResponse": {"Bill": [{"Id": "1", "PrivateNote": "Salary of Ann"}]}}),
    "a 401 that quotes the token": echo(401),
    "a fault in a 200 that quotes the token": echo(200),
    "a 400 that quotes the token": answer(
        {"Fault": {"Error": [{"code": "4000", "Message": f"bad {ACCESS} here"}]}}, 400
    ),
    "a 503": answer(b"Salary of Ann", 503),
    "JSON cut off": answer(b'{"QueryResponse":{"Bill":[{"PrivateNote":"Salary of Ann"'),
    "a closed connection": raw(b""),
}


@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS.keys())
@pytest.mark.parametrize("minutes", [60, 0], ids=["token fresh", "token to refresh"])
def test_whatever_comes_back_no_secret_is_shown(scripted, authority, time_, caplog, reply, minutes):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="requests_oauthlib.oauth2_session")
    tokens = Tokens(authority, MemoryBook(grant(ACCESS, REFRESH, minutes)), time_)
    scripted.then = reply
    shown = ""
    try:
        client_of(scripted.url, time_, tokens).send(REALM, QUERY)
    except RailError as error:
        shown = "".join(traceback.format_exception(error)) + error.line() + repr(error)
    logged = "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert scripted.seen
    assert logged
    assert not [secret for secret in SECRETS if secret in shown + logged]
    assert not [secret for secret in SECRETS for seen in scripted.seen if secret in seen.path]


@pytest.mark.parametrize("status", [200, 400])
def test_the_oauth_library_logs_no_code_and_no_token(scripted, authority, caplog, status):
    caplog.set_level(logging.DEBUG)
    for library in ("requests_oauthlib", "requests_oauthlib.oauth2_session", "oauthlib", "oauthlib.oauth2"):
        caplog.set_level(logging.DEBUG, logger=library)
    tokens = {"access_token": ACCESS, "refresh_token": REFRESH}
    scripted.then = answer(tokens if status == 200 else {"error": "invalid_grant", **tokens}, status)
    code = "code-of-consent"
    shown = ""
    try:
        assert authority.exchange(REALM, code).access_token == ACCESS
    except RailError as error:
        shown = error.line() + repr(error) + repr(error.__context__)
    logged = "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert "/oauth2/v1/tokens/bearer" in logged
    assert (status == 200) is (shown == "")
    assert not [secret for secret in (*SECRETS, code) if secret in shown + logged]
