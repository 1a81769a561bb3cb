"""The fields QuickBooks derives by itself: balances, and the links back from what was paid."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from rowcol.sandbox.company import Company
from rowcol.sandbox.ledger.amounts import at_rate, cents
from rowcol.sandbox.ledger.legs import is_void
from rowcol.sandbox.ledger.open_items import OpenItem, items_of
from rowcol.sandbox.ledger.reading import Reading, read_books
from rowcol.sandbox.ledger.settling import Application, linked_entity

Record = dict[str, Any]

PAYMENT_LINK = {"BillPayment": "BillPaymentCheck", "Payment": "Payment"}
HOME_TOTALS = ("Bill", "Invoice", "VendorCredit", "CreditMemo", "Payment", "BillPayment", "Purchase")
DERIVED_LINKS = ("Bill", "Invoice", "VendorCredit", "CreditMemo", "JournalEntry", "Payment", "SalesReceipt")
OTHER_LINKS = ("Estimate", "PurchaseOrder", "ReimburseCharge", "TimeActivity")


def restated(company: Company) -> list[tuple[str, Record]]:
    """Return (entity, record) for each record whose derived fields are not what the books make them.

    The records are new; the company's own are left as they are. Derived are: Balance, HomeBalance,
    HomeTotalAmt, RemainingCredit, UnappliedAmt, LinkedTxn of what was paid or deposited, and the balances of
    accounts and names.
    """
    books = read_books(company)
    items = list(items_of(company, books, stated=False))
    derived: dict[tuple[str, str], Record] = defaultdict(dict)
    _documents(company, items, derived)
    _links(company, books.applications, derived)
    _accounts(company, books, derived)
    _names(company, items, derived)
    changed = []
    for (entity, id_), fields in derived.items():
        record = company.entities[entity][id_]
        if any(record.get(field) != value for field, value in fields.items()):
            changed.append((entity, {**record, **fields}))
    return changed


def own_balances(company: Company, books: Reading) -> dict[str, int]:
    """Return each account's balance in its own currency, debit positive, unlisted activity included."""
    balances: dict[str, int] = defaultdict(int)
    for posting in books.postings:
        balances[posting.account] += posting.own_cents
    for row in company.unlisted:
        balances[row.account] += row.amount_cents
    return balances


def _documents(company: Company, items: list[OpenItem], derived: dict[tuple[str, str], Record]) -> None:
    open_by_id = {(item.entity, item.txn_id): item for item in items if not item.line}
    for entity in HOME_TOTALS:
        for id_, record in company.of(entity).items():
            item = open_by_id.get((entity, id_))
            own, home = (abs(item.own_cents), abs(item.amount_cents)) if item else (0, 0)
            fields = derived[entity, id_]
            if entity in ("Bill", "Invoice", "VendorCredit", "CreditMemo"):
                fields["Balance"] = own / 100
            if entity == "CreditMemo":
                fields["RemainingCredit"] = own / 100
            if entity == "Payment":
                fields["UnappliedAmt"] = -item.own_cents / 100 if item else 0.0
            if "ExchangeRate" in record:
                _home_amounts(entity, record, home, fields)


def _home_amounts(entity: str, record: Record, home_open: int, fields: Record) -> None:
    rate = Decimal(str(record["ExchangeRate"]))
    fields["HomeTotalAmt"] = at_rate(cents(record.get("TotalAmt")), rate) / 100
    if entity in ("Bill", "Invoice", "CreditMemo"):
        fields["HomeBalance"] = home_open / 100


def _links(company: Company, applications: list[Application], derived: dict[tuple[str, str], Record]) -> None:
    links: dict[tuple[str, str], dict[tuple[str, str], Record]] = defaultdict(dict)
    for application in applications:
        payer, target = application.payer, application.target
        link = {"TxnId": payer.txn_id, "TxnType": PAYMENT_LINK[payer.entity]}
        links[target.entity, target.txn_id][payer.entity, payer.txn_id] = link
    for id_, deposit in company.of("Deposit").items():
        for line in deposit.get("Line", ()):
            for link in line.get("LinkedTxn", ()):
                target_key = (linked_entity(link["TxnType"]), link["TxnId"])
                links[target_key]["Deposit", id_] = {"TxnId": id_, "TxnType": "Deposit"}
    for entity in DERIVED_LINKS:
        for id_, record in company.of(entity).items():
            kept = [link for link in record.get("LinkedTxn", ()) if link["TxnType"] in OTHER_LINKS]
            found = [*kept, *links.get((entity, id_), {}).values()]
            if found or "LinkedTxn" in record or is_void(record):
                derived[entity, id_]["LinkedTxn"] = found


def _accounts(company: Company, books: Reading, derived: dict[tuple[str, str], Record]) -> None:
    balances = own_balances(company, books)
    children: dict[str, list[str]] = defaultdict(list)
    accounts = company.of("Account")
    for id_, account in accounts.items():
        children[account.get("ParentRef", {}).get("value", "")].append(id_)
    for id_, account in accounts.items():
        sheet = account.get("Classification") in ("Asset", "Liability", "Equity")
        family = _family(id_, children)
        fields = derived["Account", id_]
        fields["CurrentBalance"] = balances[id_] / 100 if sheet else 0.0
        fields["CurrentBalanceWithSubAccounts"] = sum(balances[one] for one in family) / 100 if sheet else 0.0


def _names(company: Company, items: list[OpenItem], derived: dict[tuple[str, str], Record]) -> None:
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        balances[item.party_kind, item.party] += item.own_cents
    for id_ in company.of("Vendor"):
        derived["Vendor", id_]["Balance"] = balances["Vendor", id_] / 100
    jobs: dict[str, list[str]] = defaultdict(list)
    for id_, customer in company.of("Customer").items():
        jobs[customer.get("ParentRef", {}).get("value", "")].append(id_)
    for id_ in company.of("Customer"):
        fields = derived["Customer", id_]
        fields["Balance"] = balances["Customer", id_] / 100
        with_jobs = sum(balances["Customer", one] for one in _family(id_, jobs))
        fields["BalanceWithJobs"] = with_jobs / 100


def _family(id_: str, children: dict[str, list[str]]) -> list[str]:
    return [id_, *(one for child in children.get(id_, ()) for one in _family(child, children))]
