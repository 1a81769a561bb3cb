"""Rows that came from outside the database, held beside it for the queries of one cursor."""

import pyarrow as pa

from rowcol.store.database import Cursor


def hold(cursor: Cursor, name: str, rows: pa.Table) -> None:
    """Hold rows as a temporary table of this cursor.

    A copy, not a view over Arrow: DuckDB 1.5 hands the Bloom filter of a large join down to the scan, which PyArrow
    refuses ("Pushdown Filter Type BLOOM_FILTER is not currently supported").
    """
    cursor.register("held_rows", rows)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM held_rows")
    cursor.unregister("held_rows")
