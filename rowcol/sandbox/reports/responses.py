"""Reports: which there are, and the frame they share."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.refusals import Refusal, unsupported
from rowcol.sandbox.reports.aging import aging_rows
from rowcol.sandbox.reports.balance_sheet import balance_sheet_rows
from rowcol.sandbox.times import record_time

Rows = list[dict[str, Any]]
BUCKETS = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")


def report(call: Call, name: str) -> dict[str, Any]:
    """Answer `GET /reports/{name}`; raises Refusal for a report the sandbox does not make."""
    makers: dict[str, Callable[[Call], dict[str, Any]]] = {
        "agedpayables": lambda call: _aging(call, "AgedPayables", "Vendor"),
        "agedreceivables": lambda call: _aging(call, "AgedReceivables", "Customer"),
        "balancesheet": _balance_sheet,
    }
    maker = makers.get(name.lower())
    if maker is None:
        raise unsupported(
            f"reports/{name}; this sandbox makes AgedPayables, AgedReceivables and BalanceSheet"
        )
    return maker(replace(call, company=call.company.still()))


def _aging(call: Call, name: str, party_kind: str) -> dict[str, Any]:
    at = _date(call, "report_date")
    rows = aging_rows(call.company, party_kind, at)
    options = {"report_date": at.isoformat(), "NoReportData": "false" if rows else "true"}
    header = _header(call, name, at, at, options)
    columns = [_column("", party_kind, "party"), *(_column(bucket, "Money", bucket) for bucket in BUCKETS)]
    return _framed(header, [*columns, _column("Total", "Money", "total")], rows)


def _balance_sheet(call: Call) -> dict[str, Any]:
    end = _date(call, "end_date")
    start = _date(call, "start_date") if "start_date" in call.parameters else end.replace(month=1, day=1)
    rows = balance_sheet_rows(call.company, end, call.switches.card_balance)
    options = {"AccountingStandard": "GAAP", "NoReportData": "false" if rows else "true"}
    columns = [_column("", "Account", "account"), _column("Total", "Money", "total")]
    return _framed(_header(call, "BalanceSheet", start, end, options), columns, rows)


def _date(call: Call, parameter: str) -> date:
    text = call.parameters.get(parameter)
    if not text:
        return call.company.today(call.now)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("2050", "Invalid Date Format", f"{parameter} {text} is not a date") from None


def _header(call: Call, name: str, start: date, end: date, options: dict[str, str]) -> dict[str, Any]:
    return {
        "Time": record_time(call.now),
        "ReportName": name,
        "StartPeriod": start.isoformat(),
        "EndPeriod": end.isoformat(),
        "SummarizeColumnsBy": "Total",
        "ReportBasis": "Accrual",
        "Currency": call.company.currency,
        "Option": [{"Name": option, "Value": value} for option, value in options.items()],
    }


def _column(title: str, kind: str, key: str) -> dict[str, Any]:
    named = [{"Name": "ColKey", "Value": key.lower().replace(" - ", "_").replace(" ", "_")}]
    return {"ColTitle": title, "ColType": kind, "MetaData": named}


def _framed(header: dict[str, Any], columns: list[dict[str, Any]], rows: Rows) -> dict[str, Any]:
    return {"Header": header, "Columns": {"Column": columns}, "Rows": {"Row": rows} if rows else {}}
