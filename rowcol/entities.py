"""What QuickBooks' entities are called, where they open, and which accounts their headers name: one row an entity."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["company", "account", "party", "transaction"]
Side = Literal["ap", "ar"]
Role = Literal["charge", "credit", "payment"]


@dataclass(frozen=True)
class Entity:
    """One entity of QuickBooks' API that RowCol mirrors.

    - `name`: as on the wire; `label`: in the singular, as a sentence begins with it; `plural`: as a list names it.
    - `page`: its page in QuickBooks up to the record's id, None if it has none.
    - `account`, `other_account`: the header fields that name its accounts, None if it has none (a bill payment's
      account depends on how it was paid, and stands in a nested object).
    - `prepaid_into`: the header field that names where money received with the document itself went (its `Deposit`).
    - `moves_cash`: whether its header or a line of it can name a bank account.
    - `side`, `role`: on which side it can be open (None: on neither), and whether it raises what is owed there
      (charge), lowers it (credit) or settles it (payment).
    - `linked_as`: other names under which `LinkedTxn` refers to it.
    """

    name: str
    kind: Kind
    label: str
    plural: str
    page: str | None = None
    account: str | None = None
    other_account: str | None = None
    prepaid_into: str | None = None
    moves_cash: bool = False
    side: Side | None = None
    role: Role | None = None
    linked_as: tuple[str, ...] = ()


_TABLE = (
    Entity("CompanyInfo", "company", "Company info", "company info"),
    Entity("Preferences", "company", "Preferences", "preferences"),
    Entity("Account", "account", "Account", "accounts", page="register?accountId="),
    Entity("Vendor", "party", "Vendor", "vendors", page="vendordetail?nameId="),
    Entity("Customer", "party", "Customer", "customers", page="customerdetail?nameId="),
    Entity("Bill", "transaction", "Bill", "bills", page="bill?txnId=", account="APAccountRef", moves_cash=True,
           side="ap", role="charge"),
    Entity("Invoice", "transaction", "Invoice", "invoices", page="invoice?txnId=", account="ARAccountRef",
           prepaid_into="DepositToAccountRef", moves_cash=True, side="ar", role="charge"),
    Entity("BillPayment", "transaction", "Bill payment", "bill payments", page="billpayment?txnId=", moves_cash=True,
           side="ap", role="payment"),
    Entity("Payment", "transaction", "Payment", "payments", page="recvpayment?txnId=",
           account="DepositToAccountRef", moves_cash=True, side="ar", role="payment"),
    Entity("VendorCredit", "transaction", "Vendor credit", "vendor credits", page="vendorcredit?txnId=",
           account="APAccountRef", moves_cash=True, side="ap", role="credit"),
    Entity("CreditMemo", "transaction", "Credit memo", "credit memos", page="creditmemo?txnId=",
           account="ARAccountRef", side="ar", role="credit"),
    Entity("Purchase", "transaction", "Expense", "purchases", page="expense?txnId=", account="AccountRef",
           moves_cash=True, linked_as=("Expense", "Check", "CashPurchase", "CreditCardCredit", "CreditCardExpense",
                                       "CreditCardCharge")),
    Entity("Deposit", "transaction", "Deposit", "deposits", page="deposit?txnId=", account="DepositToAccountRef",
           moves_cash=True),
    Entity("Transfer", "transaction", "Transfer", "transfers", page="transfer?txnId=", account="FromAccountRef",
           other_account="ToAccountRef", moves_cash=True),
    Entity("JournalEntry", "transaction", "Journal entry", "journal entries", page="journal?txnId=",
           account="DepositToAccountRef", moves_cash=True),
    Entity("SalesReceipt", "transaction", "Sales receipt", "sales receipts", page="salesreceipt?txnId=",
           account="DepositToAccountRef", moves_cash=True),
    Entity("RefundReceipt", "transaction", "Refund receipt", "refund receipts", page="refundreceipt?txnId=",
           account="DepositToAccountRef", moves_cash=True),
    Entity("CreditCardPayment", "transaction", "Card payment", "credit card payments", account="BankAccountRef",
           other_account="CreditCardAccountRef", moves_cash=True),
)  # fmt: skip

BY_NAME = {entity.name: entity for entity in _TABLE}
ENTITIES = tuple(BY_NAME)
"""What a refresh reads, in the order in which pages list it."""


def of_kind(kind: Kind) -> tuple[str, ...]:
    """Return the wire names of one kind, in the table's order."""
    return tuple(entity.name for entity in _TABLE if entity.kind == kind)


TRANSACTIONS = of_kind("transaction")
SIDE_OF = {entity.name: entity.side for entity in _TABLE if entity.side is not None}
"""Wire name -> `ap` or `ar`, for the entities that can be open."""
CHARGES, CREDITS, PAYMENTS = (
    tuple(entity.name for entity in _TABLE if entity.role == role) for role in ("charge", "credit", "payment")
)
REPORTS = ("BalanceSheet", "AgedPayables", "AgedReceivables")
"""Reports whose totals the mirror holds beside the entities."""
EXCHANGE_RATE = "ExchangeRate"
"""QuickBooks' own rate of a currency on a day; read like a report, one currency and day at a time."""
LINKED_AS = {alias: entity.name for entity in _TABLE for alias in entity.linked_as}
"""Name in a `LinkedTxn` -> wire name, for the entities that are linked under other names."""


def label(entity: str) -> str:
    """Return an entity's name as a sentence begins with it: `BillPayment` is `Bill payment`; unknown ones as they are."""
    return BY_NAME[entity].label if entity in BY_NAME else entity


def plural(entity: str) -> str:
    """Return an entity's name as a list of what was read has it: `bill payments`; unknown ones as they are."""
    return BY_NAME[entity].plural if entity in BY_NAME else entity
