"""One refresh at a time in this process, on a thread, so that leaving a page does not end it."""

import functools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import streamlit as st

from rowcol.errors import RowColError
from rowcol.sync.progress import Outcome, Progress
from rowcol.ui.kit.states import show_warnings
from rowcol.ui.kit.wording import Sentence, entity_plural, plain
from rowcol.ui.state import views
from rowcol.ui.state.access import services
from rowcol.wiring import Services
from rowcol.wording import counted, listed

POLL_SECONDS = 0.7
RESULT_SHOWN_SECONDS = 120
"""How long the result of a refresh is shown; failures are shown as long as the books are stale."""
NAMED_AT_ONCE = 2
_ENDED_BEFORE = "refresh_ended_before"
BACKGROUND_NOTE = (
    "↻ Reading what changed in QuickBooks; until it is here, the figures are those of the last refresh."
)


@dataclass(frozen=True)
class RefreshState:
    """What is known of the running refresh, or of the last one.

    `names`: business_id -> name of the clients to refresh; `steps`: the newest step of each client that began.
    """

    number: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Progress] = field(default_factory=dict)
    outcomes: Sequence[Outcome] = ()
    error: Sentence | None = None
    finished_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Return whether a refresh is under way."""
        return self.number > 0 and self.finished_at is None


class Refresher:
    """Runs a refresh on a thread and keeps its progress."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = RefreshState()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> RefreshState:
        """Return the present state; a record that no later step changes."""
        with self._lock:
            return self._state

    def start(self, services: Services, names: Mapping[str, str], as_of: date | None = None) -> bool:
        """Begin to refresh the named clients, with what the figures of a chosen date need.

        Returns False if one is running already.
        """
        with self._lock:
            if self._state.running:
                return False
            self._state = RefreshState(number=self._state.number + 1, names=dict(names))
            self._thread = threading.Thread(
                target=self._run, args=(services, list(names), as_of), daemon=True
            )
            self._thread.start()
        return True

    def _run(self, services: Services, business_ids: list[str], as_of: date | None) -> None:
        outcomes: Sequence[Outcome] = ()
        error: Sentence | None = Sentence("The refresh stopped unexpectedly", "The server's log says why")
        try:
            outcomes = services.refresh(business_ids, self._step, as_of)
            error = None
        except RowColError as refusal:
            error = Sentence(refusal.message, refusal.hint)
        finally:  # whatever happened, the page must not wait for ever
            views.forget_figures()
            with self._lock:
                self._state = replace(
                    self._state, outcomes=tuple(outcomes), error=error, finished_at=services.now()
                )

    def _step(self, progress: Progress) -> None:
        with self._lock:
            steps = {**self._state.steps, progress.business_id: progress}
            self._state = replace(self._state, steps=steps)


@functools.cache
def refresher() -> Refresher:
    """Return this process' one refresher."""
    return Refresher()


def fraction_done(state: RefreshState) -> float:
    """Return how far a refresh is, 0 to 1: each client counts alike, by the entities it is through."""
    if not state.names:
        return 0.0
    parts = [
        1.0 if step.outcome else (step.done / step.total if step.total else 0.0)
        for step in state.steps.values()
    ]
    return min(1.0, sum(parts) / len(state.names))


def progress_text(state: RefreshState) -> str:
    """Return the text of the progress bar: how many clients are done, which are being read, and what."""
    through = sum(1 for step in state.steps.values() if step.outcome)
    now = [step for step in state.steps.values() if not step.outcome]
    parts = [
        f"{plain(step.name)}: {entity_plural(step.entity)}, {step.rows:,} rows"
        for step in now[:NAMED_AT_ONCE]
    ]
    more = f" · and {len(now) - NAMED_AT_ONCE} more" if len(now) > NAMED_AT_ONCE else ""
    head = f"Refreshing {through} of {len(state.names)}" if len(state.names) > 1 else "Refreshing"
    return " · ".join([head, *parts]) + more


def result_text(state: RefreshState) -> str:
    """Return the result of a finished refresh in one line; why a client failed is shown with its stale figures."""
    good = [outcome for outcome in state.outcomes if outcome.ok]
    bad = [outcome.name for outcome in state.outcomes if not outcome.ok]
    parts = []
    if good:
        who = plain(good[0].name) if len(good) == 1 else counted(len(good), "client")
        read, changed = sum(o.rows_in for o in good), sum(o.rows_changed for o in good)
        requests, seconds = sum(o.requests for o in good), max(o.seconds for o in good)
        parts.append(
            f"✓ Refreshed {who}: {counted(read, 'row')} read, {changed:,} changed, "
            f"{counted(requests, 'request')} to QuickBooks, {seconds:.0f} s"
        )
    if bad:
        parts.append(f"▲ Could not be refreshed: {plain(listed(bad))}")
    return " · ".join(parts)


def note_refresh() -> None:
    """Note, before a page reads any figure, which refresh was the last to end."""
    st.session_state[_ENDED_BEFORE] = refresher().state.finished_at


def show_refresh() -> None:
    """Draw the running refresh as a progress bar, or for a while the result of the last one.

    Reruns the page if a refresh ended since `note_refresh`: its figures may be older.
    """
    state = refresher().state
    if state.running:
        _progress_bar(quarters_done(state))
        return
    if state.finished_at is None:
        return
    if state.finished_at != st.session_state[_ENDED_BEFORE]:
        st.rerun()
    elapsed = (services().now() - state.finished_at).total_seconds()
    if 0 <= elapsed <= RESULT_SHOWN_SECONDS and (text := result_text(state)):
        st.caption(text)
    if state.error:
        show_warnings([state.error])


def refresh_opened_client(business_id: str) -> bool:
    """Refresh an opened client in the background if its books are old, and draw that this is running.

    The page is rerun once it ends. Returns whether it is running.
    """
    if not views.refresh_behind(business_id):
        return False
    state = refresher().state
    if not (state.running and business_id in state.names):  # else the bar says it
        _show_background_refresh(business_id)
    return True


@st.fragment(run_every=POLL_SECONDS)
def _show_background_refresh(business_id: str) -> None:
    if not services().refreshing(business_id):
        st.rerun()
    st.caption(BACKGROUND_NOTE)


def quarters_done(state: RefreshState) -> int:
    """Return how many quarters of the clients are through, 0 to 4."""
    return 4 * sum(1 for step in state.steps.values() if step.outcome) // max(1, len(state.names))


@st.fragment(run_every=POLL_SECONDS)
def _progress_bar(quarters_shown: int) -> None:
    """Draw the bar repeatedly; rerun the page at each quarter, so that figures appear as they are read."""
    state = refresher().state
    if not state.running or quarters_done(state) != quarters_shown:
        st.rerun()
    st.progress(fraction_done(state), text=progress_text(state))
