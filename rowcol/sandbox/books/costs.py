"""What the demo companies pay without a bill: people, cards, taxes, the bank and the owner."""

from collections.abc import Callable
from datetime import date

from rowcol.sandbox.books.bookkeeping import Bookkeeping, money
from rowcol.sandbox.books.names import CARD_SPENDING, SUBSCRIPTIONS
from rowcol.sandbox.books.profiles import headcount, revenue
from rowcol.sandbox.books.rates import rate_on
from rowcol.sandbox.books.schedule import DAY, monthly, weekly, workday

FRIDAY = 4
PAYS_A_YEAR = {True: 26, False: 24}  # every other Friday, or twice a month
PAYROLL_TAXES = 0.21  # of what a payroll run costs
TAX_MONTHS = (1, 4, 6, 9)  # quarterly estimates
ESTIMATED_TAX = 0.03  # of a quarter's revenue
LOAN_PAYMENT = 0.018  # of an ordinary month's revenue
LOAN_INTEREST = 0.22  # of a payment
CARD_DAY, LOAN_DAY, DRAW_DAY, TAX_DAY, CHARGES_DAY = 22, 12, 5, 15, 28
CONVERTED = 60  # percent of a foreign account turned into home currency each month


def plan_payroll(keeping: Bookkeeping) -> None:
    """Plan the payroll runs, entered as the company's bookkeeper does: an expense, a journal, or not at all."""
    profile, schedule = keeping.profile, keeping.schedule
    if profile.biweekly:
        days = list(weekly(schedule.first, schedule.last, FRIDAY, weeks=2))
    else:
        days = sorted(
            [*monthly(schedule.first, schedule.last, 15), *monthly(schedule.first, schedule.last, 31)]
        )
    rng = keeping.rng("payroll")
    service = keeping.books.vendor("Gusto Payroll", email="billing@gusto.example")
    for day in days:
        people = headcount(profile, day, keeping.today)
        cost = people * profile.salary * 12 / PAYS_A_YEAR[profile.biweekly] * rng.uniform(0.985, 1.015)
        schedule.at(day, _paying_people(keeping, day, round(cost * 100), service))


def plan_card(keeping: Bookkeeping) -> None:
    """Plan the company card: subscriptions, what people buy, and paying it off each month."""
    profile, schedule, books = keeping.profile, keeping.schedule, keeping.books
    rng = keeping.rng("card")
    shops = {name: books.vendor(name) for name, *_ in CARD_SPENDING}
    for name, dollars in SUBSCRIPTIONS:
        shop = books.vendor(name)
        for day in monthly(schedule.first, schedule.last, rng.randint(1, 28)):
            cents = dollars * profile.people * 100
            schedule.at(day, _charging(keeping, day, cents, shop, "Software"))
    purchases = round(profile.people * profile.card_buys * (schedule.last - schedule.first).days / 30)
    for _ in range(purchases):
        day = schedule.first + DAY * rng.randrange((schedule.last - schedule.first).days + 1)
        name, account, dollars = rng.choice(CARD_SPENDING)
        cents = round(dollars * 100 * rng.lognormvariate(0, 0.5))
        schedule.at(day, _charging(keeping, day, cents, shops[name], account))
    bank = books.vendor("Card Services")
    for day in monthly(schedule.first, schedule.last, CARD_DAY):
        schedule.at(workday(day), _paying_card(keeping, workday(day), bank), late=True)


def plan_taxes(keeping: Bookkeeping) -> None:
    """Plan quarterly estimates, and passing on the sales tax collected."""
    profile, schedule = keeping.profile, keeping.schedule
    name = "Receiver General for Canada" if profile.currency == "CAD" else "United States Treasury"
    treasury = keeping.books.vendor(name)
    office = keeping.books.vendor("State Department of Revenue")
    for day in monthly(schedule.first, schedule.last, TAX_DAY):
        if day.month in TAX_MONTHS:
            cents = round(keeping.monthly_revenue(day) * 3 * ESTIMATED_TAX) * 100
            schedule.at(workday(day), _spending(keeping, workday(day), cents, treasury, "Income Tax"))
    for day in monthly(schedule.first, schedule.last, CHARGES_DAY - 8) if profile.sales_tax else ():
        schedule.at(workday(day), _passing_on_tax(keeping, workday(day), office), late=True)


def plan_bank_and_owner(keeping: Bookkeeping) -> None:
    """Plan loan payments, the owner's draws, bank charges, and turning foreign money into the company's own."""
    profile, schedule, rng = keeping.profile, keeping.schedule, keeping.rng("bank")
    owner, lender = keeping.books.vendor("Owner"), keeping.books.vendor("First Harbor Bank")
    month = revenue(profile)
    for day in monthly(schedule.first, schedule.last, DRAW_DAY):
        cents = round(keeping.monthly_revenue(day) * profile.draws) * 100
        schedule.at(workday(day), _spending(keeping, workday(day), cents, owner, "Owner's Draw"))
    for day in monthly(schedule.first, schedule.last, LOAN_DAY) if profile.loan else ():
        schedule.at(workday(day), _repaying(keeping, workday(day), round(month * LOAN_PAYMENT) * 100, lender))
    for day in monthly(schedule.first, schedule.last, CHARGES_DAY):
        schedule.at(day, _spending(keeping, day, rng.randint(1500, 4500), None, "Bank Charges"))
        if profile.foreign_bank:
            schedule.at(day, _converting(keeping, day), late=True)
    schedule.at(
        schedule.last, _spending(keeping, schedule.last, rng.randint(1800, 9500), lender, "Bank Charges")
    )


def _paying_people(keeping: Bookkeeping, day: date, cents: int, service: str) -> Callable[[], object]:
    taxes = round(cents * PAYROLL_TAXES)
    wages = cents - taxes
    books, way = keeping.books, keeping.profile.payroll
    if way == "unlisted":
        return lambda: books.payroll(day, money(cents))
    if way == "journal":
        parts = [("Wages", money(wages)), ("Payroll Taxes", money(taxes)), ("Checking", money(-cents))]
        return lambda: books.journal(day, parts, note="Payroll")
    lines = [("Wages", money(wages)), ("Payroll Taxes", money(taxes))]
    return lambda: books.purchase(money(cents), day, payee=service, lines=lines)


def _spending(
    keeping: Bookkeeping, day: date, cents: int, payee: str | None, account: str
) -> Callable[[], object]:
    if not cents:
        return lambda: None
    return lambda: keeping.books.purchase(money(cents), day, payee=payee, account=account)


def _charging(keeping: Bookkeeping, day: date, cents: int, shop: str, account: str) -> Callable[[], None]:
    def act() -> None:
        keeping.add("card", cents)
        keeping.books.purchase(money(cents), day, payee=shop, paid_from="Credit Card", account=account)

    return act


def _paying_card(keeping: Bookkeeping, day: date, bank: str) -> Callable[[], None]:
    def act() -> None:
        owed = money(keeping.empty("card"))
        if not owed:
            return
        if keeping.profile.card_by == "transfer":
            keeping.books.transfer(owed, day, "Checking", "Credit Card")
        elif keeping.profile.card_by == "purchase":
            keeping.books.purchase(owed, day, payee=bank, account="Credit Card")
        else:
            keeping.books.card_payment(owed, day)

    return act


def _passing_on_tax(keeping: Bookkeeping, day: date, office: str) -> Callable[[], None]:
    def act() -> None:
        collected = keeping.empty("sales tax")
        if collected:
            keeping.books.purchase(money(collected), day, payee=office, account="Sales Tax Payable")

    return act


def _repaying(keeping: Bookkeeping, day: date, cents: int, lender: str) -> Callable[[], object]:
    interest = round(cents * LOAN_INTEREST)
    lines = [("Term Loan", money(cents - interest)), ("Interest Expense", money(interest))]
    return lambda: keeping.books.purchase(money(cents), day, payee=lender, lines=lines)


def _converting(keeping: Bookkeeping, day: date) -> Callable[[], None]:
    currency = keeping.profile.foreign_bank

    def act() -> None:
        account = f"{currency} Account"
        cents = keeping.tills.get(account, 0) * CONVERTED // 100
        if cents > 0:
            keeping.add(account, -cents)
            rate = rate_on(currency, keeping.profile.currency, day)
            keeping.books.transfer(money(cents), day, account, "Checking", rate=rate)

    return act
