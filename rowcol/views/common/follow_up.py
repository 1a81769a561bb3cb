"""Questions and tasks of one client or of all, with the names and links a page or a digest shows beside them."""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.follow_up import answered_questions, done_tasks, open_questions, open_tasks
from rowcol.gateways.client_books import ClientBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.links import record_url


@dataclass(frozen=True)
class FollowUpView:
    """What is open between advisor and client, and what was closed.

    All have client, realm_id and url (opens the record in QuickBooks, None if there is none) beside their own:
    `questions` and `answered` those of `QUESTION_COLUMNS`; `tasks` and `done` those of `TASK_COLUMNS`, `tasks` also
    `overdue` (bool). Open ones the oldest first, closed ones the newest first.
    """

    as_of: date
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
    clients = books.clients[["business_id", "name", "realm_id", "as_of"]]
    clients = clients.set_axis(["business_id", "client", "realm_id", "today"], axis=1)
    questions, tasks = gateway.records.questions(known_at), gateway.records.tasks(known_at)
    return follow_up(
        questions, tasks, clients, gateway.link_host, books.moment.as_of or gateway.today(), books.known_at
    )


def follow_up(
    questions: pd.DataFrame,
    tasks: pd.DataFrame,
    clients: pd.DataFrame,
    link_host: str,
    as_of: date,
    known_at: datetime,
) -> FollowUpView:
    """Return the questions and tasks of `clients`: business_id, client (name), realm_id, today (its own day)."""

    def with_links(rows: pd.DataFrame) -> pd.DataFrame:
        merged = rows.merge(clients, on="business_id", how="inner")
        records = merged[["realm_id", "entity", "qbo_id"]].itertuples(index=False, name=None)
        urls = [
            record_url(link_host, realm, entity or None, qbo_id or None) for realm, entity, qbo_id in records
        ]
        return merged.assign(url=pd.Series(urls, index=merged.index, dtype="object"))

    open_now = with_links(open_tasks(tasks, as_of))
    open_now["overdue"] = open_now["due"] < open_now["today"]
    return FollowUpView(
        as_of,
        known_at,
        with_links(open_questions(questions)).drop(columns="today"),
        with_links(answered_questions(questions)).drop(columns="today"),
        open_now.drop(columns="today"),
        with_links(done_tasks(tasks)).drop(columns="today"),
    )
