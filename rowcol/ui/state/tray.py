"""The tray's cached views, what was chosen on it, and the past weeks, computed in the background."""

import functools
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

import streamlit as st

from rowcol.clock import Moment
from rowcol.decisions.dismissals import Finding
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_moment
from rowcol.ui.state.views import VIEW_TTL, VIEWS_KEPT, cached_view
from rowcol.views.common.follow_up import FollowUpView
from rowcol.views.tray.page import TrayView, Week

FindingKey = tuple[str, str, str | None, str | None]
"""business_id, code, entity, qbo_id."""
_SCOPE = "tray_client"
_FINDING = "tray_finding"
_DISMISSED = "tray_dismissed"
_LOG = logging.getLogger(__name__)


def tray_view(business_id: str | None) -> TrayView:
    """Return the findings of one client, or of all, as of and as known at what was chosen. Raises UnknownClient."""
    return _tray(business_id, chosen_moment(), services().log_position(business_id))


def follow_up_view(business_id: str | None) -> FollowUpView:
    """Return the questions and tasks of one client, or of all. Raises UnknownClient."""
    return _follow_up(business_id, chosen_moment(), services().log_position(business_id))


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _tray(
    business_id: str | None,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> TrayView:
    return services().tray_view(business_id, moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _follow_up(
    business_id: str | None,
    moment: Moment,
    log_position: int,  # noqa: ARG001 - part of the cache's key
) -> FollowUpView:
    return services().follow_up_view(business_id, moment)


def tray_client() -> str | None:
    """Return the client that the tray is filtered to, by the address or the last choice; None means all."""
    return st.query_params.get("client") or cast("str | None", st.session_state.get(_SCOPE))


def choose_tray_client(business_id: str | None) -> None:
    """Keep the client that the tray is filtered to and put it into the address, so that it can be linked."""
    st.session_state[_SCOPE] = business_id
    if business_id is None:
        st.query_params.pop("client", None)
    elif st.query_params.get("client") != business_id:
        st.query_params["client"] = business_id


def chosen_finding() -> tuple[FindingKey, int] | None:
    """Return the finding last chosen and its position in the table; None before one was."""
    return cast("tuple[FindingKey, int] | None", st.session_state.get(_FINDING))


def choose_finding(key: FindingKey, at: int) -> None:
    """Keep which finding is open."""
    st.session_state[_FINDING] = (key, at)


def just_dismissed() -> tuple[Finding, str] | None:
    """Return the finding this session dismissed last, and its message, until that is undone."""
    return cast("tuple[Finding, str] | None", st.session_state.get(_DISMISSED))


def remember_dismissed(finding: Finding | None, message: str = "") -> None:
    """Keep a dismissal for undo; None forgets it."""
    st.session_state[_DISMISSED] = None if finding is None else (finding, message)


class PastWeeksReader:
    """The past weeks of this process, computed one after another on a thread, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._computed: dict[datetime, Week | None] = {}
        self._waiting: list[datetime] = []
        self._thread: threading.Thread | None = None

    def at(self, moments: Sequence[datetime], compute: Callable[[datetime], Week]) -> list[Week]:
        """Return the weeks computed so far, and start to compute the others; a week that failed is left out."""
        with self._lock:
            missing = [
                moment for moment in moments if moment not in self._computed and moment not in self._waiting
            ]
            self._waiting += reversed(missing)
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(compute,), daemon=True)
                self._thread.start()
            computed = [self._computed.get(moment) for moment in moments]
        return [week for week in computed if week is not None]

    @property
    def working(self) -> bool:
        """Return whether any week is still being computed."""
        with self._lock:
            return self._thread is not None

    def _run(self, compute: Callable[[datetime], Week]) -> None:
        while (moment := self._next()) is not None:
            week = None
            try:
                week = compute(moment)
            except Exception:  # noqa: BLE001 - a thread has nobody to raise to: the chart goes without this week
                _LOG.exception("The findings of a past week could not be worked out")
            with self._lock:
                self._computed[moment] = week
                self._waiting.remove(moment)

    def _next(self) -> datetime | None:
        with self._lock:
            if not self._waiting:
                self._thread = None
            return self._waiting[0] if self._waiting else None


@functools.cache
def weeks() -> PastWeeksReader:
    """Return the past weeks of this process."""
    return PastWeeksReader()
