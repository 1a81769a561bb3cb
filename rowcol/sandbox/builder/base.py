"""What every record is built on: ids, times, accounts, vendors and customers."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rowcol.sandbox.builder import wire
from rowcol.sandbox.company import Company, currency_ref
from rowcol.sandbox.ledger.amounts import cents

Record = dict[str, Any]
Money = Decimal | str | int
Applied = (
    Mapping[str, Money] | str | None
)  # transaction id (or `id/line`) -> amount; an id alone: all of the sum
Lines = Sequence[tuple[str, Money] | tuple[str, Money, str]]  # account, amount, description

LINE_CONTROLS = ("JournalEntry", "Deposit", "Purchase")  # what stands on A/P or A/R by a line
HISTORY = timedelta(days=548)  # how long ago a company started, by default


class BuildError(ValueError):
    """What was asked of the books cannot be written in them."""


class BuilderBase:
    """Books being written: the records so far, and the means to add one."""

    def __init__(
        self,
        realm: str,
        name: str,
        currency: str = "USD",
        *,
        today: date,
        started: date | None = None,
        time_zone: str = "America/Los_Angeles",
    ) -> None:
        self.company = Company(realm, name, currency)
        self.today = today
        self.started = started or today - HISTORY
        self.time_zone = time_zone
        self._sequences = {"Account": 0, "Name": 0, "Txn": 0}
        self._accounts: dict[str, wire.Ref] = {}
        self._names: dict[str, Record] = {}
        self._entity_of: dict[str, str] = {}
        for account in wire.STANDARD_ACCOUNTS:
            self.account(*account)

    def account(
        self,
        name: str,
        account_type: str = "Expense",
        subtype: str = "",
        *,
        currency: str | None = None,
        parent: str | None = None,
        active: bool = True,
    ) -> str:
        """Add an account, to be named by its name (or id) from then on; returns its id."""
        above = self._account(parent) if parent else None
        code = currency or self.company.currency
        record = wire.account_record(name, account_type, subtype, code, above)
        record["Active"] = active
        id_ = self._add("Account", record, self.started)
        self._accounts[name] = self._accounts[id_] = {"value": id_, "name": record["FullyQualifiedName"]}
        return id_

    def vendor(
        self,
        name: str,
        *,
        email: str | None = None,
        phone: str | None = None,
        currency: str | None = None,
        active: bool = True,
        created: date | None = None,
    ) -> str:
        """Add a vendor; returns its id. `created` defaults to the day the company started."""
        code = currency or self.company.currency
        record = wire.name_record(name, code, email, phone, active)
        return self._add_name("Vendor", record, created)

    def customer(
        self,
        name: str,
        *,
        parent: str | None = None,
        bill_with_parent: bool = False,
        project: bool = False,
        email: str | None = None,
        phone: str | None = None,
        currency: str | None = None,
        active: bool = True,
        created: date | None = None,
    ) -> str:
        """Add a customer, or with `parent` (an id) a sub-customer of it; returns its id."""
        above = self._names[parent] if parent else None
        code = currency or (above["CurrencyRef"]["value"] if above else self.company.currency)
        record = wire.name_record(name, code, email, phone, active)
        path = f"{above['FullyQualifiedName']}:{name}" if above else name
        record |= {"FullyQualifiedName": path, "Job": above is not None, "BillWithParent": bill_with_parent}
        if above:
            record |= {"ParentRef": {"value": parent}, "Level": path.count(":"), "IsProject": project}
        return self._add_name("Customer", record, created)

    def _add_name(self, entity: str, record: Record, created: date | None) -> str:
        id_ = self._add(entity, record, created or self.started)
        self._names[id_] = record
        return id_

    def _add(self, entity: str, record: Record, created: date) -> str:
        family = entity if entity == "Account" else "Name" if "DisplayName" in record else "Txn"
        self._sequences[family] = number = self._sequences[family] + 1
        id_ = str(number)
        made = wire.stamp(min(created, self.today - timedelta(days=1)), number)
        record["Id"] = id_
        record["SyncToken"] = "0"
        record["domain"] = "QBO"
        record["sparse"] = False
        record["MetaData"] = {"CreateTime": made, "LastUpdatedTime": made}
        self.company.entities.setdefault(entity, {})[id_] = record
        if family == "Txn":
            self._entity_of[id_] = entity
        return id_

    def _add_txn(self, entity: str, record: Record, on: date | None, created: date | None) -> str:
        if on is not None:
            record["TxnDate"] = on.isoformat()
        return self._add(entity, record, created or on or self.today)

    def _account(self, name: str) -> wire.Ref:
        try:
            return self._accounts[name]
        except KeyError:
            raise BuildError(f"There is no account {name!r}") from None

    def _party(self, id_: str) -> wire.Ref:
        record = self._names[id_]
        kind = "Vendor" if id_ in self.company.of("Vendor") else "Customer"
        return {"value": id_, "name": record["DisplayName"], "type": kind}

    def _party_fields(self, field: str, id_: str | None, rate: Money | None) -> Record:
        """Return the party's reference and currency as a transaction carries them."""
        record: Record = {"CurrencyRef": currency_ref(self.company.currency)}
        if id_ is not None:
            name = self._names[id_]
            record[field] = {"value": id_, "name": name["DisplayName"]}
            record["CurrencyRef"] = name["CurrencyRef"]
        return record | self._rate_field(record["CurrencyRef"]["value"], rate)

    def _rate_field(self, currency: str, rate: Money | None) -> Record:
        if currency == self.company.currency:
            return {}
        if rate is None:
            raise BuildError(f"A transaction in {currency} needs a rate")
        return {"ExchangeRate": float(rate)}

    def _control(self, account_type: str, currency: str) -> wire.Ref:
        """Return the A/P or A/R account of a currency; the first use of a currency opens it."""
        name = "Accounts Payable (A/P)" if account_type == "Accounts Payable" else "Accounts Receivable (A/R)"
        if currency != self.company.currency:
            name = f"{name} - {currency}"
            if name not in self._accounts:
                self.account(name, account_type, account_type.replace(" ", ""), currency=currency)
        return self._account(name)

    def _split(self, amount: Money, lines: Lines | None, account: str) -> list[tuple[wire.Ref, int, str]]:
        if lines is None:
            return [(self._account(account), cents(amount), account)]
        return [
            (self._account(line[0]), cents(line[1]), line[2] if len(line) > 2 else line[0]) for line in lines
        ]

    def _applied(self, applied: Applied, amount: Money, side: str) -> dict[tuple[str, str, str], int]:
        """Return what a payment settles by (linked type, id, line), in cents."""
        if applied is None:
            return {}
        sums = {applied: amount} if isinstance(applied, str) else applied
        found = {}
        for key, sum_ in sums.items():
            txn_id, _, line = key.partition("/")
            found[self._linked_type(txn_id), txn_id, line or self._control_line(txn_id, side)] = cents(sum_)
        return found

    def _linked_type(self, txn_id: str) -> str:
        entity = self._entity_of.get(txn_id)
        if entity is None:
            raise BuildError(f"There is no transaction {txn_id}")
        return "Expense" if entity == "Purchase" else entity

    def _control_line(self, txn_id: str, account_type: str) -> str:
        """Return the line of a journal entry, deposit or expense that stands on A/P or A/R; else nothing."""
        entity = self._entity_of[txn_id]
        if entity not in LINE_CONTROLS:
            return ""
        record = self.company.entities[entity][txn_id]
        accounts = self.company.of("Account")
        for line in record.get("Line", ()):
            account = line.get(line.get("DetailType", ""), {}).get("AccountRef", {}).get("value")
            if account in accounts and accounts[account]["AccountType"] == account_type:
                return str(line["Id"])
        return ""
