"""Run a command that meets the lock on the database inside the server that holds it."""

import http.client
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rowcol.cli.backup import passphrase
from rowcol.cli.output import Console
from rowcol.errors import SettingsError
from rowcol.settings import load_settings
from rowcol.web.remote import HEADER, PATH, read_address

TIMEOUT_SECONDS = 3600.0


def run_in_server(words: Sequence[str], console: Console) -> int | None:
    """Run a command in the running server and print what it prints; None if no server runs."""
    answer = _send(words)
    if answer is None:
        return None
    console.out.write(answer.get("stdout", ""))
    console.err.write(answer.get("stderr", ""))
    return int(answer["code"])


def _send(words: Sequence[str]) -> dict[str, Any] | None:
    try:
        settings = load_settings()
        port, token = read_address(settings.database)
        body: dict[str, Any] = {"argv": list(words), "folder": str(Path.cwd())}
        if words[:1] == ["backup"]:
            body["passphrase"] = passphrase(settings, twice=True)
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        headers = {HEADER: token, "Content-Type": "application/json"}
        server.request("POST", PATH, json.dumps(body), headers)
        reply = server.getresponse()
        answer = json.loads(reply.read())
    except (OSError, ValueError, KeyError, http.client.HTTPException, SettingsError):
        return None
    return answer if reply.status == 200 and "code" in answer else None
