"""The pages in the order of the navigation bar, by absolute paths: Streamlit resolves others beside the shell."""

from dataclasses import dataclass
from pathlib import Path

ICON = str(Path(__file__).parents[1] / "templates" / "icon.svg")
PAGES = Path(__file__).resolve().parents[3] / "pages"
CLIENTS = str(PAGES / "clients.py")
CLIENT = str(PAGES / "client.py")
TRAY = str(PAGES / "tray.py")
CONSOLE = str(PAGES / "console.py")
DIGEST = str(PAGES / "digest.py")
ACTIVITY = str(PAGES / "activity.py")
CONNECTIONS = str(PAGES / "connections.py")


@dataclass(frozen=True)
class NavigationItem:
    """A page: its script, its title and icon in the navigation bar, and its address; '' is the first page's."""

    path: str
    title: str
    icon: str
    url_path: str


NAVIGATION = (
    NavigationItem(CLIENTS, "Clients", ":material/groups:", ""),
    NavigationItem(CLIENT, "Client", ":material/storefront:", "client"),
    NavigationItem(TRAY, "Tray", ":material/rule:", "tray"),
    NavigationItem(CONSOLE, "Console", ":material/fact_check:", "console"),
    NavigationItem(DIGEST, "Digest", ":material/mail:", "digest"),
    NavigationItem(ACTIVITY, "Activity", ":material/history:", "activity"),
    NavigationItem(CONNECTIONS, "Connections", ":material/link:", "connections"),
)
