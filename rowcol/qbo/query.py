"""Write queries in QuickBooks' query language. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from rowcol.errors import UsageError

Value = str | int | bool | Decimal | date | datetime
# Field, operator, value (several for IN).
Condition = tuple[str, str, Value | Sequence[Value]]

LARGEST_PAGE = 1000
OPERATORS = frozenset({"=", "<", ">", "<=", ">=", "IN", "LIKE"})
# These return their inactive members only on request.
LIST_ENTITIES = frozenset(
    {
        "Account",
        "Class",
        "Customer",
        "Department",
        "Employee",
        "Item",
        "PaymentMethod",
        "TaxCode",
        "Term",
        "Vendor",
    }
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*)*")


def select(
    entity: str,
    *,
    where: Sequence[Condition] = (),
    order_by: str | None = None,
    start: int | None = None,
    limit: int | None = None,
) -> str:
    """Return a SELECT of whole records; `start` counts from 1, `limit` up to 1000.

    Inactive members of name lists are included. Raises UsageError for what the language cannot express.
    """
    if start is not None and start < 1:
        raise UsageError(f"STARTPOSITION {start}: rows are counted from 1")
    if limit is not None and not 1 <= limit <= LARGEST_PAGE:
        raise UsageError(f"MAXRESULTS {limit}: a page has 1 to {LARGEST_PAGE} rows")
    parts = ["SELECT * FROM", _name(entity), _where(entity, where)]
    parts.append(f"ORDERBY {_name(order_by)}" if order_by else "")
    parts.append(f"STARTPOSITION {start}" if start is not None else "")
    parts.append(f"MAXRESULTS {limit}" if limit is not None else "")
    return " ".join(part for part in parts if part)


def count(entity: str, *, where: Sequence[Condition] = ()) -> str:
    """Return a COUNT(*) over the rows `select` would give."""
    return " ".join(["SELECT COUNT(*) FROM", _name(entity), _where(entity, where)]).rstrip()


def literal(value: Value) -> str:
    """Return a value as a literal of the language: quoted and escaped, booleans bare, times with an offset.

    Raises UsageError for a character outside Latin-1, and for a time without an offset.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    text = moment(value) if isinstance(value, datetime) else str(value)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError(f"QuickBooks cannot search for {text!r}: only Latin-1 letters are taken") from None
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def moment(value: datetime) -> str:
    """Return an aware moment with its offset; QuickBooks takes one without for Pacific time."""
    if value.utcoffset() is None:
        raise UsageError("A time without an offset would be read as Pacific time")
    return value.isoformat(timespec="seconds")


def _where(entity: str, where: Sequence[Condition]) -> str:
    conditions = list(where)
    if entity in LIST_ENTITIES and all(name.lower() != "active" for name, _, _ in conditions):
        conditions.append(("Active", "IN", (True, False)))
    if not conditions:
        return ""
    return "WHERE " + " AND ".join(_condition(*condition) for condition in conditions)


def _condition(name: str, operator: str, value: Value | Sequence[Value]) -> str:
    if operator not in OPERATORS:
        raise UsageError(f"QuickBooks' query language has no operator {operator}")
    if operator == "IN":
        values = [value] if isinstance(value, str) or not isinstance(value, Sequence) else value
        return f"{_name(name)} IN ({', '.join(literal(item) for item in values)})"
    if not isinstance(value, str) and isinstance(value, Sequence):
        raise UsageError(f"{operator} takes one value, not several")
    return f"{_name(name)} {operator} {literal(value)}"


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise UsageError(f"{text!r} is not a name QuickBooks could know")
    return text
