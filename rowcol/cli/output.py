"""What a command prints: its result to stdout, everything else to stderr."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from rowcol.delivery.csv import BYTE_ORDER_MARK, to_csv
from rowcol.errors import StoreFull, UsageError
from rowcol.money import decimal_text

GAP = "  "


@dataclass(frozen=True)
class Console:
    """Where a command prints, and the caller's folder, to which relative file names refer."""

    out: TextIO
    err: TextIO
    folder: Path = Path()
    passphrase: str | None = None
    in_server: bool = False

    def print(self, text: str) -> None:
        """Print a result to stdout."""
        self.out.write(f"{text}\n")
        self.out.flush()

    def note(self, text: str) -> None:
        """Print anything else to stderr."""
        self.err.write(f"{text}\n")
        self.err.flush()

    def print_rows(self, frame: pd.DataFrame, form: str, target: Path | None, below: str = "") -> None:
        """Print a frame as table, csv or json, or write it to a file, with a line below it if one is given.

        Raises UsageError and StoreFull if the file cannot be written.
        """
        text = {"table": as_table, "csv": as_csv, "json": as_json}[form](frame)
        text = f"{text}\n{below}\n" if below else text
        if target is None:
            self.print(text.rstrip("\n"))
            return
        try:
            (self.folder / target).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            if error.errno == 28:
                raise StoreFull(f"The disk that holds {target} is full") from error
            raise UsageError(f"{target} cannot be written ({error.strerror})", "Name another file") from error
        self.note(f"Wrote {len(frame)} rows to {target}.")


def as_json(frame: pd.DataFrame) -> str:
    """Return a list of objects: cents and days as numbers, dates and times as ISO text, missing as null."""
    records = [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def as_csv(frame: pd.DataFrame) -> str:
    """Return the same columns as CSV, money as decimals; without a byte-order mark, for other programs to read."""
    return (
        to_csv(frame, {str(column): str(column) for column in frame.columns})
        .decode()
        .removeprefix(BYTE_ORDER_MARK)
    )


def as_table(frame: pd.DataFrame) -> str:
    """Return aligned columns for a terminal, money as decimals, numbers to the right."""
    names = [str(column).removesuffix("_cents") for column in frame.columns]
    cells = [
        [_shown(str(column), value) for column, value in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    right = [pd.api.types.is_numeric_dtype(frame[column].dtype) for column in frame.columns]
    widths = [max([len(name), *(len(row[place]) for row in cells)]) for place, name in enumerate(names)]
    lines = [
        GAP.join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in [names, *cells]
    ]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def _shown(column: str, value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return "–"
    if column.endswith("_cents"):
        return decimal_text(int(plain))
    return " ".join(str(plain).split())
