"""Read a company file into plain records: accounts, customers and documents.

Amounts are whole cents in the document's own currency unless a name says `home`. Nothing here decides
what a figure means; the postings of a document are in `postings.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Party = tuple[str, str]  # ("Vendor", "301")
Day = date | None

LISTS = {"Account", "Customer", "Vendor", "Employee", "Item", "Term", "Class", "Department", "CompanyInfo"}
NOT_DOCUMENTS = LISTS | {"Preferences", "ExchangeRate", "PaymentMethod", "TaxCode", "TaxRate", "TaxAgency"}


@dataclass(frozen=True)
class Account:
    """One account of the chart; `balance` is CurrentBalance, in the account's own currency."""

    id: str
    name: str
    type: str
    subtype: str
    active: bool
    balance: int
    currency: str


@dataclass(frozen=True)
class Link:
    """What one line of a payment or deposit is linked to, with the line's amount."""

    type: str
    id: str
    line_id: str | None
    cents: int


@dataclass(frozen=True, eq=False)
class Document:
    """One transaction. `balance` is Balance, RemainingCredit or UnappliedAmt; None if QBO left it out."""

    kind: str
    id: str
    number: str
    date: Day
    due: Day
    created: Day
    party: Party | None
    total: int
    balance: int | None
    home_total: int
    home_balance: int | None
    deposit: int
    rate: Fraction
    currency: str
    voided: bool
    links: tuple[Link, ...]
    raw: Json = field(repr=False)

    @property
    def number_id(self) -> int:
        """Return the id as a number, as ties are broken by it."""
        return int(self.id)


@dataclass(frozen=True)
class Settings:
    """What the advisor told the product about the client."""

    reserve: int = 0
    excluded: frozenset[str] = frozenset()
    pay_day: int = 7


@dataclass(frozen=True)
class Books:
    """A company: its lists, its documents and the client's settings."""

    realm: str
    currency: str
    accounts: dict[str, Account]
    customers: dict[str, Json]
    vendors: dict[str, Json]
    documents: list[Document]
    rates: list[tuple[str, date, Fraction]]
    settings: Settings
    zone: ZoneInfo

    def of(self, *kinds: str) -> list[Document]:
        """Return the documents of these kinds that are not voided."""
        return [each for each in self.documents if each.kind in kinds and not each.voided]


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves away from zero."""
    whole = (abs(value) + Fraction(1, 2)).__floor__()
    return whole if value >= 0 else -whole


def cents(value: Any) -> int:
    """Return an amount of the wire as whole cents."""
    return half_up(Fraction(Decimal(str(value))) * 100) if value not in (None, "") else 0


def day(text: str | None) -> date | None:
    """Read a plain date; a time-zone suffix is ignored."""
    return date.fromisoformat(text[:10]) if text else None


def ref(raw: Json, name: str) -> str | None:
    """Return the id inside a reference field."""
    return (raw.get(name) or {}).get("value") or None


def read(path: Path, settings: Settings | None = None) -> Books:
    """Read one company file."""
    return books_of(json.loads(path.read_text(), parse_float=Decimal), settings or Settings())


def books_of(company: Json, settings: Settings) -> Books:
    """Turn the content of a company file into records."""
    entities: dict[str, list[Json]] = company["entities"]
    info = (entities.get("CompanyInfo") or [{}])[0]
    zone = ZoneInfo(info.get("DefaultTimeZone") or "America/Los_Angeles")
    documents = [
        document(kind, raw, zone)
        for kind, rows in entities.items()
        if kind not in NOT_DOCUMENTS
        for raw in rows
    ]
    return Books(
        realm=company["realm"],
        currency=company["currency"],
        accounts={raw["Id"]: account(raw, company["currency"]) for raw in entities.get("Account", [])},
        customers={raw["Id"]: raw for raw in entities.get("Customer", [])},
        vendors={raw["Id"]: raw for raw in entities.get("Vendor", [])},
        documents=sorted(documents, key=lambda each: each.number_id),
        rates=exchange_rates(entities.get("ExchangeRate", [])),
        settings=settings,
        zone=zone,
    )


def exchange_rates(rows: Iterable[Json]) -> list[tuple[str, date, Fraction]]:
    """Return QuickBooks' own rates as (currency, date, home units for one unit)."""
    return [
        (raw["SourceCurrencyCode"], date.fromisoformat(raw["AsOfDate"]), Fraction(Decimal(str(raw["Rate"]))))
        for raw in rows
    ]


def account(raw: Json, home: str) -> Account:
    """Read one account."""
    return Account(
        id=raw["Id"],
        name=raw.get("Name", ""),
        type=raw.get("AccountType", ""),
        subtype=raw.get("AccountSubType", ""),
        active=raw.get("Active", True),
        balance=cents(raw.get("CurrentBalance")),
        currency=ref(raw, "CurrencyRef") or home,
    )


def document(kind: str, raw: Json, zone: ZoneInfo) -> Document:
    """Read one transaction."""
    rate = Fraction(Decimal(str(raw.get("ExchangeRate") or 1)))
    total = cents(raw.get("Amount") if kind in ("Transfer", "CreditCardPayment") else raw.get("TotalAmt"))
    return Document(
        kind=kind,
        id=raw["Id"],
        number=raw.get("DocNumber") or "",
        date=day(raw.get("TxnDate")),
        due=day(raw.get("DueDate")),
        created=created(raw, zone),
        party=header_party(kind, raw),
        total=total,
        balance=final_balance(kind, raw),
        home_total=cents(raw["HomeTotalAmt"]) if "HomeTotalAmt" in raw else half_up(total * rate),
        home_balance=cents(raw["HomeBalance"]) if "HomeBalance" in raw else None,
        deposit=cents(raw.get("Deposit")) if kind == "Invoice" else 0,
        rate=rate,
        currency=ref(raw, "CurrencyRef") or "",
        voided=is_voided(raw),
        links=links_of(raw),
        raw=raw,
    )


def created(raw: Json, zone: ZoneInfo) -> date | None:
    """Return the day of creation in the client's zone; TxnDate if there is no CreateTime."""
    text = (raw.get("MetaData") or {}).get("CreateTime")
    return datetime.fromisoformat(text).astimezone(zone).date() if text else day(raw.get("TxnDate"))


def final_balance(kind: str, raw: Json) -> int | None:
    """Return what QuickBooks states as open now, or None."""
    names = {"CreditMemo": ("RemainingCredit", "Balance"), "Payment": ("UnappliedAmt",)}
    for name in names.get(kind, ("Balance",)):
        if raw.get(name) is not None:
            return cents(raw[name])
    return None


def header_party(kind: str, raw: Json) -> Party | None:
    """Return the vendor, customer or employee of the header."""
    if ref(raw, "VendorRef"):
        return ("Vendor", str(ref(raw, "VendorRef")))
    if ref(raw, "CustomerRef"):
        return ("Customer", str(ref(raw, "CustomerRef")))
    if kind == "Purchase" and ref(raw, "EntityRef"):
        return (raw["EntityRef"].get("type") or "Vendor", str(ref(raw, "EntityRef")))
    return None


def line_party(detail: Json) -> Party | None:
    """Return the party named by a line of a journal or a deposit."""
    entity = detail.get("Entity") or {}
    inner = entity.get("EntityRef") or entity
    kind = entity.get("Type") or entity.get("type") or inner.get("type")
    return (kind.capitalize(), inner["value"]) if kind and inner.get("value") else None


def links_of(raw: Json) -> tuple[Link, ...]:
    """Return one link for each linked line."""
    return tuple(
        Link(link["TxnType"], link["TxnId"], link.get("TxnLineId"), cents(line.get("Amount")))
        for line in raw.get("Line") or []
        for link in (line.get("LinkedTxn") or [])[:1]
    )


def is_voided(raw: Json) -> bool:
    """Tell whether the document is voided, by the rule of `Voided` in the definitions."""
    note = (raw.get("PrivateNote") or "").strip()
    if note.lower() == "voided":
        return True
    amounts = [raw.get(name) for name in ("TotalAmt", "Amount", "Balance", "UnappliedAmt", "RemainingCredit")]
    amounts += [line.get("Amount") for line in raw.get("Line") or []]
    return bool(note) and int(raw.get("SyncToken") or 0) > 0 and not any(cents(each) for each in amounts)
