"""Faults on request: rules that make the next matching requests go wrong in a chosen way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from threading import Lock
from typing import Any

from rowcol.sandbox.refusals import (
    HTML_TYPE,
    Answer,
    Refusal,
    fault_answer,
    html_answer,
    json_answer,
    system_fault,
    throttled,
    token_fault_answer,
    unauthorized_application,
    xml_answer,
)

TOKEN_PATH = "/oauth2/v1/tokens/bearer"
API_PATH = "/v3/"
TOKEN_KINDS = ("token429", "token500", "token503", "invalid_grant", "invalid_client")
# slow: late, then right. hang: nothing until the client gives up. reset: the connection is torn down unanswered.
# truncate: half of the right answer under its full Content-Length.
WIRE_KINDS = ("slow", "hang", "reset", "truncate")
ANSWER_KINDS = (
    "429", "500", "503", "504", "401", "403", "xml", "html", "empty", "garbage", "fault", "fault200",
)  # fmt: skip
KINDS = (*ANSWER_KINDS, *WIRE_KINDS, *TOKEN_KINDS)
GATEWAY_PAGE = (
    "<html><head><title>Service Unavailable</title></head><body><h1>Gateway error</h1></body></html>"
)


@dataclass(frozen=True)
class FaultRule:
    """What goes wrong, how often (None: always), and for which requests.

    `match` is part of the path, query or statement; without it, token kinds meet the token endpoint and the others
    every v3 request. `status`, `code` and `message` shape `fault`, `fault200`, `xml` and `html`; `form` a 429.
    """

    kind: str
    times: int | None = 1
    match: str = ""
    realm: str | None = None
    retry_after: int | None = None
    seconds: float = 1.0
    status: int | None = None
    code: str = "10000"
    message: str = "An application error has occurred while processing your request"
    form: str = "json"

    def meets(self, target: str, realm: str) -> bool:
        """Say whether the rule is for a request."""
        place = TOKEN_PATH if self.kind in TOKEN_KINDS else self.match or API_PATH
        return place in target and self.match in target and self.realm in (None, realm)


class FaultBook:
    """The rules in force, first come first served; safe to call from several threads."""

    def __init__(self) -> None:
        self._rules: list[FaultRule] = []
        self._lock = Lock()

    def add(self, rules: Iterable[FaultRule]) -> None:
        """Put rules behind those already there."""
        with self._lock:
            self._rules.extend(rules)

    def clear(self) -> None:
        """Let everything go right again."""
        with self._lock:
            self._rules.clear()

    def rules(self) -> list[FaultRule]:
        """Return the rules still in force."""
        with self._lock:
            return list(self._rules)

    def take(self, target: str, realm: str) -> FaultRule | None:
        """Return the rule that meets a request, used up by one; None if all goes right."""
        with self._lock:
            for at, rule in enumerate(self._rules):
                if rule.meets(target, realm):
                    self._use(at, rule)
                    return rule
        return None

    def _use(self, at: int, rule: FaultRule) -> None:
        if rule.times is None:
            return
        if rule.times > 1:
            self._rules[at] = replace(rule, times=rule.times - 1)
        else:
            del self._rules[at]


def rule_from_json(document: Mapping[str, Any]) -> FaultRule:
    """Return a rule of its JSON form; raises ValueError for an unknown kind or field."""
    kind = str(document.get("kind"))
    unknown = set(document) - {field.name for field in fields(FaultRule)}
    if kind not in KINDS or unknown:
        raise ValueError(f"unknown fault {kind if kind not in KINDS else sorted(unknown)}; kinds: {KINDS}")
    return FaultRule(**{**document, "kind": kind})


def answer_of(rule: FaultRule, now: datetime) -> Answer:
    """Return the wrong answer an answering kind gives."""
    if rule.kind in TOKEN_KINDS:
        return _token_answer(rule)
    if rule.kind == "401":
        return token_fault_answer("Token expired", now)
    if rule.kind in ("html", "empty", "garbage"):
        return _not_json(rule)
    if rule.kind == "xml" or (rule.kind == "429" and rule.form == "xml"):
        return xml_answer(_refusal(rule), now, _headers(rule))
    return fault_answer(_refusal(rule), now, _headers(rule))


def _not_json(rule: FaultRule) -> Answer:
    if rule.kind == "html":
        return html_answer(GATEWAY_PAGE, rule.status or 200)
    return Answer(b"" if rule.kind == "empty" else b'{"QueryResponse":{"Bill":[{', rule.status or 200)


def _refusal(rule: FaultRule) -> Refusal:
    if rule.kind == "429":
        return throttled()
    if rule.kind == "403":
        return unauthorized_application()
    if rule.kind in ("500", "503", "504"):
        return system_fault(int(rule.kind))
    kind = "SystemFault" if rule.code == "10000" else "ValidationFault"
    status = rule.status or {"fault200": 200, "xml": 500}.get(rule.kind, 400)
    return Refusal(rule.code, rule.message, status=status, kind=kind)


def _token_answer(rule: FaultRule) -> Answer:
    if rule.kind.startswith("token"):
        return Answer(GATEWAY_PAGE.encode(), int(rule.kind[-3:]), HTML_TYPE, _headers(rule))
    return json_answer({"error": rule.kind}, 401 if rule.kind == "invalid_client" else 400)


def _headers(rule: FaultRule) -> dict[str, str]:
    return {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
