"""The v3 API: who may ask, and which handler answers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import SINGLETONS, entity_named
from rowcol.sandbox.cdc import changes
from rowcol.sandbox.exchange_rates import RATE, read_rate
from rowcol.sandbox.reads import query, read
from rowcol.sandbox.refusals import (
    Answer,
    Refusal,
    fault_answer,
    json_answer,
    token_fault_answer,
    unsupported,
    wrong_company,
    xml_answer,
)
from rowcol.sandbox.reports.responses import report
from rowcol.sandbox.state import Sandbox
from rowcol.sandbox.writes.batch import batch
from rowcol.sandbox.writes.records import write_request

JSON_ACCEPTED = ("application/json", "*/*", "application/*")


def answer_v3(
    sandbox: Sandbox, method: str, path: str, query_text: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Answer one request; `path` is what follows `/v3/company/`: the realm first."""
    realm, *pieces = path.split("/")
    now = sandbox.clock()
    token = headers.get("authorization", "").removeprefix("Bearer ")
    reason = sandbox.grants.refused_because(token, now)
    if reason:
        return token_fault_answer(reason, now)
    accepts = any(kind in headers.get("accept", "") for kind in JSON_ACCEPTED)
    if sandbox.grants.realm_of(token) != realm or realm not in sandbox.companies or not accepts:
        return xml_answer(wrong_company(), now)
    call = Call(
        company=sandbox.companies[realm],
        switches=sandbox.switches,
        selections=sandbox.selections,
        now=now,
        method=method,
        path=tuple(piece for piece in pieces if piece),
        parameters={name.lower(): value for name, value in parse_qsl(query_text)},
        body=body,
        content_type=headers.get("content-type", "").split(";")[0].strip().lower(),
    )
    return _answered_once(sandbox, call)


def _answered_once(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a call; a write identified by `requestid` is done once and its answer given again."""
    request_id = call.parameters.get("requestid", "")
    key = (call.company.realm, request_id)
    writes = call.method == "POST" and call.path != ("query",)
    if not (request_id and writes):
        return _answered(call)
    with call.company.lock:
        if key not in sandbox.replays:
            answer = _answered(call)
            if answer.status != 200:
                return answer
            sandbox.replays[key] = answer
        return sandbox.replays[key]


def _answered(call: Call) -> Answer:
    try:
        return json_answer(_document(call))
    except Refusal as refusal:
        return fault_answer(refusal, call.now)


def _document(call: Call) -> dict[str, Any]:
    match (call.method, *call.path):
        case (_, "query"):
            return query(call)
        case ("GET", "cdc"):
            return changes(call)
        case ("POST", "batch"):
            return batch(call)
        case ("GET", name) if entity_named(name) == RATE:
            return read_rate(call)
        case ("GET", "reports", name):
            return report(call, name)
        case ("GET", name, id_):
            return read(call, _entity(name), id_)
        case ("GET", name) if entity_named(name) in SINGLETONS:
            return read(call, _entity(name), "")
        case ("POST", name):
            return write_request(call, _entity(name))
    raise unsupported(f"{call.method} {'/'.join(call.path)}")


def _entity(name: str) -> str:
    entity = entity_named(name)
    if entity is None:
        raise unsupported(name)
    return entity
