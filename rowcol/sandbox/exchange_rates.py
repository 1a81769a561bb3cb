"""QuickBooks' own exchange rates: the entity ExchangeRate, read for one currency and day or by query."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.company import Company, Record
from rowcol.sandbox.query import Statement
from rowcol.sandbox.refusals import Refusal, invalid, missing
from rowcol.sandbox.selection import select
from rowcol.sandbox.times import record_time

RATE = "ExchangeRate"


def read_rate(call: Call) -> dict[str, Any]:
    """Answer `GET /exchangerate?sourcecurrencycode=&asofdate=`; the day defaults to the company's today."""
    currency = call.parameters.get("sourcecurrencycode", "")
    if not currency:
        raise missing("sourcecurrencycode")
    record = _record(call, currency, _day(call))
    if record is None:
        raise invalid(f"There is no exchange rate for {currency}")
    return call.envelope(ExchangeRate=record)


def matching_rates(call: Call, statement: Statement) -> list[Record]:
    """Return the rates that a statement selects; rates nobody entered are those of the days it names, else of today."""
    company = call.company
    if company.of(RATE):
        return select(company, statement)
    dates = {
        str(value)[:10] for part in statement.conditions if part.field == "AsOfDate" for value in part.values
    }
    days = [date.fromisoformat(day) for day in sorted(dates)] or [company.today(call.now)]
    codes = {
        account.get("CurrencyRef", {}).get("value", company.currency)
        for account in company.of("Account").values()
    }
    records = [_record(call, code, day) for day in days for code in sorted(codes - {company.currency})]
    rates = {str(place): record for place, record in enumerate(records) if record is not None}
    return select(replace(company, entities={RATE: rates}), statement)


def rate_at(company: Company, currency: str, day: date) -> Decimal | None:
    """Return home units per unit of a currency on a day; None if the books have no rate of their own.

    The newest rate entered up to the day, else the rate that the books were made with.
    """
    entered = newest_entered(company, currency, day)
    if entered is not None:
        return Decimal(str(entered["Rate"]))
    return None if company.rate_on is None else company.rate_on(currency, company.currency, day)


def newest_entered(company: Company, currency: str, day: date) -> Record | None:
    """Return the newest ExchangeRate record of a currency dated up to a day."""
    of_currency = (
        record for record in company.of(RATE).values()
        if record.get("SourceCurrencyCode") == currency and record.get("AsOfDate", "") <= day.isoformat()
    )  # fmt: skip
    return max(of_currency, key=lambda record: str(record.get("AsOfDate", "")), default=None)


def _record(call: Call, currency: str, day: date) -> Record | None:
    company = call.company
    entered = newest_entered(company, currency, day)
    if entered is not None:
        return entered
    rate = Decimal(1) if currency == company.currency else rate_at(company, currency, day)
    if rate is None:
        return None
    codes = {"SourceCurrencyCode": currency, "TargetCurrencyCode": company.currency}
    housekeeping = {"SyncToken": "0", "domain": "QBO", "sparse": False}
    times = {"LastUpdatedTime": record_time(call.now)}
    return {**codes, "Rate": float(rate), "AsOfDate": day.isoformat(), **housekeeping, "MetaData": times}


def _day(call: Call) -> date:
    text = call.parameters.get("asofdate")
    if not text:
        return call.company.today(call.now)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("2050", "Invalid Date Format", f"asofdate {text} is not a date") from None
