"""One QuickBooks company of the sandbox: its records as the wire carries them, and how they change."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from threading import RLock
from typing import Any

from rowcol.sandbox.times import record_time, system_clock, today_in

Record = dict[str, Any]

COMPANY_ID = "1"  # CompanyInfo and Preferences of every company carry this id
HOUSEKEEPING: Record = {"SyncToken": "0", "domain": "QBO", "sparse": False}
COMPANY_TIME_ZONE = "America/Los_Angeles"
CURRENCY_NAMES = {
    "USD": "United States Dollar",
    "CAD": "Canadian Dollar",
    "EUR": "Euro",
    "GBP": "British Pound Sterling",
    "AUD": "Australian Dollar",
}


@dataclass(frozen=True)
class Unlisted:
    """Bank activity no API entity shows, such as payroll run in QuickBooks; signed home cents."""

    date: str
    account: str
    amount_cents: int


@dataclass
class Company:
    """A company's books: entity name -> id -> record in wire form.

    `rate_on` gives the exchange rate of a currency to the home currency on a day, None if there is none; books that were
    not made up have no other rates than the ExchangeRate records in them.
    Once the company is served, records are replaced and never edited in place: readers hold no lock.
    """

    realm: str
    name: str
    currency: str
    entities: dict[str, dict[str, Record]] = field(default_factory=dict)
    unlisted: list[Unlisted] = field(default_factory=list)
    deleted: dict[str, dict[str, str]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False, compare=False)
    versions: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    rate_on: Callable[[str, str, date], Decimal | None] | None = field(
        default=None, repr=False, compare=False
    )

    def of(self, entity: str) -> dict[str, Record]:
        """Return the records of an entity by id; empty if there are none."""
        return self.entities.get(entity, {})

    def version(self, entity: str) -> int:
        """Return a number that grows with every change of an entity's records."""
        return self.versions.get(entity, 0)

    def still(self) -> "Company":
        """Return the books as they stand now, for whoever has to read many entities of one moment."""
        with self.lock:
            entities = {entity: dict(records) for entity, records in self.entities.items()}
            return replace(self, entities=entities, unlisted=list(self.unlisted))

    def next_id(self) -> str:
        """Return an id no record of the company has or had."""
        return str(1 + max((int(id_) for id_ in self._ids() if id_.isdigit()), default=0))

    def put(self, entity: str, record: Record, now: datetime) -> Record:
        """Store a record as last updated at `now`; returns what was stored."""
        stamp = record_time(now)
        created = record.get("MetaData", {}).get("CreateTime", stamp)
        times = {**record.get("MetaData", {}), "CreateTime": created, "LastUpdatedTime": stamp}
        stored = {**HOUSEKEEPING, **record, "MetaData": times}
        with self.lock:
            self.entities.setdefault(entity, {})[record["Id"]] = stored
            self.deleted.get(entity, {}).pop(record["Id"], None)
            self._changed(entity)
        return stored

    def drop(self, entity: str, id_: str, now: datetime) -> None:
        """Delete a record, leaving the tombstone that change-data-capture tells of."""
        with self.lock:
            del self.entities[entity][id_]
            self.deleted.setdefault(entity, {})[id_] = record_time(now)
            self._changed(entity)

    def today(self, now: datetime) -> date:
        """Return the date on the company's own calendar."""
        info = self.of("CompanyInfo").get(COMPANY_ID, {})
        return today_in(info.get("DefaultTimeZone", COMPANY_TIME_ZONE), now)

    def _ids(self) -> Iterator[str]:
        for records in self.entities.values():
            yield from records
        for tombstones in self.deleted.values():
            yield from tombstones

    def _changed(self, entity: str) -> None:
        self.versions[entity] = self.version(entity) + 1


def load_company(path: Path | str) -> Company:
    """Read a company file (`company_from_json` says what is in it)."""
    return company_from_json(json.loads(Path(path).read_text(encoding="utf-8")))


def company_from_json(document: dict[str, Any], now: datetime | None = None) -> Company:
    """Build a company from `{realm, name, currency, entities: {Entity: [records]}, unlisted: [...]}`.

    CompanyInfo and Preferences are made up if absent, and records get the housekeeping fields they lack:
    times from their TxnDate, else `now` (default: the present). `unlisted` holds `{date, account, amount}`,
    the amount signed, in home currency.
    """
    company = Company(str(document["realm"]), document["name"], document.get("currency", "USD"))
    loaded = record_time(now or system_clock())
    for entity, records in document.get("entities", {}).items():
        for record in records:
            id_ = _id_of(entity, record)
            if record.get("status") == "Deleted":
                company.deleted.setdefault(entity, {})[id_] = _updated(record, loaded)
            else:
                company.entities.setdefault(entity, {})[id_] = _housekept(record, loaded)
    company.unlisted = [
        Unlisted(row["date"], str(row["account"]), to_cents(row["amount"]))
        for row in document.get("unlisted", [])
    ]
    return with_company_records(company, loaded)


def with_company_records(company: Company, stamp: str) -> Company:
    """Return the company with its CompanyInfo and Preferences, made up if absent; stamp is a wire time."""
    times = {"CreateTime": stamp, "LastUpdatedTime": stamp}
    base: Record = {**HOUSEKEEPING, "Id": COMPANY_ID, "MetaData": times}
    company.entities.setdefault("CompanyInfo", {COMPANY_ID: {**base, **_company_info(company)}})
    company.entities.setdefault("Preferences", {COMPANY_ID: {**base, **_preferences(company)}})
    return company


def to_cents(amount: object) -> int:
    """Return a wire amount (number or numeric text; None is 0) in whole cents, rounded half up."""
    exact = Decimal(str(amount)) if amount not in (None, "") else Decimal(0)
    return int(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).scaleb(2))


def to_amount(amount_cents: int) -> float:
    """Return cents as the JSON number the wire carries."""
    return amount_cents / 100


def currency_ref(currency: str) -> dict[str, str]:
    """Return a CurrencyRef as the wire carries it."""
    return {"value": currency, "name": CURRENCY_NAMES.get(currency, currency)}


def _id_of(entity: str, record: Record) -> str:
    """Return a record's id; an exchange rate has none, and is known by its currency and day."""
    if entity == "ExchangeRate":
        return f"{record.get('SourceCurrencyCode')} {record.get('AsOfDate')}"
    return str(record["Id"])


def _housekept(record: Record, loaded: str) -> Record:
    stamp = f"{record['TxnDate'][:10]}T12:00:00-08:00" if record.get("TxnDate") else loaded
    times = {"CreateTime": stamp, "LastUpdatedTime": stamp, **record.get("MetaData", {})}
    return {**HOUSEKEEPING, **record, "MetaData": times}


def _updated(record: Record, loaded: str) -> str:
    return str(record.get("MetaData", {}).get("LastUpdatedTime", loaded))


def _company_info(company: Company) -> Record:
    return {
        "CompanyName": company.name,
        "LegalName": company.name,
        "Country": "USA",
        "FiscalYearStartMonth": "January",
        "SupportedLanguages": "en",
        "DefaultTimeZone": COMPANY_TIME_ZONE,
        "NameValue": [
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
            {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"},
        ],
    }


def _preferences(company: Company) -> Record:
    records = (record for rows in company.entities.values() for record in rows.values())
    codes = {record.get("CurrencyRef", {}).get("value", company.currency) for record in records}
    return {
        "AccountingInfoPrefs": {"FirstMonthOfFiscalYear": "January", "UseAccountNumbers": False},
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": bool(codes - {company.currency}),
            "HomeCurrency": {"value": company.currency},
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "VendorAndPurchasesPrefs": {"BillableExpenseTracking": True},
        "SalesFormsPrefs": {"CustomTxnNumbers": False, "AllowDeposit": False},
        "OtherPrefs": {"NameValue": []},
    }
