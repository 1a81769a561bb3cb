"""The store: DuckDB holding the append-only log and the mirror."""
