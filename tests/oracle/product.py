"""Run companies through the product: one sandbox, one database, its command line. No code of the product is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import requests

from tests.oracle.books import Json, Settings

CALLBACK = "http://127.0.0.1/callback"
CLIENT = ("sandbox-client", "sandbox-secret")
ROWCOL = str(Path(sys.executable).parent / "rowcol")


class CommandError(RuntimeError):
    """A command of the product ended with an error."""


@dataclass(frozen=True)
class Product:
    """A database with its companies, and the sandbox they come from."""

    address: str
    environment: dict[str, str]
    failures: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> str:
        """Run one command and return what it prints; raise if it fails."""
        done = subprocess.run([ROWCOL, *words], env=self.environment, capture_output=True, text=True)
        if done.returncode not in (0, 1) or "Traceback" in done.stderr:
            raise CommandError(f"rowcol {' '.join(words)}: {done.stderr.strip()[-600:]}")
        return done.stdout

    def report(self, name: str, t: date | None = None, realm: str | None = None) -> list[Json]:
        """Return the rows of a report, of one company or all; `detail` is the forecast's."""
        words = ["forecast", "--detail"] if name == "detail" else [name]
        words += ["--client", realm] if realm else []
        words += ["--as-of", t.isoformat()] if t else []
        found: list[Json] = json.loads(self.run("report", *words, "--format", "json"))
        return found

    def synchronise(self, realms: list[str]) -> None:
        """Refresh every company; if that fails, each for itself, and keep what failed in `failures`."""
        try:
            self.run("sync")
        except CommandError:
            for realm in realms:
                try:
                    self.run("sync", "--client", realm)
                except CommandError as failure:
                    self.failures[realm] = str(failure)

    def connect(self, realm: str, settings: Settings) -> None:
        """Connect a company and set what the oracle assumes of it."""
        self.run("connect", "--realm", realm, "--refresh-token", refresh_token(self.address, realm))
        words = ["--reserve", f"{settings.reserve / 100:.2f}", "--pay-day", str(settings.pay_day)]
        for account in sorted(settings.excluded):
            words += ["--exclude-account", account]
        if settings != Settings():
            self.run("client", "set", "--client", realm, *words)


def refresh_token(address: str, realm: str) -> str:
    """Allow the application at the sandbox's consent page and return a refresh token."""
    form = {
        "client_id": CLIENT[0],
        "redirect_uri": CALLBACK,
        "state": "s",
        "realm": realm,
        "decision": "allow",
    }
    answer = requests.post(f"{address}/connect/oauth2", data=form, allow_redirects=False, timeout=60)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    token = requests.post(f"{address}/oauth2/v1/tokens/bearer", data=form, auth=CLIENT, timeout=60)
    return str(token.json()["refresh_token"])


@contextmanager
def sandbox(files: list[Path], port: int) -> Iterator[str]:
    """Serve company files; yield the address."""
    words = [ROWCOL, "sandbox", "--port", str(port)]
    for file in files:
        words += ["--company", str(file)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        first = process.stdout.readline() if process.stdout else ""
        if "listening on" not in first:
            raise RuntimeError("the sandbox did not start")
        yield first.split()[-1]
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def serve(companies: list[tuple[Json, Settings]], folder: Path, port: int) -> Iterator[Product]:
    """Yield the product with these companies connected and synchronised; its files are in `folder`."""
    files = []
    for company, _ in companies:
        files.append(folder / f"{company['realm']}.json")
        files[-1].write_text(json.dumps(company))
    with sandbox(files, port) as address:
        product = Product(address, environment(address, folder))
        for company, settings in companies:
            product.connect(company["realm"], settings)
        product.synchronise([company["realm"] for company, _ in companies])
        yield product


def environment(address: str, folder: Path) -> dict[str, str]:
    """Return the settings that point the product at the sandbox."""
    paths = {
        "AUTHORIZE": "/connect/oauth2",
        "TOKEN": "/oauth2/v1/tokens/bearer",
        "REVOKE": "/v2/oauth2/tokens/revoke",
    }
    found: dict[str, Any] = {f"ROWCOL_QBO_{name}_URL": address + path for name, path in paths.items()}
    found |= {"ROWCOL_QBO_API_URL": address, "ROWCOL_DATABASE": str(folder / "rowcol.duckdb")}
    found |= {"ROWCOL_QBO_CLIENT_ID": CLIENT[0], "ROWCOL_QBO_CLIENT_SECRET": CLIENT[1]}
    return {**os.environ, **found}
