"""The console's views, its last steps, and how often its editor was drawn anew."""

from datetime import date, datetime
from typing import Any, cast

import streamlit as st

from rowcol.decisions.recording import Recorded
from rowcol.domain.forecast.result import Forecast
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_as_of, chosen_known_at
from rowcol.ui.state.views import VIEW_LIFE, held
from rowcol.views.console import page as console_page
from rowcol.views.console.forecast import ForecastView
from rowcol.views.console.page import Collecting, ConsoleInputs, ConsoleView, Drawn

CONSOLES_KEPT = 32
STEPS_KEPT = 50


def console_view(business_id: str) -> ConsoleView:
    """Return one client's console as of the chosen date, as known at the chosen moment. Raises UnknownClient.

    Its books are read anew only once they changed: deciding something works on those already read.
    """
    return _view(business_id, chosen_as_of(), chosen_known_at(), services().log_position(business_id))


def collecting(view: ConsoleView) -> Collecting:
    """Return whom to chase, worked out once a view."""
    return _collecting(view.ground.business_id, _when(view), view)


def what_ifs(view: ConsoleView) -> tuple[Drawn, ...]:
    """Return the what-ifs with their forecasts, worked out once a view."""
    return _what_ifs(view.ground.business_id, _when(view), view)


def console_forecast(business_id: str) -> ForecastView:
    """Return how a client's customers pay and how well that foretold; read anew once its books changed."""
    return _forecast(business_id, chosen_as_of(), chosen_known_at(), services().console.position(business_id))


def _when(view: ConsoleView) -> tuple[date | None, datetime | None, int]:
    return chosen_as_of(), chosen_known_at(), services().log_position(view.ground.business_id)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _ground(business_id: str, as_of: date | None, known_at: datetime | None, position: int) -> ConsoleInputs:  # noqa: ARG001 - part of the cache's key
    return services().console.ground(business_id, as_of, known_at)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _unplanned(
    business_id: str,
    as_of: date | None,
    known_at: datetime | None,
    position: int,
    apart: int,  # noqa: ARG001 - part of the cache's key
) -> Forecast:
    return services().console.unplanned(_ground(business_id, as_of, known_at, position), known_at)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _view(business_id: str, as_of: date | None, known_at: datetime | None, log_position: int) -> ConsoleView:  # noqa: ARG001 - part of the cache's key
    room = services().console
    position, apart = room.position(business_id), room.unplanned_position(business_id)
    ground = _ground(business_id, as_of, known_at, position)
    return room.view(ground, _unplanned(business_id, as_of, known_at, position, apart), known_at)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _forecast(business_id: str, as_of: date | None, known_at: datetime | None, position: int) -> ForecastView:  # noqa: ARG001 - part of the cache's key
    return services().console.forecast(business_id, as_of, known_at)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _collecting(business_id: str, when: Any, _view: ConsoleView) -> Collecting:  # noqa: ARG001 - part of the cache's key
    return console_page.collecting(_view)


@held
@st.cache_resource(ttl=VIEW_LIFE, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _what_ifs(business_id: str, when: Any, _view: ConsoleView) -> tuple[Drawn, ...]:  # noqa: ARG001 - part of the cache's key
    return console_page.what_ifs(_view)


def last_step(business_id: str) -> Recorded | None:
    """Return what was done last to a client in this session and not undone; None where nothing was."""
    steps = _steps(business_id)
    return steps[-1] if steps else None


def remember_step(step: Recorded) -> None:
    """Keep a step, to be undone."""
    _keep_steps(step.business_id, [*_steps(step.business_id), step][-STEPS_KEPT:])


def forget_step(business_id: str) -> None:
    """Forget a client's last step: it was undone."""
    _keep_steps(business_id, _steps(business_id)[:-1])


def _steps(business_id: str) -> list[Recorded]:
    return cast("list[Recorded]", st.session_state.get("console_steps", {}).get(business_id, []))


def _keep_steps(business_id: str, steps: list[Recorded]) -> None:
    st.session_state["console_steps"] = {**st.session_state.get("console_steps", {}), business_id: steps}


def drawn_anew(key: str) -> int:
    """Return how often the widgets of that name were drawn anew: part of their keys."""
    return int(st.session_state.get("drawn_anew", {}).get(key, 0))


def draw_anew(key: str) -> None:
    """Have the widgets of that name drawn from what is stored, their own state forgotten."""
    counts = st.session_state.get("drawn_anew", {})
    st.session_state["drawn_anew"] = {**counts, key: counts.get(key, 0) + 1}
