"""What the last refresh met is a finding: in the tray, on every page that shows the client, until it is mended."""

from typing import Any

import pytest

from rowcol.views.client.page import ClientView
from tests.kits.practice import FIRST, Desk

CODES = ("SYNC_FAILED", "SYNC_THROTTLED", "AUTH_EXPIRED", "SYNC_STALE")
MET: dict[str, tuple[dict[str, Any], str]] = {
    "SYNC_FAILED": ({"kind": "fault", "status": 400, "code": "6190", "message": "Subscription ended"}, "Subscription ended"),
    "SYNC_THROTTLED": ({"kind": "429", "retry_after": 600}, "come back later"),
    "AUTH_EXPIRED": ({"kind": "invalid_grant"}, "no longer accepts the refresh token"),
}  # fmt: skip


def findings(desk: Desk) -> dict[str, str]:
    """Return code -> message of the client's sync findings in the tray."""
    rows = desk.services.report("tray", None)
    rows = rows[rows["code"].isin(CODES)]
    assert rows["realm_id"].eq(FIRST).all()
    assert rows["severity"].eq("high").all()
    return dict(zip(rows["code"], rows["message"], strict=True))


def page(desk: Desk) -> ClientView:
    return desk.services.client_view(desk.id_of())


@pytest.mark.parametrize("code", MET)
def test_what_a_refresh_met_is_seen_in_the_tray_and_on_the_pages_until_it_is_mended(
    desk: Desk, code: str
) -> None:
    rule, words = MET[code]
    desk.refresh()
    assert findings(desk) == {}
    counted = desk.row()["findings"]
    cash = desk.row()["cash_cents"]
    desk.clock.forward(hours=2)
    desk.sandbox.faults({**rule, "times": None})
    (outcome,) = desk.refresh().values()
    assert words in outcome.message

    assert list(findings(desk)) == [code]
    assert words in findings(desk)[code]
    row = desk.row()
    assert (row["stale"], row["by_plan"], row["findings"], row["cash_cents"]) == (
        True,
        False,
        counted + 1,
        cash,
    )
    assert words in row["stale_reason"]
    assert words in page(desk).freshness.reason
    assert page(desk).freshness.needs_reconnect == (code == "AUTH_EXPIRED")
    (connection,) = desk.services.connections_view().rows.to_dict("records")
    assert connection["state"] == ("ended" if code == "AUTH_EXPIRED" else "connected")
    assert words in connection["reason" if code == "AUTH_EXPIRED" else "stale_reason"]
    assert words in desk.services.activity_view().runs["reason"].iloc[0]

    desk.sandbox.faults()
    desk.clock.forward(minutes=16)
    desk.connect()
    desk.refresh()
    assert findings(desk) == {}
    assert desk.row()["findings"] == counted
    assert not page(desk).freshness.stale


def test_books_nobody_refreshed_are_a_finding_though_nothing_failed(desk: Desk) -> None:
    desk.refresh()
    desk.clock.forward(minutes=16)
    assert findings(desk) == {
        "SYNC_STALE": "The books are not fresh: Not refreshed for more than 15 minutes."
    }
    assert desk.row()["stale"]
    desk.refresh()
    assert findings(desk) == {}


def test_a_grant_that_ended_keeps_its_reason_however_often_it_is_tried(desk: Desk) -> None:
    desk.refresh()
    desk.clock.forward(hours=2)
    desk.sandbox.faults({"kind": "invalid_grant", "times": 1})
    for _ in range(2):
        (outcome,) = desk.refresh().values()
        assert outcome.message.startswith("Intuit no longer accepts the refresh token")
    assert "no longer accepts" in findings(desk)["AUTH_EXPIRED"]
