"""What every named read stands on: one cursor, whose books, and as known when."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rowcol.store.database import Cursor
from rowcol.store.statements import statement
from rowcol.store.typed import TABLES


class Reads:
    """Reads over one scope: `prefix` names the tables they read, `values` are the parameters all statements share."""

    def __init__(self, cursor: Cursor, prefix: str, values: Mapping[str, Any]) -> None:
        self._cursor = cursor
        self._prefix = prefix
        self._values = dict(values)

    def _frame(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> pd.DataFrame:
        return self._read(name, relations, **values).df()

    def _value(self, name: str) -> Any:
        row = self._read(name).fetchone()
        return row[0] if row else None

    def _read(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> Cursor:
        text = statement(name)
        for table in TABLES:
            relation = (relations or {}).get(table, f"{self._prefix}{table}")
            text = text.replace(f"{{{table}}}", relation)
        named = {key: value for key, value in {**self._values, **values}.items() if f"${key}" in text}
        return self._cursor.execute(text, named)
