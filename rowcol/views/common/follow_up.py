"""Questions and tasks of one client or of all, with the names and links a page or a digest shows beside them."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.follow_up import answered_questions, done_tasks, open_questions, open_tasks
from rowcol.gateways.client_books import ClientBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import as_dates
from rowcol.views.common.links import record_url


@dataclass(frozen=True)
class FollowUpView:
    """What is open between advisor and client, and what was closed.

    All have client, realm_id, url (opens the record in QuickBooks, None if there is none), as_of (the client's own day)
    and reconstructed beside their own:
    `questions` and `answered` those of `QUESTION_COLUMNS`; `tasks` and `done` those of `TASK_COLUMNS`, `tasks` also
    `overdue` (bool: due before the client's own day). Open ones the oldest first, closed ones the newest first. `days` are
    the as-of days of the clients.
    """

    days: tuple[date, ...]
    known_at: datetime
    questions: pd.DataFrame
    answered: pd.DataFrame
    tasks: pd.DataFrame
    done: pd.DataFrame


def follow_up_view(
    gateway: QuickBooksGateway, business_id: str | None = None, moment: Moment = NOW
) -> FollowUpView:
    """Return the questions and tasks of one client, or of all that are connected (None). Raises UnknownClient.

    A task is overdue by its client's own day.
    """
    with gateway.open(None if business_id is None else (business_id,), moment) as books:
        return follow_up_of(gateway, books)


def follow_up_of(gateway: QuickBooksGateway, books: ClientBooks) -> FollowUpView:
    """Return the questions and tasks of the clients whose books are open."""
    known_at = books.moment.known_at
    clients = books.clients[["business_id", "name", "realm_id", "as_of", "reconstructed"]]
    clients = clients.rename(columns={"name": "client"})
    questions, tasks = gateway.records.questions(known_at), gateway.records.tasks(known_at)
    return follow_up(questions, tasks, clients, gateway.link_host, books.known_at)


def follow_up(
    questions: pd.DataFrame,
    tasks: pd.DataFrame,
    clients: pd.DataFrame,
    link_host: str,
    known_at: datetime,
) -> FollowUpView:
    """Return the questions and tasks of `clients`: business_id, client (name), realm_id, as_of, reconstructed."""

    def with_links(rows: pd.DataFrame) -> pd.DataFrame:
        merged = rows.merge(clients, on="business_id", how="inner")
        records = merged[["realm_id", "entity", "qbo_id"]].itertuples(index=False, name=None)
        urls = [
            record_url(link_host, realm, entity or None, qbo_id or None) for realm, entity, qbo_id in records
        ]
        return merged.assign(url=pd.Series(urls, index=merged.index, dtype="object"))

    open_now = with_links(open_tasks(tasks))
    open_now["overdue"] = open_now["due"] < open_now["as_of"]
    frames = (
        with_links(open_questions(questions)), with_links(answered_questions(questions)), open_now,
        with_links(done_tasks(tasks)),
    )  # fmt: skip
    days = tuple(sorted(set(as_dates(clients["as_of"]))))
    return FollowUpView(days, known_at, *(rows.assign(as_of=as_dates(rows["as_of"])) for rows in frames))
