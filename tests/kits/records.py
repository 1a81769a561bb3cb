"""Records as QuickBooks sends them, each a pair of its entity and its JSON; amounts in whole units or text.

What is dated after TODAY was entered the day before TODAY, so it is entered ahead.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from tests.kits.clock import TODAY

Record = dict[str, Any]
Pair = tuple[str, Record]

CHECKING, SAVINGS, CARD, AP, AR, UNDEPOSITED = "35", "36", "41", "33", "84", "4"
EXPENSE, INCOME, EQUITY, LOAN, MORTGAGE, SALES_TAX = "60", "79", "90", "91", "92", "93"
_ids = count(1000)

CHART: tuple[tuple[str, str, str, str], ...] = (
    (CHECKING, "Checking", "Bank", "Checking"),
    (CARD, "Visa", "Credit Card", "CreditCard"),
    (AP, "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    (AR, "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    (UNDEPOSITED, "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    (EXPENSE, "Rent", "Expense", "RentOrLeaseOfBuildings"),
    (INCOME, "Services", "Income", "ServiceFeeIncome"),
    (EQUITY, "Owner's capital", "Equity", "OwnersEquity"),
    (LOAN, "Credit line", "Other Current Liability", "LineOfCredit"),
    (MORTGAGE, "Mortgage", "Long Term Liability", "NotesPayable"),
    (SALES_TAX, "Sales tax", "Other Current Liability", "SalesTaxPayable"),
)


def chart(**balances: Any) -> list[Pair]:
    """Return the accounts every test company has; Checking's balance is `checking`."""
    return [
        account(id_, name, kind, balances.get(name.split()[0].lower(), 0), AccountSubType=sub)
        for id_, name, kind, sub in CHART
    ]


def new_id() -> str:
    """Return an id no record has yet."""
    return str(next(_ids))


def ref(value: str, **more: Any) -> Record:
    """Return a reference."""
    return {"value": value, **more}


def account(id_: str, name: str, kind: str, balance: Any, **more: Any) -> Pair:
    """Return an account with its own balance."""
    fields = {"Name": name, "AccountType": kind, "CurrentBalance": balance, "Active": True}
    return "Account", {"Id": id_, **fields, **more}


def vendor(id_: str, name: str, **more: Any) -> Pair:
    """Return a vendor."""
    return "Vendor", {"Id": id_, "DisplayName": name, "Active": True, **more}


def customer(id_: str, name: str, **more: Any) -> Pair:
    """Return a customer."""
    return "Customer", {"Id": id_, "DisplayName": name, "Active": True, **more}


def entered_on(day: str) -> Record:
    """Return the fields of a record that was created at noon, Pacific, on a day."""
    return {"MetaData": {"CreateTime": f"{day}T12:00:00-08:00"}}


def bill(vendor_id: str | None, on: str | None, due: str | None, balance: Any, **more: Any) -> Pair:
    """Return a bill; its total is its balance unless given."""
    return "Bill", _document("VendorRef", vendor_id, on, balance, DueDate=due, Balance=balance, **more)


def invoice(customer_id: str | None, on: str | None, due: str | None, balance: Any, **more: Any) -> Pair:
    """Return an invoice; its total is its balance unless given."""
    return "Invoice", _document("CustomerRef", customer_id, on, balance, DueDate=due, Balance=balance, **more)


def vendor_credit(vendor_id: str, on: str, balance: Any, **more: Any) -> Pair:
    """Return a credit from a vendor."""
    return "VendorCredit", _document("VendorRef", vendor_id, on, balance, Balance=balance, **more)


def credit_memo(customer_id: str, on: str, remaining: Any, **more: Any) -> Pair:
    """Return a credit to a customer."""
    return "CreditMemo", _document(
        "CustomerRef", customer_id, on, remaining, RemainingCredit=remaining, **more
    )


def payment(customer_id: str, on: str, total: Any, *lines: Record, **more: Any) -> Pair:
    """Return a payment received; `lines` are what it settles."""
    return "Payment", _document("CustomerRef", customer_id, on, total, Line=list(lines), **more)


def bill_payment(vendor_id: str, on: str, total: Any, *lines: Record, **more: Any) -> Pair:
    """Return a check to a vendor from Checking; `lines` are what it settles."""
    paid = {"PayType": "Check", "CheckPayment": {"BankAccountRef": ref(CHECKING)}}
    return "BillPayment", _document("VendorRef", vendor_id, on, total, Line=list(lines), **{**paid, **more})


def applied(amount: Any, linked_type: str, linked_id: str, line_id: str | None = None) -> Record:
    """Return a payment's line that settles a transaction, or one line of it."""
    link = {"TxnType": linked_type, "TxnId": linked_id}
    return {"Amount": amount, "LinkedTxn": [link if line_id is None else {**link, "TxnLineId": line_id}]}


def purchase(on: str, *lines: Record, account_id: str = CHECKING, **more: Any) -> Pair:
    """Return money spent from an account; its total is the sum of its lines."""
    record = _document(
        "EntityRef", None, on, _sum(lines), Line=list(lines), AccountRef=ref(account_id), **more
    )
    return "Purchase", record


def spent(amount: Any, account_id: str = EXPENSE) -> Record:
    """Return a line of a bill, vendor credit or purchase."""
    detail = {"AccountRef": ref(account_id)}
    kind = "AccountBasedExpenseLineDetail"
    return {"Id": "1", "Amount": amount, "DetailType": kind, kind: detail}


def deposit(on: str, *lines: Record, account_id: str = CHECKING, **more: Any) -> Pair:
    """Return a deposit into an account; its total is the sum of its lines unless given."""
    to = ref(account_id)
    return "Deposit", _document("", None, on, _sum(lines), Line=list(lines), DepositToAccountRef=to, **more)


def banked(amount: Any, account_id: str = INCOME, **entity: Any) -> Record:
    """Return a deposit's line coded to an account, from a party if `entity` is given."""
    detail = {"AccountRef": ref(account_id), **({"Entity": entity} if entity else {})}
    kind = "DepositLineDetail"
    return {"Id": "1", "Amount": amount, "DetailType": kind, kind: detail}


def journal(on: str, *lines: Record, **more: Any) -> Pair:
    """Return a journal entry."""
    return "JournalEntry", _document("", None, on, None, Line=list(lines), **more)


def debit(amount: Any, account_id: str, line_id: str = "0", **party: Any) -> Record:
    """Return a journal line; `party` is Type=…, id=…."""
    return _posting("Debit", amount, account_id, line_id, party)


def credit(amount: Any, account_id: str, line_id: str = "1", **party: Any) -> Record:
    """Return a journal line; `party` is Type=…, id=…."""
    return _posting("Credit", amount, account_id, line_id, party)


def transfer(on: str, amount: Any, source: str, target: str, **more: Any) -> Pair:
    """Return money moved between two accounts."""
    between = {"FromAccountRef": ref(source), "ToAccountRef": ref(target), "Amount": amount}
    return "Transfer", {"Id": new_id(), "TxnDate": on, **between, **_entered(on), **more}


def card_payment(on: str, amount: Any, **more: Any) -> Pair:
    """Return a payment of the card from Checking."""
    between = {"BankAccountRef": ref(CHECKING), "CreditCardAccountRef": ref(CARD), "Amount": amount}
    return "CreditCardPayment", {"Id": new_id(), "TxnDate": on, **between, **_entered(on), **more}


def sales_receipt(on: str, total: Any, account_id: str = CHECKING, **more: Any) -> Pair:
    """Return a sale paid on the spot."""
    to = ref(account_id)
    return "SalesReceipt", _document("CustomerRef", None, on, total, DepositToAccountRef=to, **more)


def refund_receipt(on: str, total: Any, account_id: str = CHECKING, **more: Any) -> Pair:
    """Return money given back to a customer."""
    to = ref(account_id)
    return "RefundReceipt", _document("CustomerRef", None, on, total, DepositToAccountRef=to, **more)


def preferences(home_currency: str) -> Pair:
    """Return a company's preferences with its home currency."""
    prefs = {"MultiCurrencyEnabled": True, "HomeCurrency": ref(home_currency)}
    return "Preferences", {"Id": "1", "CurrencyPrefs": prefs}


def _document(party_field: str, party: str | None, on: str | None, total: Any, **more: Any) -> Record:
    record: Record = {"Id": new_id(), "TxnDate": on, "TotalAmt": total, **_entered(on)}
    if party is not None:
        record[party_field] = ref(party)
    return {key: value for key, value in {**record, **more}.items() if value is not None}


def _entered(on: str | None) -> Record:
    """Return when a record was created if it is dated after TODAY: the day before TODAY, unless the test says otherwise."""
    return entered_on((TODAY - timedelta(days=1)).isoformat()) if on and on > TODAY.isoformat() else {}


def _posting(side: str, amount: Any, account_id: str, line_id: str, party: dict[str, Any]) -> Record:
    detail: Record = {"PostingType": side, "AccountRef": ref(account_id)}
    if party:
        detail["Entity"] = {"Type": party["Type"], "EntityRef": ref(party["id"])}
    kind = "JournalEntryLineDetail"
    return {"Id": line_id, "Amount": amount, "DetailType": kind, kind: detail}


def _sum(lines: tuple[Record, ...]) -> float:
    return round(sum(float(line["Amount"]) for line in lines), 2)
