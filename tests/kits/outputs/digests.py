"""What the practice's digest and the clients' letters say, as figures: what they hold, and what is printed of it."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from rowcol.delivery.render import RenderedDigest
from rowcol.views.digest.records import ClientDigest, PracticeDigest
from rowcol.wiring import Services
from tests.kits.outputs.pages import Figures
from tests.kits.outputs.printed import (
    AMOUNT,
    amounts_in,
    cells_of,
    cents_of,
    count_of,
    day_of,
    read_csv,
    rows_of,
    strings_in,
)


def digests(services: Services, as_of: date | None) -> dict[str, Figures]:
    """Return the practice's digest and the clients' letters: what they hold, and what mail, text and file print of it."""
    made = services.digests
    rendered = made.all_rendered(made.inputs(None, as_of, services.now()))
    said: dict[str, Figures] = defaultdict(dict)
    by_name = {name: client for client, name in services.clients.names().items()}
    for mail in rendered:
        digest = mail.digest
        assert_no_other_amount(mail)
        if isinstance(digest, PracticeDigest):
            said["practice's digest"] = practice_figures(digest, by_name)
            said["practice's file"] = practice_file(mail, by_name)
            said["practice's text"] = practice_text(mail.text, by_name)
            said["practice's mail"] = practice_mail(mail.html, by_name)
        else:
            said["letter"] |= letter_figures(digest)
            said["letter's file"] |= letter_file(mail, digest.business_id)
            for form, text in (
                ("text", mail.text),
                ("mail", " ".join(" ".join(cells_of(mail.html)).split())),
            ):
                said[f"letter's {form}"] |= letter_text(text, digest)
    return dict(said)


def practice_figures(digest: PracticeDigest, by_name: Mapping[str, str]) -> Figures:
    """Return what the practice's digest holds."""
    figures: Figures = {}
    for line in digest.lines:
        client = line.business_id
        figures |= {
            (client, "cash_cents"): line.cash_cents, (client, "buffer_days"): line.buffer_days,
            (client, "net_burn_runway_days"): line.runway_days, (client, "cash_out_date"): line.cash_out_on,
            (client, "status"): line.status, (client, "as_of"): line.as_of, (client, "reconstructed"): line.reconstructed,
        }  # fmt: skip
    for bills in digest.to_decide:
        client = bills.line.business_id
        figures[client, "due_cents"], figures[client, "safe_cents"] = bills.due_cents, bills.safe_cents
    owed: dict[str, int] = dict.fromkeys(by_name.values(), 0)
    for debtor in digest.chase:
        client = by_name[debtor.client]
        figures[client, ("owes", debtor.customer)] = debtor.owed_cents
        owed[client] += debtor.owed_cents
    return figures | {(client, "invoice_cents"): cents for client, cents in owed.items()}


def practice_file(mail: RenderedDigest, by_name: Mapping[str, str]) -> Figures:
    """Return what the practice's file says."""
    figures: Figures = {}
    names = {"due": "due_cents", "safe to pay": "safe_cents"}
    for row in read_csv(mail.csv):
        client = by_name[row["client"]]
        figures[client, "as_of"] = day_of(row["as_of"])
        figures[client, "reconstructed"] = row["reconstructed"] == "yes"
        if row["section"] == "client":
            figures[client, "cash_cents"], figures[client, "status"] = cents_of(row["amount"]), row["what"]
            figures[client, "buffer_days"] = int(row["days"]) if row["days"] else None
            figures[client, "cash_out_date"] = day_of(row["date"])
        elif row["section"] == "bills due" and row["what"] in names:
            figures[client, names[row["what"]]] = cents_of(row["amount"])
        elif row["section"] == "chase":
            figures[client, ("owes", row["party"])] = cents_of(row["amount"])
    return figures


def practice_text(text: str, by_name: Mapping[str, str]) -> Figures:
    """Return what the list of every client in the practice's text says."""
    figures: Figures = {}
    pattern = re.compile(
        r"as of (\d+ \w+)(, reconstructed)?: \S (\w+).*; cash (\S+), cash buffer (.+), cash-out"
    )
    lines = text.partition("EVERY CLIENT")[2].splitlines()
    for name, client in by_name.items():
        (line,) = (line.strip() for line in lines if line.strip().startswith(f"{name}, as of"))
        found = pattern.search(line)
        assert found is not None, line
        day, rolled_back, status, cash, buffer = found.groups()
        figures[client, "as_of, in words"] = day
        figures[client, "reconstructed"], figures[client, "status"] = rolled_back is not None, status.lower()
        figures[client, "cash_cents"], figures[client, "buffer_days"] = (
            cents_of(cash),
            count_of(buffer),
        )
    return figures


def practice_mail(html: str, by_name: Mapping[str, str]) -> Figures:
    """Return what the table of every client in the practice's mail says."""
    figures: Figures = {}
    rows = rows_of(html)
    start = next(place for place, row in enumerate(rows) if row[:2] == ["Client", "As of"])
    for row in rows[start + 1 : start + 1 + len(by_name)]:
        (name,) = (name for name in by_name if row[0].startswith(name))
        client = by_name[name]
        figures[client, "as_of, in words"] = row[1]
        figures[client, "cash_cents"] = cents_of(AMOUNT.findall(row[2])[0])
        figures[client, "buffer_days"] = count_of(row[3])
        figures[client, "reconstructed"] = "reconstructed" in row[0]
    return figures


def letter_figures(digest: ClientDigest) -> Figures:
    """Return what a client's letter holds."""
    client = digest.business_id
    bills = (*digest.pay_now, *digest.can_wait)
    return {
        (client, "cash_cents"): digest.cash_cents, (client, "buffer_days"): digest.buffer_days,
        (client, "cash_out_date"): digest.tight_on, (client, "as_of"): digest.as_of,
        (client, "reconstructed"): digest.reconstructed, (client, "invoice_cents"): digest.chase_cents,
        (client, "weeks"): tuple(week.closing_cents for week in digest.weeks),
        (client, "due_cents"): sum(bill.amount_cents for bill in bills),
        (client, "safe_cents"): sum(bill.amount_cents for bill in digest.pay_now),
        **{(client, ("owes", debtor.customer)): debtor.amount_cents for debtor in digest.chase},
    }  # fmt: skip


def letter_file(mail: RenderedDigest, client: str) -> Figures:
    """Return what a letter's file says."""
    rows = list(read_csv(mail.csv))
    figures: Figures = {}
    for row in rows:
        figures[client, "as_of"] = day_of(row["as_of"])
        figures[client, "reconstructed"] = row["reconstructed"] == "yes"
        if row["what"] == "in the books":
            figures[client, "cash_cents"] = cents_of(row["amount"])
            figures[client, "buffer_days"] = int(row["days"]) if row["days"] else None
        elif row["what"] == "reserve":
            figures[client, "cash_out_date"] = day_of(row["date"])
        elif row["section"] == "chase":
            figures[client, ("owes", row["party"])] = cents_of(row["amount"])
    amounts = {
        section: [cents_of(row["amount"]) for row in rows if row["section"] == section]
        for section in ("forecast", "pay this week", "can wait")
    }
    figures[client, "weeks"] = tuple(amounts["forecast"])
    figures[client, "safe_cents"] = sum(amounts["pay this week"])
    figures[client, "due_cents"] = sum(amounts["pay this week"]) + sum(amounts["can wait"])
    return figures


def letter_text(text: str, digest: ClientDigest) -> Figures:
    """Return what a letter says as text, or its mail without its tags."""
    client = digest.business_id
    cash = re.search(rf"Cash in your books:? ({AMOUNT.pattern})", text)
    lasts = re.search(r"It lasts:? ([\d,]+) days", text)
    late = re.search(rf"({AMOUNT.pattern}) is late", text)
    assert cash is not None
    figures: Figures = {(client, "cash_cents"): cents_of(cash[1])}
    figures[client, "invoice_cents"] = cents_of(late[1]) if late else 0
    figures[client, "buffer_days"] = count_of(lasts[1]) if lasts else None
    as_of = re.search(r"As of \w+ (\d+ \w+) \d+(, reconstructed)?, as the books were known on", text)
    assert as_of is not None
    figures[client, "as_of, in words"], figures[client, "reconstructed"] = as_of[1], as_of[2] is not None
    return figures


def assert_no_other_amount(mail: RenderedDigest) -> None:
    """Raise AssertionError if mail or text print an amount that the digest does not hold."""
    held = set(amounts_in(json.loads(mail.figures)))
    if isinstance(mail.digest, ClientDigest):
        digest = mail.digest
        held |= {sum(bill.amount_cents for bill in bills) for bills in (digest.pay_now, digest.can_wait)}
        held.add(digest.cash_cents - (digest.cash_then_cents or 0))
    else:
        held |= {line.cash_cents - (line.cash_then_cents or 0) for line in mail.digest.lines}
        held |= {score.off_cents for score in mail.digest.scored}
    sizes = {abs(cents) for cents in held}
    words = [text for text in strings_in(json.loads(mail.figures)) if AMOUNT.search(text)]
    for text in (mail.text, " ".join(cells_of(mail.html))):
        for quoted in words:  # a finding's message, a note: words from elsewhere
            text = text.replace(" ".join(quoted.split()), "")  # noqa: PLW2901 - less each time
        other = {amount for amount in AMOUNT.findall(text) if abs(cents_of(amount)) not in sizes}
        assert not other, other
