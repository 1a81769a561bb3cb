"""The whole product on a DuckLake catalog: every statement a refresh, a report and a disconnection run is accepted there."""

from pathlib import Path

import pandas as pd
import pytest

import rowcol.wiring
from rowcol.clock import Moment
from rowcol.domain.clients import ClientSettings
from tests.kits.clock import TODAY
from tests.kits.lake import Lake
from tests.kits.practice import FIRST, PracticeStage, practice_at, shop

REPORTS = ("clients", "aging-ap", "aging-ar", "tie-out")


def worked(practice: PracticeStage) -> list[pd.DataFrame]:
    """Connect, refresh, edit, delete, refresh, set, look at every page, disconnect; return the reports."""
    practice.connect()
    assert all(outcome.ok for outcome in practice.refresh().values())
    company = practice.sandbox.companies[FIRST]
    bill = next(record["Id"] for record in company.of("Bill").values() if record["DocNumber"] == "A-1")
    practice.edit("Bill", bill, Balance=120.0)
    practice.delete("Purchase", next(iter(company.of("Purchase"))))
    assert all(outcome.ok for outcome in practice.refresh().values())
    practice.services.save_settings(practice.id_of(), ClientSettings(reserve_cents=5))
    assert practice.services.verify().differences == ()
    assert practice.mirrored() == practice.served()
    reports = [practice.services.report(name, None, Moment(TODAY)) for name in REPORTS]
    practice.services.client_view(practice.id_of(), Moment(TODAY))
    practice.services.activity_view()
    practice.services.health()
    practice.services.disconnect(practice.id_of())
    assert len(practice.services.connections_view().rows) == 1
    return reports


def test_the_product_gives_the_same_on_a_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with practice_at([shop()], tmp_path / "rowcol.duckdb") as practice:
        plain = worked(practice)
    monkeypatch.setattr(rowcol.wiring, "Database", Lake)
    with practice_at([shop()], tmp_path / "rowcol.ducklake") as practice:
        lake = worked(practice)
    for name, ours, theirs in zip(REPORTS, plain, lake, strict=True):
        pd.testing.assert_frame_equal(ours, theirs, obj=name)
    assert plain[1]["total_cents"].sum() == 18_000
