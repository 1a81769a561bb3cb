"""The tray as a table: its columns, its filter, and its CSV file."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.ui.kit.palette import Palette
from rowcol.ui.kit.tables import has_words, money_column, units
from rowcol.ui.kit.wording import SEVERITY_HELP, SEVERITY_LABELS, kind_label

COLOURED_UP_TO = 500
"""Longer tables have no colour: sign and label say the same, and styling thousands of rows is slow."""
FINDING_COLUMNS: dict[str, tuple[str, int, str]] = {
    "severity": ("Severity", 98, SEVERITY_HELP),
    "client": ("Client", 138, ""),
    "kind": ("Finding", 172, "What kind of finding it is."),
    "message": ("What", 285, "The whole sentence stands below the table."),
    "party": ("Vendor or customer", 128, ""),
    "at_stake": ("At stake", 100, "Money the finding is about, in the client's home currency."),
    "currency": ("Cur.", 50, "The client's home currency."),
    "runway": ("Runway d", 78, "The amount in days of the client's net burn (of its outflow where it earns more)."),
    "first_seen": ("First seen", 82, "When the record's version that shows it was read."),
    "url": ("QBO", 62, "Opens the record in QuickBooks."),
}  # fmt: skip
"""Name -> label, width, help. Together they fit a screen of 1280."""
NARROW_FINDINGS = ("severity", "client", "kind", "party", "at_stake", "currency", "url")
FINDING_FILE = {
    "client": "client", "code": "code", "severity": "severity", "blocking": "blocking", "entity": "entity",
    "qbo_id": "qbo_id", "party": "party", "amount_cents": "at_stake", "currency": "currency",
    "runway_effect_days": "runway_effect_days", "message": "message", "why": "why", "what_to_do": "what_to_do",
    "first_seen": "first_seen", "url": "url",
}  # fmt: skip
DISMISSED_FILE = {**FINDING_FILE, "reason": "reason", "by": "dismissed_by", "dismissed_at": "dismissed_at"}
SEARCHED = ("client", "code", "kind", "party", "message", "qbo_id")


def matching(rows: pd.DataFrame, search: str, severity: str | None, codes: Sequence[str]) -> pd.DataFrame:
    """Return the findings that contain every word of `search`, in any order and case, of the severity and kinds given.

    `severity` None and `codes` empty mean any.
    """
    kept = rows if severity is None else rows[rows["severity"] == severity]
    if codes:
        kept = kept[kept["code"].isin(list(codes))]
    if kept.empty or not search.split():
        return kept
    named = kept.assign(kind=kept["code"].map(kind_label))
    return kept[has_words(named[list(SEARCHED)].fillna("").agg(" ".join, axis=1), search)]


def shown_columns(rows: pd.DataFrame, columns: Sequence[str], one_client: bool) -> list[str]:
    """Return the columns worth showing: no client if there is only one, no currency if all have the same, no empty link."""
    left_out = {"client"} if one_client else set()
    if rows["currency"].nunique() < 2:
        left_out.add("currency")
    if rows["url"].isna().all():
        left_out.add("url")
    return [name for name in columns if name not in left_out]


def finding_frame(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the findings as shown: labels for severity and kind, amounts in units of each client's currency."""
    return pd.DataFrame(
        {
            "severity": rows["severity"].map(SEVERITY_LABELS),
            "client": rows["client"],
            "kind": rows["code"].map(kind_label),
            "message": rows["message"],
            "party": rows["party"],
            "at_stake": units(rows["amount_cents"].where(rows["amount_cents"] != 0)),
            "currency": rows["currency"],
            "runway": rows["runway_effect_days"].where(rows["amount_cents"] != 0),
            "first_seen": rows["first_seen"],
            "url": rows["url"],
        }
    )


def coloured(frame: pd.DataFrame, severities: Sequence[str], palette: Palette) -> Any:
    """Return the table with its severities coloured, unless it is longer than COLOURED_UP_TO."""
    if len(frame) > COLOURED_UP_TO:
        return frame
    colours = severity_colours(palette)
    styles = [f"color: {colours[severity]}" for severity in severities]
    return frame.style.apply(lambda _: styles, subset=["severity"])


def severity_colours(palette: Palette) -> Mapping[str, str]:
    """Return severity -> its colour in the theme in use."""
    return {
        "blocking": palette.red, "high": palette.orange, "medium": palette.series[2], "low": palette.muted,
    }  # fmt: skip


def finding_config(columns: Sequence[str], currencies: Sequence[str], zone: str) -> dict[str, Any]:
    """Return how the columns are drawn; if there is one currency, amounts have its sign."""
    config: dict[str, Any] = {}
    for name in columns:
        label, width, help_text = FINDING_COLUMNS[name]
        tooltip = help_text or None
        if name == "at_stake" and len(set(currencies)) == 1:
            config[name] = money_column(label, currencies[0], tooltip, width)
        elif name == "at_stake":
            config[name] = st.column_config.NumberColumn(
                label, format="accounting", width=width, help=tooltip
            )
        elif name == "runway":
            config[name] = st.column_config.NumberColumn(label, format="%.1f", width=width, help=tooltip)
        elif name == "first_seen":
            config[name] = st.column_config.DatetimeColumn(
                label, format="D MMM YY", timezone=zone, width=width, help=tooltip
            )
        elif name == "url":
            config[name] = st.column_config.LinkColumn(label, display_text="Open", width=width, help=tooltip)
        else:
            config[name] = st.column_config.TextColumn(label, width=width, help=tooltip)
    return config
