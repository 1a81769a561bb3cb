"""The shapes in which QuickBooks says no: a refusal, and its bodies in JSON and in XML."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from rowcol.sandbox.times import envelope_time

JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"
XML_NAMESPACE = "http://schema.intuit.com/finance/v3"


class Refusal(Exception):  # noqa: N818 -- the wire calls it a fault; this is what leads to one
    """A request the company does not serve: HTTP status and the fault that says why."""

    def __init__(
        self,
        code: str,
        message: str,
        detail: str = "",
        *,
        status: int = 400,
        kind: str = "ValidationFault",
        element: str = "",
    ) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.detail = code, message, detail or message
        self.status, self.kind, self.element = status, kind, element


@dataclass(frozen=True)
class Answer:
    """An HTTP answer before it is sent."""

    body: bytes
    status: int = 200
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a document as a JSON answer."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return Answer(body, status, headers=headers or {})


def html_answer(text: str, status: int = 200) -> Answer:
    """Return a page as an answer."""
    return Answer(text.encode(), status, HTML_TYPE)


def fault_body(refusal: Refusal) -> dict[str, object]:
    """Return the `Fault` object of a refusal."""
    error = {"Message": refusal.message, "Detail": refusal.detail, "code": refusal.code}
    return {"Error": [{**error, "element": refusal.element}], "type": refusal.kind}


def fault_answer(refusal: Refusal, now: datetime, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a refusal as the usual JSON answer."""
    document = {"Fault": fault_body(refusal), "time": envelope_time(now)}
    return json_answer(document, refusal.status, headers)


def xml_answer(refusal: Refusal, now: datetime, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a refusal as the XML that gateways send whatever was asked for."""
    text = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f"<IntuitResponse time={quoteattr(envelope_time(now))} xmlns={quoteattr(XML_NAMESPACE)}>"
        f"<Fault type={quoteattr(refusal.kind)}><Error code={quoteattr(refusal.code)}>"
        f"<Message>{escape(refusal.message)}</Message><Detail>{escape(refusal.detail)}</Detail>"
        "</Error></Fault></IntuitResponse>"
    )
    return Answer(text.encode(), refusal.status, XML_TYPE, headers or {})


def token_fault_answer(detail: str, now: datetime) -> Answer:
    """Return the 401 of a bad access token: lower-case keys, time in epoch milliseconds."""
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    error = {"message": message, "detail": detail, "code": "3200", "element": None}
    document: dict[str, object] = {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": "AUTHENTICATION"},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }
    return json_answer(document, 401)


def wrong_company() -> Refusal:
    """Return the refusal of a token that is not for the company asked, or of a missing Accept header."""
    detail = "AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401"
    return Refusal("100", "General Authentication Error", detail, status=401, kind="AuthenticationFault")


def throttled() -> Refusal:
    """Return the refusal of a request beyond the limits."""
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    return Refusal("3001", message, "The request limit was reached.", status=429, kind="SERVICE")


def unauthorized_application() -> Refusal:
    """Return the refusal of sandbox keys used on a production company, or the other way round."""
    message = "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    return Refusal("3100", message, status=403, kind="SERVICE")


def system_fault(status: int) -> Refusal:
    """Return a fault of QuickBooks' own."""
    message = "An application error has occurred while processing your request"
    detail = "System Failure Error: Please try again later"
    return Refusal("10000", message, detail, status=status, kind="SystemFault")


def unsupported(what: str) -> Refusal:
    """Return the refusal of an operation that does not exist."""
    return Refusal("500", "Unsupported Operation", f"Operation {what} is not supported.")


def not_found(what: str) -> Refusal:
    """Return the refusal of a record that was deleted or never there."""
    detail = (
        "Object Not Found : Something you're trying to use has been made inactive. "
        f"Check the fields with accounts, customers, items, vendors or employees. ({what})"
    )
    return Refusal("610", "Object Not Found", detail)


def missing(parameter: str) -> Refusal:
    """Return the refusal of a request without something required."""
    detail = f"Required parameter {parameter} is missing in the request"
    message = "Required param missing, need to supply the required value for the API"
    return Refusal("2020", message, detail, element=parameter)


def invalid(detail: str) -> Refusal:
    """Return the refusal of a well-formed query that cannot be answered."""
    return Refusal("4001", "Invalid query", f"QueryValidationError: {detail}")
