"""Invoices, what customers pay, and money received without an invoice."""

from datetime import date, timedelta

from rowcol.sandbox.builder import wire
from rowcol.sandbox.builder.base import Applied, BuilderBase, Lines, Money, Record
from rowcol.sandbox.ledger.amounts import cents


class Selling(BuilderBase):
    """The receiving side of the books."""

    def invoice(
        self,
        customer: str | None,
        amount: Money,
        on: date | None,
        *,
        due: date | None = None,
        number: str | None = None,
        account: str = "Services",
        lines: Lines | None = None,
        tax: Money = 0,
        discount: Money = 0,
        sent: bool = False,
        rate: Money | None = None,
        note: str | None = None,
        created: date | None = None,
    ) -> str:
        """Add an invoice; returns its id.

        `amount` is before tax and discount (what `lines` sum to); `sent`: it was e-mailed from QuickBooks.
        """
        record = self._sale(customer, amount, account, lines, tax, discount, rate)
        record["ARAccountRef"] = self._control("Accounts Receivable", record["CurrencyRef"]["value"])
        if due is not None:
            record["DueDate"] = due.isoformat()
        _noted(record, number, note)
        record["EmailStatus"] = "EmailSent" if sent else "NotSet"
        record["PrintStatus"] = "NotSet"
        address = self._email(customer)
        if address:
            record["BillEmail"] = {"Address": address}
        if sent:
            day = min(on or self.today, self.today - timedelta(days=1))
            record["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": wire.stamp(day, 1)}
        return self._add_txn("Invoice", record, on, created)

    def credit_memo(
        self,
        customer: str,
        amount: Money,
        on: date,
        *,
        number: str | None = None,
        account: str = "Services",
        lines: Lines | None = None,
        tax: Money = 0,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add a credit given to a customer; returns its id. `receive` uses it up."""
        record = self._sale(customer, amount, account, lines, tax, 0, rate)
        record["ARAccountRef"] = self._control("Accounts Receivable", record["CurrencyRef"]["value"])
        _noted(record, number, None)
        return self._add_txn("CreditMemo", record, on, created)

    def receive(
        self,
        customer: str,
        amount: Money,
        on: date,
        applied: Applied = None,
        *,
        into: str | None = None,
        number: str | None = None,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add a payment received into Undeposited Funds, or the account `into`; returns its id.

        `amount` is the money that came. `applied` says what it settles: invoices, and credits used up,
        each positive; what is left of the amount stays unapplied.
        """
        record = self._party_fields("CustomerRef", customer, rate)
        record["ARAccountRef"] = self._control("Accounts Receivable", record["CurrencyRef"]["value"])
        record |= self._into(into)
        record |= {"TotalAmt": cents(amount) / 100, "ProcessPayment": False}
        record["Line"] = wire.linked_lines(self._applied(applied, amount, "Accounts Receivable"))
        if number is not None:
            record["PaymentRefNum"] = number
        return self._add_txn("Payment", record, on, created)

    def sales_receipt(
        self,
        amount: Money,
        on: date,
        *,
        customer: str | None = None,
        into: str | None = None,
        number: str | None = None,
        account: str = "Services",
        lines: Lines | None = None,
        tax: Money = 0,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add a sale paid on the spot, into Undeposited Funds or the account `into`; returns its id."""
        record = self._sale(customer, amount, account, lines, tax, 0, rate) | self._into(into)
        _noted(record, number, None)
        record["Balance"] = 0.0
        return self._add_txn("SalesReceipt", record, on, created)

    def refund_receipt(
        self,
        amount: Money,
        on: date,
        *,
        customer: str | None = None,
        paid_from: str = "Checking",
        number: str | None = None,
        account: str = "Services",
        lines: Lines | None = None,
        rate: Money | None = None,
        created: date | None = None,
    ) -> str:
        """Add money given back to a customer; returns its id."""
        record = self._sale(customer, amount, account, lines, 0, 0, rate) | self._into(paid_from)
        _noted(record, number, None)
        record["Balance"] = 0.0
        return self._add_txn("RefundReceipt", record, on, created)

    def _sale(
        self,
        customer: str | None,
        amount: Money,
        account: str,
        lines: Lines | None,
        tax: Money,
        discount: Money,
        rate: Money | None,
    ) -> Record:
        record = self._party_fields("CustomerRef", customer, rate)
        off = cents(discount)
        record["TotalAmt"] = (cents(amount) + cents(tax) - off) / 100
        record["Line"] = wire.sales_lines(self._split(amount, lines, account), off)
        if tax:
            record["TxnTaxDetail"] = {"TotalTax": cents(tax) / 100}
        return record

    def _into(self, account: str | None) -> Record:
        return {} if account is None else {"DepositToAccountRef": self._account(account)}

    def _email(self, customer: str | None) -> str | None:
        """Return the address an invoice goes to: the customer's, or if billed with it, its parent's."""
        if customer is None:
            return None
        record = self._names[customer]
        if "PrimaryEmailAddr" in record:
            return str(record["PrimaryEmailAddr"]["Address"])
        parent = record.get("ParentRef", {}).get("value")
        return self._email(parent) if parent and record["BillWithParent"] else None


def _noted(record: Record, number: str | None, note: str | None) -> None:
    if number is not None:
        record["DocNumber"] = number
    if note is not None:
        record["PrivateNote"] = note
