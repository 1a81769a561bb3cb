"""Control rows: who is connected, how fresh the books are, what refreshes did, what was decided and sent.

They stand apart from log and mirror: modules of this package read and write no other tables, and nothing else in the
store reads or writes theirs. On the embedded store they lie in the same file, so that a page of records, its log rows
and its cursor commit together; on a shared store the rows would move to a database of their own.
"""

from typing import NewType

from rowcol.store.database import Cursor

ControlCursor = NewType("ControlCursor", Cursor)
"""A cursor for control rows alone."""


def control_rows(cursor: Cursor) -> ControlCursor:
    """Return the control rows' part of a read or of the writer's transaction: both commit together or not at all."""
    return ControlCursor(cursor)
