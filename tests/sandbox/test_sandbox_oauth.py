"""Consent, tokens, rotation, revocation and what a bad token is answered."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from rowcol.sandbox.company import Company, company_from_json
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from tests.kits.clock import FrozenClock
from tests.kits.sandbox_client import Application
from tests.kits.small_company import REALM

ASKED = {
    "client_id": "sandbox-client",
    "response_type": "code",
    "scope": "com.intuit.quickbooks.accounting",
    "redirect_uri": "http://127.0.0.1:9/qbo/callback?from=app",
    "state": "s-1 &",
}


def consent(sandbox: RunningSandbox, decision: str) -> dict[str, list[str]]:
    page = requests.get(f"{sandbox.url}/connect/oauth2", params=ASKED, timeout=10).text
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    form["state"] = form["state"].replace("&amp;", "&")
    form |= {"realm": re.findall(r'<option value="(\d+)"', page)[0], "decision": decision}
    answer = requests.post(f"{sandbox.url}/connect/oauth2", data=form, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_allowing_hands_the_application_a_code_its_state_and_the_realm(sandbox: RunningSandbox) -> None:
    answer = consent(sandbox, "allow")
    assert (answer["state"], answer["realmId"], answer["from"]) == (["s-1 &"], [REALM], ["app"])
    assert answer["code"][0]


def test_cancelling_hands_back_access_denied(sandbox: RunningSandbox) -> None:
    assert consent(sandbox, "cancel") == {"error": ["access_denied"], "state": ["s-1 &"], "from": ["app"]}


def test_the_page_offers_the_well_filled_company_first_and_allow_before_cancel(books: Company) -> None:
    names = [{"Id": str(n), "DisplayName": f"Vendor {n}"} for n in range(1, 600)]
    full = company_from_json({"realm": "2", "name": "Full", "entities": {"Vendor": names}})
    with running_sandbox([books, full]) as sandbox:
        page = requests.get(f"{sandbox.url}/connect/oauth2", params=ASKED, timeout=10).text
    assert re.findall(r"<option[^>]*>(.*?)</option>", page) == ["Full", "Harbour &amp; Pine Studio"]
    assert re.findall(r'<button[^>]*name="decision" value="(\w+)"', page) == ["allow", "cancel"]


@pytest.mark.parametrize(
    "wrong", [{"client_id": "other"}, {"response_type": "token"}, {"redirect_uri": "javascript:alert(1)"}]
)
def test_a_wrong_application_gets_a_page_that_says_so(sandbox: RunningSandbox, wrong: dict[str, str]) -> None:
    answer = requests.get(f"{sandbox.url}/connect/oauth2", params={**ASKED, **wrong}, timeout=10)
    assert answer.status_code == 400
    assert "This connection cannot be made" in answer.text


def test_a_code_is_exchanged_once_by_its_requester_and_within_ten_minutes(
    application: Application, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    def exchange(code: str, uri: str = ASKED["redirect_uri"]) -> requests.Response:
        return application.token_request(grant_type="authorization_code", code=code, redirect_uri=uri)

    code = consent(sandbox, "allow")["code"][0]
    tokens = exchange(code)
    assert tokens.status_code == 200
    assert tokens.json()["expires_in"] == 3600
    assert tokens.json()["x_refresh_token_expires_in"] == 8726400
    assert "realmId" not in tokens.json()
    assert exchange(code).json()["error"] == "invalid_grant"
    assert exchange(consent(sandbox, "allow")["code"][0], "http://else/").status_code == 400
    late = consent(sandbox, "allow")["code"][0]
    clock.forward(minutes=11)
    assert exchange(late).json()["error_description"] == "Incorrect or invalid authorization code"


def test_only_the_application_itself_gets_tokens(application: Application, sandbox: RunningSandbox) -> None:
    answer = requests.post(
        f"{sandbox.url}/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": application.refresh_token},
        auth=("sandbox-client", "guessed"),
        timeout=10,
    )
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_each_refresh_replaces_the_refresh_token_and_kills_the_old_value(application: Application) -> None:
    old = application.refresh_token
    application.refresh()
    assert application.refresh_token != old
    refused = application.token_request(grant_type="refresh_token", refresh_token=old)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert application.refresh().status_code == 200


def test_a_second_refresh_with_the_old_value_can_kill_the_chain(application: Application) -> None:
    application.sandbox.switch(double_refresh_kills=True, invalid_grant_description=False)
    old = application.refresh_token
    application.refresh()
    assert (
        application.token_request(grant_type="refresh_token", refresh_token=old).text
        == '{"error":"invalid_grant"}'
    )
    assert application.refresh().status_code == 400
    assert application.get("bill/101").status_code == 401


def test_an_old_value_can_live_on_for_a_while(application: Application, clock: FrozenClock) -> None:
    application.sandbox.switch(old_value_grace=30)
    old = application.refresh_token
    application.refresh()
    again = application.token_request(grant_type="refresh_token", refresh_token=old)
    assert again.json()["refresh_token"] == application.refresh_token
    clock.forward(seconds=30)
    assert application.token_request(grant_type="refresh_token", refresh_token=old).status_code == 400


def test_the_value_can_be_replaced_once_a_day_only(application: Application, clock: FrozenClock) -> None:
    application.sandbox.switch(rotation="24h")
    first = application.refresh_token
    application.refresh()
    assert application.refresh_token == first
    clock.forward(hours=24)
    application.refresh()
    assert application.refresh_token != first


def test_a_grant_dies_of_disuse_and_of_old_age(application: Application, clock: FrozenClock) -> None:
    other = Application(application.sandbox)
    for _ in range(18):  # a hundred days apart: never disused
        clock.forward(days=100)
        assert application.refresh().status_code == 200
    assert other.refresh().status_code == 400
    assert application.refresh().json()["x_refresh_token_expires_in"] == 25 * 86400
    clock.forward(days=25)
    assert application.refresh().status_code == 400


def test_hard_expiry_is_reported_on_request(application: Application, sandbox: RunningSandbox) -> None:
    answer = requests.post(
        f"{sandbox.url}/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": application.refresh_token},
        auth=("sandbox-client", "sandbox-secret"),
        headers={"x-include-refresh-token-hard-expires-in": "true"},
        timeout=10,
    )
    assert answer.json()["x_refresh_token_hard_expires_in"] == 157680000


def test_revoking_ends_the_grant(application: Application, sandbox: RunningSandbox) -> None:
    def revoke() -> requests.Response:
        return requests.post(
            f"{sandbox.url}/v2/oauth2/tokens/revoke",
            json={"token": application.refresh_token},
            auth=("sandbox-client", "sandbox-secret"),
            timeout=10,
        )

    first = revoke()
    assert (first.status_code, first.content) == (200, b"")
    assert application.refresh().status_code == 400
    assert application.get("preferences").json()["fault"]["error"][0]["detail"] == "Token revoked"
    assert revoke().status_code == 400


def test_an_expired_access_token_gets_the_lower_case_fault(
    application: Application, clock: FrozenClock
) -> None:
    clock.forward(seconds=3600)
    answer = application.get("preferences")
    fault = answer.json()["fault"]
    assert (answer.status_code, fault["type"], fault["error"][0]["code"]) == (401, "AUTHENTICATION", "3200")
    assert fault["error"][0]["detail"] == "Token expired"
    assert answer.json()["time"] == int(clock.now.timestamp() * 1000)


def test_another_realm_or_no_accept_header_gets_xml(application: Application) -> None:
    elsewhere = application.session.get(f"{application.sandbox.url}/v3/company/123/preferences")
    application.session.headers["Accept"] = "application/xml"
    for answer in (elsewhere, application.get("preferences")):
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("application/xml")
        assert '<Fault type="AuthenticationFault"><Error code="100">' in answer.text


def test_no_token_at_all_is_a_401(sandbox: RunningSandbox) -> None:
    answer = requests.get(f"{sandbox.url}/v3/company/{REALM}/preferences", timeout=10)
    assert (answer.status_code, answer.json()["fault"]["error"][0]["code"]) == (401, "3200")
