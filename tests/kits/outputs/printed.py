"""What files, mails and commands print, read back: amounts in cents, days, flags, the cells of a mail's tables."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pandas as pd

from rowcol.delivery.csv import BYTE_ORDER_MARK

AMOUNT = re.compile(r"[−-]?(?:[A-Z]{2,3}|[A-Z]{0,2}[$£€₹])\s?[\d,]+\.\d\d")
COUNTS = ("buffer_days", "net_burn_runway_days", "findings", "blocking")
FLAGS = {"yes": True, "no": False}
DAYS = ("as_of", "cash_out_date", "week_start")


def read_csv(content: bytes) -> Iterator[dict[str, str]]:
    """Return the rows of a file of ours."""
    yield from csv.DictReader(StringIO(content.decode().removeprefix(BYTE_ORDER_MARK)))


def day_of(text: str) -> date | None:
    """Return a day of a file, None if there is none."""
    return date.fromisoformat(text) if text else None


def cents_of(text: str) -> int:
    """Return a printed amount in cents: `-12.30`, `−CA$1,234.50`."""
    digits = re.sub(r"\D", "", text)
    return -int(digits) if text.lstrip("'")[0] in "-−" else int(digits)


def count_of(text: str) -> int | None:
    """Return printed days: `1,204 days`; None for a dash."""
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else None


def plain_value(value: Any) -> Any:
    """Return a value of a frame as an int, a bool, a date or a text, None if it is missing."""
    if isinstance(value, (tuple, list)):
        return tuple(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def read_back(name: str, value: Any) -> Any:
    """Return a value of a printed report: cents, whole days, dates, flags; None if it is missing."""
    if value in ("", None):
        return None
    if not isinstance(value, str):
        return value
    if name.endswith("_cents"):
        return cents_of(value)
    if value in FLAGS:
        return FLAGS[value]
    if name in COUNTS:
        return int(value)
    if name in DAYS:
        return date.fromisoformat(value)
    return value


def amounts_in(value: Any, name: str = "") -> Iterator[int]:
    """Return every amount in a digest's values."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from amounts_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from amounts_in(inner, name)
    elif name.endswith("_cents") and value is not None:
        yield value


def strings_in(value: Any) -> Iterator[str]:
    """Return every text in a digest's values."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from strings_in(item)
    if isinstance(value, str):
        yield value


class _Cells(HTMLParser):
    """The texts of a page, and of each row of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as its parent's
        self._hidden = self._hidden or tag == "style"
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._hidden or not data.strip():
            return
        self.texts.append(data.strip())
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = f"{self.rows[-1][-1]} {data.strip()}".strip()


def cells_of(html: str) -> list[str]:
    """Return the visible texts of a mail, in order."""
    parser = _Cells()
    parser.feed(html)
    return parser.texts


def rows_of(html: str) -> list[list[str]]:
    """Return the cells of each table row of a mail."""
    parser = _Cells()
    parser.feed(html)
    return parser.rows
