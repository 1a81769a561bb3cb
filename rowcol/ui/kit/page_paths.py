"""Where the pages and the icon are: absolute paths, so that Streamlit takes no folder beside the shell for them."""

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
