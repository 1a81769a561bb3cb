"""The sandbox's messy books, landed as a refresh lands them: each code is found where it was planted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from rowcol.domain.hygiene.evidence import Records
from rowcol.domain.hygiene.findings import BLOCKING_CODES, RULES, Findings, describe, first_seen_in
from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.company import Company
from rowcol.store.control import control_rows
from rowcol.store.control.runs import SyncRun, record_run
from tests.kits.findings import tray
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, gateway_over, shuffled

READS = [
    name
    for name, part in vars(Records).items()
    if isinstance(part, cached_property) and not name.startswith("_")
]
PLANTED = {
    "BILL_NO_VENDOR": "Bill 88-A",
    "BILL_NO_AMOUNT": "Paper Moon Stationers",
    "INVOICE_NO_AMOUNT": "Ostara Gardens",
    "BILL_NO_DUE_DATE": "Fennel & Rye Catering",
    "INVOICE_NO_DUE_DATE": "Cobalt Rowing Club",
    "BILL_DATE_ORDER": "Larkspur Media",
    "INVOICE_DATE_ORDER": "Hobart & Sons",
    "INVOICE_NO_CUSTOMER": "Invoice X-1",
    "TXN_DATE_SUSPECT": "Ravenna Press",
    "BILL_NO_NUMBER": "Rapid Couriers",
    "BILL_DUPLICATE": "O'Malley & Daughters",
    "BILL_DUPLICATE_MAYBE": "Corvus Print House",
    "INVOICE_DUPLICATE": "Zoë Brontë Photographie",
    "BILL_PAID_AS_EXPENSE": "Stillwater Photography",
    "INVOICE_PAID_AS_DEPOSIT": "Mirabel Cosmetics",
    "INVOICE_UNREACHABLE": "Garrick Estate",
    "INVOICE_NOT_SENT": "Invoice B-388 of Bellweather Trust",
    "UNCATEGORIZED_LINE": "Sundry Online",
    "PURCHASE_NO_PAYEE": "$268.15",
    "PAYMENT_UNAPPLIED": "Halloran Foundation",
    "CREDIT_UNAPPLIED": "Tamarind Hotels",
    "VENDOR_CREDIT_UNAPPLIED": "Brightline Displays",
    "BILL_PAYMENT_UNLINKED": "Orchid Street Rentals",
    "BILL_ANCIENT": "Delaney Signs",
    "INVOICE_ANCIENT": "Verity Galleries",
    "BALANCE_NEGLIGIBLE": "Pallas Athletics",
    "PARTY_DUPLICATE": "ACME Print Inc",
    "BANK_NEGATIVE": "Savings",
    "UNDEPOSITED_OLD": "$1,760.00",
    "CLEARING_NONZERO": "Payroll Clearing",
    "JE_ON_CONTROL": "ADJ-12",
    "DELETED_SINCE": "Ninth Street Florist",
    "BACKDATED": "Calder Freight",
    "NEW_VENDOR_LARGE": "Apex Global Solutions LLC",
}
SEVERITIES = {
    "blocking": {
        "BILL_NO_VENDOR", "BILL_NO_AMOUNT", "INVOICE_NO_AMOUNT", "BILL_NO_DUE_DATE", "INVOICE_NO_DUE_DATE",
        "BILL_DATE_ORDER", "INVOICE_DATE_ORDER", "INVOICE_NO_CUSTOMER", "BILL_DUPLICATE",
    },
    "medium": {
        "PURCHASE_NO_PAYEE", "BILL_ANCIENT", "INVOICE_ANCIENT", "PARTY_DUPLICATE", "CLEARING_NONZERO", "JE_ON_CONTROL",
    },
    "low": {"BILL_NO_NUMBER", "BALANCE_NEGLIGIBLE"},
}  # fmt: skip
"""The table of docs/definitions.md; every other code is high."""
ON_THE_COMPANY = {
    "BOOKS_STALE",
    "TIE_OUT_BROKEN",
    "SYNC_STALE",
    "SYNC_THROTTLED",
    "SYNC_FAILED",
    "AUTH_EXPIRED",
}
FIRST_REFRESH = NOW - timedelta(days=10)


@pytest.fixture(scope="module")
def messy_store() -> Iterator[PracticeStore]:
    """Give a store with the messy client, refreshed ten days ago and now; one bill was deleted between."""
    company = demo_companies(count=2, seed=1, today=TODAY)[1]
    store = PracticeStore(MEMORY)
    _land(store, company)
    florist = {"Id": "900001", "TxnDate": "2026-11-11", "TotalAmt": 240, "Balance": 240, "DocNumber": "NF-6"}
    vendor = {"VendorRef": {"value": "900000", "name": "Ninth Street Florist"}}
    store.land("Bill", {**florist, **vendor}, realm=company.realm, at=FIRST_REFRESH)
    store.delete("Bill", "900001", realm=company.realm)
    yield store
    store.close()


@pytest.fixture(scope="module")
def messy(messy_store: PracticeStore) -> pd.DataFrame:
    """Give its findings."""
    return tray(messy_store)


def _land(store: PracticeStore, company: Company) -> None:
    for entity, records in company.entities.items():
        store.land(entity, *records.values(), realm=company.realm, at=FIRST_REFRESH)
    for at in (FIRST_REFRESH, NOW):
        run = SyncRun(store.client(company.realm), f"run-{at}", "full", at, at, "done")
        with store.database.write() as cursor:
            record_run(control_rows(cursor), store.advisor_id, run)


def test_every_code_is_planted_or_on_the_company_itself() -> None:
    assert set(PLANTED) | ON_THE_COMPANY == set(RULES)


def test_every_code_has_the_severity_of_the_table() -> None:
    graded = {code: severity for severity, codes in SEVERITIES.items() for code in codes}
    assert {code: rule.severity for code, rule in RULES.items()} == {
        code: graded.get(code, "high") for code in RULES
    }


@pytest.mark.parametrize("code", PLANTED)
def test_the_messy_client_shows(messy: pd.DataFrame, code: str) -> None:
    messages = messy["message"][messy["code"] == code]
    assert messages.str.contains(PLANTED[code], regex=False).sum() == 1


def test_only_the_table_s_blocking_codes_block(messy: pd.DataFrame) -> None:
    assert set(messy["code"][messy["blocking"]]) == set(BLOCKING_CODES)
    assert (messy["severity"] == "blocking").tolist() == messy["blocking"].tolist()


def test_what_is_blocked_is_found_by_the_rules_that_block_alone(
    messy_store: PracticeStore, messy: pd.DataFrame
) -> None:
    with gateway_over(messy_store.frames).open() as opened:
        blocked = opened.findings.blocked
        assert not vars(opened.evidence.records).keys() & {"namesakes", "revisions", "outside_payments"}
        assert opened.findings.open["blocking"].sum() >= len(blocked)
    kept_out = messy.loc[messy["blocking"], ["business_id", "entity", "qbo_id"]].drop_duplicates()
    keys = list(kept_out.columns)
    pd.testing.assert_frame_equal(
        blocked.sort_values(keys, ignore_index=True),
        kept_out.sort_values(keys, ignore_index=True),
        check_dtype=False,
    )


def test_each_message_is_one_sentence_with_nothing_left_open(messy: pd.DataFrame) -> None:
    assert messy["message"].str.endswith(".").all()
    assert not messy["message"].str.contains("{|}|nan|None|NaT", regex=True).any()


def test_books_that_are_kept_show_few_findings() -> None:
    store = PracticeStore(MEMORY)
    _land(store, demo_companies(count=12, seed=1, today=TODAY)[0])
    rows = tray(store)
    assert 1 <= len(rows) <= 12
    assert not rows["blocking"].any()
    store.close()


def test_the_order_of_the_rows_changes_nothing(messy_store: PracticeStore, messy: pd.DataFrame) -> None:
    with gateway_over(messy_store.frames).open() as opened:
        evidence = opened.evidence
        records = {name: getattr(evidence.records, name) for name in READS}
    mixed = replace(
        evidence,
        derived=replace(
            evidence.derived,
            books=shuffled(evidence.books, 7),
            items=evidence.items.sample(frac=1, random_state=7),
        ),
        documents=evidence.documents.sample(frac=1, random_state=7),
        records=cast(Records, SimpleNamespace(**{
            name: frame.sample(frac=1, random_state=7) for name, frame in records.items()
        })),
    )  # fmt: skip
    again = first_seen_in(rows := describe(Findings(mixed)), messy_store.frames.newest_versions(rows, None))
    pd.testing.assert_frame_equal(again, messy)
