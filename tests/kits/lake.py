"""The store on a DuckLake catalog: what several processes and machines will share one day."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import duckdb_extension_ducklake  # type: ignore[import-untyped]  # the package has no types

from rowcol.store.database import Cursor, Database

EXTENSION = next(Path(duckdb_extension_ducklake.__file__).parent.rglob("ducklake.duckdb_extension"))


class Lake(Database):
    """A database whose tables are a lake's: catalog in one file, data in Parquet beside it."""

    def _open(self) -> Cursor:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(config={"threads": 2})
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"LOAD '{EXTENSION}'")
        connection.execute(f"ATTACH 'ducklake:{self.path}' AS lake (DATA_PATH '{self.path}.files/')")
        return connection

    @contextmanager
    def read(self) -> Iterator[Cursor]:
        """Give a cursor in the lake."""
        with super().read() as cursor:
            cursor.execute("USE lake")
            yield cursor
