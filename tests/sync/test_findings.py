"""What the last refresh met is a finding: in the tray, on every page that shows the client, until it is mended."""

from typing import Any

import pytest

from rowcol.views.client.page import ClientView
from tests.kits.practice import FIRST, PracticeStage

CODES = ("SYNC_FAILED", "SYNC_THROTTLED", "AUTH_EXPIRED", "SYNC_STALE")
MET: dict[str, tuple[dict[str, Any], str]] = {
    "SYNC_FAILED": ({"kind": "fault", "status": 400, "code": "6190", "message": "Subscription ended"}, "Subscription ended"),
    "SYNC_THROTTLED": ({"kind": "429", "retry_after": 600}, "come back later"),
    "AUTH_EXPIRED": ({"kind": "invalid_grant"}, "no longer accepts the refresh token"),
}  # fmt: skip


def findings(practice: PracticeStage) -> dict[str, str]:
    """Return code -> message of the client's sync findings in the tray."""
    rows = practice.services.report("tray", None)
    rows = rows[rows["code"].isin(CODES)]
    assert rows["realm_id"].eq(FIRST).all()
    assert rows["severity"].eq("high").all()
    return dict(zip(rows["code"], rows["message"], strict=True))


def page(practice: PracticeStage) -> ClientView:
    return practice.services.client_view(practice.id_of())


@pytest.mark.parametrize("code", MET)
def test_what_a_refresh_met_is_seen_in_the_tray_and_on_the_pages_until_it_is_mended(
    practice: PracticeStage, code: str
) -> None:
    rule, words = MET[code]
    practice.refresh()
    assert findings(practice) == {}
    counted = practice.row()["findings"]
    cash = practice.row()["cash_cents"]
    practice.clock.forward(hours=2)
    practice.sandbox.faults({**rule, "times": None})
    (outcome,) = practice.refresh().values()
    assert words in outcome.message

    assert list(findings(practice)) == [code]
    assert words in findings(practice)[code]
    row = practice.row()
    assert (row["stale"], row["by_plan"], row["findings"], row["cash_cents"]) == (
        True,
        False,
        counted + 1,
        cash,
    )
    assert words in row["stale_reason"]
    assert words in page(practice).freshness.reason
    assert page(practice).freshness.needs_reconnect == (code == "AUTH_EXPIRED")
    (connection,) = practice.services.connections_view().rows.to_dict("records")
    assert connection["state"] == ("ended" if code == "AUTH_EXPIRED" else "connected")
    assert words in connection["reason" if code == "AUTH_EXPIRED" else "stale_reason"]
    assert words in practice.services.activity_view().runs["reason"].iloc[0]

    practice.sandbox.faults()
    practice.clock.forward(minutes=16)
    practice.connect()
    practice.refresh()
    assert findings(practice) == {}
    assert practice.row()["findings"] == counted
    assert not page(practice).freshness.stale


def test_books_nobody_refreshed_are_a_finding_though_nothing_failed(practice: PracticeStage) -> None:
    practice.refresh()
    practice.clock.forward(minutes=16)
    assert findings(practice) == {
        "SYNC_STALE": "The books are not fresh: Not refreshed for more than 15 minutes."
    }
    assert practice.row()["stale"]
    practice.refresh()
    assert findings(practice) == {}


def test_a_grant_that_ended_keeps_its_reason_however_often_it_is_tried(practice: PracticeStage) -> None:
    practice.refresh()
    practice.clock.forward(hours=2)
    practice.sandbox.faults({"kind": "invalid_grant", "times": 1})
    for _ in range(2):
        (outcome,) = practice.refresh().values()
        assert outcome.message.startswith("Intuit no longer accepts the refresh token")
    assert "no longer accepts" in findings(practice)["AUTH_EXPIRED"]


def test_books_as_old_as_the_clients_working_hours_let_them_be_are_no_finding(
    practice: PracticeStage,
) -> None:
    practice.clock.forward(hours=5, minutes=50)  # Friday, 17:50 in Los Angeles
    practice.refresh()
    practice.clock.forward(hours=42)
    assert findings(practice) == {}
    row = practice.row()
    assert (row["stale"], row["by_plan"]) == (True, True)
