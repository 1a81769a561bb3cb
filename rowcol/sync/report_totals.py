"""Read QuickBooks' own reports and exchange rates: log, mirror and the record of the read, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from rowcol.entities import EXCHANGE_RATE
from rowcol.errors import GrantDead, RailError, Unauthorized, Unavailable
from rowcol.qbo.client import Reply, Request
from rowcol.qbo.reports import aged_payables, aged_receivables, balance_sheet, exchange_rate, rows
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


@dataclass(frozen=True)
class Answer:
    """What one read gave: the entity and the record it lands as, and Intuit's id of the answer."""

    entity: str
    record: dict[str, Any]
    tid: str | None


def read_report(context: SyncContext, client: Client, run_id: str, report: str, day: date) -> bool:
    """Read one report for one day into log and mirror; False if QuickBooks refused it, which is recorded too.

    Raises GrantDead and Unauthorized: then nothing else of the company can be read either.
    """

    def totals(reply: Reply) -> Answer:
        lines: list[Total] = [
            {"id": row.id, "label": row.label, "cents": row.total_cents} for row in rows(reply.document)
        ]
        return Answer(report, {"Id": day.isoformat(), "rows": lines}, reply.intuit_tid)

    read = partial(ReportRead, client.business_id, report, day)
    return _read(context, client, run_id, REQUESTS[report](day), totals, read)


def read_exchange_rate(context: SyncContext, client: Client, run_id: str, currency: str, day: date) -> bool:
    """Read QuickBooks' own rate of a currency on a day, as `read_report` reads a report; recorded as `rate_read`."""

    def stated(reply: Reply) -> Answer:
        sent = reply.document.get(EXCHANGE_RATE)
        if not isinstance(sent, dict) or sent.get("Rate") is None:
            raise Unavailable("QuickBooks sent an answer without an exchange rate", tid=reply.intuit_tid)
        rated_on = str(sent.get("AsOfDate") or day.isoformat())
        codes = {"SourceCurrencyCode": currency, "TargetCurrencyCode": sent.get("TargetCurrencyCode")}
        record = {"Id": f"{currency} {rated_on}", **codes, "Rate": sent["Rate"], "AsOfDate": rated_on}
        return Answer(EXCHANGE_RATE, record, reply.intuit_tid)

    read = partial(ReportRead, client.business_id, rate_read(currency), day)
    return _read(context, client, run_id, exchange_rate(currency, day), stated, read)


def rate_read(currency: str) -> str:
    """Return the name under which the read of a currency's rate is recorded among those of reports."""
    return f"{EXCHANGE_RATE} {currency}"


def _read(
    context: SyncContext,
    client: Client,
    run_id: str,
    request: Request,
    parse: Callable[[Reply], Answer],
    read: Callable[..., ReportRead],
) -> bool:
    try:
        answer, refused = parse(context.send(client.realm_id, request)), None
    except (GrantDead, Unauthorized):
        raise
    except RailError as error:
        answer, refused = None, error.message
    with context.database.write() as cursor:
        now = context.clock()
        position = books_position(cursor, context.advisor_id, client.business_id)
        if answer is not None:
            known = known_hashes(cursor, context.advisor_id, client.business_id, answer.entity)
            landing = Landing(context.advisor_id, client.business_id, run_id, now, answer.tid)
            content = version(answer.record["Id"], answer.record)
            land(cursor, landing, answer.entity, [content], known, context.positions.take(1, now))
        record_report(control_rows(cursor), context.advisor_id, read(now, position, refused))
    return answer is not None
