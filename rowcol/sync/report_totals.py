"""Read QuickBooks' own reports: log, mirror and the record of the read, in one transaction."""

from collections.abc import Callable
from datetime import date

from rowcol.errors import GrantDead, RailError, Unauthorized
from rowcol.qbo.client import Request
from rowcol.qbo.reports import aged_payables, aged_receivables, balance_sheet, rows
from rowcol.store.control import control_rows
from rowcol.store.control.checks import ReportRead, record_report
from rowcol.store.control.clients import Client
from rowcol.store.log import Landing, version
from rowcol.store.mirror import books_position, known_hashes, land
from rowcol.sync.context import SyncContext

REQUESTS: dict[str, Callable[[date], Request]] = {
    "BalanceSheet": balance_sheet,
    "AgedPayables": aged_payables,
    "AgedReceivables": aged_receivables,
}

Total = dict[str, str | int | None]


def read_report(context: SyncContext, client: Client, run_id: str, report: str, day: date) -> bool:
    """Read one report for one day into log and mirror; False if QuickBooks refused it, which is recorded too.

    Raises GrantDead and Unauthorized: then nothing else of the company can be read either.
    """
    try:
        reply = context.send(client.realm_id, REQUESTS[report](day))
        totals: list[Total] = [
            {"id": row.id, "label": row.label, "cents": row.total_cents} for row in rows(reply.document)
        ]
    except (GrantDead, Unauthorized):
        raise
    except RailError as error:
        _store(context, client, run_id, report, day, refused=error.message)
        return False
    _store(context, client, run_id, report, day, totals=totals, tid=reply.intuit_tid)
    return True


def _store(
    context: SyncContext,
    client: Client,
    run_id: str,
    report: str,
    day: date,
    *,
    totals: list[Total] | None = None,
    tid: str | None = None,
    refused: str | None = None,
) -> None:
    with context.database.write() as cursor:
        now = context.clock()
        position = books_position(cursor, context.advisor_id, client.business_id)
        if totals is not None:
            known = known_hashes(cursor, context.advisor_id, client.business_id, report)
            landing = Landing(context.advisor_id, client.business_id, run_id, now, tid)
            content = version(day.isoformat(), {"Id": day.isoformat(), "rows": totals})
            land(cursor, landing, report, [content], known, context.positions.take(1, now))
        read = ReportRead(client.business_id, report, day, now, position, refused)
        record_report(control_rows(cursor), context.advisor_id, read)
