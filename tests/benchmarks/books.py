"""Large books for the benchmarks: records as QuickBooks sends them, the same for the same seed.

They are made for their size and shape (a bill is about 0.9 kB, an invoice 1.1 kB, a payment 0.6 kB); what the
figures come to is tested elsewhere.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Record = dict[str, Any]

HISTORY_DAYS = 540
OPEN_SHARE = 0.1
ACCOUNTS = (
    ("35", "Checking", "Bank", "Checking", "Asset"),
    ("36", "Savings", "Bank", "Savings", "Asset"),
    ("41", "Mastercard", "Credit Card", "CreditCard", "Liability"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable", "Asset"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "Liability"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds", "Asset"),
    ("91", "Loan Payable", "Other Current Liability", "LoanPayable", "Liability"),
    ("93", "Owner's Equity", "Equity", "OwnersEquity", "Equity"),
    ("1", "Services", "Income", "ServiceFeeIncome", "Revenue"),
    ("7", "Advertising", "Expense", "AdvertisingPromotional", "Expense"),
    ("8", "Rent or Lease", "Expense", "RentOrLeaseOfBuildings", "Expense"),
    ("12", "Legal & Professional Fees", "Expense", "LegalProfessionalFees", "Expense"),
)
BANK, SAVINGS, CARD, AR, AP, UNDEPOSITED, LOAN, EQUITY, INCOME, *COSTS = [account[0] for account in ACCOUNTS]
NAME_OF = {account[0]: account[1] for account in ACCOUNTS}


@dataclass(frozen=True)
class Sizes:
    """How many records of each entity a company has; half of the names are vendors."""

    names: int = 120
    bills: int = 500
    invoices: int = 500
    payments: int = 400
    bill_payments: int = 300
    purchases: int = 200
    deposits: int = 60
    transfers: int = 20
    journals: int = 20


LARGE = Sizes(4_000, 20_000, 20_000, 30_000, 0, 0, 0, 0, 0)
"""A large company: about 61 MB of JSON in 74,000 records."""
OF_A_HUNDRED = Sizes()
"""One of 100 clients of 2,000 documents each."""


def company(realm: str, sizes: Sizes, today: date, seed: int = 1) -> dict[str, list[Record]]:
    """Return entity -> records of one company with 18 months of history up to a day."""
    builder = _Company(realm, sizes, today, random.Random(seed))
    return {
        "CompanyInfo": [
            {"Id": "1", "CompanyName": f"Benchmark {realm}", "DefaultTimeZone": "America/New_York"}
        ],
        "Preferences": [{"Id": "1", "CurrencyPrefs": {"HomeCurrency": {"value": "USD"}}}],
        "Account": [builder.account(*account) for account in ACCOUNTS],
        "Vendor": [builder.name(number, "Vendor") for number in range(builder.vendors)],
        "Customer": [builder.name(number, "Customer") for number in range(builder.customers)],
        "Bill": [builder.bill(number) for number in range(sizes.bills)],
        "Invoice": [builder.invoice(number) for number in range(sizes.invoices)],
        "BillPayment": [builder.bill_payment(number) for number in range(sizes.bill_payments)],
        "Payment": [builder.payment(number) for number in range(sizes.payments)],
        "Purchase": [builder.purchase(number) for number in range(sizes.purchases)],
        "Deposit": [builder.deposit(number) for number in range(sizes.deposits)],
        "Transfer": [builder.transfer(number) for number in range(sizes.transfers)],
        "JournalEntry": [builder.journal(number) for number in range(sizes.journals)],
    }


def documents_in(records: Mapping[str, list[Record]]) -> int:
    """Return how many transactions a company's records are."""
    lists = {"CompanyInfo", "Preferences", "Account", "Vendor", "Customer"}
    return sum(len(rows) for entity, rows in records.items() if entity not in lists)


def _ref(value: str) -> Record:
    return {"value": value, "name": NAME_OF[value]}


class _Company:
    """Makes one company's records; ids of different entities do not meet."""

    def __init__(self, realm: str, sizes: Sizes, today: date, chance: random.Random) -> None:
        self.realm, self.sizes, self.today, self.chance = realm, sizes, today, chance
        self.vendors = sizes.names // 2
        self.customers = sizes.names - self.vendors

    def account(self, id_: str, name: str, kind: str, sub_type: str, classification: str) -> Record:
        balance = round(self.chance.uniform(20_000, 400_000), 2)
        return {
            **self._head(id_, self.today - timedelta(days=HISTORY_DAYS)),
            "Name": name, "SubAccount": False, "FullyQualifiedName": name, "Active": True,
            "Classification": classification, "AccountType": kind, "AccountSubType": sub_type,
            "CurrentBalance": balance, "CurrentBalanceWithSubAccounts": balance,
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        }  # fmt: skip

    def name(self, number: int, kind: str) -> Record:
        title = f"{kind} {number:04d} of {self.realm[-3:]} & Partners"
        return {
            **self._head(self._party(kind, number), self.today - timedelta(days=HISTORY_DAYS)),
            "BillAddr": {"Id": str(number), "Line1": f"{number} Main Street", "City": "Springfield",
                         "CountrySubDivisionCode": "IL", "PostalCode": "62701", "Lat": "39.79", "Long": "-89.65"},
            "Balance": 0, "DisplayName": title, "CompanyName": title, "PrintOnCheckName": title,
            "FullyQualifiedName": title, "Active": True, "Taxable": False, "Job": False,
            "BillWithParent": False, "PreferredDeliveryMethod": "Email",
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "PrimaryPhone": {"FreeFormNumber": f"(555) 555-{number % 10_000:04d}"},
            "PrimaryEmailAddr": {"Address": f"accounts{number}@{kind.lower()}.example.com"},
        }  # fmt: skip

    def bill(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.bills), self._amount()
        vendor = self._named("Vendor", number)
        return {
            **self._head(str(100_000 + number), day),
            "DueDate": (day + timedelta(days=30)).isoformat(), "Balance": self._open(amount),
            "DocNumber": f"B-{number:05d}", "TxnDate": day.isoformat(),
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [{"TxnId": str(400_000 + number), "TxnType": "BillPaymentCheck"}],
            "Line": self._expense_lines(amount, 1 + number % 2), "VendorRef": vendor, "APAccountRef": _ref(AP),
            "TotalAmt": amount,
        }  # fmt: skip

    def invoice(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.invoices), self._amount()
        return {
            **self._head(str(200_000 + number), day), "AllowIPNPayment": False,
            "DocNumber": f"{number + 1000}", "TxnDate": day.isoformat(),
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [{"TxnId": str(300_000 + number), "TxnType": "Payment"}],
            "Line": [self._sales_line(amount, number), {"Amount": amount, "DetailType": "SubTotalLineDetail",
                                                        "SubTotalLineDetail": {}}],
            "TxnTaxDetail": {"TotalTax": 0}, "CustomerRef": self._named("Customer", number),
            "SalesTermRef": {"value": "3", "name": "Net 30"}, "DueDate": (day + timedelta(days=30)).isoformat(),
            "TotalAmt": amount, "ApplyTaxAfterDiscount": False, "PrintStatus": "NotSet", "EmailStatus": "EmailSent",
            "BillEmail": {"Address": f"accounts{number}@customer.example.com"}, "Balance": self._open(amount),
            "DeliveryInfo": {"DeliveryType": "Email", "DeliveryTime": f"{day}T09:00:00-07:00"},
        }  # fmt: skip

    def bill_payment(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.bill_payments), self._amount()
        return {
            **self._head(str(400_000 + number), day), "VendorRef": self._named("Vendor", number), "PayType": "Check",
            "CheckPayment": {"BankAccountRef": _ref(BANK), "PrintStatus": "NotSet"}, "TotalAmt": amount,
            "DocNumber": str(number), "TxnDate": day.isoformat(), "CurrencyRef": {"value": "USD"},
            "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": str(100_000 + number), "TxnType": "Bill"}]}],
        }  # fmt: skip

    def payment(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.payments), self._amount()
        kept = amount if self.chance.random() < 0.01 else 0
        into = BANK if number % 3 else UNDEPOSITED
        invoice = str(200_000 + number)
        return {
            **self._head(str(300_000 + number), day), "CustomerRef": self._named("Customer", number),
            "DepositToAccountRef": _ref(into), "PaymentMethodRef": {"value": "2"}, "PaymentRefNum": str(number),
            "TotalAmt": amount, "UnappliedAmt": kept, "ProcessPayment": False, "TxnDate": day.isoformat(),
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "LinkedTxn": [],
            "Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}],
        }  # fmt: skip

    def purchase(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.purchases), self._amount()
        return {
            **self._head(str(500_000 + number), day),
            "AccountRef": _ref(BANK if number % 2 else CARD), "PaymentType": "Check" if number % 2 else "CreditCard",
            "EntityRef": {**self._named("Vendor", number), "type": "Vendor"}, "Credit": False, "TotalAmt": amount,
            "TxnDate": day.isoformat(), "CurrencyRef": {"value": "USD"}, "Line": self._expense_lines(amount, 2),
        }  # fmt: skip

    def deposit(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.deposits), self._amount()
        lines = [
            {"Id": "1", "LineNum": 1, "Amount": amount, "DetailType": "DepositLineDetail",
             "LinkedTxn": [{"TxnId": str(300_000 + 3 * number), "TxnType": "Payment", "TxnLineId": "0"}],
             "DepositLineDetail": {}},
            {"Id": "2", "LineNum": 2, "Amount": 50.25, "DetailType": "DepositLineDetail",
             "DepositLineDetail": {"AccountRef": _ref(INCOME if number % 2 else EQUITY)}},
        ]  # fmt: skip
        return {
            **self._head(str(600_000 + number), day), "DepositToAccountRef": _ref(BANK), "TxnDate": day.isoformat(),
            "TotalAmt": round(amount + 50.25, 2), "CurrencyRef": {"value": "USD"}, "Line": lines,
        }  # fmt: skip

    def transfer(self, number: int) -> Record:
        day = self._day(number, self.sizes.transfers)
        return {
            **self._head(str(700_000 + number), day), "FromAccountRef": _ref(BANK), "TxnDate": day.isoformat(),
            "ToAccountRef": _ref(SAVINGS if number % 2 else LOAN), "Amount": self._amount(),
        }  # fmt: skip

    def journal(self, number: int) -> Record:
        day, amount = self._day(number, self.sizes.journals), self._amount()
        sides = (("Debit", COSTS[number % len(COSTS)]), ("Credit", BANK if number % 4 else AP))
        lines = [
            {"Id": str(place), "Amount": amount, "DetailType": "JournalEntryLineDetail",
             "JournalEntryLineDetail": {"PostingType": posting, "AccountRef": _ref(account)}}
            for place, (posting, account) in enumerate(sides)
        ]  # fmt: skip
        return {**self._head(str(800_000 + number), day), "TxnDate": day.isoformat(), "Line": lines}

    def _head(self, id_: str, day: date) -> Record:
        created = f"{day}T10:00:00-07:00"
        return {
            "domain": "QBO", "sparse": False, "Id": id_, "SyncToken": "1",
            "MetaData": {"CreateTime": created, "LastUpdatedTime": created},
        }  # fmt: skip

    def _day(self, number: int, of: int) -> date:
        """Spread documents over the history, oldest first."""
        return self.today - timedelta(days=HISTORY_DAYS - HISTORY_DAYS * number // of)

    def _amount(self) -> float:
        return self.chance.randrange(10_000, 900_000) / 100

    def _open(self, amount: float) -> float:
        return amount if self.chance.random() < OPEN_SHARE else 0

    def _party(self, kind: str, number: int) -> str:
        return str((10_000 if kind == "Vendor" else 50_000) + number)

    def _named(self, kind: str, number: int) -> Record:
        place = number * 7 % (self.vendors if kind == "Vendor" else self.customers)
        return {
            "value": self._party(kind, place),
            "name": f"{kind} {place:04d} of {self.realm[-3:]} & Partners",
        }

    def _expense_lines(self, amount: float, parts: int) -> list[Record]:
        whole = round(amount * 100)
        shares = [whole // parts] * (parts - 1)
        shares.append(whole - sum(shares))
        return [
            {
                "Id": str(place), "LineNum": place, "Description": "Services rendered", "Amount": share / 100,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": {
                    "AccountRef": _ref(COSTS[place % len(COSTS)]), "BillableStatus": "NotBillable",
                    "TaxCodeRef": {"value": "NON"},
                },
            }
            for place, share in enumerate(shares, start=1)
        ]  # fmt: skip

    def _sales_line(self, amount: float, number: int) -> Record:
        return {
            "Id": "1", "LineNum": 1, "Description": f"Retainer, month {number % 12 + 1}", "Amount": amount,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": "1", "name": "Services"}, "UnitPrice": amount, "Qty": 1,
                "ItemAccountRef": _ref(INCOME), "TaxCodeRef": {"value": "NON"},
            },
        }  # fmt: skip
