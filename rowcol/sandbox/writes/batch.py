"""Batch: up to 30 independent items in one request, answered with HTTP 200 whatever becomes of them."""

from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import entity_named
from rowcol.sandbox.reads import query_response
from rowcol.sandbox.refusals import Refusal, fault_body, missing, unsupported
from rowcol.sandbox.writes.records import OPERATIONS, write

MOST_ITEMS = 30


def batch(call: Call) -> dict[str, Any]:
    """Answer `POST /batch`; raises Refusal if there are no items, or too many."""
    items = call.document().get("BatchItemRequest")
    if not isinstance(items, list) or not items:
        raise missing("BatchItemRequest")
    if len(items) > MOST_ITEMS:
        raise Refusal(
            "1040", "Batch Size Limit", f"The batch has {len(items)} items, {MOST_ITEMS} are allowed"
        )
    return call.envelope(BatchItemResponse=[_answered(call, item) for item in items])


def _answered(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = _item(call, item)
    except Refusal as refusal:
        answer = {"Fault": fault_body(refusal)}
    return {"bId": item.get("bId", ""), **answer}


def _item(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    if "Query" in item:
        return {"QueryResponse": query_response(call, item["Query"])}
    entity = next((name for key in item if (name := entity_named(key.removesuffix("Txn")))), None)
    if entity is None:
        raise unsupported("of a batch item without Query or entity")
    operation = "void" if item.get("optionsData") == "void" else item.get("operation", "create")
    if operation not in OPERATIONS:
        raise unsupported(str(operation))
    sent = next(value for value in item.values() if isinstance(value, dict))
    return {call.payload_key(entity): write(call, entity, operation, sent)}
