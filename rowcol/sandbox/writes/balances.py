"""What a write moves elsewhere: what is open of linked documents, and balances of accounts and names."""

from collections import Counter
from datetime import datetime
from decimal import Decimal

from rowcol.sandbox.catalog import LISTS, SINGLETONS
from rowcol.sandbox.company import Company, Record, to_amount, to_cents
from rowcol.sandbox.ledger import Posting, postings
from rowcol.sandbox.links import applied, with_link

PROFIT_AND_LOSS = ("Income", "Other Income", "Expense", "Other Expense", "Cost of Goods Sold")
SETTLING = ("Payment", "BillPayment")  # kinds whose linked lines change the balance of what they link
CONTROL = {"Accounts Payable": ("Vendor", -1), "Accounts Receivable": ("Customer", 1)}
OWN_BALANCE = {"Account": "CurrentBalance", "Vendor": "Balance", "Customer": "Balance"}
FAMILY_BALANCE = {"Account": "CurrentBalanceWithSubAccounts", "Customer": "BalanceWithJobs"}

Moves = Counter[tuple[str, str]]


def moves_of(
    company: Company, entity: str, old: Record | None, new: Record | None, card_balance: str
) -> Moves:
    """Return what a change of one transaction (None: not there) moves in accounts and names.

    Cents in the account's own currency by (Account | Vendor | Customer, id). `card_balance` says how the books
    write what a credit card owes (see `Switches`). Raises KeyError or the like where the record is malformed.
    """
    card_sign = -1 if card_balance == "positive" else 1
    moves = _moves(company, entity, new, card_sign)
    moves.subtract(_moves(company, entity, old, card_sign))
    return moves


def carry_over(
    company: Company, entity: str, old: Record | None, new: Record | None, moves: Moves, now: datetime
) -> None:
    """Carry a change of one transaction over to what it is linked to, and its moves to accounts and names."""
    _relink(company, entity, old, new, now)
    for (kind, id_), amount in moves.items():
        if amount and id_ in company.of(kind):
            _move(company, kind, id_, amount, now)


def _moves(company: Company, entity: str, record: Record | None, card_sign: int) -> Counter[tuple[str, str]]:
    """Return cents, in the account's own currency, by (Account | Vendor | Customer, id)."""
    moves: Counter[tuple[str, str]] = Counter()
    for posting in _postings_of(company, entity, record) if record else ():
        account_type = company.of("Account").get(posting.account, {}).get("AccountType", "")
        if account_type not in PROFIT_AND_LOSS:
            sign = card_sign if account_type == "Credit Card" else 1
            moves["Account", posting.account] += sign * posting.own_cents
        kind, sign = CONTROL.get(account_type, ("", 0))
        if kind and posting.party_kind == kind:
            moves[kind, posting.party] += sign * posting.own_cents
    return moves


def _postings_of(company: Company, entity: str, record: Record) -> list[Posting]:
    """Return one transaction's postings: the ledger of books that hold it and what it is linked to."""
    books = Company(company.realm, company.name, company.currency)
    books.entities = {name: company.of(name) for name in (*LISTS, *SINGLETONS)}
    for link in applied(record):
        if link.id in company.of(link.entity):
            books.entities.setdefault(link.entity, {})[link.id] = company.of(link.entity)[link.id]
    books.entities.setdefault(entity, {})[record["Id"]] = record
    return [p for p in postings(books) if (p.entity, p.txn_id) == (entity, record["Id"])]


def _relink(company: Company, entity: str, old: Record | None, new: Record | None, now: datetime) -> None:
    before, after = applied(old or {}), applied(new or {})
    id_ = (new or old or {})["Id"]
    for link in {*before, *after}:
        target = company.of(link.entity).get(link.id)
        change = after[link] - before[link]
        if target is None or (not change and (link in before) == (link in after)):
            continue
        if entity in SETTLING:
            target = _settled(target, change)
        target = with_link(target, entity, id_, linked=link in after)
        company.put(link.entity, {**target, "SyncToken": str(int(target["SyncToken"]) + 1)}, now)


def _settled(target: Record, amount: int) -> Record:
    new = dict(target)
    for name in ("Balance", "RemainingCredit"):
        if name in target:
            new[name] = to_amount(to_cents(target[name]) - amount)
    if "HomeBalance" in target:
        rate = Decimal(str(target.get("ExchangeRate", 1)))
        new["HomeBalance"] = to_amount(to_cents(Decimal(str(new["Balance"])) * rate))
    return new


def _move(company: Company, kind: str, id_: str, amount: int, now: datetime) -> None:
    own, family = OWN_BALANCE[kind], FAMILY_BALANCE.get(kind, "")
    record = _added(company.of(kind)[id_], own, amount)
    company.put(kind, _added(record, family, amount) if family in record else record, now)
    parent = company.of(kind).get(record.get("ParentRef", {}).get("value", ""))
    while parent is not None and family in parent:
        company.put(kind, _added(parent, family, amount), now)
        parent = company.of(kind).get(parent.get("ParentRef", {}).get("value", ""))


def _added(record: Record, field: str, amount: int) -> Record:
    return {**record, field: to_amount(to_cents(record.get(field)) + amount)}
