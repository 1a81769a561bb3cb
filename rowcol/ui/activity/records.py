"""The log, record by record: search, the versions of one, and what changed between two of them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zlib import crc32

import orjson
import pandas as pd
import streamlit as st

from rowcol.entities import ENTITIES
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, for_each_width, table_height, units
from rowcol.ui.kit.wording import entity_title, plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.views import VIEW_TTL, VIEWS_KEPT, cached_view
from rowcol.views.activity import RECORDS_SHOWN, VERSIONS_SHOWN, RecordHistory, RecordsFound, compared
from rowcol.wording import MISSING, counted, date_text

ANY = ""
RECORDS_SEEN = 8
"""Rows shown before the table scrolls: the record chosen opens below it."""
STATE_LABELS = {"current": "● In the books", "voided": "◆ Voided", "deleted": "✗ Deleted"}
VERSION_LABELS = {
    "first": "First seen",
    "changed": "Changed",
    "voided": "◆ Voided",
    "deleted": "✗ Deleted in QuickBooks",
    "back": "Back in the books",
}
RECORD_COLUMNS = {
    "state": ("State", 125),
    "what": ("Record", 150),
    "number": ("Number", 120),
    "name": ("Name", 260),
    "txn_date": ("Dated", 110),
    "amount": ("Amount", 120),
    "currency": ("Currency", 80),
    "versions": ("Versions", 84),
    "seen_at": ("Last change seen", 175),
    "qbo_id": ("QuickBooks id", 110),
}
NARROWER = 0.83
"""Factor of a column's width on a narrow screen."""
NARROW_RECORDS = ("state", "what", "number", "name", "amount", "versions")
RECORD_FILE = {
    "entity": "entity",
    "qbo_id": "qbo_id",
    "number": "number",
    "name": "name",
    "txn_date": "date",
    "amount_cents": "amount",
    "currency": "currency",
    "state": "state",
    "versions": "versions",
    "seen_at": "last_change_seen_at",
}
VERSION_FILE = {
    "version": "version",
    "seen_at": "seen_at",
    "what": "what",
    "fields": "fields",
    "intuit_tid": "intuit_tid",
}
DIFFERENCE_FILE = {"field": "field", "before": "before", "after": "after", "path": "path"}


def find_records(business_id: str, entity: str, search: str) -> RecordsFound:
    """Return one client's records out of the log."""
    return _records_found(business_id, entity, search, services().log_position(business_id))


def record_history(business_id: str, entity: str, qbo_id: str) -> RecordHistory:
    """Return the versions of one record."""
    return _cached_history(business_id, entity, qbo_id, services().log_position(business_id))


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _records_found(business_id: str, entity: str, search: str, log_position: int) -> RecordsFound:  # noqa: ARG001 - part of the cache's key
    return services().find_records(business_id, entity, search)


@cached_view
@st.cache_resource(ttl=VIEW_TTL, max_entries=VIEWS_KEPT, show_spinner=False, refresh_mode="background")
def _cached_history(business_id: str, entity: str, qbo_id: str, log_position: int) -> RecordHistory:  # noqa: ARG001 - part of the cache's key
    return services().record_history(business_id, entity, qbo_id)


def show_records(business_id: str | None) -> None:
    """Draw the search in one client's records, and the versions of the record chosen."""
    if business_id is None:
        st.info("Choose a client above: its log is searched record by record.", icon=":material/storefront:")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="record_filters"):
        search = _search_text()
        entity = _entity_filter()
        matches = find_records(business_id, entity, search)
        st.caption(_matches_text(matches), width="stretch")
        csv_button(matches.rows, RECORD_FILE, "records.csv", key="records_csv", of=None)
    if matches.rows.empty:
        st.info(
            "No record matches. Try its QuickBooks id, or a part of its number or name.",
            icon=":material/search_off:",
        )
        return
    key = f"records_{crc32(repr((business_id, entity, search)).encode()):x}"
    for_each_width(partial(_records, business_id, matches.rows), key, list(RECORD_COLUMNS), NARROW_RECORDS)
    chosen = choices.chosen_record()
    if chosen is None or chosen[0] != business_id:
        st.caption("Choose a record to see its versions and what changed between them.")
    else:
        _history(*chosen)


def _search_text() -> str:
    return str(
        st.text_input(
            "Find a record",
            key="record_search",
            placeholder="Id, number or name",
            icon=":material/search:",
            label_visibility="collapsed",
            width=260,
            persist_state="session",
        )
        or ""
    )


def _entity_filter() -> str:
    return str(
        st.selectbox(
            "Kind of record",
            [ANY, *ENTITIES],
            format_func=lambda entity: entity_title(entity) if entity else "Every kind",
            key="record_entity",
            label_visibility="collapsed",
            width=200,
            persist_state="session",
        )
        or ""
    )


def _matches_text(matches: RecordsFound) -> str:
    if matches.total > RECORDS_SHOWN:
        return f"The {RECORDS_SHOWN:,} changed last of {matches.total:,} records; search to narrow."
    return f"{counted(matches.total, 'record')}, changed last first." if matches.total else ""


def records_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the records as shown: labels for kind and state, amounts in units of their own currency."""
    return rows.assign(
        state=rows["state"].map(STATE_LABELS),
        what=[entity_title(entity, singular=True) for entity in rows["entity"]],
        amount=units(rows["amount_cents"]),
    )[list(RECORD_COLUMNS)]


def _records(business_id: str, rows: pd.DataFrame, key: str, columns: Sequence[str]) -> None:
    shown = [(name, RECORD_COLUMNS[name]) for name in columns]
    share = NARROWER if tuple(columns) == NARROW_RECORDS else 1
    st.dataframe(
        records_frame(rows),
        column_order=columns,
        column_config={name: _column(name, label, round(width * share)) for name, (label, width) in shown},
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(min(len(rows), RECORDS_SEEN)),
        on_select=lambda: _choose(business_id, rows, key),
        selection_mode="single-row",
        key=key,
    )


def _choose(business_id: str, rows: pd.DataFrame, key: str) -> None:
    chosen = [at for at in choices.selected_rows(key) if at < len(rows)]
    if chosen:
        row = rows.iloc[chosen[0]]
        choices.choose_record((business_id, str(row["entity"]), str(row["qbo_id"])))
    else:
        choices.choose_record(None)


def _history(business_id: str, entity: str, qbo_id: str) -> None:
    history = record_history(business_id, entity, qbo_id)
    if history.versions.empty:
        st.caption("The log holds nothing of this record.")
        return
    title = f"{entity_title(entity, singular=True)} {history.title or qbo_id}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shown = f", the newest {VERSIONS_SHOWN} shown" if history.total > VERSIONS_SHOWN else ""
        st.markdown(
            f"**{plain(title)}** · {counted(history.total, 'version')}{shown}, newest first", width="stretch"
        )
        csv_button(history.versions, VERSION_FILE, "versions.csv", key="versions_csv", of=None)
    _versions(history)
    if len(history.versions) > 1:
        _compared(history, f"{entity}_{qbo_id}_{history.total}")
    else:
        st.caption("Seen once: nothing has changed since.")
        _as_sent(history, [history.total])


def _versions(history: RecordHistory) -> None:
    versions = history.versions
    fields = pd.Series([fields or None for fields in versions["fields"]], dtype="object")
    frame = versions.assign(what=versions["what"].map(VERSION_LABELS), fields=fields)
    config = {
        "version": st.column_config.NumberColumn("Version", width=80),
        "seen_at": _column("seen_at", "Seen", 190),
        "what": st.column_config.TextColumn("What happened", width=190),
        "fields": st.column_config.TextColumn("Fields", width=560),
    }
    st.dataframe(
        frame[list(config)],
        column_config=config,
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(min(len(frame), RECORDS_SEEN)),
        key="versions_table",
    )


def _compared(history: RecordHistory, key: str) -> None:
    numbers = [int(number) for number in history.versions["version"]]
    seen = dict(zip(numbers, history.versions["seen_at"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        later = _version_choice("What changed in", numbers[:-1], seen, f"later_{key}")
        earlier = _version_choice(
            "since", [number for number in numbers if number < later], seen, f"earlier_{key}_{later}"
        )
        st.space("stretch")
        rows = compared(history, earlier, later)
        csv_button(rows, DIFFERENCE_FILE, "what-changed.csv", key="differences_csv", of=None)
    if rows.empty:
        st.caption("Every field says the same; only their order differs.")
    else:
        _differences(rows, earlier, later)
    _as_sent(history, [later, earlier])


def _version_choice(label: str, numbers: Sequence[int], seen: dict[int, datetime], key: str) -> int:
    practice_zone = zone()

    def version_label(number: int) -> str:
        at = seen[number].astimezone(practice_zone)
        return f"version {number}, seen {date_text(at)}, {at:%H:%M}"

    return int(st.selectbox(label, numbers, format_func=version_label, key=key, width=280) or numbers[0])


def _differences(rows: pd.DataFrame, earlier: int, later: int) -> None:
    config = {
        "field": st.column_config.TextColumn("Field", width=300),
        "before": st.column_config.TextColumn(f"Version {earlier}", width=360),
        "after": st.column_config.TextColumn(f"Version {later}", width=360),
    }
    st.dataframe(
        rows[list(config)],
        column_config=config,
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(len(rows)),
        key="differences_table",
    )


def _as_sent(history: RecordHistory, numbers: Sequence[int]) -> None:
    with st.expander("As QuickBooks sent it"):
        for place, number in zip(st.columns(len(numbers)), numbers, strict=True):
            place.caption(f"Version {number}")
            text = history.texts.get(number)
            if text is None:
                place.caption("Deleted in QuickBooks: nothing was sent.")
            else:
                place.code(
                    orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode(),
                    language="json",
                    height=420,
                )


def _column(name: str, label: str, width: int) -> Any:
    if name == "seen_at":
        return st.column_config.DatetimeColumn(
            label, format="D MMM YYYY, HH:mm:ss", timezone=zone().key, width=width
        )
    if name == "txn_date":
        return st.column_config.DateColumn(label, format="D MMM YYYY", width=width)
    if name == "amount":
        return st.column_config.NumberColumn(
            label, format="accounting", width=width, help="Of the whole document, in its own currency."
        )
    if name == "versions":
        return st.column_config.NumberColumn(label, width=width)
    return st.column_config.TextColumn(label, width=width)
