"""Digests as they leave: the same figures in HTML, plain text and file; names from the books are only ever text."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from rowcol.delivery.mail import Attachment, Mail, built
from rowcol.delivery.render import RenderedDigest, bars, headline, render_client, render_practice
from rowcol.delivery.templating import FILTERS
from rowcol.views.digest.records import Week
from tests.kits.digests import (
    BREAK,
    CLIENT,
    FORMULA,
    HARBOR,
    PRACTICE,
    SCRIPT,
    hostile_client,
    hostile_practice,
)

from .test_mail import FRIDAY, opened

NAMES = (
    SCRIPT,
    FORMULA,
    BREAK,
    "{{ 7*7 }}{% raw %}",
    '"><img src=x onerror=alert(1)>',
    "\u202egro.live",
    "=?utf-8?q?x?=",
)
TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "p", "h1", "h2", "b", "br", "span",
    "ol", "li",
}  # fmt: skip


class Read(HTMLParser):
    """What a mail program sees: which tags, and which words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(html: str) -> str:
    return " ".join(" ".join(Read(html).words).split())


def cells(rendered: RenderedDigest) -> list[list[str]]:
    return list(csv.reader(io.StringIO(rendered.csv.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("audience", ["client", "practice"])
def test_a_name_from_the_books_is_text_everywhere(name: str, audience: str) -> None:
    rendered = (
        render_client(hostile_client(name))
        if audience == "client"
        else render_practice(hostile_practice(name))
    )
    read = Read(rendered.html)
    assert read.tags <= TAGS
    assert not any(attribute.startswith("on") for attribute in read.attributes)
    assert read.attributes.isdisjoint({"href", "src"})
    shown = FILTERS["line"](name)
    assert shown in words(rendered.html)
    assert shown in rendered.text
    assert (
        "Bcc:" not in [line.split(" ")[0] for line in rendered.text.splitlines() if not line.startswith(" ")]
        or name == BREAK
    )
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        for row in cells(rendered)
        for cell in row
        if not _number(cell)
    )
    content = built(
        Mail("RowCol <a@b.example>", ("c@d.example",), rendered.subject, rendered.text, rendered.html, FRIDAY,
             "id@b.example", (Attachment(f"{rendered.slug}.csv", "text/csv", rendered.csv),))
    )  # fmt: skip
    head = content.partition(b"\r\n\r\n")[0].decode().casefold()
    assert "\nbcc" not in head
    message = opened(content)
    assert message.defects == []
    (file,) = message.iter_attachments()
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*\.csv", file.get_filename() or "")


def _number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None


def test_the_client_reads_the_same_figures_in_every_form() -> None:
    rendered = render_client(CLIENT)
    seen = words(rendered.html)
    for text in (
        "$41,208.55", "−$12,930.00 since Fri 13 Nov", "11 days", "Thu 3 Dec", "below your reserve of $10,000.00",
        "$8,500.00", "$16,400.00", "$1,200.00", "2 bills, $1,630.20", "1 bill, $9,000.00", "$15,200.00",
        "3 invoices, 62 days late",
        "$17,400.00 is late", "Who is Bob's Garage?", "Fri 27 Nov 2026", "rom your books, not your bank",
        "Lowest at the end of a week: −$8,120.44 on Thu 17 Dec",
    ):  # fmt: skip
        assert text in seen, text
        assert text in " ".join(rendered.text.split()), text
    rows = cells(rendered)
    assert rows[0] == [
        "section",
        "client",
        "party",
        "what",
        "amount",
        "currency",
        "days",
        "date",
        "as_of",
        "reconstructed",
        "known_at",
    ]
    figures = [row[:8] for row in rows]
    assert ["cash", "Juniper & Vale PR", "", "in the books", "41208.55", "USD", "11", "2026-11-20"] in figures
    assert [
        "pay this week",
        "Juniper & Vale PR",
        "Norcal Lumber",
        "A-1182",
        "1200.00",
        "USD",
        "",
        "2026-11-08",
    ] in figures
    assert {tuple(row[8:10]) for row in rows[1:]} == {("2026-11-20", "no")}
    assert rendered.subject == "Juniper & Vale PR: your week in cash, 20 Nov 2026"


def test_a_client_s_mail_has_no_jargon() -> None:
    seen = f"{words(render_client(CLIENT).html)} {render_client(CLIENT).text}".casefold()
    for word in (
        "a/r",
        "a/p",
        "dso",
        "burn",
        "runway",
        "accrual",
        "mirror",
        "sync",
        "tie-out",
        "netting",
        "receivable",
        "payable",
    ):
        assert word not in seen, word


def test_the_practice_reads_the_same_figures_in_every_form() -> None:
    rendered = render_practice(PRACTICE)
    seen, text = words(rendered.html), " ".join(rendered.text.split())
    for part in (
        "3 of 5 clients up to date; 3 tied to QuickBooks, 1 not tied, 1 not checked", "QuickBooks asked to come back later",
        "Paid to vendors −$18,400.00 (−4 days)", "£12.00", "−$8,120.44", "$31,204.00", "$31,208.55", "$9,100.00",
        "CA$990.00", "Bill A-1182 of Norcal Lumber was entered twice", "4.2 days", "−$2,791.45", "12 days",
        "Lark & Sons Landscaping and Garden Design",
    ):  # fmt: skip
        assert part in seen, part
        assert part in text, part
    assert "not safe to discuss" in seen
    assert "NOT SAFE TO DISCUSS" in rendered.text
    assert rendered.subject.startswith("Weekly digest, 20 Nov 2026: 1 client critical, 2 lost runway")
    assert json.loads(rendered.figures)["lines"][0]["cash_cents"] == 4_120_855


def test_the_same_digest_gives_the_same_bytes_and_another_figure_another_hash() -> None:
    assert render_practice(PRACTICE) == render_practice(PRACTICE)
    assert render_client(CLIENT) == render_client(CLIENT)
    other = render_client(replace(CLIENT, cash_cents=CLIENT.cash_cents + 1))
    assert other.figures_hash != render_client(CLIENT).figures_hash


def test_a_client_never_read_has_no_figures() -> None:
    rendered = render_client(
        replace(
            CLIENT,
            figures_known=False,
            stale=True,
            stale_reason="Not refreshed yet",
            synced_at=None,
            weeks=(),
        )
    )
    for seen in (words(rendered.html), rendered.text):
        assert "have not been read yet" in seen
        assert "$" not in seen.replace("$420.00", "")


def test_a_stale_client_is_not_safe_to_discuss() -> None:
    rendered = render_client(replace(CLIENT, stale=True, stale_reason="The connection has ended"))
    assert (
        "Not safe to discuss: these books could not be brought up to date (The connection has ended)"
        in words(rendered.html)
    )
    assert "NOT SAFE TO DISCUSS" in rendered.text


def test_a_quiet_week_says_so() -> None:
    quiet = replace(
        PRACTICE, lost=(), below=(), to_decide=(), chase=(), found=(), altered=(), scored=(), tasks=(), note="",
        lines=(HARBOR,),
        freshness=replace(PRACTICE.freshness, clients=1, stale=(), broken=(), unchecked=0, tied=1), quiet=(HARBOR,),
    )  # fmt: skip
    rendered = render_practice(quiet)
    assert headline(quiet) == "nobody got worse"
    assert "1 of 1 client up to date; 1 tied to QuickBooks." in words(rendered.html)
    assert "Who lost runway" not in rendered.html


@pytest.mark.parametrize(
    ("closings", "kinds", "heights"),
    [
        ((100, 50), ["bar", "bar"], [64, 32]),
        ((100, -100), ["bar", "low"], [32, -32]),
        ((-1, -64), ["low", "low"], [-2, -64]),
        ((0, 0), ["bar", "bar"], [2, 2]),
    ],
)
def test_bars_fall_to_red_below_the_reserve(
    closings: tuple[int, ...], kinds: list[str], heights: list[int]
) -> None:
    weeks = tuple(Week(CLIENT.as_of, cents) for cents in closings)
    drawn = bars(replace(CLIENT, weeks=weeks, reserve_cents=0))
    assert [bar.kind for bar in drawn] == kinds
    assert [bar.height for bar in drawn] == heights


def test_a_mail_needs_no_picture_and_no_style_sheet_to_be_read() -> None:
    for rendered in (render_practice(PRACTICE), render_client(CLIENT)):
        assert "<img" not in rendered.html
        assert "http" not in rendered.html
        assert len(rendered.html) < 100_000  # Gmail cuts longer ones off
        assert 'content="light dark"' in rendered.html


def test_a_day_of_another_year_is_shown_with_its_year() -> None:
    old = replace(CLIENT.pay_now[0], due=date(2025, 11, 29))
    rendered = render_client(replace(CLIENT, pay_now=(old, CLIENT.pay_now[1])))
    for seen in (words(rendered.html), rendered.text):
        assert "due Sat 29 Nov 2025" in seen, "without the year it reads as next week"
        assert "due Tue 24 Nov" in seen
        assert "24 Nov 2026" not in seen
    task = replace(PRACTICE.tasks[0], due=date(2025, 12, 1))
    practice = render_practice(replace(PRACTICE, tasks=(task,)))
    assert "Mon 1 Dec 2025" in words(practice.html)
    assert "due Mon 1 Dec 2025" in practice.text


def test_a_list_cut_short_in_plain_text_says_so() -> None:
    long = replace(
        PRACTICE, chase=PRACTICE.chase[:1] * 12, found=PRACTICE.found[:1] * 11, altered=PRACTICE.altered * 13
    )
    text = render_practice(long).text
    for line in ("and 2 more customers,", "and 1 more finding,", "and 3 more records,"):
        assert f"  {line} in the file attached\n" in text
    assert " more " not in render_practice(PRACTICE).text


def test_whom_to_chase_shows_the_money_the_list_is_ordered_by() -> None:
    rendered = render_practice(PRACTICE)
    for seen in (words(rendered.html), rendered.text):
        assert "by the money expected" in seen
        assert "$14,000.00" in seen
    assert "$15,200.00, 3 invoices, 62 days late, $14,000.00 expected, Tue 1 Dec" in rendered.text
    assert "£1,200.00, 1 invoice, 95 days late, not counted on" in rendered.text
    assert "promised for Wed 25 Nov" in rendered.text
