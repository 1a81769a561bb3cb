"""The server's own routes beside Streamlit's pages, and the lifespan that starts and stops the jobs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rowcol import wiring
from rowcol.errors import RowColError, SettingsError, StoreLocked
from rowcol.qbo.webhooks import MAX_BYTES, SIGNATURE_HEADER
from rowcol.ui.kit.states import CONNECT_PATH
from rowcol.ui.state import views
from rowcol.ui.state.access import services
from rowcol.web import auth, remote
from rowcol.web.notices import notice

SHELL = Path(__file__).parents[1] / "ui" / "shell.py"
LOCKED_RETRY_SECONDS = 3.0
"""The time between two attempts to open a database that another process holds."""
_LOG = logging.getLogger(__name__)


async def healthz(_: Request) -> Response:
    """Answer that the server runs, with nothing about the books."""
    return JSONResponse({"status": "ok"})


async def connect(_: Request) -> Response:
    """Redirect the advisor to Intuit's consent page, with a new one-use state."""
    try:
        address = await run_in_threadpool(lambda: services().consent_url())
    except RowColError as error:
        return _refused(error)
    return RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


async def callback(request: Request) -> Response:
    """Connect the company that Intuit sends back, and show which one it is or why none is connected."""
    params = dict(request.query_params)
    try:
        name = await run_in_threadpool(lambda: services().complete_consent(params))
    except RowColError as error:
        return _refused(error)
    views.forget_views()
    return notice(
        f"{name} is connected",
        "RowCol may read this company's books now, and has begun to: its figures appear within a minute or so.",
        link="/",
        link_text="Open the dashboard",
    )


def _refused(error: RowColError) -> Response:
    status = 503 if isinstance(error, SettingsError) else 400
    hint = f"{error.hint.rstrip('.')}." if error.hint else ""
    return notice(error.title, error.message, hint, "/connections", "Back to Connections", status)


async def webhooks(request: Request) -> Response:
    """Record which entities Intuit says have changed, to be read later: 200, or 401 if the signature is not Intuit's.

    503 without ROWCOL_QBO_WEBHOOK_TOKEN, 413 if the body is larger than any of Intuit's.
    """
    body = await _bounded(request, MAX_BYTES)
    if body is None:
        return JSONResponse({"error": "the body is too large"}, 413)
    signature = request.headers.get(SIGNATURE_HEADER, "")
    try:
        accepted = await run_in_threadpool(lambda: wiring.services().take_webhook(body, signature))
    except RowColError as error:
        return JSONResponse({"error": error.line()}, 503)
    return (
        Response(status_code=200) if accepted else JSONResponse({"error": "the signature does not fit"}, 401)
    )


async def _bounded(request: Request, most: int) -> bytes | None:
    """Return a request's body, None if it is longer than `most` bytes; no more than that is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def refuse_open_bind(address: str | None, password: str | None) -> None:
    """Raise SettingsError if the server would listen beyond this machine without a password."""
    if not auth.is_loopback(address) and not password:
        raise SettingsError(
            f"RowCol would listen on {address or 'every address'} without a password",
            "Set ROWCOL_PASSWORD, or bind to 127.0.0.1",
        )


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the jobs with the server and stop them with it.

    Raises SettingsError on an open bind without a password. If the database cannot be used the server still
    runs, and each page says why and what to do; a database that another process holds is tried again.
    """
    refuse_open_bind(st.get_option("server.address"), auth.password())
    started: list[wiring.Services] = []
    locked = await _start(started, logging.ERROR)
    waiting = asyncio.create_task(_start_when_unlocked(started)) if locked else None
    try:
        yield {}
    finally:
        if waiting is not None:
            waiting.cancel()
        for services in started:
            remote.remove_address(services.settings.database)
            await asyncio.to_thread(services.stop)


async def _start(started: list[wiring.Services], level: int) -> bool:
    """Start the jobs and write the address for the command line; return whether another process holds the database."""
    try:
        services = await asyncio.to_thread(wiring.services)
    except RowColError as error:
        _LOG.log(level, "%s: %s", error.title, error.line())
        return isinstance(error, StoreLocked)
    started.append(services)
    await asyncio.to_thread(services.runner.start)
    remote.write_address(services.settings.database, int(st.get_option("server.port")), services.cli_token)
    return False


async def _start_when_unlocked(started: list[wiring.Services]) -> None:
    locked = True
    while locked:  # by a `rowcol sync` from cron, say: when it ends, the schedule must run
        await asyncio.sleep(LOCKED_RETRY_SECONDS)
        locked = await _start(started, logging.DEBUG)


def routes(run_command: remote.RunCommand) -> list[Route]:
    """Return the server's routes; `run_command` runs the command line's commands that are sent to this process."""
    return [*_ROUTES, remote.route(run_command)]


_ROUTES = [
    Route("/healthz", healthz, methods=["GET"]),
    Route(CONNECT_PATH, connect, methods=["GET"]),
    Route("/qbo/callback", callback, methods=["GET"]),
    Route("/qbo/webhooks", webhooks, methods=["POST"]),
    Route("/login", auth.login_form, methods=["GET"]),
    Route("/login", auth.log_in, methods=["POST"]),
]
MIDDLEWARE = [Middleware(auth.AuthMiddleware)]
LIFESPAN = lifespan
