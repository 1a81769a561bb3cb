"""The whole product on a DuckLake catalog: every statement a refresh, a report and a disconnection run is accepted there."""

from pathlib import Path

import pandas as pd
import pytest

import rowcol.wiring
from rowcol.clock import Moment
from rowcol.domain.clients import ClientSettings
from tests.kits.clock import TODAY
from tests.kits.lake import Lake
from tests.kits.practice import FIRST, Desk, desk_at, shop

REPORTS = ("clients", "aging-ap", "aging-ar", "tie-out")


def worked(desk: Desk) -> list[pd.DataFrame]:
    """Connect, refresh, edit, delete, refresh, set, look at every page, disconnect; return the reports."""
    desk.connect()
    assert all(outcome.ok for outcome in desk.refresh().values())
    company = desk.sandbox.companies[FIRST]
    bill = next(one["Id"] for one in company.of("Bill").values() if one["DocNumber"] == "A-1")
    desk.edit("Bill", bill, Balance=120.0)
    desk.delete("Purchase", next(iter(company.of("Purchase"))))
    assert all(outcome.ok for outcome in desk.refresh().values())
    desk.services.save_settings(desk.id_of(), ClientSettings(reserve_cents=5))
    assert desk.services.verify().differences == ()
    assert desk.mirrored() == desk.served()
    found = [desk.services.report(name, None, Moment(TODAY)) for name in REPORTS]
    desk.services.client_view(desk.id_of(), Moment(TODAY))
    desk.services.activity_view()
    desk.services.health()
    desk.services.disconnect(desk.id_of())
    assert len(desk.services.connections_view().rows) == 1
    return found


def test_the_product_gives_the_same_on_a_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_at([shop()], tmp_path / "rowcol.duckdb") as desk:
        plain = worked(desk)
    monkeypatch.setattr(rowcol.wiring, "Database", Lake)
    with desk_at([shop()], tmp_path / "rowcol.ducklake") as desk:
        lake = worked(desk)
    for name, ours, theirs in zip(REPORTS, plain, lake, strict=True):
        pd.testing.assert_frame_equal(ours, theirs, obj=name)
    assert plain[1]["total_cents"].sum() == 18_000
