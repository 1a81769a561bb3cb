"""The loopback route: a command that meets the lock on the database runs inside the server that holds it.

The server leaves its port and a token in a 0600 file beside the database, so that only the same user on the same
machine can use the route.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rowcol import wiring
from rowcol.errors import RowColError
from rowcol.web import auth

HEADER = "X-RowCol-Token"
PATH = "/rowcol/cli"
SUFFIX = ".road"


@dataclass(frozen=True)
class RemoteCommand:
    """A command sent to the running server: its words, the caller's folder, and a passphrase if it needs one."""

    words: Sequence[str]
    folder: str
    passphrase: str | None = None


RunCommand = Callable[[RemoteCommand, wiring.Services], dict[str, int | str]]


def address_file(database: Path) -> Path:
    """Return where a server leaves its port and token, readable by this user alone."""
    return database.with_name(database.name + SUFFIX)


def write_address(database: Path, port: int, token: str) -> None:
    """Write the server's port and token to a new 0600 file beside the database."""
    path = address_file(database)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"port": port, "token": token}, out)


def read_address(database: Path) -> tuple[int, str]:
    """Return the running server's port and token. Raises OSError, ValueError and KeyError if there is none."""
    address = json.loads(address_file(database).read_text(encoding="utf-8"))
    return int(address["port"]), address["token"]


def remove_address(database: Path) -> None:
    """Remove the file when the server stops."""
    address_file(database).unlink(missing_ok=True)


def route(run: RunCommand) -> Route:
    """Return the route that runs a command with `run`; body `{"argv": [...], "folder": "..."}`.

    Answers `{"code", "stdout", "stderr"}` to a caller on this machine who has the token, 404 to any other.
    """

    async def command(request: Request) -> Response:
        caller = request.client.host if request.client else None
        token = request.headers.get(HEADER, "")
        try:
            services = await run_in_threadpool(wiring.services)
        except RowColError as error:
            return JSONResponse({"error": error.line()}, 503)
        if not (auth.is_loopback(caller) and token and auth.same_secret(token, services.cli_token)):
            return JSONResponse({"error": "not found"}, 404)
        remote_command = await _parsed(request)
        if remote_command is None:
            return JSONResponse({"error": "a JSON object with a list of words, argv, is needed"}, 400)
        return JSONResponse(await run_in_threadpool(run, remote_command, services))

    return Route(PATH, command, methods=["POST"])


async def _parsed(request: Request) -> RemoteCommand | None:
    try:
        body: Any = await request.json()
        argv = body["argv"]
        good = isinstance(argv, list) and all(isinstance(word, str) for word in argv)
        return RemoteCommand(argv, str(body.get("folder", "")), body.get("passphrase")) if good else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
