"""Whatever people do in QuickBooks while we read it: once they rest, the mirror is the books."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rowcol.qbo.client import Reply, Request
from rowcol.sandbox.refusals import Refusal
from rowcol.sandbox.run import running_sandbox
from tests.kits.clock import FrozenClock
from tests.kits.company_sync import Bookkeeper, CompanySync, agency, company_sync
from tests.kits.examples import examples

PAGE = 4
Deed = Callable[[CompanySync, Bookkeeper, int], object]


def edit(_: CompanySync, people: Bookkeeper, which: int) -> object:
    entity = ("Bill", "Invoice", "Purchase", "Customer")[which % 4]
    record = _pick(people.records(entity), which)
    note = {"CompanyName": f"Renamed {which}"} if entity == "Customer" else {"PrivateNote": f"Note {which}"}
    return people.edit(entity, record["Id"], **note)


def enter(_: CompanySync, people: Bookkeeper, which: int) -> object:
    entity, party = (("Bill", "VendorRef"), ("Invoice", "CustomerRef"))[which % 2]
    like = _pick(people.records(entity), which)
    return people.create(entity, **{key: like[key] for key in (party, "Line", "TxnDate", "TotalAmt")})


def delete(_: CompanySync, people: Bookkeeper, which: int) -> object:
    entity = ("Bill", "Invoice", "Purchase", "Transfer", "BillPayment", "Payment")[which % 6]
    records = people.unlinked(entity) if entity in ("Bill", "Invoice") else people.records(entity)
    return people.delete(entity, _pick(records, which)["Id"]) if records else None


def void(_: CompanySync, people: Bookkeeper, which: int) -> object:
    invoices = people.unlinked("Invoice")
    return people.void("Invoice", _pick(invoices, which)["Id"]) if invoices else None


def pay(_: CompanySync, people: Bookkeeper, which: int) -> object:
    bills = [bill for bill in people.records("Bill") if bill["Balance"] > 1]
    return people.pay_bill(_pick(bills, which)["Id"], 1.0) if bills else None


def retire(_: CompanySync, people: Bookkeeper, which: int) -> object:
    return people.edit("Vendor", _pick(people.records("Vendor"), which)["Id"], Active=False)


def falter(company: CompanySync, _: Bookkeeper, which: int) -> object:
    return company.sandbox.faults({"kind": ("503", "reset", "429", "truncate")[which % 4], "times": 2})


def lose_a_cursor(company: CompanySync, _: Bookkeeper, which: int) -> object:
    with company.database.write() as cursor:
        entity = ("Bill", "Invoice", "Account")[which % 3]
        return cursor.execute("DELETE FROM entity_freshness WHERE entity = ?", [entity])


def _pick(records: list[dict[str, object]], which: int) -> dict[str, object]:
    return sorted(records, key=lambda record: int(str(record["Id"])))[which % len(records)]


DEEDS: tuple[Deed, ...] = (edit, enter, delete, delete, void, pay, retire, falter, lose_a_cursor)
AWAY = {"minutes": 15.0}, {"seconds": 1.0}, {"days": 31.0}
MEDDLING = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(DEEDS), st.integers(0, 99)), max_size=8)
SYNCS = st.lists(st.tuples(MEDDLING, st.sampled_from(AWAY), st.booleans()), min_size=1, max_size=3)


@given(syncs=SYNCS)
@settings(
    max_examples=examples(12),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_at_rest_the_mirror_is_the_books(
    syncs: list[tuple[list[tuple[int, Deed, int]], dict[str, float], bool]],
):
    """Each sync is meddled with: after N requests a person does something in QuickBooks."""
    clock = FrozenClock()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_sandbox([agency()], clock=clock, throttle=False) as sandbox,
        company_sync(Path(folder), sandbox, clock=clock, page_size=PAGE) as company,
    ):
        people, send = Bookkeeper(sandbox), company.qbo.send
        for meddling, away, full in syncs:
            company.context = replace(company.context, send=_meddled(company, people, clock, meddling))
            company.sync(full=full)
            clock.forward(**away)
        company.context = replace(company.context, send=send)
        sandbox.faults()
        company.waits.passed += 900  # the longest a company is let alone after a 429
        clock.forward(minutes=15)
        company.sync()
        assert company.at_rest()
        clock.forward(minutes=15)
        versions = company.versions_logged()
        company.sync()
        assert company.versions_logged() == versions, "what rests is not logged again"


def _meddled(
    company: CompanySync, people: Bookkeeper, clock: FrozenClock, meddling: list[tuple[int, Deed, int]]
) -> Callable[[str, Request], Reply]:
    left, send = list(meddling), company.qbo.send
    until = [left[0][0] if left else 0]

    def meddled(realm: str, request: Request) -> Reply:
        clock.forward(seconds=1)
        if left and until[0] == 0:
            _, deed, which = left.pop(0)
            with suppress(Refusal):  # QuickBooks allows no edit of a retired vendor's bill
                deed(company, people, which)
            until[0] = left[0][0] if left else 0
        else:
            until[0] -= 1
        return send(realm, request)

    return meddled
