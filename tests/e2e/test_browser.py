"""An advisor's first minutes, in a real browser, against the local QuickBooks over HTTP."""

import csv
import io
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

from tests.kits.servers.app import CHROMIUM, FLAGS, Server, companies, stage

pytestmark = [
    pytest.mark.browser,
    # CI installs Chromium and never skips: there a missing browser fails.
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and "CI" not in os.environ,
        reason=f"Chromium is not installed at {CHROMIUM}",
    ),
]
PATIENCE_MS = 60_000
FIRST_ROW = 54
"""Pixels from the table's top to the middle of its first row."""
HELD_MS = 60  # a table drawn on a canvas overlooks a click without length


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with stage(tmp_path, companies(2), connected=False) as (running, _):
        yield running


def connect(page: Page, company: str) -> None:
    page.get_by_role("link", name="Connect with QuickBooks").click()
    page.locator("select[name=realm]").select_option(label=company)
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{company} is connected")


def open_first_row(page: Page) -> None:
    """Click the first row until its page opens: a canvas takes no clicks until it settled, and never says when."""
    for _ in range(10):
        box = page.locator(".st-key-wide_clients_box canvas").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 200, box["y"] + FIRST_ROW, delay=HELD_MS)
        with suppress(TimeoutError):
            page.wait_for_url(re.compile(r"/client\?client=\w+"), timeout=3_000)
            return
    raise AssertionError("A click on a row opens nothing")


def downloaded(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_connect_refresh_open_a_client_and_take_its_bills_away(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.url)
    expect(page.get_by_text("No client connected yet").first).to_be_visible()
    page.get_by_role("link", name="Go to Connections").click()

    page.get_by_role("link", name="Connect with QuickBooks").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The company was not connected")
    page.get_by_role("link", name="Back to Connections").click()
    name = company_offered(page)
    connect(page, name)
    page.get_by_role("link", name="Open the dashboard").click()

    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text(re.compile(rf"Refreshed {re.escape(name)}: [\d,]+ rows read"))).to_be_visible()
    clients = downloaded(page)
    assert [client["client"] for client in clients] == [name]
    cash = Decimal(clients[0]["cash"])

    open_first_row(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(f"${cash:,.2f}".replace("$-", "-$"))

    bills_tab = page.get_by_role("tab", name=re.compile("^Bills"))
    count, total = re.fullmatch(r"Bills · (\d+) open, \$([\d,]+)", bills_tab.inner_text()).groups()
    bills_tab.click()
    bills = downloaded(page)
    assert len(bills) == int(count) > 0
    assert round(sum(Decimal(bill["balance"]) for bill in bills)) == int(total.replace(",", ""))
    assert errors == []
    page.close()


def company_offered(page: Page) -> str:
    """Return the company Intuit's page offers first."""
    page.get_by_role("link", name="Connect with QuickBooks").click()
    name = page.locator("select[name=realm] option").first.inner_text()
    page.go_back()
    return name
