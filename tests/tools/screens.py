"""Take a picture of every page, light and dark, wide and narrow: `python -m tests.tools.screens DIRECTORY [CLIENTS]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.kits.servers.app import CHROMIUM, FLAGS, companies, stage

SIZES = {1440: 900, 800: 1100, 390: 844}
PAGES = {
    "clients": "/",
    **{name: f"/{name}" for name in ("client", "tray", "console", "digest", "activity", "connections")},
}
SETTLE_MS = 1500
FIRST_ROW = 54
"""Pixels from a table's top to the middle of its first row."""
TIMEOUT_MS = 120_000


def shoot(browser: Browser, url: str, directory: Path) -> None:
    """Write one picture for each page, theme and width."""
    for scheme in ("light", "dark"):
        for width, height in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.set_default_timeout(TIMEOUT_MS)
            for name, path in PAGES.items():
                page.goto(url + path)
                settled(page)
                page.screenshot(path=directory / f"{name}-{scheme}-{width}.png")
            shoot_activity(page, directory, f"{scheme}-{width}")
            context.close()


def shoot_activity(page: Page, directory: Path, suffix: str) -> None:
    """Write the other tabs of Activity: freshness, and one record with what changed in it."""
    page.goto(page.url.rsplit("/", 1)[0] + "/activity")
    settled(page)
    page.get_by_role("tab", name="Freshness").click()
    settled(page)
    page.screenshot(path=directory / f"activity-freshness-{suffix}.png")
    page.get_by_role("combobox", name="Client").first.click()
    page.get_by_role("option").nth(1).click()
    settled(page)
    page.get_by_role("tab", name="Records").click()
    settled(page)
    table = page.locator('[class*="records_"] canvas:visible').first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + FIRST_ROW, delay=60)
    settled(page)
    page.screenshot(path=directory / f"activity-records-{suffix}.png", full_page=True)


def settled(page: Page) -> None:
    """Wait until the script has ended, nothing is still being made, and every chart is drawn."""
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stSpinner"]', state="detached")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_selector('[data-testid="stPlotlyChart"]:not(:has(.main-svg))', state="detached")
    page.wait_for_timeout(SETTLE_MS)


def shoot_first_refresh(browser: Browser, url: str, directory: Path) -> None:
    """Write the pages before the first refresh, and while it runs; leave every client refreshed."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(TIMEOUT_MS)
    page.goto(url)
    settled(page)
    page.screenshot(path=directory / "before-light-1440.png")
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_selector('[data-testid="stProgress"]')
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=directory / "refreshing-light-1440.png")
    page.wait_for_selector("text=✓ Refreshed")
    settled(page)
    page.screenshot(path=directory / "refreshed-light-1440.png")
    page.close()


def main(directory: Path, clients: int) -> None:
    """Serve the built-in companies and take the pictures."""
    directory.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="rowcol-screens-") as folder,
        stage(Path(folder), companies(clients), connected=True) as (server, _),
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        shoot_first_refresh(browser, server.url, directory)
        shoot(browser, server.url, directory)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 12)
