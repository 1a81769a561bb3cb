"""The server as a caller meets it: health, the sign-in, the return from Intuit, and the loopback route for commands."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE
from urllib.parse import urlencode, urlsplit

import pytest

from rowcol.web.remote import address_file
from tests.kits.servers.app import ROOT, ROWCOL, Server, free_port, serving

HOLD = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
PASSWORD = "correct horse battery"
Answer = tuple[int, dict[str, str], str]


def server_environment(folder: Path, **settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROWCOL_")}
    return inherited | {"ROWCOL_DATABASE": str(folder / "books.duckdb")} | settings


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("open")
    settings = {"ROWCOL_QBO_CLIENT_ID": "sandbox-client", "ROWCOL_QBO_CLIENT_SECRET": "sandbox-secret"}
    with serving(folder, server_environment(folder, **settings), free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def locked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("locked")
    with serving(folder, server_environment(folder, ROWCOL_PASSWORD=PASSWORD), free_port()) as server:
        yield server


def ask(server: Server, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
    address = urlsplit(server.url)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", address.port, timeout=20)) as connection:
        connection.request(method, path, body, {"Host": address.netloc, "Accept": "text/html"} | names)
        with connection.getresponse() as reply:
            named = {name.lower(): value for name, value in reply.getheaders()}
            return reply.status, named, reply.read().decode()


def sign_in(server: Server, password: str, after: str = "/") -> Answer:
    form = urlencode({"password": password, "next": after})
    return ask(server, "POST", "/login", form, Content_Type="application/x-www-form-urlencoded")


def upgrade(server: Server, **headers: str) -> int:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": server.url,
    }
    address = urlsplit(server.url)
    lines = {"Host": address.netloc, **handshake, **headers}
    with socket.create_connection(("127.0.0.1", address.port or 80), timeout=20) as wire:
        head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
        wire.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{head}\r\n".encode())
        return int(wire.recv(64).split()[1])


def test_health_is_answered_by_the_routes_of_app_py(open_server: Server) -> None:
    status, _, body = ask(open_server, "GET", "/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})


def test_webhooks_are_refused_until_they_can_be_verified(open_server: Server) -> None:
    assert ask(open_server, "POST", "/qbo/webhooks", "[]")[0] == 503


def test_connecting_leads_to_the_consent_page_with_a_state_made_for_that_click(open_server: Server) -> None:
    first, second = (ask(open_server, "GET", "/qbo/connect") for _ in range(2))
    assert first[0] == second[0] == 303
    assert first[1]["location"].startswith("https://appcenter.intuit.com/connect/oauth2?")
    assert first[1]["location"] != second[1]["location"]


def test_connecting_without_an_application_names_the_setting(locked_server: Server) -> None:
    cookie = sign_in(locked_server, PASSWORD)[1]["set-cookie"].partition(";")[0]
    status, _, body = ask(locked_server, "GET", "/qbo/connect", Cookie=cookie)
    assert status == 503
    assert "ROWCOL_QBO_CLIENT_ID" in body


def test_a_state_that_is_not_ours_is_a_clear_page(open_server: Server) -> None:
    status, headers, body = ask(
        open_server, "GET", "/qbo/callback?state=%3Cb%3Enot-ours&code=a-one-use-code&realmId=1"
    )
    assert status == 400
    assert "The company was not connected" in body
    assert "not asked for here" in body
    assert 'href="/connections"' in body
    assert "a-one-use-code" not in body
    assert "<b>" not in body
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_a_refusal_at_intuit_is_a_clear_page_and_uses_up_its_state(open_server: Server) -> None:
    location = ask(open_server, "GET", "/qbo/connect")[1]["location"]
    state = dict(part.split("=") for part in urlsplit(location).query.split("&"))["state"]
    status, _, body = ask(open_server, "GET", f"/qbo/callback?error=access_denied&state={state}")
    assert status == 400
    assert "refused on Intuit" in body
    again = ask(open_server, "GET", f"/qbo/callback?error=access_denied&state={state}")[2]
    assert "used already" in again


def test_without_a_password_only_this_machines_own_names_are_answered(open_server: Server) -> None:
    port = urlsplit(open_server.url).port
    assert ask(open_server, "GET", "/", Host=f"127.0.0.1:{port}")[0] == 200
    status, _, body = ask(open_server, "GET", "/", Host="books.example.com")
    assert status == 403
    assert "ROWCOL_PASSWORD" in body
    assert upgrade(open_server) == 101
    assert upgrade(open_server, Host="books.example.com", Origin="http://books.example.com") == 403


@pytest.mark.parametrize(
    "path", ["/", "/client", "/static/nothing.js", "/_stcore/host-config", "/qbo/connect"]
)
def test_with_a_password_nothing_answers_before_it_is_given(locked_server: Server, path: str) -> None:
    status, headers, _ = ask(locked_server, "GET", path)
    assert (status, headers["location"].partition("?")[0]) == (303, "/login")
    assert ask(locked_server, "GET", path, Accept="*/*")[0] == 401


def test_with_a_password_the_pages_socket_is_shut_too(locked_server: Server) -> None:
    assert upgrade(locked_server) == 403
    cookie = sign_in(locked_server, PASSWORD)[1]["set-cookie"].partition(";")[0]
    assert upgrade(locked_server, Cookie=cookie) == 101


def test_health_and_intuits_answer_need_no_password(locked_server: Server) -> None:
    assert ask(locked_server, "GET", "/healthz")[0] == 200
    assert ask(locked_server, "GET", "/qbo/callback?state=x")[0] == 400


def test_the_right_password_opens_the_requested_page(locked_server: Server) -> None:
    status, headers, _ = sign_in(locked_server, PASSWORD, "/client?client=b-1")
    assert (status, headers["location"]) == (303, "/client?client=b-1")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert PASSWORD not in cookie
    assert ask(locked_server, "GET", "/", Cookie=cookie.partition(";")[0])[0] == 200


def test_the_password_form_escapes_where_to_go_on(locked_server: Server) -> None:
    assert '"><script>' not in ask(locked_server, "GET", "/login?next=/%22%3E%3Cscript%3E")[2]


def test_guessing_is_slowed_even_for_the_right_password(locked_server: Server) -> None:
    for _ in range(5):
        status, headers, _ = sign_in(locked_server, "wrong")
    assert status == 429
    assert int(headers["retry-after"]) >= 1
    assert sign_in(locked_server, PASSWORD)[0] == 429


def test_an_open_bind_without_a_password_does_not_start(tmp_path: Path) -> None:
    flags = ["--server.address=0.0.0.0", f"--server.port={free_port()}"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags]
    environment = server_environment(tmp_path)
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert "without a password" in ended.stderr + ended.stdout


def route_of(server: Server) -> dict[str, object]:
    return json.loads(Path(server.environment["ROWCOL_DATABASE"] + ".road").read_text())


def test_a_command_runs_through_the_server_that_holds_the_database(open_server: Server) -> None:
    command = [ROWCOL, "report", "clients", "--format", "json"]
    done = subprocess.run(
        command, cwd=ROOT, env=open_server.environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_a_server_that_met_a_held_database_begins_its_work_once_it_is_free(tmp_path: Path) -> None:
    """A `rowcol sync` from cron held it at the server's start: no job ran and no command came through afterwards."""
    environment = server_environment(tmp_path)
    database = Path(environment["ROWCOL_DATABASE"])
    holder = subprocess.Popen([sys.executable, "-c", HOLD, database], stdin=PIPE, stdout=PIPE, text=True)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with serving(tmp_path, environment, free_port()) as server:
            assert f"held by process {holder.pid}" in server.log.read_text()
            assert not address_file(database).exists()
            holder.communicate("\n", timeout=20)
            deadline = time.monotonic() + 30
            while not address_file(database).exists():
                assert time.monotonic() < deadline
                time.sleep(0.1)
            health = [ROWCOL, "health", "--format", "json"]
            done = subprocess.run(
                health, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
            )
            assert json.loads(done.stdout)["scheduler"]["running"] is True
    finally:
        holder.kill()
        holder.wait()


def test_the_road_is_open_only_to_who_holds_the_token(open_server: Server) -> None:
    token = str(route_of(open_server)["token"])
    body = json.dumps({"argv": ["health", "--format", "json"]})
    assert ask(open_server, "POST", "/rowcol/cli", body)[0] == 404
    assert ask(open_server, "POST", "/rowcol/cli", body, X_RowCol_Token=token[:-1])[0] == 404
    status, _, answer = ask(open_server, "POST", "/rowcol/cli", body, X_RowCol_Token=token)
    assert (status, json.loads(answer)["code"]) == (200, 0)
    assert ask(open_server, "POST", "/rowcol/cli", '["health"]', X_RowCol_Token=token)[0] == 400
    assert ask(open_server, "POST", "/rowcol/cli", "{", X_RowCol_Token=token)[0] == 400
