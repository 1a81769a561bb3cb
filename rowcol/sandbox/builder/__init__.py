"""Build a company record by record.

books = Books("9130350000000000001", "Northlight", today=date(2026, 11, 20))
acme = books.customer("Acme", email="ap@acme.example")
invoice = books.invoice(acme, "1200.00", date(2026, 10, 1), due=date(2026, 10, 31))
books.receive(acme, "500.00", date(2026, 11, 3), {invoice: "500.00"}, into="Checking")
company = books.finish()
"""

from datetime import date, timedelta
from typing import Any

from rowcol.sandbox.builder import wire
from rowcol.sandbox.builder.banking import Banking
from rowcol.sandbox.builder.base import BuildError, Record
from rowcol.sandbox.builder.purchasing import Purchasing
from rowcol.sandbox.builder.selling import Selling
from rowcol.sandbox.company import COMPANY_ID, Company, with_company_records
from rowcol.sandbox.ledger import restated

__all__ = ["Books", "BuildError"]

COUNTRIES = {"USD": "USA", "CAD": "CAN", "GBP": "GBR", "EUR": "DEU", "AUD": "AUS"}


class Books(Purchasing, Selling, Banking):
    """The books of one company, written one record at a time.

    Amounts are Decimal, text or whole units, in the party's or account's currency; accounts go by name;
    what is dated after `today` is recorded as made yesterday. Each method returns the id of what it wrote.
    """

    def amend(self, txn_id: str, **fields: Any) -> None:
        """Set wire fields of a transaction as given (None leaves one out), as an edit in QuickBooks would."""
        record = self._record(txn_id)
        for field, value in fields.items():
            if value is None:
                record.pop(field, None)
            else:
                record[field] = value
        _touch(record)

    def void(self, txn_id: str) -> None:
        """Void a transaction: amounts become zero, and its note says so."""
        record = wire.voided(self._record(txn_id))
        _touch(record)
        self.company.entities[self._entity_of[txn_id]][txn_id] = record

    def delete(self, txn_id: str, on: date) -> None:
        """Delete a transaction, leaving only its tombstone; nothing may be linked to it."""
        entity = self._entity_of.pop(txn_id)
        del self.company.entities[entity][txn_id]
        self.company.deleted.setdefault(entity, {})[txn_id] = wire.stamp(on, int(txn_id))

    def finish(self) -> Company:
        """Return the company with every balance and back-link derived as QuickBooks would."""
        company = self.company
        made = wire.stamp(self.started, 0)
        company.entities.setdefault("Item", {"1": self._services_item(made)})
        for entity, record in restated(company):
            _linked_times(company, record)
            if entity == "Account":
                record["MetaData"] = record["MetaData"] | {"LastUpdatedTime": self._yesterday()}
            company.entities[entity][record["Id"]] = record
        with_company_records(company, made)
        info = company.entities["CompanyInfo"][COMPANY_ID]
        info["Country"] = COUNTRIES.get(company.currency, "USA")
        info["DefaultTimeZone"] = self.time_zone
        info["CompanyStartDate"] = self.started.isoformat()
        return company

    def _record(self, txn_id: str) -> Record:
        if txn_id not in self._entity_of:
            raise BuildError(f"There is no transaction {txn_id}")
        return self.company.entities[self._entity_of[txn_id]][txn_id]

    def _yesterday(self) -> str:
        return wire.stamp(self.today - timedelta(days=1), 0)

    def _services_item(self, made: str) -> Record:
        return {
            "Id": "1",
            "Name": "Services",
            "Type": "Service",
            "Active": True,
            "IncomeAccountRef": self._account("Services"),
            "SyncToken": "0",
            "domain": "QBO",
            "sparse": False,
            "MetaData": {"CreateTime": made, "LastUpdatedTime": made},
        }


def _touch(record: Record) -> None:
    record["SyncToken"] = str(int(record["SyncToken"]) + 1)


def _linked_times(company: Company, record: Record) -> None:
    """Count each link back as a save of the record, on the day of the payment that made it."""
    links = record.get("LinkedTxn", [])
    if not links:
        return
    times = [record["MetaData"]["LastUpdatedTime"]]
    for link in links:
        entity = "BillPayment" if link["TxnType"] == "BillPaymentCheck" else link["TxnType"]
        source = company.of(entity).get(link["TxnId"])
        if source:
            times.append(source["MetaData"]["CreateTime"])
    record["MetaData"] = record["MetaData"] | {"LastUpdatedTime": max(times)}
    record["SyncToken"] = str(int(record["SyncToken"]) + len(links))
