"""The store's SQL files, read once."""

from functools import cache
from importlib import resources


@cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`."""
    return resources.files("rowcol.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
