"""Tables as CSV that a spreadsheet opens safely: no cell can run as a formula."""

import csv
import io
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd

from rowcol.money import decimal_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet may run a text cell that starts with one of these (OWASP, CSV injection), full-width signs included."""
CENTS_SUFFIX = "_cents"
BYTE_ORDER_MARK = "\ufeff"


def safe_text(text: str) -> str:
    """Return text that no spreadsheet runs as a formula: such a cell gets a leading apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def cell_text(value: Any, *, money: bool = False) -> str:
    """Return one cell: money from whole cents with two places, dates as ISO, missing as empty."""
    if isinstance(value, (tuple, list)):
        return safe_text("; ".join(str(item) for item in value))
    if pd.isna(value):
        return ""
    if money:
        return decimal_text(int(str(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(value) if isinstance(value, str) else str(value)


def to_csv(frame: pd.DataFrame, headers: Mapping[str, str] | None = None) -> bytes:
    """Return a frame as UTF-8 CSV with a byte-order mark, lines ending CR LF.

    Columns ending in `_cents` hold whole cents and are written as decimals with two places. `headers`
    selects, orders and names the columns; without it every column is written, `cash_cents` as `cash`.
    """
    names = (
        dict(headers) if headers is not None else {column: header_name(column) for column in frame.columns}
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(name) for name in names.values()])
    columns = list(names)
    for row in frame[columns].itertuples(index=False, name=None):
        writer.writerow(_cells(columns, row))
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def header_name(column: Hashable) -> str:
    """Return a column's name in a file: `cash_cents` becomes `cash`."""
    return str(column).removesuffix(CENTS_SUFFIX)


def _cells(columns: Sequence[str], row: Iterable[object]) -> list[str]:
    return [
        cell_text(value, money=str(column).endswith(CENTS_SUFFIX))
        for column, value in zip(columns, row, strict=True)
    ]
