"""A run keeps how many of its requests had to be made again."""

from tests.kits.practice import PracticeStage


def kept(practice: PracticeStage) -> tuple[int, int]:
    """Return the newest run's (requests, retries)."""
    newest = practice.services.activity_view().runs.iloc[0]
    return int(newest["requests"]), int(newest["retries"])


def test_a_run_in_which_all_goes_well_made_no_request_again(practice: PracticeStage) -> None:
    practice.refresh()
    requests, retries = kept(practice)
    assert requests > 10
    assert retries == 0
    practice.refresh()
    assert kept(practice) == (1, 0)


def test_a_request_refused_once_is_counted_as_made_again(practice: PracticeStage) -> None:
    practice.refresh()
    practice.sandbox.faults({"kind": "401", "times": 1})
    outcome = practice.refresh()["Larch & Daughters"]
    assert outcome.ok
    assert outcome.requests == 2
    assert kept(practice) == (2, 1)
