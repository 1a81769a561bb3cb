"""The consent page's address, the code's exchange, and every way the token endpoint refuses."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from rowcol.errors import ConsentError, RailError, Refused, SettingsError, Throttled, Unavailable
from rowcol.qbo.oauth import Grant, application, digest, new_state
from rowcol.settings import Settings
from tests.kits.clock import NOON
from tests.kits.servers.scripted import REALM, answer, grant

TOKENS = {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": 3600}


def test_the_consent_page_is_requested_with_our_state(authority, scripted):
    url = urlsplit(authority.consent_url("state & more"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{scripted.url}/connect/oauth2"
    assert parse_qs(url.query) == {
        "client_id": ["client-id"],
        "response_type": ["code"],
        "scope": ["com.intuit.quickbooks.accounting"],
        "redirect_uri": ["http://localhost:8501/qbo/callback"],
        "state": ["state & more"],
    }


def test_a_state_is_new_each_time_and_only_its_digest_is_kept():
    (first, kept), (second, _) = new_state(), new_state()
    assert first != second
    assert kept == digest(first) != digest(second)
    assert first not in kept
    assert len(first) >= 43


def test_a_code_is_exchanged_as_intuit_documents_it(authority, scripted):
    scripted.answers(answer({**TOKENS, "token_type": "bearer", "x_refresh_token_expires_in": 8640000}))
    received = authority.exchange(REALM, "code/1")
    request = scripted.seen[0]
    assert (request.method, request.path) == ("POST", "/oauth2/v1/tokens/bearer")
    assert request.headers["Authorization"] == "Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQtdmFsdWU="
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["Accept"] == "application/json"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["authorization_code"],
        "code": ["code/1"],
        "redirect_uri": ["http://localhost:8501/qbo/callback"],
    }
    assert received == Grant(
        REALM, "access-2", NOON + timedelta(hours=1), "refresh-2", NOON + timedelta(days=100)
    )


@pytest.mark.parametrize(
    ("more", "access", "refresh"),
    [
        ({}, 3600, None),
        ({"expires_in": "1800", "x_refresh_token_expires_in": "60"}, 1800, 60),
        ({"expires_in": None, "x_refresh_token_expires_in": "soon"}, 3600, None),
        ({"expires_in": -1, "x_refresh_token_expires_in": 10**18}, 3600, None),
        ({"expires_in": "soon", "scope": "another"}, 3600, None),
    ],
)
def test_lifetimes_are_read_and_may_be_missing(authority, scripted, more, access, refresh):
    scripted.answers(answer({**TOKENS, **more}))
    received = authority.refresh(grant())
    assert received.access_expires_at == NOON + timedelta(seconds=access)
    assert received.refresh_expires_at == (None if refresh is None else NOON + timedelta(seconds=refresh))


@pytest.mark.parametrize(
    "body",
    [
        {"error": "invalid_request", **TOKENS},
        {"access_token": "access-2"},
        {"access_token": "", "refresh_token": "refresh-2"},
        {"access_token": "two\r\nlines", "refresh_token": "refresh-2"},
        {"access_token": 7, "refresh_token": "refresh-2"},
        {},
    ],
)
def test_a_200_without_two_tokens_is_an_error(authority, scripted, body):
    scripted.answers(answer(body))
    with pytest.raises(Refused):
        authority.refresh(grant())
    assert len(scripted.seen) == 1


def test_a_used_code_is_reported_as_a_consent_to_give_again(authority, scripted):
    scripted.answers(answer({"error": "invalid_grant", "error_description": "Incorrect code"}, 400))
    with pytest.raises(ConsentError, match="expired or was used"):
        authority.exchange(REALM, "used")


@pytest.mark.parametrize("status", [400, 401])
def test_an_unknown_application_names_the_settings_to_check(authority, scripted, status):
    scripted.answers(answer({"error": "invalid_client"}, status, {"intuit_tid": "tid-3"}))
    with pytest.raises(RailError) as error:
        authority.refresh(grant())
    assert error.value.code == "invalid_client"
    assert error.value.tid == "tid-3"
    assert "ROWCOL_QBO_CLIENT_ID and ROWCOL_QBO_CLIENT_SECRET" in error.value.line()


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b"<html></html>", 404), Refused),
        (answer(b"", 302, {"Location": "http://127.0.0.1:1/"}), Refused),
        (answer({"error": {"odd": "shape"}}, 400), Refused),
        (answer(b"", 429), Throttled),
        (answer(b"[]"), Unavailable),
    ],
)
def test_other_answers_of_the_token_endpoint_are_typed(authority, scripted, reply, error):
    scripted.then = reply
    with pytest.raises(error):
        authority.refresh(grant())


def test_a_grant_intuit_no_longer_knows_counts_as_revoked(authority, scripted):
    scripted.answers(answer(b"", 200), answer({"error": "invalid_request"}, 400))
    authority.revoke("refresh-1")
    authority.revoke("refresh-1")
    assert [seen.headers["Content-Type"] for seen in scripted.seen] == ["application/json"] * 2


def test_a_failed_revocation_is_reported(authority, scripted):
    scripted.answers(answer(b"", 503))
    with pytest.raises(Unavailable):
        authority.revoke("refresh-1")


def test_the_application_comes_from_the_settings_or_says_what_is_missing():
    settings = Settings(_env_file=None, qbo_client_id="id", qbo_client_secret=SecretStr("s"))
    assert application(settings).client_id == "id"
    with pytest.raises(SettingsError, match="ROWCOL_QBO_CLIENT_ID"):
        application(Settings(_env_file=None))
    with pytest.raises(SettingsError, match="ROWCOL_QBO_CLIENT_SECRET"):
        application(Settings(_env_file=None, qbo_client_id="id"))
