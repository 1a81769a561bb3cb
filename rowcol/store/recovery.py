"""Cursors that were lost, found again from what the runs and the log know."""

from datetime import datetime

from rowcol.store.clients import aware
from rowcol.store.database import Cursor
from rowcol.store.reads import statement


def lost_cursors(cursor: Cursor, advisor_id: str, business_id: str) -> dict[str, datetime]:
    """Return entity -> a moment up to which its changes are surely in the mirror, cursor or none.

    That is the start of the last good run, for entities with records logged before it ended: all were complete
    then. An entity whose first reading was cut off, or that was never read, is not in it.
    """
    values = {"advisor_id": advisor_id, "business_id": business_id}
    rows = cursor.execute(statement("lost_cursors"), values).fetchall()
    return {entity: found for entity, moment in rows if (found := aware(moment)) is not None}
