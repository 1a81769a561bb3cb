"""Decisions as the figures take them: the newest counts, what was withdrawn is gone, each client has its own."""

from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from rowcol.decisions import reading
from rowcol.decisions.reading import PLAN, PROMISE
from rowcol.decisions.recording import WITHDRAWN, subject
from rowcol.domain.current_decisions import PLAN_COLUMNS, no_decisions
from rowcol.store.control.decisions import Decisions
from tests.kits.store import NOW, PRACTICE, PracticeStore


@pytest.fixture
def decided(tmp_path: Path):
    store = PracticeStore(tmp_path / "decisions.duckdb")
    yield Decisions(store.database, PRACTICE, store.positions)
    store.close()


def test_nothing_decided_gives_frames_without_rows(decided: Decisions):
    decisions = reading.current_decisions(decided)
    assert decisions.plans.empty
    assert (
        dict(decisions.plans.dtypes.astype(str))
        == PLAN_COLUMNS
        == dict(no_decisions().plans.dtypes.astype(str))
    )


def test_the_newest_decision_stands_and_a_withdrawn_one_is_gone(decided: Decisions):
    decided.record_all("one", [(PLAN, subject("12"), {"pay_on": "2026-11-27", "amount_cents": None})], NOW)
    decided.record_all("one", [(PLAN, subject("12"), {"pay_on": "2026-12-04", "amount_cents": 5_000})], NOW)
    decided.record_all("two", [(PLAN, subject("12"), {"pay_on": "2026-11-27", "amount_cents": None})], NOW)
    decided.record_all("two", [(PLAN, subject("12"), {WITHDRAWN: True})], NOW + timedelta(days=1))
    (row,) = reading.current_decisions(decided).plans.to_dict("records")
    assert (row["business_id"], row["qbo_id"], row["pay_on"], row["amount_cents"]) == (
        "one", "12", pd.Timestamp("2026-12-04"), 5_000,
    )  # fmt: skip
    assert len(reading.current_decisions(decided, NOW).plans) == 2


def test_a_subject_of_two_parts_comes_apart(decided: Decisions):
    decided.record_all("one", [(reading.HOLD, subject("vendor", "a:b"), {"state": "dispute"})], NOW)
    decided.record_all("one", [(PROMISE, subject("77"), {"promised_on": "2026-12-01"})], NOW)
    decisions = reading.current_decisions(decided).of("one")
    assert decisions.holds[["scope", "subject_id", "state"]].to_numpy().tolist() == [
        ["vendor", "a:b", "dispute"]
    ]
    assert decisions.promises["promised_on"].to_list() == [pd.Timestamp("2026-12-01")]


def test_each_client_may_have_a_moment_of_its_own(decided: Decisions):
    for client in ("one", "two", "three"):
        for days, pay_on in enumerate(("2026-11-27", "2026-12-04")):
            plan = [(PLAN, subject("12"), {"pay_on": pay_on, "amount_cents": None})]
            decided.record_all(client, plan, NOW + timedelta(days=days))
    moments = {"one": NOW, "two": NOW + timedelta(days=1), "four": NOW}
    plans = reading.current_decisions(decided, moments).plans
    assert dict(zip(plans["business_id"], plans["pay_on"].dt.date.astype(str), strict=True)) == {
        "one": "2026-11-27", "two": "2026-12-04",
    }  # fmt: skip
