"""The accounts a transaction posts to when it names none, found by type and sub-type."""

from dataclasses import dataclass
from typing import Any

from rowcol.sandbox.company import Company

Record = dict[str, Any]

CONTROL_TYPES = {"Accounts Payable": "Vendor", "Accounts Receivable": "Customer"}
UNNAMED_PAYABLE, UNNAMED_RECEIVABLE = "(A/P)", "(A/R)"
UNNAMED_CONTROLS = {UNNAMED_PAYABLE: "Vendor", UNNAMED_RECEIVABLE: "Customer"}


@dataclass(frozen=True)
class Chart:
    """What postings need to know of a company's accounts; ids throughout.

    An account the company lacks goes by its role in brackets, so that the books still balance.
    """

    home: str
    foreign: frozenset[str]  # accounts kept in another currency
    control: dict[str, str]  # A/P and A/R accounts -> Vendor or Customer
    payables: dict[str, str]  # currency -> account
    receivables: dict[str, str]
    items: dict[str, str]  # item -> income account
    undeposited: str
    sales_tax: str
    exchange: str
    income: str
    expense: str

    def payable(self, record: Record) -> str:
        """Return the A/P account a record posts to."""
        stated = record.get("APAccountRef")
        return str(stated["value"]) if stated else self._by_currency(self.payables, record, UNNAMED_PAYABLE)

    def receivable(self, record: Record) -> str:
        """Return the A/R account a record posts to."""
        stated = record.get("ARAccountRef")
        return (
            str(stated["value"])
            if stated
            else self._by_currency(self.receivables, record, UNNAMED_RECEIVABLE)
        )

    def received_into(self, record: Record) -> str:
        """Return where money received goes: the account named, else Undeposited Funds."""
        stated = record.get("DepositToAccountRef")
        return str(stated["value"]) if stated else self.undeposited

    def _by_currency(self, accounts: dict[str, str], record: Record, role: str) -> str:
        currency = record.get("CurrencyRef", {}).get("value", self.home)
        return accounts.get(currency) or accounts.get(self.home) or role


def chart_of(company: Company) -> Chart:
    """Return the chart of a company's accounts."""
    accounts = company.of("Account")
    currencies = {
        id_: account.get("CurrencyRef", {}).get("value", company.currency)
        for id_, account in accounts.items()
    }
    return Chart(
        home=company.currency,
        foreign=frozenset(id_ for id_, code in currencies.items() if code != company.currency),
        control=UNNAMED_CONTROLS | _controls(accounts),
        payables=_first_by_currency(accounts, currencies, "Accounts Payable"),
        receivables=_first_by_currency(accounts, currencies, "Accounts Receivable"),
        items={
            id_: item["IncomeAccountRef"]["value"]
            for id_, item in company.of("Item").items()
            if "IncomeAccountRef" in item
        },
        undeposited=_first(accounts, "AccountSubType", "UndepositedFunds"),
        sales_tax=_first(accounts, "AccountSubType", "SalesTaxPayable"),
        exchange=_first(accounts, "AccountSubType", "ExchangeGainOrLoss"),
        income=_first(accounts, "AccountType", "Income"),
        expense=_first(accounts, "AccountType", "Expense"),
    )


def _controls(accounts: dict[str, Record]) -> dict[str, str]:
    return {
        id_: CONTROL_TYPES[account["AccountType"]]
        for id_, account in accounts.items()
        if account.get("AccountType") in CONTROL_TYPES
    }


def _first(accounts: dict[str, Record], field: str, wanted: str) -> str:
    return next((id_ for id_, account in accounts.items() if account.get(field) == wanted), f"({wanted})")


def _first_by_currency(
    accounts: dict[str, Record], currencies: dict[str, str], account_type: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, account in accounts.items():
        if account.get("AccountType") == account_type:
            found.setdefault(currencies[id_], id_)
    return found
