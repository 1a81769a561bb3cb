"""The colours of the theme in use, as a record for charts and tables."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

Scheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours as `#RRGGBB`; `series` in the order of the theme's chart colours."""

    primary: str
    background: str
    panel: str
    text: str
    muted: str
    border: str
    red: str
    orange: str
    green: str
    series: tuple[str, ...]

    @property
    def receipts(self) -> str:
        """Return the colour of money coming in."""
        return self.series[0]

    @property
    def payments(self) -> str:
        """Return the colour of money going out."""
        return self.series[1]

    @property
    def financing(self) -> str:
        """Return the colour of owners' and lenders' money."""
        return self.series[2]

    @property
    def investing(self) -> str:
        """Return the colour of equipment and other assets bought or sold."""
        return self.series[4]

    @property
    def set_aside(self) -> str:
        """Return the colour of money moved to or from accounts that do not count."""
        return self.series[5]


def scheme_in_force() -> Scheme:
    """Return which of the two themes the browser shows; light until it is known."""
    return "dark" if st.context.theme.type == "dark" else "light"


def theme_palette(scheme: Scheme) -> Palette:
    """Return a theme's colours as `.streamlit/config.toml` has them."""

    def option(name: str) -> str:
        return str(st.get_option(f"theme.{scheme}.{name}"))

    return Palette(
        primary=option("primaryColor"),
        background=option("backgroundColor"),
        panel=option("secondaryBackgroundColor"),
        text=option("textColor"),
        muted=option("grayTextColor"),
        border=option("borderColor"),
        red=option("redColor"),
        orange=option("orangeColor"),
        green=option("greenColor"),
        series=tuple(st.get_option(f"theme.{scheme}.chartCategoricalColors")),
    )


def palette_in_force() -> Palette:
    """Return the colours of the theme in use."""
    return theme_palette(scheme_in_force())
