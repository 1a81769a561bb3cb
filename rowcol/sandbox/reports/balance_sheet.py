"""BalanceSheet of any date: today's account balances less what was posted after that date."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from rowcol.sandbox.company import Company, Record, to_cents
from rowcol.sandbox.exchange_rates import rate_at
from rowcol.sandbox.ledger import Posting, postings
from rowcol.sandbox.reports.rows import Row, cells, money, section

CARD = "Credit Card"
# (group, title, account types), in the order QuickBooks prints them.
CURRENT_ASSETS = (
    ("BankAccounts", "Bank Accounts", ("Bank",)),
    ("AR", "Accounts Receivable", ("Accounts Receivable",)),
    ("OtherCurrentAssets", "Other Current Assets", ("Other Current Asset",)),
)
LONG_ASSETS = (
    ("FixedAssets", "Fixed Assets", ("Fixed Asset",)),
    ("OtherAssets", "Other Assets", ("Other Asset",)),
)
CURRENT_LIABILITIES = (
    ("AP", "Accounts Payable", ("Accounts Payable",)),
    ("CreditCards", "Credit Cards", (CARD,)),
    ("OtherCurrentLiabilities", "Other Current Liabilities", ("Other Current Liability",)),
)
LONG_LIABILITIES = (("LongTermLiabilities", "Long-Term Liabilities", ("Long Term Liability",)),)
EQUITY = ("Equity",)
ON_THE_SHEET = frozenset(
    kind
    for groups in (CURRENT_ASSETS, LONG_ASSETS, CURRENT_LIABILITIES, LONG_LIABILITIES, (("", "", EQUITY),))
    for _, _, kinds in groups
    for kind in kinds
)

Group = tuple[str, str, tuple[str, ...]]


def balance_sheet_rows(company: Company, end: date, card_balance: str = "negative") -> list[Row]:
    """Return the rows of a balance sheet: assets, then liabilities and equity, accounts under their parents.

    `card_balance` says how the books write what a credit card owes (see `Switches`).
    """
    balances = balances_at(company, end, card_balance)
    if not any(balances.values()):
        return []
    sheet = _Sheet(company, balances)
    current = sheet.part("CurrentAssets", "Current Assets", CURRENT_ASSETS, 1)
    assets = [*current, *sheet.groups(LONG_ASSETS, 1)]
    current = sheet.part("CurrentLiabilities", "Current Liabilities", CURRENT_LIABILITIES, -1)
    liabilities = [*current, *sheet.groups(LONG_LIABILITIES, -1)]
    total_assets = sheet.total(CURRENT_ASSETS, 1) + sheet.total(LONG_ASSETS, 1)
    owed = sheet.total(CURRENT_LIABILITIES, -1) + sheet.total(LONG_LIABILITIES, -1)
    other_side = [
        _titled("Liabilities", "Liabilities", liabilities, owed),
        sheet.equity(total_assets - owed),
    ]
    return [
        _titled("TotalAssets", "ASSETS", assets, total_assets),
        _titled("TotalLiabilitiesAndEquity", "LIABILITIES AND EQUITY", other_side, total_assets),
    ]


def balances_at(company: Company, end: date, card_balance: str = "negative") -> dict[str, int]:
    """Return home cents by balance-sheet account at the end of a day, debit positive.

    A foreign account is what was posted to it, at the rates of the postings; what its CurrentBalance
    holds beyond that is taken at the company's own rate of that day, else at the newest rate any document in its currency
    shows up to that day; without either it is not on the sheet.
    """
    last = end.isoformat()
    posted = postings(company)
    later, home, own = _sums(company, posted, last)
    balances = {
        id_: _at(company, account, card_balance, end, (later[id_], home[id_], own[id_]))
        for id_, account in company.of("Account").items()
        if account.get("AccountType") in ON_THE_SHEET
    }
    return {id_: cents for id_, cents in balances.items() if cents is not None}


def _sums(
    company: Company, posted: list[Posting], last: str
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Return by account: home cents posted after a day, home cents up to it, own cents of all days."""
    later: dict[str, int] = defaultdict(int)
    home: dict[str, int] = defaultdict(int)
    own: dict[str, int] = defaultdict(int)
    for posting in posted:
        (later if posting.date > last else home)[posting.account] += posting.amount_cents
        own[posting.account] += posting.own_cents
    for row in company.unlisted:
        (later if row.date > last else home)[row.account] += row.amount_cents
        own[row.account] += row.amount_cents
    return later, home, own


def _at(
    company: Company, account: Record, card_balance: str, end: date, sums: tuple[int, int, int]
) -> int | None:
    later, home, own = sums
    current = to_cents(account.get("CurrentBalance"))
    if account["AccountType"] == CARD and card_balance == "positive":
        current = -current
    currency = account.get("CurrencyRef", {}).get("value", company.currency)
    if currency == company.currency:
        return current - later
    if current == own:
        return home
    rate = rate_at(company, currency, end) or _newest_rate(company, currency, end.isoformat())
    return None if rate is None else home + to_cents(Decimal(current - own) / 100 * rate)


def _newest_rate(company: Company, currency: str, last: str) -> Decimal | None:
    rated = (
        (record["TxnDate"], Decimal(str(record["ExchangeRate"])))
        for records in company.entities.values()
        for record in records.values()
        if "ExchangeRate" in record and record.get("CurrencyRef", {}).get("value") == currency
    )
    return max((pair for pair in rated if pair[0] <= last), default=(None, None))[1]


class _Sheet:
    """Builds sections out of a company's balances; `sign` is -1 on the side where credits are positive."""

    def __init__(self, company: Company, balances: dict[str, int]) -> None:
        self._accounts, self._balances = company.of("Account"), balances

    def total(self, groups: tuple[Group, ...], sign: int) -> int:
        kinds = {kind for _, _, members in groups for kind in members}
        return sign * sum(self._balances[id_] for id_ in self._of(kinds))

    def part(self, group: str, title: str, groups: tuple[Group, ...], sign: int) -> list[Row]:
        rows = self.groups(groups, sign)
        return [_titled(group, title, rows, self.total(groups, sign))] if rows else []

    def groups(self, groups: tuple[Group, ...], sign: int) -> list[Row]:
        sections = []
        for group, title, kinds in groups:
            rows = self._account_rows(set(kinds), sign)
            if rows:
                total = self.total(((group, title, kinds),), sign)
                sections.append(_titled(group, title, rows, total))
        return sections

    def equity(self, total: int) -> Row:
        """Return the equity section: what the accounts do not explain is the net income."""
        booked = self.total((("Equity", "Equity", EQUITY),), -1)
        income: Row = {"ColData": cells("Net Income", None, [money(total - booked)]), "group": "NetIncome"}
        return _titled("Equity", "Equity", [*self._account_rows(set(EQUITY), -1), income], total)

    def _of(self, kinds: set[str]) -> list[str]:
        return [id_ for id_ in self._balances if self._accounts[id_]["AccountType"] in kinds]

    def _account_rows(self, kinds: set[str], sign: int) -> list[Row]:
        members = self._of(kinds)
        tops = [id_ for id_ in members if self._parent(id_) not in members]
        return [row for id_ in tops if (row := self._account_row(id_, members, sign))]

    def _account_row(self, id_: str, members: list[str], sign: int) -> Row | None:
        name, own = self._accounts[id_]["Name"], sign * self._balances[id_]
        children = [child for child in members if self._parent(child) == id_]
        rows = [row for child in children if (row := self._account_row(child, members, sign))]
        if rows:
            total = [money(sign * self._family(id_, members))]
            header = cells(name, id_, [money(own) if own else ""])
            return section(header, rows, cells(f"Total {name}", None, total))
        return {"ColData": cells(name, id_, [money(own)])} if own else None

    def _family(self, id_: str, members: list[str]) -> int:
        children = (child for child in members if self._parent(child) == id_)
        return self._balances[id_] + sum(self._family(child, members) for child in children)

    def _parent(self, id_: str) -> str:
        return str(self._accounts[id_].get("ParentRef", {}).get("value", ""))


def _titled(group: str, title: str, rows: list[Row], total: int) -> Row:
    summary = cells(f"Total {title}", None, [money(total)])
    return section(cells(title, None, [""]), rows, summary, group)
