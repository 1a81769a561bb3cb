"""Digests made by hand: every section filled, and every name as hostile as a name can be."""

from dataclasses import replace
from datetime import UTC, date, datetime

from rowcol.views.digest.records import (
    AlteredRecord,
    BelowReserve,
    Bill,
    BillsToDecide,
    ClientDigest,
    ClientLine,
    CustomerToChase,
    Debtor,
    Flow,
    Freshness,
    NewFinding,
    PracticeDigest,
    Reason,
    ScoredForecast,
    ShorterRunway,
    StaleClient,
    Task,
    UntiedClient,
    Week,
)

WEEK, AS_OF = date(2026, 11, 16), date(2026, 11, 20)
KNOWN_AT = datetime(2026, 11, 20, 15, 4, tzinfo=UTC)
ZONE = "America/Los_Angeles"
SCRIPT, FORMULA = "<script>alert('x')</script> & Co", "=cmd|' /C calc'!A0"
BREAK = "Acme\r\nBcc: all@evil.example\r\n\r\n<img src=x onerror=alert(1)>"

JUNIPER = ClientLine(
    "b-juniper",
    "Juniper & Vale PR",
    "USD",
    "critical",
    4_120_855,
    5_413_855,
    11,
    16,
    False,
    date(2026, 12, 3),
    True,
    AS_OF,
)
HARBOR = ClientLine(
    "b-harbor",
    "Harbor Point Studio",
    "GBP",
    "watch",
    31_104_300,
    31_104_300,
    19,
    38,
    False,
    date(2026, 12, 29),
    True,
    AS_OF,
)
FATHOM = ClientLine(
    "b-fathom", "Fathom Films", "USD", "watch", 31_654_800, None, 33, None, True, None, False, AS_OF
)
LARK = ClientLine(
    "b-lark",
    "Lark & Sons Landscaping and Garden Design",
    "CAD",
    "steady",
    220_665_900,
    219_000_000,
    140,
    280,
    False,
    None,
    True,
    AS_OF,
)
NEW = ClientLine("b-new", "Brand New Studio", "USD", "", 0, None, None, None, False, None, False, AS_OF)

PRACTICE = PracticeDigest(
    week=WEEK,
    as_of=AS_OF,
    known_at=KNOWN_AT,
    zone=ZONE,
    note="Payroll is a day early next week because of Thanksgiving.\nPlease call Juniper before noon.",
    freshness=Freshness(
        5,
        (
            StaleClient(
                "Fathom Films",
                "QuickBooks asked to come back later",
                datetime(2026, 11, 20, 12, 4, tzinfo=UTC),
                AS_OF,
            ),
            StaleClient("Brand New Studio", "Not refreshed yet", None, AS_OF),
        ),
        3,
        (UntiedClient("Harbor Point Studio", 2, AS_OF),),
        1,
    ),
    lines=(JUNIPER, HARBOR, FATHOM, LARK, NEW),
    lost=(
        ShorterRunway(
            JUNIPER,
            "net-burn runway",
            21,
            16,
            date(2026, 11, 13),
            (
                Reason("Paid to vendors", -1_840_000, -4),
                Reason("Received from customers", 547_000, 1),
                Reason("Other money out, 90 days", None, -2),
            ),
        ),
        ShorterRunway(
            HARBOR, "cash buffer", 20, 19, date(2026, 11, 13), (Reason("Other money out", -1_200, -1),)
        ),
    ),
    below=(BelowReserve(JUNIPER, date(2026, 12, 3), 1_000_000, date(2026, 12, 18), -812_044),),
    to_decide=(
        BillsToDecide(JUNIPER, 9, 3_120_400, 3_120_855, 4, 910_000),
        BillsToDecide(HARBOR, 2, 240_000, 31_104_300, 2, 240_000),
    ),
    chase=(
        CustomerToChase(
            "Juniper & Vale PR",
            "USD",
            "Acme Corp",
            3,
            1_520_000,
            1_400_000,
            62,
            date(2026, 12, 1),
            None,
            AS_OF,
        ),
        CustomerToChase("Harbor Point Studio", "GBP", "Zed Retail", 1, 120_000, 0, 95, None, None, AS_OF),
        CustomerToChase(
            "Lark & Sons Landscaping and Garden Design",
            "CAD",
            "Town of Aurora",
            1,
            99_000,
            99_000,
            34,
            None,
            date(2026, 11, 25),
            AS_OF,
        ),
    ),
    found=(
        NewFinding(
            "Juniper & Vale PR",
            "USD",
            "blocking",
            "Bill A-1182 of Norcal Lumber was entered twice",
            120_000,
            4.2,
            AS_OF,
        ),
        NewFinding(
            "Lark & Sons Landscaping and Garden Design",
            "CAD",
            "medium",
            "Expense of 88.10 has no payee",
            8_810,
            None,
            AS_OF,
        ),
    ),
    altered=(
        AlteredRecord(
            "Juniper & Vale PR", "USD", "deleted", "Invoice", "Acme Corp", 40_000, date(2026, 11, 18), AS_OF
        ),
    ),
    scored=(ScoredForecast("Juniper & Vale PR", "USD", date(2026, 11, 19), 4_400_000, 4_120_855, AS_OF),),
    tasks=(
        Task(
            "Juniper & Vale PR",
            "Ask the landlord for a rent holiday",
            "Maya",
            date(2026, 11, 17),
            True,
            12,
            AS_OF,
        ),
    ),
    quiet=(LARK,),
)

CLIENT = ClientDigest(
    business_id="b-juniper",
    name="Juniper & Vale PR",
    currency="USD",
    week=WEEK,
    as_of=AS_OF,
    known_at=KNOWN_AT,
    zone=ZONE,
    note="Hi Ana – the early December rent is what makes it tight. Can we talk about the Acme invoice on Monday?",
    figures_known=True,
    stale=False,
    stale_reason="",
    synced_at=KNOWN_AT,
    since=date(2026, 11, 13),
    cash_cents=4_120_855,
    cash_then_cents=5_413_855,
    buffer_days=11,
    reserve_cents=1_000_000,
    tight_on=date(2026, 12, 3),
    weeks=tuple(
        Week(date.fromordinal(AS_OF.toordinal() + 7 * place), cents)
        for place, cents in enumerate(
            (3_900_000, 2_100_000, 640_000, -812_044, 300_000, 1_200_000, 1_900_000, 2_400_000, 2_000_000, 1_400_000,
             2_600_000, 3_100_000, 3_300_000)
        )
    ),
    came_in=(Flow("Acme Corp", 850_000), Flow("Blue Bottle Events", 120_050)),
    went_out=(Flow("Gusto payroll", -1_640_000), Flow("Norcal Lumber", -200_000), Flow("No name", -88_10)),
    pay_now=(Bill("Norcal Lumber", "A-1182", date(2026, 11, 8), 120_000), Bill("PG&E", "", date(2026, 11, 24), 43_020)),
    can_wait=(Bill("WeWork", "INV-88", date(2026, 11, 26), 900_000),),
    chase=(Debtor("Acme Corp", 1_520_000, 62, 3), Debtor("Zed Retail", 220_000, 95, 1)),
    chase_cents=1_740_000,
    questions=("What was the $420.00 paid to Amazon on 3 Nov for?", "Who is Bob's Garage?"),
    next_call=date(2026, 11, 27),
)  # fmt: skip


def hostile_client(name: str) -> ClientDigest:
    """Return a client's digest in which every text from the books is one name."""
    return replace(
        CLIENT, name=name, came_in=(Flow(name, 100),), went_out=(Flow(name, -100),), pay_now=(Bill(name, name, AS_OF, 100),),
        can_wait=(Bill(name, name, None, 100),), chase=(Debtor(name, 100, 40, 1),), questions=(name,), note=name,
        stale=True, stale_reason=name, incomplete=(name,),
    )  # fmt: skip


def hostile_practice(name: str) -> PracticeDigest:
    """Return a practice's digest in which every text from the books is one name."""
    line = replace(JUNIPER, name=name)
    return replace(
        PRACTICE, note=name, lines=(line,), quiet=(line,),
        freshness=Freshness(1, (StaleClient(name, name, KNOWN_AT, AS_OF),), 0, (UntiedClient(name, 1, AS_OF),), 0),
        lost=(ShorterRunway(line, "cash buffer", 2, 1, AS_OF, (Reason(name, -1, -1),)),),
        below=(replace(PRACTICE.below[0], line=line),), to_decide=(replace(PRACTICE.to_decide[0], line=line),),
        chase=(CustomerToChase(name, "USD", name, 1, 1, 1, 40, None, None, AS_OF),),
        found=(NewFinding(name, "USD", "high", name, 1, 0.1, AS_OF),),
        altered=(AlteredRecord(name, "USD", "deleted", name, name, 1, AS_OF, AS_OF),),
        scored=(ScoredForecast(name, "USD", AS_OF, 1, 2, AS_OF),),
        tasks=(Task(name, name, name, None, False, 1, AS_OF),),
    )  # fmt: skip
