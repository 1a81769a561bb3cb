"""The script that Streamlit runs: navigation, our CSS, and the page of the address."""

import streamlit as st

from rowcol.errors import RowColError
from rowcol.ui.kit import states
from rowcol.ui.kit.navigation import CLIENT, ICON, NAVIGATION
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.state import choices
from rowcol.ui.state.refreshing import note_refresh

# Only what the theme has no key for: a capped width, two cards and one chart a row on a narrow screen, a table
# for each width, and text on the primary colour that can be read in both themes.
STYLE = """<style>
.stMainBlockContainer {max-width: 1680px; padding-left: 2.2rem; padding-right: 2.2rem}
.st-key-head {margin-bottom: -.6rem}
.st-key-head h1 {padding: 0; line-height: 1.15}
.stMetric [data-testid="stMetricValue"] {font-variant-numeric: tabular-nums}
button[kind="primary"]:enabled, button[kind="primaryFormSubmit"]:enabled, a.rowcol-primary {color: %(page)s !important}
a.rowcol-primary, a.rowcol-link {display: inline-block; padding: .45rem 1rem; border-radius: 6px;
  text-decoration: none; white-space: nowrap; border: 1px solid %(line)s; font-size: .9rem}
a.rowcol-link {color: %(primary)s !important}
a.rowcol-primary {background: %(primary)s; border-color: %(primary)s}
.stTabs [role="tablist"] {flex-wrap: wrap; row-gap: 0}
[class*="st-key-narrow_"], [data-testid="stElementToolbar"] {display: none}
@media (max-width: 1100px) {
  .stMainBlockContainer {padding-left: 1.2rem; padding-right: 1.2rem}
  [class*="st-key-wide_"] {display: none}
  [class*="st-key-narrow_"] {display: flex}
  .st-key-cards .stHorizontalBlock, [class*="st-key-charts"] .stHorizontalBlock {flex-wrap: wrap}
  .st-key-cards .stColumn {flex: 1 1 calc(50%% - 1rem); min-width: calc(50%% - 1rem)}
  [class*="st-key-charts"] .stColumn {flex: 1 1 100%%; min-width: 100%%}
}
</style>"""


def main() -> None:
    """Draw the page of the address."""
    st.set_page_config(page_title="RowCol", page_icon=ICON, layout="wide")
    note_refresh()
    palette = palette_in_force()
    st.html(STYLE % {"primary": palette.primary, "page": palette.background, "line": palette.border})
    pages = {
        item.path: st.Page(
            item.path,
            title=item.title,
            icon=item.icon,
            url_path=item.url_path or None,
            default=not item.url_path,
        )
        for item in NAVIGATION
    }
    page = st.navigation(list(pages.values()), position="top")
    try:
        requested = choices.client_to_open()
        if requested and page.url_path != pages[CLIENT].url_path:
            st.switch_page(CLIENT, query_params={"client": requested})
        page.run()
    except RowColError as error:
        states.show_error(error)


main()
