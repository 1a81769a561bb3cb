"""Rows of reports as the wire nests them: every cell a text, an empty cell an empty text."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def money(amount_cents: int) -> str:
    """Return cents as a report cell: `1234.50`."""
    sign = "-" if amount_cents < 0 else ""
    whole, rest = divmod(abs(amount_cents), 100)
    return f"{sign}{whole}.{rest:02d}"


def money_or_empty(amount_cents: int) -> str:
    """Return cents as a report cell, nothing for zero."""
    return money(amount_cents) if amount_cents else ""


def cells(title: str, id_: str | None, amounts: Sequence[str]) -> list[dict[str, str]]:
    """Return the cells of one row; only what has an id carries one."""
    first = {"value": title} if id_ is None else {"value": title, "id": id_}
    return [first, *({"value": amount} for amount in amounts)]


def section(
    header: list[dict[str, str]] | None, rows: Sequence[Row], summary: list[dict[str, str]], group: str = ""
) -> Row:
    """Return a section: its header, what is nested in it, and its sum."""
    row: Row = {"Header": {"ColData": header}} if header else {}
    if rows:
        row["Rows"] = {"Row": list(rows)}
    row |= {"Summary": {"ColData": summary}, "type": "Section"}
    return {**row, "group": group} if group else row
