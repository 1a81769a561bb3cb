"""Build a company file document by document, with every balance as QuickBooks would state it.

Each maker takes days relative to `today` (negative is the past), whole cents and the ids of the chart in
`CHART`. Links, open balances and account balances follow from what was made; nothing is set by hand.
The postings to accounts are written out here a second time, apart from those of `postings.py`.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.books import Json

CHART: dict[str, tuple[str, str, str]] = {
    "35": ("Checking", "Bank", "Checking"),
    "36": ("Savings", "Bank", "Savings"),
    "37": ("Client trust", "Bank", "TrustAccounts"),
    "38": ("Old bank", "Bank", "Checking"),
    "39": ("Euro account", "Bank", "Checking"),
    "41": ("Card", "Credit Card", "CreditCard"),
    "42": ("Second card", "Credit Card", "CreditCard"),
    "4": ("Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    "5": ("Processor clearing", "Other Current Asset", "OtherCurrentAssets"),
    "33": ("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    "43": ("Accounts Payable - EUR", "Accounts Payable", "AccountsPayable"),
    "84": ("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    "85": ("Accounts Receivable - EUR", "Accounts Receivable", "AccountsReceivable"),
    "50": ("Vehicles", "Fixed Asset", "Vehicles"),
    "51": ("Deposits held", "Other Asset", "SecurityDeposits"),
    "71": ("Bank loan", "Long Term Liability", "NotesPayable"),
    "72": ("Line of credit", "Other Current Liability", "LineOfCredit"),
    "73": ("Payroll taxes", "Other Current Liability", "PayrollTaxPayable"),
    "34": ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    "74": ("Owner's draw", "Equity", "OwnersEquity"),
    "60": ("Supplies", "Expense", "SuppliesMaterials"),
    "61": ("Rent", "Expense", "RentOrLeaseOfBuildings"),
    "62": ("Wages", "Expense", "PayrollExpenses"),
    "63": ("Interest paid", "Expense", "InterestPaid"),
    "64": ("Merchant fees", "Expense", "BankCharges"),
    "1": ("Services", "Income", "ServiceFeeIncome"),
}
FOREIGN = {"39", "43", "85"}
PROFIT_AND_LOSS = {"Expense", "Income"}
Lines = list[tuple[str, int]]


def money(cents: int) -> float:
    """Return cents as a number of the wire."""
    return float(Decimal(cents) / 100)


class Builder:
    """A company under construction."""

    def __init__(self, seed: int, today: date, *, zone: str, multicurrency: bool) -> None:
        self.rng = random.Random(seed)
        self.today = today
        self.zone = zone
        self.multicurrency = multicurrency
        self.entities: dict[str, list[Json]] = defaultdict(list)
        self.open: dict[str, int] = {}
        self.balances: dict[str, int] = defaultdict(int)
        self.next_id = 100
        self.inactive: set[str] = set()

    def day(self, n: int) -> str:
        """Return the date n days from today."""
        return (self.today + timedelta(days=n)).isoformat()

    def moment(self, n: int) -> str:
        """Return a time of day n days from today, at one of several hours and never after noon of today."""
        hour = self.rng.choice((0, 9, 15, 23)) if n < 0 else 5
        return f"{self.day(min(n, 0))}T{hour:02}:00:00-08:00"

    def record(self, kind: str, when: int | None, raw: Json, created: int | None = None) -> Json:
        """Add one record with its id, date and times."""
        self.next_id += 1
        made = (when or 0) if created is None else created
        stamp = self.moment(made)
        raw = raw | {"Id": str(self.next_id), "SyncToken": "0"}
        raw["MetaData"] = {"CreateTime": stamp, "LastUpdatedTime": stamp}
        if when is not None:
            raw["TxnDate"] = self.day(when)
        self.entities[kind].append(raw)
        raw["_kind"] = kind
        return raw

    def money_fields(self, party: Json | None, total: int) -> tuple[Json, Decimal]:
        """Return the total with currency and rate, and the rate."""
        currency = (party or {}).get("CurrencyRef", {}).get("value", "USD")
        fields: Json = {"TotalAmt": money(total), "CurrencyRef": {"value": currency}}
        rate = Decimal(1)
        if currency != "USD":
            rate = Decimal(self.rng.randint(10400, 11900)) / 10000
            fields["ExchangeRate"] = float(rate)
        if self.multicurrency and self.rng.random() < 0.7:
            fields["HomeTotalAmt"] = money(self.at(total, rate))
        return fields, rate

    @staticmethod
    def at(cents: int, rate: Decimal) -> int:
        """Return cents at a rate, halves up."""
        return int((cents * rate).quantize(Decimal(1), rounding="ROUND_HALF_UP"))

    def post(self, account: str, native: int, home: int | None = None) -> None:
        """Move an account: own currency if it is a foreign one, else home."""
        self.balances[account] += native if account in FOREIGN or home is None else home

    def party(self, kind: str, name: str, **more: Any) -> Json:
        """Add a vendor or customer."""
        raw = {
            "DisplayName": name,
            "FullyQualifiedName": name,
            "Active": True,
            "CurrencyRef": {"value": "USD"},
        }
        raw["PrimaryEmailAddr"] = {"Address": "x@example.test"}
        return self.record(kind, None, raw | more, created=-320)

    def charge(self, kind: str, party: Json, when: int, total: int, **more: Any) -> Json:
        """Add an invoice, bill, credit memo or vendor credit; `lines` are (account, cents), `deposit` (cents, account)."""
        lines: Lines = more.pop("lines", None) or [("60" if kind in ("Bill", "VendorCredit") else "1", total)]
        deposit, into = more.pop("deposit", (0, ""))
        created, number, due = more.pop("created", None), more.pop("number", None), more.pop("due", None)
        sales = kind in ("Invoice", "CreditMemo")
        fields, rate = self.money_fields(party, total)
        raw = fields | {"CustomerRef" if sales else "VendorRef": {"value": party["Id"]}}
        raw["Line"] = [self.line(sales, number_, *each) for number_, each in enumerate(lines, 1)]
        control = (
            ("85" if sales else "43")
            if fields["CurrencyRef"]["value"] == "EUR"
            else ("84" if sales else "33")
        )
        raw["ARAccountRef" if sales else "APAccountRef"] = {"value": control}
        if number:
            raw["DocNumber"] = number
        if due is not None:
            raw["DueDate"] = self.day(due)
        if deposit:
            raw |= {"Deposit": money(deposit), "DepositToAccountRef": {"value": into}}
            self.post(into, deposit, self.at(deposit, rate))
        made = self.record(kind, when, raw | more, created)
        sign = 1 if kind in ("Invoice", "VendorCredit") else -1
        self.post(control, sign * (total - deposit), sign * (self.at(total, rate) - self.at(deposit, rate)))
        for account, amount in lines if not sales else []:
            self.post(account, -sign * amount, -sign * self.at(amount, rate))
        self.open[made["Id"]] = total - deposit
        return made

    @staticmethod
    def line(sales: bool, number: int, account: str, amount: int) -> Json:
        """Return one line of a sale or of an expense."""
        kind = "SalesItemLineDetail" if sales else "AccountBasedExpenseLineDetail"
        detail = {"ItemRef": {"value": "1"}} if sales else {"AccountRef": {"value": account}}
        return {"Id": str(number), "Amount": money(amount), "DetailType": kind, kind: detail}

    def pay(
        self, party: Json, when: int, parts: list[tuple[Json, int]], *, sales: bool, account: str, **more: Any
    ) -> Json:
        """Add a payment or bill payment that joins charges and credits; `extra` cents stay unapplied."""
        extra = more.get("extra", 0)
        total = extra + sum(-cents if self.is_credit(raw, sales) else cents for raw, cents in parts)
        fields, rate = self.money_fields(party, total)
        raw = fields | {"CustomerRef" if sales else "VendorRef": {"value": party["Id"]}}
        raw["Line"] = [self.linked(target, cents) for target, cents in parts]
        foreign = fields["CurrencyRef"]["value"] == "EUR"
        if sales:
            raw |= {"DepositToAccountRef": {"value": account}}
            if account == "4" and self.rng.random() < 0.5:
                del raw["DepositToAccountRef"]
        else:
            card = CHART[account][1] == "Credit Card"
            paid = {"CCAccountRef": {"value": account}} if card else {"BankAccountRef": {"value": account}}
            raw |= {
                "PayType": "CreditCard" if card else "Check",
                "CreditCardPayment" if card else "CheckPayment": paid,
            }
            raw["APAccountRef"] = {"value": "43" if foreign else "33"}
        made = self.record("Payment" if sales else "BillPayment", when, raw, more.get("created"))
        control = ("85" if sales else "43") if foreign else ("84" if sales else "33")
        sign = 1 if sales else -1
        self.post(account, sign * total, sign * self.at(total, rate))
        self.post(control, -sign * total, -sign * self.at(total, rate))
        for target, cents in parts:
            self.open[target["Id"]] -= cents
        self.open[made["Id"]] = extra
        return made

    @staticmethod
    def is_credit(raw: Json, sales: bool) -> bool:
        """Tell whether a linked document reduces what is owed."""
        if raw["_kind"] == "JournalEntry":
            return bool(raw["_sign"] < 0)
        return raw["_kind"] in (("CreditMemo", "Deposit") if sales else ("VendorCredit", "Purchase"))

    @staticmethod
    def linked(target: Json, cents: int) -> Json:
        """Return a line linked to a document, or to one line of a journal or deposit."""
        link = {"TxnId": target["Id"], "TxnType": {"Purchase": "Check"}.get(target["_kind"], target["_kind"])}
        if "_line" in target:
            link["TxnLineId"] = target["_line"]
        return {"Amount": money(cents), "LinkedTxn": [link]}

    def journal(
        self, when: int, lines: list[tuple[str, int, Json | None]], created: int | None = None
    ) -> Json:
        """Add a journal entry of (account, cents with debits positive, party)."""
        rows = []
        for number, (account, amount, party) in enumerate(lines):
            detail: Json = {
                "PostingType": "Debit" if amount > 0 else "Credit",
                "AccountRef": {"value": account},
            }
            if party:
                detail["Entity"] = {"Type": party["_kind"], "EntityRef": {"value": party["Id"]}}
            name = "JournalEntryLineDetail"
            rows.append({"Id": str(number), "Amount": money(abs(amount)), "DetailType": name, name: detail})
            self.post(account, amount)
        return self.record("JournalEntry", when, {"Line": rows, "CurrencyRef": {"value": "USD"}}, created)

    def purchase(self, when: int, account: str, payee: Json | None, lines: Lines, **more: Any) -> Json:
        """Add an expense from a bank account or card; `credit` reverses it."""
        sign = -1 if more.get("credit") else 1
        total = sum(amount for _, amount in lines)
        raw: Json = {
            "PaymentType": "CreditCard" if CHART[account][1] == "Credit Card" else "Check",
            "AccountRef": {"value": account},
            "TotalAmt": money(total),
            "CurrencyRef": {"value": "USD"},
            "Line": [self.line(False, number, *each) for number, each in enumerate(lines, 1)],
        }
        if payee:
            raw["EntityRef"] = {"value": payee["Id"], "name": payee["DisplayName"], "type": payee["_kind"]}
        if sign < 0:
            raw["Credit"] = True
        self.post(account, -sign * total)
        for each, amount in lines:
            self.post(each, sign * amount)
        made = self.record("Purchase", when, raw, more.get("created"))
        self.open[made["Id"]] = sum(amount for each, amount in lines if each == "33")
        return made

    def deposit(
        self,
        when: int,
        account: str,
        taken: list[Json],
        lines: list[tuple[str, int, Json | None]],
        **more: Any,
    ) -> Json:
        """Add a deposit of payments out of Undeposited Funds and of other lines; `cash_back` is (cents, account)."""
        rows: list[Json] = []
        for each in taken:
            amount = round(each["TotalAmt"] * 100) * (-1 if each["_kind"] == "RefundReceipt" else 1)
            link = {"TxnId": each["Id"], "TxnType": each["_kind"], "TxnLineId": "0"}
            rows.append({"Amount": money(amount), "LinkedTxn": [link]})
            self.post("4", -amount)
        for number, (other, amount, party) in enumerate(lines, 1):
            detail: Json = {"AccountRef": {"value": other}}
            if party:
                detail["Entity"] = {"value": party["Id"], "type": party["_kind"].upper()}
            name = "DepositLineDetail"
            rows.append({"Id": str(number), "Amount": money(amount), "DetailType": name, name: detail})
            self.post(other, -amount)
        back, back_to = more.get("cash_back", (0, ""))
        total = round(sum(row["Amount"] for row in rows) * 100) - back
        raw: Json = {"DepositToAccountRef": {"value": account}, "TotalAmt": money(total), "Line": rows}
        if back:
            raw["CashBack"] = {"AccountRef": {"value": back_to}, "Amount": money(back)}
            self.post(back_to, back)
        self.post(account, total)
        made = self.record("Deposit", when, raw | {"CurrencyRef": {"value": "USD"}}, more.get("created"))
        self.open[made["Id"]] = sum(amount for other, amount, _ in lines if other in ("33", "84"))
        return made

    def receipt(
        self, kind: str, party: Json, when: int, total: int, account: str, created: int | None = None
    ) -> Json:
        """Add a sales receipt or refund receipt."""
        self.post(account, total if kind == "SalesReceipt" else -total)
        raw: Json = {"CustomerRef": {"value": party["Id"]}, "DepositToAccountRef": {"value": account}}
        raw |= {"TotalAmt": money(total), "CurrencyRef": {"value": "USD"}}
        raw["Line"] = [self.line(True, 1, "1", total)]
        return self.record(kind, when, raw, created)

    def transfer(self, when: int, source: str, target: str, amount: int, created: int | None = None) -> Json:
        """Add a transfer."""
        self.post(source, -amount)
        self.post(target, amount)
        raw = {
            "FromAccountRef": {"value": source},
            "ToAccountRef": {"value": target},
            "Amount": money(amount),
        }
        return self.record("Transfer", when, raw | {"CurrencyRef": {"value": "USD"}}, created)

    def card_payment(self, when: int, bank: str, card: str, amount: int, created: int | None = None) -> Json:
        """Add a payment of a card from a bank account."""
        self.post(bank, -amount)
        self.post(card, amount)
        raw = {
            "BankAccountRef": {"value": bank},
            "CreditCardAccountRef": {"value": card},
            "Amount": money(amount),
        }
        return self.record("CreditCardPayment", when, raw | {"CurrencyRef": {"value": "USD"}}, created)

    def void(self, kind: str, party: Json, when: int) -> Json:
        """Add a voided document: every amount zero, a note, a second version."""
        made = self.charge(kind, party, when, 0, due=when + 30, number=f"V{self.next_id}")
        note = self.rng.choice(("Voided", "Anulado", "Voided - see 12"))
        made |= {"PrivateNote": note, "SyncToken": "1"}
        return made

    def company(self, realm: str, name: str) -> Json:
        """Return the company file: balances stated, account list added."""
        names = {
            "Invoice": "Balance",
            "Bill": "Balance",
            "VendorCredit": "Balance",
            "Payment": "UnappliedAmt",
        }
        for kind, field in names.items():
            for raw in self.entities[kind]:
                raw[field] = money(self.open[raw["Id"]])
                if kind != "Payment" and self.multicurrency and self.rng.random() < 0.6:
                    rate = Decimal(str(raw.get("ExchangeRate", 1)))
                    raw["HomeBalance"] = money(self.at(self.open[raw["Id"]], rate))
                if kind in ("Invoice", "Bill") and self.rng.random() < 0.03:
                    raw.pop("HomeBalance", None)
                    del raw[field]
        for raw in self.entities["CreditMemo"]:
            raw |= {"RemainingCredit": money(self.open[raw["Id"]]), "Balance": money(self.open[raw["Id"]])}
        entities = {kind: [strip(raw) for raw in rows] for kind, rows in self.entities.items()}
        entities["Account"] = self.accounts()
        entities["CompanyInfo"] = [self.info(name)]
        entities["Preferences"] = [self.preferences()]
        return {
            "realm": realm,
            "name": name,
            "currency": "USD",
            "multicurrency": self.multicurrency,
            "entities": entities,
        }

    def accounts(self) -> list[Json]:
        """Return the chart with its balances."""
        return [
            {
                "Id": key,
                "Name": name,
                "FullyQualifiedName": name,
                "AccountType": kind,
                "AccountSubType": subtype,
                "Active": key not in self.inactive,
                "CurrentBalance": 0 if kind in PROFIT_AND_LOSS else money(self.balances[key]),
                "CurrentBalanceWithSubAccounts": 0 if kind in PROFIT_AND_LOSS else money(self.balances[key]),
                "CurrencyRef": {"value": "EUR" if key in FOREIGN else "USD"},
                "SyncToken": "0",
                "MetaData": {"CreateTime": self.moment(-320), "LastUpdatedTime": self.moment(-320)},
            }
            for key, (name, kind, subtype) in CHART.items()
            if self.multicurrency or key not in FOREIGN
        ]

    def info(self, name: str) -> Json:
        """Return CompanyInfo."""
        return {"Id": "1", "SyncToken": "0", "CompanyName": name, "Country": "USA", "DefaultTimeZone": self.zone,
                "MetaData": {"CreateTime": self.moment(-320), "LastUpdatedTime": self.moment(-320)}}  # fmt: skip

    def preferences(self) -> Json:
        """Return Preferences."""
        return {"Id": "1", "SyncToken": "0",
                "CurrencyPrefs": {"MultiCurrencyEnabled": self.multicurrency, "HomeCurrency": {"value": "USD"}},
                "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
                "MetaData": {"CreateTime": self.moment(-320), "LastUpdatedTime": self.moment(-320)}}  # fmt: skip


def strip(raw: Json) -> Json:
    """Return a record without the builder's own fields."""
    return {name: value for name, value in raw.items() if not name.startswith("_")}
