"""Intuit's OAuth 2: the consent page, tokens, revocation and discovery."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from jinja2 import Environment, PackageLoader

from rowcol.sandbox.company import Company
from rowcol.sandbox.grants import InvalidGrant, Tokens
from rowcol.sandbox.refusals import Answer, html_answer, json_answer
from rowcol.sandbox.state import Sandbox
from rowcol.sandbox.switches import CLIENT_ID, CLIENT_SECRET

WELL_FILLED = 500  # records: companies with fewer stand at the end of the consent page
HARD_EXPIRY_HEADER = "x-include-refresh-token-hard-expires-in"
_PAGES = Environment(loader=PackageLoader("rowcol.sandbox"), autoescape=True)


@dataclass(frozen=True)
class Consent:
    """What an application asks for on the consent page."""

    client_id: str
    redirect_uri: str
    state: str


def consent_page(sandbox: Sandbox, parameters: Mapping[str, str]) -> Answer:
    """Answer `GET /connect/oauth2`: one form, a company to choose, Allow and Cancel."""
    problem = _problem(parameters)
    if problem:
        return html_answer(_PAGES.get_template("refused.html").render(problem=problem), 400)
    page = _PAGES.get_template("consent.html")
    return html_answer(page.render(companies=_offered(sandbox), asked=_asked(parameters)))


def decide(sandbox: Sandbox, form: Mapping[str, str]) -> Answer:
    """Answer the form: back to the application with a code and the realm, or with a refusal."""
    problem = _problem({**form, "response_type": "code"})
    if problem or form.get("realm") not in sandbox.companies:
        problem = problem or "there is no such company"
        return html_answer(_PAGES.get_template("refused.html").render(problem=problem), 400)
    asked = _asked(form)
    if form.get("decision") != "allow":
        return _back(asked, {"error": "access_denied", "state": asked.state})
    code = sandbox.grants.code(form["realm"], asked.redirect_uri, sandbox.clock())
    return _back(asked, {"code": code, "state": asked.state, "realmId": form["realm"]})


def tokens(sandbox: Sandbox, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer `POST /oauth2/v1/tokens/bearer` for a code or a refresh token."""
    if not _is_our_application(headers):
        return json_answer({"error": "invalid_client"}, 401)
    form = dict(parse_qsl(body.decode("latin-1")))
    now, switches = sandbox.clock(), sandbox.switches
    try:
        match form.get("grant_type"):
            case "authorization_code":
                code, uri = form.get("code", ""), form.get("redirect_uri", "")
                issued = sandbox.grants.redeem(code, uri, now, switches)
            case "refresh_token":
                issued = sandbox.grants.refresh(form.get("refresh_token", ""), now, switches)
            case _:
                return json_answer({"error": "unsupported_grant_type"}, 400)
    except InvalidGrant:
        return _invalid_grant(sandbox, form["grant_type"])
    return json_answer(_issued(issued, headers))


def revoke(sandbox: Sandbox, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer `POST /v2/oauth2/tokens/revoke`: 200 with nothing, 400 for a token that is not alive."""
    if not _is_our_application(headers):
        return json_answer({"error": "invalid_client"}, 401)
    try:
        token = str(json.loads(body)["token"])
    except (ValueError, KeyError, TypeError):
        return json_answer({"error": "invalid_request"}, 400)
    if not sandbox.grants.revoke(token):
        return json_answer({"error": "invalid_request"}, 400)
    return Answer(b"")


def discovery(base_url: str) -> Answer:
    """Answer the discovery documents: where everything is, for a sandbox at `base_url` (without a slash)."""
    return json_answer(
        {
            "issuer": f"{base_url}/op/v1",
            "authorization_endpoint": f"{base_url}/connect/oauth2",
            "token_endpoint": f"{base_url}/oauth2/v1/tokens/bearer",
            "revocation_endpoint": f"{base_url}/v2/oauth2/tokens/revoke",
            "userinfo_endpoint": f"{base_url}/v1/openid_connect/userinfo",
            "jwks_uri": f"{base_url}/op/v1/jwks",
            "response_types_supported": ["code"],
            "scopes_supported": ["com.intuit.quickbooks.accounting"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
    )


def _problem(parameters: Mapping[str, str]) -> str:
    if parameters.get("client_id") != CLIENT_ID:
        return "the application is not known here (client_id)"
    if parameters.get("response_type") != "code":
        return "only response_type=code is served"
    if urlsplit(parameters.get("redirect_uri", "")).scheme not in ("http", "https"):
        return "the redirect_uri is missing or not a web address"
    return ""


def _asked(parameters: Mapping[str, str]) -> Consent:
    return Consent(parameters["client_id"], parameters["redirect_uri"], parameters.get("state", ""))


def _offered(sandbox: Sandbox) -> list[Company]:
    return sorted(sandbox.companies.values(), key=lambda company: _records(company) < WELL_FILLED)


def _records(company: Company) -> int:
    return sum(len(records) for records in company.entities.values())


def _back(asked: Consent, answer: Mapping[str, str]) -> Answer:
    parts = urlsplit(asked.redirect_uri)
    query = urlencode([*parse_qsl(parts.query), *answer.items()])
    return Answer(b"", 302, headers={"Location": urlunsplit(parts._replace(query=query))})


def _is_our_application(headers: Mapping[str, str]) -> bool:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    try:
        return scheme == "Basic" and base64.b64decode(value).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"
    except (binascii.Error, UnicodeDecodeError):
        return False


def _invalid_grant(sandbox: Sandbox, grant_type: str) -> Answer:
    refused = {"error": "invalid_grant"}
    if sandbox.switches.invalid_grant_description:
        what = "refresh token" if grant_type == "refresh_token" else "authorization code"
        refused["error_description"] = f"Incorrect or invalid {what}"
    return json_answer(refused, 400)


def _issued(issued: Tokens, headers: Mapping[str, str]) -> dict[str, object]:
    document: dict[str, object] = {
        "token_type": "bearer",
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
        "refresh_token": issued.refresh_token,
        "x_refresh_token_expires_in": issued.refresh_expires_in,
    }
    if headers.get(HARD_EXPIRY_HEADER, "").lower() == "true":
        document["x_refresh_token_hard_expires_in"] = issued.hard_expires_in
    return document
