"""The Activity page below its head: refreshes, freshness by entity, and the log's records, behind tabs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.ui.activity.records import show_records
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, draw_open_tab, for_each_width, table_height
from rowcol.ui.kit.wording import entity_plural, moment
from rowcol.ui.state import choices
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.views import VIEW_TTL, VIEWS_KEPT, cached_view
from rowcol.views.activity import RUNS_SHOWN, ActivityView
from rowcol.wording import MISSING, age, ago, counted

ALL = "all"
ALL_CLIENTS = "All clients"
OUTCOME_KEY = "activity_outcome"
OUTCOME_LABELS = {
    "done": "● Done",
    "throttled": "◆ Throttled",
    "failed": "▲ Failed",
    "reconnect": "▲ Reconnect",
}
KIND_LABELS = {
    "first": "First reading",
    "full": "Read again",
    "changes": "Changes",
    "check": "Daily check",
    "catch-up": "Catching up",
    "refresh": "Refresh",
}
KIND_HELP = (
    "First reading: all the books. Changes: what changed since the last refresh. Daily check: changes, and the totals "
    "held against QuickBooks' own reports. Catching up: changes after a month or more. Read again: all the books anew."
)
STATE_LABELS = {"fresh": "● Fresh", "stale": "◆ Stale", "never": "▲ Never read"}
MOMENT_FORMAT = "D MMM YYYY, HH:mm:ss"
RUN_COLUMNS: dict[str, tuple[str, int, str]] = {
    "outcome": ("Outcome", 112, "How the refresh ended."),
    "finished_at": ("Ended", 170, "When the refresh ended."),
    "client": ("Client", 190, ""),
    "kind": ("Kind", 112, KIND_HELP),
    "requests": ("Requests", 88, "Calls to QuickBooks, tries that failed included."),
    "retries": ("Retries", 78, "Calls made again after QuickBooks refused or did not answer."),
    "rows_in": ("Rows read", 92, "Records QuickBooks sent."),
    "rows_changed": ("Changed", 86, "Records that were new or said something new."),
    "rows_deleted": ("Deleted", 82, "Records found deleted in QuickBooks."),
    "seconds": ("Seconds", 84, "From start to end."),
    "why": ("Why", 280, "What went wrong and what to do; empty when all went well."),
}
NARROW_RUNS = ("outcome", "finished_at", "client", "rows_changed", "why")
RUN_FILE = {
    "client": "client",
    "started_at": "started_at",
    "finished_at": "ended_at",
    "kind": "kind",
    "outcome": "outcome",
    "reason": "reason",
    "hint": "what_to_do",
    "requests": "requests",
    "retries": "retries",
    "rows_in": "rows_read",
    "rows_changed": "rows_changed",
    "rows_deleted": "rows_deleted",
    "seconds": "seconds",
    "run_id": "run_id",
}
FRESH_COLUMNS: dict[str, tuple[str, int, str]] = {
    "state": ("State", 130, "Stale: older than its time to live."),
    "client": ("Client", 260, ""),
    "what": ("What", 240, "The part of the books, as QuickBooks keeps it."),
    "age": ("Refreshed", 130, "Age of the last time QuickBooks' changes of it were read."),
    "refreshed_at": ("At", 190, ""),
    "lives": ("Fresh for", 110, "Its time to live: older than this counts as stale."),
    "records": ("Records", 110, "Records held now, deleted ones aside."),
}
NARROW_FRESH = ("state", "client", "what", "age", "records")
FRESH_FILE = {
    "client": "client",
    "entity": "entity",
    "state": "state",
    "refreshed_at": "refreshed_at",
    "fresh_seconds": "fresh_for_seconds",
    "records": "records",
}


def activity_view(business_id: str | None, outcome: str) -> ActivityView:
    """Return what refreshes did to one client, or to all. Raises UnknownClient."""
    return _activity(business_id, outcome, services().log_position(business_id))


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _activity(business_id: str | None, outcome: str, log_position: int) -> ActivityView:  # noqa: ARG001 - part of the cache's key
    return services().activity_view(business_id, outcome)


def scope_in_view(names: Mapping[str, str]) -> str | None:
    """Return the client the page is filtered to, None for all; a client no longer connected is ignored."""
    chosen = choices.chosen_scope()
    return chosen if chosen in names else None


def show_scope(names: Mapping[str, str], scope: str | None) -> None:
    """Draw the choice between all clients and one."""
    key = f"activity_scope_{scope}"
    st.selectbox(
        "Client",
        [ALL, *names],
        index=0 if scope is None else list(names).index(scope) + 1,
        format_func=lambda business_id: names.get(business_id, ALL_CLIENTS),
        key=key,
        on_change=lambda: choices.choose_scope(_scope_of(choices.widget_value(key))),
        label_visibility="collapsed",
        width=260,
    )


def _scope_of(chosen: str | None) -> str | None:
    return None if chosen in (None, ALL) else chosen


def outcome_filter() -> str:
    """Return the outcome the refreshes are filtered by, '' for any."""
    chosen = choices.widget_value(OUTCOME_KEY)
    return "" if chosen in (None, ALL) else str(chosen)


def activity_caption(view: ActivityView) -> str:
    """Return the caption: scope, number of refreshes, the newest one, and the time zone of the times shown."""
    every = sum(view.outcomes.values())
    bad = every - view.outcomes.get("done", 0)
    times = [at for at in map(moment, view.clients["synced_at"]) if at is not None]
    parts = [
        counted(len(view.clients), "client") if len(view.clients) > 1 else str(view.clients["name"].iloc[0]),
        counted(every, "refresh", "refreshes") + (f", {bad:,} of them not done" if bad else ""),
        f"last good refresh {ago(max(times), view.now)}" if times else "never refreshed",
        f"times in {zone().key.replace('_', ' ')}",
    ]
    return " · ".join(parts)


def show_activity(view: ActivityView, scope: str | None) -> None:
    """Draw the three tables behind tabs; only the open one is drawn."""
    fresh = int((view.freshness["state"] == "fresh").sum())
    tabs = {
        f"Refreshes · {sum(view.outcomes.values()):,}": partial(_runs, view, scope),
        f"Freshness · {fresh:,} of {len(view.freshness):,} fresh": partial(_freshness, view, scope),
        "Records · what changed": partial(show_records, scope),
    }
    draw_open_tab("activity_tabs", tabs)


def _runs(view: ActivityView, scope: str | None) -> None:
    outcome = outcome_filter()
    count = view.outcomes.get(outcome, 0) if outcome else sum(view.outcomes.values())
    with st.container(horizontal=True, vertical_alignment="center"):
        _outcome_pills(view.outcomes)
        st.space("stretch")
        if count > len(view.runs):
            st.caption(f"The newest {RUNS_SHOWN:,} of {count:,}; CSV has all.", width="content")
        csv_button(
            partial(services().every_run, scope, outcome), RUN_FILE, "refreshes.csv", key="runs_csv", of=None
        )
    if view.runs.empty:
        st.info("No refresh ended so. Choose All.", icon=":material/filter_alt_off:")
        return
    by_outcome = {"done": "green", "throttled": "orange", "failed": "red", "reconnect": "red"}
    _grid(
        runs_frame(view),
        "outcome",
        list(view.runs["outcome"].map(by_outcome)),
        RUN_COLUMNS,
        NARROW_RUNS,
        scope,
    )


def runs_frame(view: ActivityView) -> pd.DataFrame:
    """Return the refreshes as shown: labels for outcome and kind, the reason as a sentence."""
    runs = view.runs
    why = [
        ". ".join(part.rstrip(".") for part in (reason, hint) if part) or None
        for reason, hint in zip(runs["reason"], runs["hint"], strict=True)
    ]
    return runs.assign(
        outcome=[OUTCOME_LABELS.get(code, code) for code in runs["outcome"]],
        kind=[KIND_LABELS.get(code, code.capitalize()) for code in runs["kind"]],
        seconds=runs["seconds"].round(1),
        why=pd.Series(why, index=runs.index, dtype="object"),
    )[list(RUN_COLUMNS)]


def _outcome_pills(outcomes: Mapping[str, int]) -> None:
    labels = {ALL: f"All {sum(outcomes.values()):,}"}
    labels |= {outcome: f"{label} {outcomes.get(outcome, 0):,}" for outcome, label in OUTCOME_LABELS.items()}
    st.pills(
        "Outcome",
        list(labels),
        format_func=labels.__getitem__,
        default=ALL,
        key=OUTCOME_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )


def _freshness(view: ActivityView, scope: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption("What is not fresh comes first, the longest unread on top.", width="stretch")
        csv_button(view.freshness, FRESH_FILE, "freshness.csv", key="freshness_csv", of=None)
    by_state = {"fresh": "green", "stale": "orange", "never": "red"}
    colours = list(view.freshness["state"].map(by_state))
    _grid(freshness_frame(view.freshness, view.now), "state", colours, FRESH_COLUMNS, NARROW_FRESH, scope)


def freshness_frame(rows: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Return freshness as shown: labels for entity and state, and ages."""
    times = [moment(at) for at in rows["refreshed_at"]]
    labels = [entity_plural(entity).replace("\\", "") for entity in rows["entity"]]
    return rows.assign(
        state=rows["state"].map(STATE_LABELS),
        what=[label[:1].upper() + label[1:] for label in labels],
        age=[age(at, now) if at else "never" for at in times],
        lives=[
            f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
            for seconds in rows["fresh_seconds"]
        ],
    )[list(FRESH_COLUMNS)]


def _grid(
    frame: pd.DataFrame,
    status: str,
    colours: Sequence[str],
    columns: Mapping[str, tuple[str, int, str]],
    narrow: Sequence[str],
    scope: str | None,
) -> None:
    """Draw a table whose status column is coloured; if one client is chosen, its name is left out."""
    palette = palette_in_force()
    styles = [f"color: {getattr(palette, name)}" if isinstance(name, str) else "" for name in colours]
    style = frame.style.apply(lambda _: styles, subset=[status])

    def draw(key: str, shown: Sequence[str]) -> None:
        st.dataframe(
            style,
            column_order=[column for column in shown if scope is None or column != "client"],
            column_config={name: _column(name, *columns[name]) for name in shown},
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(len(frame)),
            key=key,
        )

    for_each_width(draw, f"activity_{status}", list(columns), narrow)


def _column(name: str, label: str, width: int, help_text: str) -> Any:
    tooltip = help_text or None
    if name.endswith("_at"):
        zone_name = zone().key
        return st.column_config.DatetimeColumn(
            label, format=MOMENT_FORMAT, timezone=zone_name, width=width, help=tooltip
        )
    if name in ("requests", "retries", "rows_in", "rows_changed", "rows_deleted", "records"):
        return st.column_config.NumberColumn(label, format="localized", width=width, help=tooltip)
    if name == "seconds":
        return st.column_config.NumberColumn(label, format="%.1f", width=width, help=tooltip)
    return st.column_config.TextColumn(label, width=width, help=tooltip)
