"""The session cookie, the password and its delays, and the addresses that count as this machine."""

import pytest
from itsdangerous.encoding import base64_decode, base64_encode, bytes_to_int, int_to_bytes

from rowcol.errors import SettingsError
from rowcol.web.auth import (
    FREE_FAILURES,
    SESSION_SECONDS,
    Attempts,
    Sessions,
    is_loopback,
    local_path,
    same_secret,
)
from rowcol.web.server import refuse_open_bind


def timestamp_of(text: str) -> int:
    """Return the seconds in a cookie's middle part."""
    return bytes_to_int(base64_decode(text))


def text_of(seconds: int) -> str:
    return base64_encode(int_to_bytes(seconds)).decode()


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_session_is_ours_until_it_ends() -> None:
    watch = Watch()
    sessions = Sessions(watch)
    cookie = sessions.issue()
    assert sessions.valid(cookie)
    watch.at += SESSION_SECONDS - 1
    assert sessions.valid(cookie)
    watch.at += 1
    assert not sessions.valid(cookie)


@pytest.mark.parametrize("forged", ["", ".", "99999999999.", "99999999999.0000", "é.é", "1e9.x"])
def test_a_forged_session_is_refused(forged: str) -> None:
    assert not Sessions().valid(forged)


def test_a_session_of_another_process_is_refused() -> None:
    assert not Sessions().valid(Sessions().issue())


def test_a_longer_life_cannot_be_written_into_a_session() -> None:
    sessions = Sessions()
    value, issued_at, signature = sessions.issue().split(".")
    assert sessions.valid(f"{value}.{issued_at}.{signature}")
    later = timestamp_of(issued_at) + 1
    assert not sessions.valid(f"{value}.{text_of(later)}.{signature}")


def test_wrong_passwords_wait_longer_each_time_up_to_a_minute() -> None:
    watch = Watch()
    attempts = Attempts(watch)
    waits = []
    for _ in range(FREE_FAILURES + 8):
        attempts.failed("203.0.113.9")
        waits.append(attempts.wait("203.0.113.9"))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert attempts.wait("198.51.100.1") == 0
    watch.at += 60
    assert attempts.wait("203.0.113.9") == 0


def test_the_right_password_forgets_the_failures() -> None:
    attempts = Attempts(Watch())
    for _ in range(9):
        attempts.failed("here")
    attempts.succeeded("here")
    attempts.failed("here")
    assert attempts.wait("here") == 0


def test_secrets_are_compared_whole() -> None:
    assert same_secret("pässword", "pässword")
    assert not same_secret("password", "passwor")
    assert not same_secret("", "password")


@pytest.mark.parametrize(
    "after", ["https://evil.example", "//evil.example", "/\\evil", "/login?next=/", "x", "/a\nb"]
)
def test_signing_in_never_leads_elsewhere(after: str) -> None:
    assert local_path(after) == "/"


def test_signing_in_leads_back_to_the_requested_page() -> None:
    assert local_path("/client?client=b-1") == "/client?client=b-1"


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.8.8", True), ("10.0.0.5", False), ("", False),
     (None, False), ("192.168.1.4", False), ("books.example", False)],
)  # fmt: skip
def test_only_this_machine_is_loopback(address: str | None, here: bool) -> None:
    assert is_loopback(address) is here


def test_listening_beyond_this_machine_needs_a_password() -> None:
    refuse_open_bind("127.0.0.1", None)
    refuse_open_bind("10.0.0.5", "secret")
    with pytest.raises(SettingsError, match=r"listen on 10\.0\.0\.5 without a password"):
        refuse_open_bind("10.0.0.5", None)
    with pytest.raises(SettingsError, match="every address"):
        refuse_open_bind(None, None)
