"""Definitions.md, Where a record goes: every open bill and invoice is in exactly one place, dismissals or not."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rowcol.decisions import reading
from rowcol.decisions.dismissals import Finding, dismiss
from rowcol.decisions.recording import Actor, DecisionLog
from rowcol.store.control.decisions import Decisions
from rowcol.views.common.ready import bills, collections
from rowcol.views.tray.page import tray_rows
from tests.kits.examples import examples
from tests.kits.records import Pair, bill, credit_memo, customer, invoice, payment, vendor, vendor_credit
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago, gateway_over

EXAMPLES = 8
Record = tuple[str, str]

days = st.one_of(st.none(), st.integers(-40, 200))
documents = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([bill, invoice]),
            "party": st.sampled_from([None, "1", "2", "3"]),  # 3 is inactive
            "dated": days,
            "due": days,
            "balance": st.sampled_from([0, 1, 40, 40, 90, 700]),
            "number": st.sampled_from([None, "A-1", "a1", "B-2"]),
            "voided": st.booleans(),
        }
    ),
    max_size=12,
)
credits_of = st.lists(
    st.tuples(
        st.sampled_from([vendor_credit, credit_memo, payment]),
        st.sampled_from(["1", "2"]),
        st.integers(1, 120),
    ),
    max_size=4,
)


def day(offset: int | None) -> str | None:
    return None if offset is None else ago(offset)


def written(rows: list[dict[str, Any]]) -> list[Pair]:
    """Return documents as QuickBooks sends them."""
    pairs = []
    for number, row in enumerate(rows):
        gone = (
            {"PrivateNote": "Voided", "TotalAmt": 0}
            if row["voided"]
            else {"TotalAmt": max(row["balance"], 50)}
        )
        balance = 0 if row["voided"] else row["balance"]
        more = {"Id": str(500 + number), "DocNumber": row["number"], **gone}
        pairs.append(row["kind"](row["party"], day(row["dated"]), day(row["due"]), balance, **more))
    return pairs


def still_open(pairs: list[Pair]) -> set[Record]:
    """Return what is open by the definition: it exists, has a balance, and is not dated after the day."""
    return {
        (entity, record["Id"])
        for entity, record in pairs
        if float(record["Balance"]) > 0
        and (record.get("TxnDate") is None or date.fromisoformat(record["TxnDate"]) <= TODAY)
    }


def records(rows: pd.DataFrame, entity: str | None = None) -> list[Record]:
    if entity is not None:
        return [(entity, qbo_id) for qbo_id in rows["qbo_id"]]
    return list(rows[["entity", "qbo_id"]].itertuples(index=False, name=None))


@settings(max_examples=examples(EXAMPLES))
@given(rows=documents, given_back=credits_of, dismissed=st.sets(st.integers(0, 20), max_size=3))
@example(
    rows=[
        {"kind": bill, "party": "1", "dated": 9, "due": None, "balance": 90, "number": "A-1", "voided": False},
        {"kind": bill, "party": "1", "dated": 9, "due": 4, "balance": 40, "number": "B-2", "voided": False},
        {"kind": invoice, "party": "2", "dated": 90, "due": 60, "balance": 700, "number": "A-1", "voided": False},
        {"kind": invoice, "party": "1", "dated": 9, "due": -4, "balance": 40, "number": "B-2", "voided": False},
    ],
    given_back=[(vendor_credit, "1", 120)],
    dismissed={0},
)  # fmt: skip
def test_every_open_document_is_in_exactly_one_place(
    rows: list[dict[str, Any]], given_back: list[tuple[Any, str, int]], dismissed: set[int]
) -> None:
    store = PracticeStore(MEMORY)
    decisions = Decisions(store.database, store.advisor_id, store.positions)

    def advice(known_at: Any) -> Any:
        return reading.current_decisions(decisions, known_at)

    source = gateway_over(store.frames, lambda _: {}, advice, NOW, "America/Los_Angeles")
    names = [vendor(name, f"Vendor {name}", Active=name != "3") for name in "123"]
    names += [customer(name, f"Customer {name}", Active=name != "3") for name in "123"]
    pairs = written(rows)
    store.land_all([*names, *pairs])
    store.land_all([kind(party, ago(5), amount) for kind, party, amount in given_back])
    if dismissed:
        with source.open() as books:
            _dismiss(decisions, tray_rows(books), dismissed)

    with source.open_with_forecast() as books:
        tray, free = tray_rows(books), books.netted.documents
        to_pay, to_collect = records(bills(books), "Bill"), records(collections(books), "Invoice")
    in_tray = tray[tray["blocking"] & tray["entity"].isin(["Bill", "Invoice"])].drop_duplicates(
        ["entity", "qbo_id"]
    )
    every = still_open(pairs)
    blocked = set(records(in_tray)) & every
    away = set(records(free[free["netted_cents"] == 0])) - blocked
    waiting = every - blocked - away - set(to_pay) - set(to_collect)

    assert len(set(to_pay)) == len(to_pay)
    assert len(set(to_collect)) == len(to_collect)
    assert set(to_pay) | set(to_collect) | away | blocked <= every
    assert not (set(to_pay) | set(to_collect)) & (away | blocked)
    assert all(entity == "Invoice" for entity, _ in waiting)  # a bill that is neither is payment-ready
    assert all(_days_late(pairs, name) < 30 for name in waiting)
    store.close()


def _dismiss(decisions: Decisions, findings: pd.DataFrame, which: set[int]) -> None:
    blocking = findings[findings["blocking"]].reset_index(drop=True)
    for row in blocking[blocking.index.isin(list(which))].to_dict("records"):
        finding = Finding(row["business_id"], row["code"], row["entity"], row["qbo_id"], int(row["version"]))
        dismiss(DecisionLog(decisions, lambda: NOW), Actor("", "Ana"), finding, "Known")


def _days_late(pairs: list[Pair], wanted: Record) -> float:
    record = next(record for entity, record in pairs if (entity, record["Id"]) == wanted)
    due = record.get("DueDate") or record.get("TxnDate")
    return float("-inf") if due is None else (TODAY - date.fromisoformat(due)) / timedelta(days=1)
