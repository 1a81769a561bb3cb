"""Query and read by id."""

from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import SINGLETONS
from rowcol.sandbox.company import COMPANY_ID
from rowcol.sandbox.exchange_rates import RATE, matching_rates
from rowcol.sandbox.query import Statement, parse
from rowcol.sandbox.refusals import invalid, missing, not_found, unsupported

MOST_RESULTS = 1000
STATEMENT_TYPES = ("application/text", "text/plain")


def query(call: Call) -> dict[str, Any]:
    """Answer `GET /query?query=` or `POST /query`."""
    if call.method == "GET":
        text = call.parameters.get("query", "")
    elif call.content_type in STATEMENT_TYPES:
        text = call.body.decode("utf-8", "replace")
    else:
        raise unsupported(f"query with content type {call.content_type or '(none)'}")
    if not text.strip():
        raise missing("query")
    return call.envelope(QueryResponse=query_response(call, text))


def query_response(call: Call, text: str) -> dict[str, Any]:
    """Return the `QueryResponse` of a statement; the entity's key is absent if no record matches."""
    statement = parse(text, call.company.today(call.now))
    limit = _limit(call, statement)
    rates = statement.entity == RATE
    found = matching_rates(call, statement) if rates else call.selections.of(call.company, statement)
    if statement.count:
        return {"totalCount": len(found)}
    page = found[statement.start - 1 : statement.start - 1 + limit]
    if not page:
        return {}
    response = {call.payload_key(statement.entity): page, "startPosition": statement.start}
    response["maxResults"] = len(page)
    return {**response, "totalCount": len(found)} if call.switches.total_count else response


def read(call: Call, entity: str, id_: str) -> dict[str, Any]:
    """Answer `GET /{entity}/{id}`; CompanyInfo goes by its realm too."""
    if entity in SINGLETONS:
        id_ = COMPANY_ID
    record = call.company.of(entity).get(id_)
    if record is None:
        raise not_found(f"{entity} {id_}")
    return call.envelope(**{call.payload_key(entity): record})


def _limit(call: Call, statement: Statement) -> int:
    if statement.limit > MOST_RESULTS and call.switches.max_results == "fault":
        raise invalid(f"value {statement.limit} is too large. Max allowed value is {MOST_RESULTS}")
    return min(statement.limit, MOST_RESULTS)
