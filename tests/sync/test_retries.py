"""What a run kept says how many of its requests had to be made again."""

from tests.kits.practice import Desk


def kept(desk: Desk) -> tuple[int, int]:
    """Return the newest run's (requests, retries)."""
    newest = desk.services.activity_view().runs.iloc[0]
    return int(newest["requests"]), int(newest["retries"])


def test_a_run_in_which_all_goes_well_made_no_request_again(desk: Desk) -> None:
    desk.refresh()
    requests, retries = kept(desk)
    assert requests > 10
    assert retries == 0
    desk.refresh()
    assert kept(desk) == (1, 0)


def test_a_request_refused_once_is_counted_as_made_again(desk: Desk) -> None:
    desk.refresh()
    desk.sandbox.faults({"kind": "401", "times": 1})
    outcome = desk.refresh()["Larch & Daughters"]
    assert outcome.ok
    assert outcome.requests == 2
    assert kept(desk) == (2, 1)
