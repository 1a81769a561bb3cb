"""Bills, what pays them, and money spent without a bill."""

from datetime import date

from rowcol.sandbox.builder import wire
from rowcol.sandbox.builder.base import Applied, BuilderBase, Lines, Money, Record
from rowcol.sandbox.ledger.amounts import cents

CARD_TYPES = ("Credit Card",)


class Purchasing(BuilderBase):
    """The paying side of the books."""

    def bill(
        self,
        vendor: str | None,
        amount: Money,
        on: date | None,
        *,
        due: date | None = None,
        number: str | None = None,
        account: str = "General Expenses",
        lines: Lines | None = None,
        rate: Money | None = None,
        note: str | None = None,
        created: date | None = None,
    ) -> str:
        """Add a bill on one account, or split by `lines` (which sum to the amount); returns its id."""
        record = self._payable("VendorRef", vendor, amount, lines, account, rate)
        _dated(record, due, number, note)
        return self._add_txn("Bill", record, on, created)

    def vendor_credit(
        self,
        vendor: str,
        amount: Money,
        on: date,
        *,
        number: str | None = None,
        account: str = "General Expenses",
        lines: Lines | None = None,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add a credit a vendor gave; returns its id. `pay_bill` uses it up."""
        record = self._payable("VendorRef", vendor, amount, lines, account, rate)
        _dated(record, None, number, None)
        return self._add_txn("VendorCredit", record, on, created)

    def pay_bill(
        self,
        vendor: str,
        amount: Money,
        on: date,
        applied: Applied = None,
        *,
        account: str = "Checking",
        number: str | None = None,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add a bill payment by check (or card, if `account` is one); returns its id.

        `amount` is the money that left. `applied` says what it settles: bills, and credits used up, each
        positive; what is left of the amount stays unapplied.
        """
        record = self._party_fields("VendorRef", vendor, rate)
        money = self._account(account)
        record["APAccountRef"] = self._control("Accounts Payable", record["CurrencyRef"]["value"])
        if self._account_type(money) in CARD_TYPES:
            record |= {"PayType": "CreditCard", "CreditCardPayment": {"CCAccountRef": money}}
        else:
            check = {"BankAccountRef": money, "PrintStatus": "NotSet"}
            record |= {"PayType": "Check", "CheckPayment": check}
        record["TotalAmt"] = cents(amount) / 100
        record["Line"] = wire.linked_lines(self._applied(applied, amount, "Accounts Payable"))
        _dated(record, None, number, None)
        return self._add_txn("BillPayment", record, on, created)

    def purchase(
        self,
        amount: Money,
        on: date,
        *,
        payee: str | None = None,
        paid_from: str = "Checking",
        account: str = "General Expenses",
        lines: Lines | None = None,
        credit: bool = False,
        number: str | None = None,
        note: str | None = None,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add an expense from a bank account or card (`credit`: a refund to it); returns its id."""
        money = self._account(paid_from)
        kind = "CreditCard" if self._account_type(money) in CARD_TYPES else "Check" if number else "Cash"
        currency = self.company.of("Account")[money["value"]]["CurrencyRef"]
        record: Record = {"AccountRef": money, "PaymentType": kind, "CurrencyRef": currency}
        record |= self._rate_field(currency["value"], rate)
        if payee is not None:
            record["EntityRef"] = self._party(payee)
        if credit:
            record["Credit"] = True
        record["TotalAmt"] = cents(amount) / 100
        record["Line"] = wire.expense_lines(self._split(amount, lines, account))
        _dated(record, None, number, note)
        return self._add_txn("Purchase", record, on, created)

    def _payable(
        self,
        field: str,
        vendor: str | None,
        amount: Money,
        lines: Lines | None,
        account: str,
        rate: Money | None,
    ) -> Record:
        record = self._party_fields(field, vendor, rate)
        record["APAccountRef"] = self._control("Accounts Payable", record["CurrencyRef"]["value"])
        record["TotalAmt"] = cents(amount) / 100
        record["Line"] = wire.expense_lines(self._split(amount, lines, account))
        return record

    def _account_type(self, ref: wire.Ref) -> str:
        return str(self.company.of("Account")[ref["value"]]["AccountType"])


def _dated(record: Record, due: date | None, number: str | None, note: str | None) -> None:
    if due is not None:
        record["DueDate"] = due.isoformat()
    if number is not None:
        record["DocNumber"] = number
    if note is not None:
        record["PrivateNote"] = note
