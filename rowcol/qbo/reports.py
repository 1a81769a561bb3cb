"""QuickBooks' own reports and exchange rates: their requests, and reports' JSON as rows in cents. Pure.

Keyed by ids, `ColType`, `ColKey` and position; never by a label, which comes in the company's language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from rowcol.errors import Refused, Unavailable
from rowcol.money import cents
from rowcol.qbo.client import Request

TOO_LARGE = "unable to display more data"
MONEY = "money"
TOTAL_KEY = "total"
GRAND_TOTAL = "grandtotal"


@dataclass(frozen=True)
class ReportRow:
    """One row of a report: `id` of its party or account (None if it has none), and its amounts in cents.

    `cents` holds every money column in order (of an aging summary: the five buckets, then the total);
    `total_cents` the column that is the total.
    """

    id: str | None
    label: str
    cents: tuple[int, ...]
    total_cents: int


def aged_payables(on: date) -> Request:
    """Return the request for AgedPayables as of a date."""
    return _aging("AgedPayables", on)


def aged_receivables(on: date) -> Request:
    """Return the request for AgedReceivables as of a date."""
    return _aging("AgedReceivables", on)


def balance_sheet(on: date) -> Request:
    """Return the request for the accrual BalanceSheet at the end of a date."""
    day = on.isoformat()
    params = {"start_date": day, "end_date": day, "accounting_method": "Accrual"}
    return Request("GET", "reports/BalanceSheet", params, "report")


def exchange_rate(currency: str, on: date) -> Request:
    """Return the request for QuickBooks' own rate of a currency on a date."""
    params = {"sourcecurrencycode": currency, "asofdate": on.isoformat()}
    return Request("GET", "exchangerate", params, "read")


def rows(report: Mapping[str, Any]) -> list[ReportRow]:
    """Return a report's rows, each id once: leaf rows, and section headers that have an id.

    Summary rows never count. Of several rows with one id the first that has an amount counts; rows without
    an id come last. A report without rows has none.
    Raises Refused (the report was cut short), Unavailable (an amount is not a number).
    """
    columns, total = _money_columns(report), _total_column(report)
    by_id: dict[str, ReportRow] = {}
    nameless: list[ReportRow] = []
    for cells, is_header in _cells(report):
        row = _row(cells, columns, total)
        if row is None or (is_header and row.id is None):
            continue
        if row.id is None:
            nameless.append(row)
        elif row.id not in by_id or not any(by_id[row.id].cents):
            by_id[row.id] = row
    return [*by_id.values(), *nameless]


def _aging(name: str, on: date) -> Request:
    params = {"report_date": on.isoformat(), "aging_method": "Current"}
    return Request("GET", f"reports/{name}", params, "report")


def _columns(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = _mapping(report.get("Columns")).get("Column")
    return [_mapping(column) for column in value] if isinstance(value, list) else []


def _money_columns(report: Mapping[str, Any]) -> list[int] | None:
    """Return the positions of the money columns, None if the report does not type its columns."""
    kinds = [str(column.get("ColType", "")).lower() for column in _columns(report)]
    return [position for position, kind in enumerate(kinds) if kind == MONEY] or None


def _total_column(report: Mapping[str, Any]) -> int:
    """Return which of the money columns is the total: the one keyed so, else the last."""
    columns = _columns(report)
    for order, position in enumerate(_money_columns(report) or []):
        if _col_key(columns[position]) == TOTAL_KEY:
            return order
    return -1


def _col_key(column: Mapping[str, Any]) -> str:
    entries = column.get("MetaData")
    for entry in entries if isinstance(entries, list) else []:
        if _mapping(entry).get("Name") == "ColKey":
            return str(_mapping(entry).get("Value", "")).lower()
    return ""


def _cells(report: Mapping[str, Any]) -> Iterator[tuple[list[Mapping[str, Any]], bool]]:
    """Yield the cells of each leaf row and section header in reading order, and whether it is a header."""
    waiting = _rows_under(report)[::-1]
    while waiting:
        row = waiting.pop()
        header = _col_data(_mapping(row.get("Header")))
        if header:
            yield header, True
        leaf = _col_data(row)
        if leaf and str(row.get("group", "")).lower() != GRAND_TOTAL:
            yield leaf, False
        waiting.extend(_rows_under(row)[::-1])


def _rows_under(place: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = _mapping(place.get("Rows")).get("Row")
    several = value if isinstance(value, list) else [value]
    return [row for row in several if isinstance(row, Mapping)]


def _col_data(place: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = place.get("ColData")
    return [_mapping(cell) for cell in value] if isinstance(value, list) else []


def _row(cells: list[Mapping[str, Any]], columns: list[int] | None, total: int) -> ReportRow | None:
    """Return one row; None if it has neither an id nor an amount."""
    positions = range(1, len(cells)) if columns is None else columns
    named = [cell for position, cell in enumerate(cells) if position not in positions]
    label = str(named[0].get("value") or "") if named else ""
    if label.lower().startswith(TOO_LARGE):
        raise Refused("The report is larger than QuickBooks can show", "Ask for a shorter period")
    identity = next((str(cell["id"]) for cell in named if cell.get("id")), None)
    amounts = tuple(_amount(cells[place]) if place < len(cells) else 0 for place in positions)
    if identity is None and not any(amounts):
        return None
    return ReportRow(identity, label, amounts, amounts[total] if amounts else 0)


def _amount(cell: Mapping[str, Any]) -> int:
    text = str(cell.get("value") or "").strip().replace(",", "")
    try:
        return cents(Decimal(text or 0))
    except (InvalidOperation, ValueError, OverflowError):
        raise Unavailable("A report of QuickBooks has an amount that is not a number") from None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
