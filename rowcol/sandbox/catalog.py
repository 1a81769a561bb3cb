"""What the sandbox's API knows of: entities, and the fields by which each can be filtered and sorted."""

from collections.abc import Mapping

LISTS = (
    "Account", "Vendor", "Customer", "Item", "Term", "Class", "Department",
    "PaymentMethod", "TaxCode", "TaxRate", "TaxAgency", "Employee",
)  # fmt: skip
TRANSACTIONS = (
    "Bill", "Invoice", "BillPayment", "Payment", "VendorCredit", "CreditMemo", "Purchase", "Deposit",
    "Transfer", "JournalEntry", "SalesReceipt", "RefundReceipt", "CreditCardPayment",
    "Estimate", "PurchaseOrder",
)  # fmt: skip
SINGLETONS = ("CompanyInfo", "Preferences")
ENTITIES = {name.lower(): name for name in (*LISTS, *TRANSACTIONS, *SINGLETONS, "ExchangeRate")}
WITHOUT_CDC = frozenset({"ExchangeRate", "JournalCode", "TimeActivity", "TaxAgency", "TaxCode", "TaxRate"})

EVERYWHERE = ("Id", "MetaData.CreateTime", "MetaData.LastUpdatedTime")
_NAMES = ("DisplayName", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "Balance")
_ACCOUNT = (
    "Name", "SubAccount", "FullyQualifiedName", "CurrentBalance",
    "CurrentBalanceWithSubAccounts", "ParentRef", "Description",
)  # fmt: skip
_BILL = ("VendorRef", "TxnDate", "DueDate", "DocNumber", "TotalAmt", "APAccountRef", "SalesTermRef")
_BILL_PAYMENT = (
    "VendorRef", "TotalAmt", "TxnDate", "DocNumber", "APAccountRef", "CheckPayment",
    "CheckPayment.BankAccountRef", "CreditCardPayment", "CreditCardPayment.CCAccountRef",
)  # fmt: skip
_INVOICE = ("DueDate", "TxnDate", "DocNumber", "CustomerRef", "TotalAmt", "SalesTermRef")

SORTABLE: Mapping[str, tuple[str, ...]] = {
    "Bill": _BILL,
    "Invoice": (*_INVOICE, "Balance"),
    "BillPayment": _BILL_PAYMENT,
    "Payment": ("TxnDate", "PaymentRefNum"),
    "Purchase": ("TxnDate", "DocNumber"),
    "Deposit": ("TxnDate",),
    "Transfer": ("TxnDate",),
    "Account": _ACCOUNT,
    "Vendor": (*_NAMES, "Active"),
    "Customer": (*_NAMES, "Active", "FullyQualifiedName", "BalanceWithJobs"),
    "ExchangeRate": ("SourceCurrencyCode", "AsOfDate"),
    **dict.fromkeys(SINGLETONS, ()),
}
FILTERABLE: Mapping[str, tuple[str, ...]] = {
    **SORTABLE,
    "Bill": (*_BILL, "Balance"),
    "Payment": ("TxnDate", "PaymentRefNum", "CustomerRef", "ProjectRef"),
    "Account": (*_ACCOUNT, "AccountType", "AccountSubType", "Classification", "Active"),
    "Customer": (*_NAMES, "Active", "FullyQualifiedName", "PrimaryEmailAddr"),
}
OTHER_LISTS = ("Name", "FullyQualifiedName", "DisplayName", "Active", "Type")
OTHER_TRANSACTIONS = ("TxnDate", "DocNumber", "TotalAmt", "CustomerRef", "VendorRef")


def entity_named(name: str) -> str | None:
    """Return the canonical name of an entity written in any case; None if there is none."""
    return ENTITIES.get(name.lower())


def fields_of(entity: str, table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return lower-case field name -> canonical field name, from `FILTERABLE` or `SORTABLE`."""
    others = OTHER_LISTS if entity in LISTS else OTHER_TRANSACTIONS
    return {name.lower(): name for name in (*EVERYWHERE, *table.get(entity, others))}
