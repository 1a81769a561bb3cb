"""The loopback road: a command that meets the lock hands itself to the server that holds it."""

import http.client
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rowcol.cli.backup import passphrase
from rowcol.cli.output import Console
from rowcol.errors import SettingsError
from rowcol.settings import load_settings

HEADER = "X-RowCol-Token"
PATH = "/rowcol/cli"
PATIENCE_SECONDS = 3600.0
SUFFIX = ".road"


def road_file(database: Path) -> Path:
    """Return where a server leaves its address and token, for this user alone."""
    return database.with_name(database.name + SUFFIX)


def open_road(database: Path, port: int, token: str) -> None:
    """Leave the server's port and token in a 0600 file beside the database."""
    path = road_file(database)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"port": port, "token": token}, out)


def close_road(database: Path) -> None:
    """Take the road away when the server stops."""
    road_file(database).unlink(missing_ok=True)


def through_the_server(words: Sequence[str], console: Console) -> int | None:
    """Run a command in the running server and print what it prints; None where there is no road."""
    answer = _ask(words)
    if answer is None:
        return None
    console.out.write(answer.get("stdout", ""))
    console.err.write(answer.get("stderr", ""))
    return int(answer["code"])


def _ask(words: Sequence[str]) -> dict[str, Any] | None:
    try:
        settings = load_settings()
        road = json.loads(road_file(settings.database).read_text(encoding="utf-8"))
        order: dict[str, Any] = {"argv": list(words), "folder": str(Path.cwd())}
        if words[:1] == ["backup"]:
            order["passphrase"] = passphrase(settings, twice=True)
        server = http.client.HTTPConnection("127.0.0.1", int(road["port"]), timeout=PATIENCE_SECONDS)
        headers = {HEADER: road["token"], "Content-Type": "application/json"}
        server.request("POST", PATH, json.dumps(order), headers)
        reply = server.getresponse()
        answer = json.loads(reply.read())
    except (OSError, ValueError, KeyError, http.client.HTTPException, SettingsError):
        return None
    return answer if reply.status == 200 and "code" in answer else None
