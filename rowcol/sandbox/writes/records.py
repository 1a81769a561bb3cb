"""Create, update, delete and void, guarded by SyncToken, with what follows in the books."""

from collections.abc import Callable
from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import LISTS, TRANSACTIONS
from rowcol.sandbox.company import Record
from rowcol.sandbox.links import linked_payments
from rowcol.sandbox.refusals import Refusal, missing, not_found, unsupported
from rowcol.sandbox.writes.balances import carry_over, moves_of
from rowcol.sandbox.writes.drafts import checked, completed, pruned, voided

OPERATIONS = ("create", "update", "delete", "void")
VOIDABLE = ("Invoice", "SalesReceipt", "Payment", "BillPayment")
DELETED_NAME = " (deleted)"  # what a name gains when its record is made inactive
MALFORMED = (KeyError, TypeError, AttributeError, ValueError, ArithmeticError)  # reading an ill-formed record
READ_ONLY = (
    "MetaData", "domain", "Balance", "HomeBalance", "BalanceWithJobs", "HomeTotalAmt", "UnappliedAmt",
    "RemainingCredit", "LinkedTxn", "CurrentBalance", "CurrentBalanceWithSubAccounts",
)  # fmt: skip


def write_request(call: Call, entity: str) -> dict[str, Any]:
    """Answer `POST /{entity}`: the operation is a parameter, or follows from an Id in the body."""
    sent = call.document()
    operation = call.parameters.get("operation") or ("update" if sent.get("Id") else "create")
    if call.parameters.get("include", "").lower() == "void":
        operation = "void"
    if operation not in OPERATIONS:
        raise unsupported(operation)
    return call.envelope(**{call.payload_key(entity): write(call, entity, operation, sent)})


def write(call: Call, entity: str, operation: str, sent: Record) -> Record:
    """Do one write; returns the record as stored, or the stub of a deleted one. Raises Refusal."""
    writers: dict[str, Callable[[Call, str, Record], Record]] = {
        "create": _create,
        "update": _update,
        "delete": _delete,
        "void": _void,
    }
    with call.company.lock:
        try:
            return writers[operation](call, entity, sent)
        except MALFORMED as problem:
            detail = f"{entity}: {type(problem).__name__} {problem}"
            raise Refusal("2010", "Request has invalid or unsupported property", detail) from problem


def _create(call: Call, entity: str, sent: Record) -> Record:
    fields = {name: value for name, value in pruned(sent).items() if name not in READ_ONLY}
    checked(call, entity, fields)
    base = {"Id": call.company.next_id(), "SyncToken": "0", "domain": "QBO", "sparse": False}
    if entity in LISTS:
        base["Active"] = True
    return _stored(call, entity, None, completed(call, entity, None, {**fields, **base}))


def _update(call: Call, entity: str, sent: Record) -> Record:
    old = _current(call, entity, sent)
    writable = {name: value for name, value in pruned(sent).items() if name not in READ_ONLY}
    kept = old if sent.get("sparse") else {name: old[name] for name in READ_ONLY if name in old}
    emptied = {name for name, value in sent.items() if value is None} - set(READ_ONLY)
    new = {name: value for name, value in {**kept, **writable}.items() if name not in emptied}
    checked(call, entity, new)
    new = {**new, "Id": old["Id"], "SyncToken": _following(old), "domain": "QBO", "sparse": False}
    return _stored(call, entity, old, completed(call, entity, old, _renamed(old, new)))


def _delete(call: Call, entity: str, sent: Record) -> Record:
    if entity not in TRANSACTIONS:
        raise unsupported(f"delete of {entity}; set Active to false")
    old = _current(call, entity, sent)
    _refuse_linked(old)
    moves = moves_of(call.company, entity, old, None, call.switches.card_balance)
    call.company.drop(entity, old["Id"], call.now)
    carry_over(call.company, entity, old, None, moves, call.now)
    return {"status": "Deleted", "domain": "QBO", "Id": old["Id"]}


def _void(call: Call, entity: str, sent: Record) -> Record:
    if entity not in VOIDABLE:
        raise unsupported(f"void of {entity}")
    old = _current(call, entity, sent)
    _refuse_linked(old)
    new = {**voided(entity, old, call.switches.voided_note), "SyncToken": _following(old)}
    return _stored(call, entity, old, new)


def _stored(call: Call, entity: str, old: Record | None, new: Record) -> Record:
    if entity not in TRANSACTIONS:
        return call.company.put(entity, _timed(old, new), call.now)
    moves = moves_of(call.company, entity, old, new, call.switches.card_balance)
    stored = call.company.put(entity, _timed(old, new), call.now)
    carry_over(call.company, entity, old, stored, moves, call.now)
    return stored


def _timed(old: Record | None, new: Record) -> Record:
    return {**new, "MetaData": old["MetaData"]} if old else new


def _current(call: Call, entity: str, sent: Record) -> Record:
    for name in ("Id", "SyncToken"):
        if sent.get(name) in (None, ""):
            raise missing(name)
    old = call.company.of(entity).get(str(sent["Id"]))
    if old is None:
        raise not_found(f"{entity} {sent['Id']}")
    if str(sent["SyncToken"]) != old["SyncToken"]:
        detail = (
            "Stale Object Error : You and somebody else were working on this at the same time. "
            "Somebody else finished before you did, so your work was not saved."
        )
        raise Refusal("5010", "Stale Object Error", detail)
    return old


def _following(old: Record) -> str:
    return str(int(old["SyncToken"]) + 1)


def _renamed(old: Record, new: Record) -> Record:
    name = "DisplayName" if "DisplayName" in new else "Name"
    retired = old.get("Active", True) and new.get("Active", True) is False
    return {**new, name: new[name] + DELETED_NAME} if retired and name in new else new


def _refuse_linked(record: Record) -> None:
    linked = linked_payments(record)
    if linked:
        detail = f"Business Validation Error: the transaction is linked to {linked[0]}; unlink it first"
        raise Refusal(
            "6000", "A business validation error has occurred while processing your request", detail
        )
