"""Seeded small companies: 1 to 25 documents a side, bank activity, and the awkward things books hold."""

from __future__ import annotations

import random
from datetime import date

from tests.oracle.books import Json, Settings
from tests.oracle.builder import Builder
from tests.oracle.random_bank import bank_activity, close_old_bank, empty_undeposited, series

TODAY = date(2026, 11, 27)
"""The day that random companies are made for unless another is given."""
ZONES = ("America/Los_Angeles", "America/New_York", "Etc/UTC")


class Random:
    """One company being made up: the builder, its parties and its dice."""

    def __init__(self, seed: int, today: date) -> None:
        self.rng = random.Random(seed * 7919 + 1)
        self.multi = self.rng.random() < 0.2
        self.make = Builder(seed, today, zone=self.rng.choice(ZONES), multicurrency=self.multi)
        self.customers = [self.make.party("Customer", f"Customer {n}") for n in range(self.rng.randint(1, 4))]
        self.vendors = [self.make.party("Vendor", f"Vendor {n}") for n in range(self.rng.randint(1, 4))]
        self.waiting: list[Json] = []

    def maybe(self, chance: float) -> bool:
        """Return True with this chance."""
        return self.rng.random() < chance

    def amount(self) -> int:
        """Return an amount, often one of a few so that equal amounts occur."""
        return self.rng.choice((50000, 120000, 75050)) if self.maybe(0.3) else self.rng.randint(2000, 600000)

    def when(self) -> int:
        """Return a day: mostly the past ten months, now and then one to come."""
        return self.rng.randint(1, 40) if self.maybe(0.12) else -self.rng.randint(0, 290)

    def created(self, when: int) -> int:
        """Return the day of entry: the document's own, some days after, or ahead."""
        if when > 0:
            return -self.rng.randint(0, 20)
        if self.maybe(0.2):
            return when - self.rng.randint(1, 60)
        return min(0, when + (self.rng.randint(0, 25) if self.maybe(0.15) else 0))


def company(seed: int, today: date) -> tuple[Json, Settings]:
    """Return a company file and the settings to give the client."""
    made = Random(seed, today)
    families(made)
    opening(made)
    sides = [(False, made.vendors), (True, made.customers)]
    for sales, parties in sides:
        charges = [charge(made, sales, parties) for _ in range(made.rng.randint(1, 25))]
        credits = [credit(made, sales, parties) for _ in range(made.rng.choice((0, 0, 1, 3)))]
        settle(made, sales, charges, credits)
        stray(made, sales, parties)
        hand_posted(made, sales, parties)
    bank_activity(made)
    series(made)
    empty_undeposited(made)
    close_old_bank(made)
    excluded = frozenset({"37"}) if made.maybe(0.7) else frozenset()
    settings = Settings(
        reserve=made.rng.choice((0, 0, 500000)), excluded=excluded, pay_day=made.rng.choice((7, 7, 3))
    )
    realm = f"91303500{seed:011}"
    return made.make.company(realm, f"Random {seed}"), settings


def families(made: Random) -> None:
    """Add sub-customers, foreign parties, and make a vendor inactive."""
    for n, billed in enumerate((True, False)):
        if made.maybe(0.35):
            parent = made.customers[0]
            more = {"Job": True, "ParentRef": {"value": parent["Id"]}, "BillWithParent": billed, "Level": 1}
            made.customers.append(made.make.party("Customer", f"Job {n}", **more))
    if made.multi:
        euro = {"CurrencyRef": {"value": "EUR"}}
        made.customers.append(made.make.party("Customer", "Euro customer", **euro))
        made.vendors.append(made.make.party("Vendor", "Euro vendor", **euro))
    if made.maybe(0.1):
        made.vendors[0]["Active"] = False


def opening(made: Random) -> None:
    """Put the opening balances on the banks; of a foreign one by an invoice that is paid into it."""
    made.make.deposit(
        -310,
        "35",
        [],
        [("34", made.rng.choice((100, 2000000, 8000000, 20000000)) + made.rng.randint(0, 4000000), None)],
    )
    if made.maybe(0.5):
        made.make.deposit(-309, "36", [], [("34", made.rng.randint(100, 900000), None)])
    if made.maybe(0.3):
        made.make.deposit(-308, "38", [], [("34", made.rng.randint(100, 90000), None)])
    if made.multi:
        customer = made.customers[-1]
        first = made.make.charge("Invoice", customer, -307, 900000, due=-300, number="E1")
        made.make.pay(customer, -306, [(first, 900000)], sales=True, account="39")


def charge(made: Random, sales: bool, parties: list[Json]) -> Json:
    """Add one bill or invoice, now and then with something wrong or unusual."""
    party, when = made.rng.choice(parties), made.when()
    kind = "Invoice" if sales else "Bill"
    if made.maybe(0.04):
        return made.make.void(kind, party, when)
    due: int | None = when + made.rng.choice((0, 10, 15, 30, 30, 45, 60))
    if made.maybe(0.06):
        due = None
    elif made.maybe(0.03):
        due = when - 3
    total = made.amount()
    more: Json = {}
    if not sales and made.maybe(0.15):
        part = total // 3
        more["lines"] = [("60", total - part), (made.rng.choice(("50", "61", "71")), part)]
    home = party["CurrencyRef"]["value"] == "USD"
    if sales and home and made.maybe(0.08):
        more["deposit"] = (total // 4, made.rng.choice(("35", "4")))
    if made.maybe(0.05):
        more["PrivateNote"] = "Voided: check lost, open again"
    number = made.rng.choice(("RENT", "A-1")) if made.maybe(0.1) else f"N{made.make.next_id}"
    return made.make.charge(
        kind, party, when, total, due=due, number=number, created=made.created(when), **more
    )


def credit(made: Random, sales: bool, parties: list[Json]) -> Json:
    """Add a credit memo or vendor credit."""
    when = made.when()
    kind = "CreditMemo" if sales else "VendorCredit"
    return made.make.charge(
        kind, made.rng.choice(parties), when, made.amount() // 2, created=made.created(when)
    )


def same_party(raw: Json) -> str:
    """Return the party of a document."""
    of: Json = raw.get("CustomerRef") or raw["VendorRef"]
    return str(of["value"])


def account_for(made: Random, sales: bool, party: Json) -> str:
    """Return where a payment goes to or comes from."""
    if party["CurrencyRef"]["value"] == "EUR":
        return made.rng.choice(("39", "35"))
    if sales:
        return made.rng.choice(("35", "35", "4", "4", "4", "5", "36"))
    return made.rng.choice(("35", "35", "35", "41", "36"))


def settle(made: Random, sales: bool, charges: list[Json], credits: list[Json]) -> None:
    """Pay most charges: whole or in part, with credits, before or after their date, now and then overpaid."""
    parties = {party["Id"]: party for party in (made.customers if sales else made.vendors)}
    for raw in charges:
        left, party = made.make.open[raw["Id"]], parties[same_party(raw)]
        if left <= 0 or made.maybe(0.3):
            continue
        dated = (date.fromisoformat(raw["TxnDate"]) - made.make.today).days
        when = dated + (made.rng.choice((20, 25, 25, 40)) if made.maybe(0.5) else made.rng.randint(-30, 70))
        if when > 45:
            continue
        used: list[tuple[Json, int]] = []
        own = [each for each in credits if same_party(each) == party["Id"] and made.make.open[each["Id"]] > 0]
        if own and made.maybe(0.5):
            used = [(own[0], min(left, made.make.open[own[0]["Id"]]))]
        spent = sum(cents for _, cents in used)
        paid = left if made.maybe(0.75) else max(spent, left // 2)
        if spent and made.maybe(0.3):
            paid = spent
        extra = made.amount() // 10 if made.maybe(0.08) else 0
        remember(
            made,
            made.make.pay(
                party,
                when,
                [(raw, paid), *used],
                sales=sales,
                extra=extra,
                account=account_for(made, sales, party),
                created=made.created(when),
            ),
        )


def remember(made: Random, payment: Json) -> None:
    """Keep a payment or receipt that waits in Undeposited Funds."""
    into = (payment.get("DepositToAccountRef") or {}).get("value", "4")
    if (
        payment["_kind"] in ("Payment", "SalesReceipt", "RefundReceipt")
        and into == "4"
        and payment["TotalAmt"]
    ):
        made.waiting.append(payment)


def stray(made: Random, sales: bool, parties: list[Json]) -> None:
    """Add unapplied payments, post-dated ones too."""
    for _ in range(made.rng.choice((0, 0, 1, 2))):
        party, when = made.rng.choice(parties), made.when()
        more: Json = {
            "extra": made.amount(),
            "account": account_for(made, sales, party),
            "created": made.created(when),
        }
        remember(made, made.make.pay(party, when, [], sales=sales, **more))


def hand_posted(made: Random, sales: bool, parties: list[Json]) -> None:
    """Add journals, deposits and checks on the control account; accruals with their reversal; some are paid."""
    control, other, make = ("84", "1", made.make) if sales else ("33", "60", made.make)
    more = 1 if sales else -1
    home = [party for party in parties if party["CurrencyRef"]["value"] == "USD"]
    for _ in range(made.rng.choice((0, 0, 1, 2))):
        party, amount, when = made.rng.choice(home), made.amount(), made.when()
        sign = made.rng.choice((1, -1))
        entity = None if made.maybe(0.1) else party
        lines = [(control, sign * more * amount, entity), (other, -sign * more * amount, None)]
        entry = make.journal(when, lines, made.created(when))
        if made.maybe(0.4):
            back = [(account, -cents, who) for account, cents, who in lines]
            make.journal(when + made.rng.choice((1, 1, 30)), back, made.created(when))
        elif sign > 0 and entity and made.maybe(0.5):
            entry["_sign"] = 1
            pay_line(made, sales, party, entry, amount, when)
    if made.maybe(0.2):
        when = made.when()
        make.purchase(
            when, "35", made.rng.choice(home), [(control, made.amount())], created=made.created(when)
        )
    if made.maybe(0.2):
        when = made.when()
        make.deposit(
            when, "35", [], [(control, made.amount(), made.rng.choice(home))], created=made.created(when)
        )


def pay_line(made: Random, sales: bool, party: Json, entry: Json, amount: int, when: int) -> None:
    """Pay a journal line, naming the line or not."""
    made.make.open[entry["Id"]] = amount
    if made.maybe(0.5):
        entry["_line"] = made.rng.choice(("0", "9"))
    paid = min(40, when + made.rng.randint(1, 60))
    part = amount if made.maybe(0.6) else amount // 2
    account = "35" if sales else made.rng.choice(("35", "41"))
    made.make.pay(party, paid, [(entry, part)], account=account, created=made.created(paid), sales=sales)
