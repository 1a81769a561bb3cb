"""The console's views, the decisions that can be undone, and the generation of its widgets."""

from typing import Any, cast

import streamlit as st

from rowcol.clock import Moment
from rowcol.decisions.reading import current_decisions
from rowcol.decisions.recording import Recorded
from rowcol.domain.forecast.result import Forecast
from rowcol.ui.state.access import services
from rowcol.ui.state.choices import chosen_moment
from rowcol.ui.state.views import VIEW_TTL, cached_view
from rowcol.views.console import page as console_page
from rowcol.views.console.accuracy import AccuracyView
from rowcol.views.console.inputs import ConsoleInputs
from rowcol.views.console.page import (
    NOT_IN_INPUTS,
    NOT_IN_UNPLANNED,
    CollectionList,
    ConsoleView,
    ScenarioForecast,
    client_decisions,
    without_plans,
)
from rowcol.views.console.page import console_view as make_view

CONSOLES_KEPT = 32
STEPS_KEPT = 50


def console_view(business_id: str) -> ConsoleView:
    """Return one client's console as of the chosen date, as known at the chosen moment. Raises UnknownClient.

    The books are read again only if they changed: a decision works on those already read.
    """
    return _view(business_id, chosen_moment(), services().log_position(business_id))


def collection_list(view: ConsoleView) -> CollectionList:
    """Return the customers to chase, computed once a view."""
    return _collection_list(view.inputs.business_id, _key(view), view)


def what_ifs(view: ConsoleView) -> tuple[ScenarioForecast, ...]:
    """Return the what-ifs with their forecasts, computed once a view."""
    return _what_ifs(view.inputs.business_id, _key(view), view)


def accuracy_view(business_id: str) -> AccuracyView:
    """Return how a client's customers pay and how accurate that was; computed again once its books changed."""
    return _accuracy(business_id, chosen_moment(), services().log_position(business_id, NOT_IN_INPUTS))


def _key(view: ConsoleView) -> tuple[Moment, int]:
    return chosen_moment(), services().log_position(view.inputs.business_id)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _inputs(business_id: str, moment: Moment, position: int) -> ConsoleInputs:  # noqa: ARG001 - part of the cache's key
    return services().console_inputs(business_id, moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _unplanned(business_id: str, moment: Moment, position: int, unplanned_position: int) -> Forecast:  # noqa: ARG001 - part of the cache's key
    decided = current_decisions(services().decision_log.decisions, moment.known_at)
    return without_plans(_inputs(business_id, moment, position), decided.of(business_id))


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _view(business_id: str, moment: Moment, log_position: int) -> ConsoleView:  # noqa: ARG001 - part of the cache's key
    position, unplanned_position = (
        services().log_position(business_id, kinds) for kinds in (NOT_IN_INPUTS, NOT_IN_UNPLANNED)
    )
    decided = client_decisions(services().decision_log.decisions, business_id, moment.known_at)
    unplanned = _unplanned(business_id, moment, position, unplanned_position)
    return make_view(_inputs(business_id, moment, position), decided, unplanned)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _accuracy(business_id: str, moment: Moment, position: int) -> AccuracyView:  # noqa: ARG001 - part of the cache's key
    return services().accuracy_view(business_id, moment)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _collection_list(business_id: str, key: Any, _view: ConsoleView) -> CollectionList:  # noqa: ARG001 - part of the cache's key
    return console_page.collection_list(_view)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=CONSOLES_KEPT, show_spinner=False, refresh_mode="background")
def _what_ifs(business_id: str, key: Any, _view: ConsoleView) -> tuple[ScenarioForecast, ...]:  # noqa: ARG001 - part of the cache's key
    return console_page.what_ifs(_view)


def last_recorded(business_id: str) -> Recorded | None:
    """Return a client's last decision of this session that is not undone; None if there is none."""
    steps = _steps(business_id)
    return steps[-1] if steps else None


def remember_recorded(step: Recorded) -> None:
    """Keep a decision, to undo it."""
    _keep_steps(step.business_id, [*_steps(step.business_id), step][-STEPS_KEPT:])


def forget_recorded(business_id: str) -> None:
    """Forget a client's last decision: it was undone."""
    _keep_steps(business_id, _steps(business_id)[:-1])


def _steps(business_id: str) -> list[Recorded]:
    return cast("list[Recorded]", st.session_state.get("console_steps", {}).get(business_id, []))


def _keep_steps(business_id: str, steps: list[Recorded]) -> None:
    st.session_state["console_steps"] = {**st.session_state.get("console_steps", {}), business_id: steps}


def widget_generation(key: str) -> int:
    """Return how often the widgets of that name were reset: part of their keys."""
    return int(st.session_state.get("widget_generations", {}).get(key, 0))


def reset_widgets(key: str) -> None:
    """Reset the widgets of that name: they are drawn from what is stored, without their state."""
    counts = st.session_state.get("widget_generations", {})
    st.session_state["widget_generations"] = {**counts, key: counts.get(key, 0) + 1}
