"""Clients first read within the last week: each compared with its own first reading, all gathered together."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pandas as pd
import pytest

from rowcol.clock import KnownAt
from rowcol.domain.clients import ClientSettings
from rowcol.store.control import control_rows
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.store.frames import Frames, Reading
from rowcol.store.reads import Scope
from rowcol.views.common.changes import changes_between
from tests.kits.comparisons import changed, source
from tests.kits.findings import created_ago
from tests.kits.records import Pair, bill, chart, customer, invoice, purchase, spent, vendor
from tests.kits.store import MEMORY, NOW, PracticeStore, ago, gateway_over

REALMS = ("9130354982210000016", "9130354982210000017", "9130354982210000018")


class CountedFrames(Frames):
    """Reads that note which moments they were opened as known at."""

    def __init__(self, store: PracticeStore) -> None:
        super().__init__(store.database, store.advisor_id)
        self.opened: list[KnownAt] = []

    @contextmanager
    def open(self, scope: Scope, known_at: KnownAt = None, *, copied: bool = False) -> Iterator[Reading]:
        self.opened.append(known_at)
        with super().open(scope, known_at, copied=copied) as reading:
            yield reading


@pytest.fixture
def store() -> Iterator[PracticeStore]:
    """Give three clients read for the first time 1, 2 and 3 days ago, whose books changed an hour later."""
    store = PracticeStore(MEMORY)
    for days, realm in enumerate(REALMS, 1):
        read_at = NOW - timedelta(days=days)
        first_read(store, realm, read_at, 100 * days)
    yield store
    store.close()


def first_read(store: PracticeStore, realm: str, at: datetime, amount: int) -> None:
    due = bill("1", ago(9), ago(-9), amount, Id="501", MetaData=created_ago(9))
    records: list[Pair] = [
        *chart(checking=1000 + amount), vendor("1", "Acme"), customer("2", "Beta"), due,
        purchase(ago(12), spent(amount), EntityRef={"value": "1"}, Id="601"), invoice("2", ago(9), ago(5), amount, Id="701"),
    ]  # fmt: skip
    for entity, record in records:
        store.land(entity, record, realm=realm, at=at)
    run = SyncRun(store.client(realm), f"first-{realm}", "full", at, at, "done")
    with store.database.write() as cursor:
        record_run(control_rows(cursor), store.advisor_id, run)
    hour_later = at + timedelta(hours=1)
    for entity, record in (changed(due, DueDate=ago(20)), bill("1", ago(1), ago(-9), 7, Id="502")):
        store.land(entity, record, realm=realm, at=hour_later)


def test_each_client_is_compared_with_its_own_first_reading(store: PracticeStore) -> None:
    together = changes_between(source(store))
    assert together.first.figures["ap_cents"].to_dict() == {
        store.client(realm): 10_000 * days for days, realm in enumerate(REALMS, 1)
    }
    assert together.second.figures["ap_cents"].to_dict() == {
        store.client(realm): 10_000 * days + 700 for days, realm in enumerate(REALMS, 1)
    }
    for realm in REALMS:
        alone = changes_between(source(store), store.client(realm))
        mine = together.first.of(store.client(realm))
        for name in ("figures", "accounts", "findings", "ahead"):
            pd.testing.assert_frame_equal(
                getattr(mine, name).reset_index(drop=True), getattr(alone.first, name).reset_index(drop=True)
            )
        rows = together.changes[together.changes["business_id"] == store.client(realm)]
        assert rows["qbo_id"].tolist() == alone.changes["qbo_id"].tolist()
        assert len(rows) > 0


def test_the_past_of_all_of_them_is_read_once(store: PracticeStore) -> None:
    frames = CountedFrames(store)
    changes_between(gateway_over(frames))
    past = [known_at for known_at in frames.opened if known_at is not None]
    assert [len(moments) if isinstance(moments, dict) else 1 for moments in past] == [3]


def test_settings_are_those_of_each_clients_own_moment(store: PracticeStore) -> None:
    asked: list[KnownAt] = []

    def settings(known_at: KnownAt) -> dict[str, ClientSettings]:
        asked.append(known_at)
        return {}

    changes_between(gateway_over(store.frames, settings))
    (moments,) = [known_at for known_at in asked if isinstance(known_at, dict)]
    assert sorted(moments) == sorted(store.client(realm) for realm in REALMS)
    assert len(set(moments.values())) == 3
