"""Map a status, headers and a body to one typed error. Pure."""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from rowcol.clock import system_clock
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
from rowcol.qbo.fault_shapes import Fault, fault_in_document, json_object, xml_fault

# QuickBooks' fault code -> error. Codes come with or without leading zeros.
BY_CODE: dict[str, type[RailError]] = {
    "100": Unauthorized,
    "120": Unauthorized,
    "3200": Unauthorized,
    "3100": WrongEnvironment,
    "3001": Throttled,
    "610": NotFound,
    "5010": StaleObject,
    "6190": CompanyLocked,
    "10000": Unavailable,
}
# If no code decides: words of the fault's text -> error.
BY_WORDS: tuple[tuple[str, type[RailError]], ...] = (
    ("throttleexceeded", Throttled),
    ("statuscode=429", Throttled),
    ("authenticationfail", Unauthorized),
    ("authenticationerror", Unauthorized),
    ("statuscode=401", Unauthorized),
    ("authorizationfailed", WrongEnvironment),
)
# If neither decides: the status. 429 is Throttled, 5xx Unavailable, any other refusal Refused.
BY_STATUS: dict[int, type[RailError]] = {
    401: Unauthorized,
    403: WrongEnvironment,
    408: Unavailable,
}
TRANSIENT: tuple[type[RailError], ...] = (Throttled, Unavailable)
# Our own messages, because QuickBooks quotes the token in some of its own.
OWN_MESSAGES: dict[type[RailError], str] = {
    Unauthorized: "QuickBooks did not accept the access token",
    Throttled: "QuickBooks asks to come back later",
    WrongEnvironment: "QuickBooks does not let this application into the company",
}
_TID = re.compile(r"[A-Za-z0-9._:\-]{1,100}")


def fault_in(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime | None = None
) -> RailError | None:
    """Return the error that a reply means, or None if it is a usable JSON object.

    Reads JSON `Fault` and `fault`, XML, HTML, an empty body, and a fault inside a 200. `now` (aware) is
    what an HTTP date in Retry-After is measured from if the reply has no Date of its own.
    """
    document = json_object(body)
    fault = fault_in_document(document) if document is not None else xml_fault(body)
    if fault is None and 200 <= status < 300:
        return None if document is not None else Unavailable(_unreadable(body), tid=tid_in(headers))
    return _error(status, headers, fault, now or system_clock())


def is_transient(error: BaseException) -> bool:
    """Return whether a later retry may help."""
    return isinstance(error, TRANSIENT)


def tid_in(headers: Mapping[str, str]) -> str | None:
    """Return Intuit's transaction id from the headers, None if it is absent or not an id."""
    value = _header(headers, "intuit_tid")
    return value if value and _TID.fullmatch(value) else None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds a Retry-After header requests (seconds or HTTP date), None without a usable one."""
    value = (_header(headers, "retry-after") or "").strip()
    try:
        seconds = float(value)
    except ValueError:
        then = _http_date(value)
        if then is None:
            return None
        seconds = (then - (_http_date(_header(headers, "date") or "") or now)).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _error(status: int, headers: Mapping[str, str], fault: Fault | None, now: datetime) -> RailError:
    kind = _kind(status, fault)
    code = fault.code if fault else None
    text = OWN_MESSAGES.get(kind) or (fault.text if fault else "")
    source = f"HTTP {status}" + (f", code {code}" if code else "")
    message = f"{text or 'QuickBooks gave no reason'} ({source})"
    wait = retry_after(headers, now) if kind is Throttled else None
    return kind(message, code=code, tid=tid_in(headers), retry_after=wait)


def _kind(status: int, fault: Fault | None) -> type[RailError]:
    """Choose the error: a throttle wherever it is stated, then the plain statuses, the code, the words."""
    words = f"{fault.message} {fault.detail}".lower() if fault else ""
    code = fault.code if fault else None
    if status == 429 or code == "3001" or "throttleexceeded" in words:
        return Throttled
    if status in (401, 403):
        return BY_STATUS[status]
    if status >= 500:
        return Unavailable
    if code in BY_CODE:
        return BY_CODE[code]
    by_words = next((kind for phrase, kind in BY_WORDS if phrase in words), None)
    return by_words or BY_STATUS.get(status, Refused)


def _unreadable(body: bytes) -> str:
    if not body.strip():
        return "QuickBooks sent an empty answer"
    page = body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html"))
    return "QuickBooks sent a web page" if page else "QuickBooks sent an answer that is not JSON"


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _http_date(text: str) -> datetime | None:
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return then if then.tzinfo else None
