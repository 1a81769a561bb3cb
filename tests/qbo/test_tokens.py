"""Tokens: one refresh at a time, what came back stored before it is used, and when a link is really dead."""

import socket
import threading
from datetime import timedelta

import pytest

from rowcol.errors import GrantDead, StoreFull, Throttled, Unavailable
from rowcol.qbo.oauth import FAILURE_BUDGET, READ_SECONDS, AuthorizationServer, Grant
from rowcol.qbo.tokens import Tokens
from tests.kits.clock import NOON
from tests.kits.servers.scripted import REALM, MemoryBook, answer, grant, raw

DEAD = answer({"error": "invalid_grant"}, 400)


def issued(number: int, **more):
    body = {"token_type": "bearer", "access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
    return answer({**body, "expires_in": 3600, "x_refresh_token_expires_in": 8726400, **more})


def at_once(count: int, work) -> list[str]:
    """Return what `count` threads got from the same work, begun together."""
    together = threading.Barrier(count)
    got: list[str] = []

    def run() -> None:
        together.wait()
        got.append(work())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_a_token_with_time_left_is_used_without_asking(authority, scripted, time_):
    tokens = Tokens(authority, MemoryBook(grant(minutes=5.1)), time_)
    assert tokens.access_token(REALM) == "access-1"
    assert scripted.seen == []


def test_a_token_is_read_from_the_book_once_and_again_when_it_is_refused(authority, scripted, time_):
    book = MemoryBook(grant())
    tokens = Tokens(authority, book, time_)
    assert [tokens.access_token(REALM) for _ in range(3)] == ["access-1"] * 3
    book.grants[REALM] = grant("access-9")
    assert tokens.access_token(REALM) == "access-1"
    assert tokens.refreshed(REALM, "access-1") == "access-9"
    assert tokens.access_token(REALM) == "access-9"
    del book.grants[REALM]
    with pytest.raises(GrantDead, match="not connected"):
        tokens.refreshed(REALM, "access-9")
    assert scripted.seen == []


def test_a_revoked_grant_s_token_is_not_given_out_from_memory(authority, scripted, time_):
    book = MemoryBook(grant())
    tokens = Tokens(authority, book, time_)
    tokens.access_token(REALM)
    scripted.answers(answer(b""))
    tokens.revoke(REALM)
    del book.grants[REALM]
    with pytest.raises(GrantDead, match="not connected"):
        tokens.access_token(REALM)


def test_a_token_within_five_minutes_of_its_end_is_refreshed(authority, scripted, time_):
    book = MemoryBook(grant(minutes=5))
    scripted.answers(issued(2))
    assert Tokens(authority, book, time_).access_token(REALM) == "access-2"
    assert scripted.seen[0].body == b"grant_type=refresh_token&refresh_token=refresh-1"
    assert book.grants[REALM] == Grant(
        REALM, "access-2", NOON + timedelta(hours=1), "refresh-2", NOON + timedelta(days=101)
    )


def test_a_token_that_lives_two_minutes_is_not_refreshed_at_every_call(authority, scripted, time_):
    tokens = Tokens(authority, MemoryBook(grant(minutes=0)), time_)
    scripted.answers(issued(2, expires_in=120))
    scripted.then = DEAD
    assert [tokens.access_token(REALM) for _ in range(3)] == ["access-2"] * 3
    assert len(scripted.seen) == 1


def test_eight_threads_with_an_expired_token_refresh_once(authority, scripted, time_):
    tokens = Tokens(authority, MemoryBook(grant(minutes=0)), time_)
    scripted.answers(issued(2))
    scripted.then = DEAD
    assert at_once(8, lambda: tokens.access_token(REALM)) == ["access-2"] * 8
    assert len(scripted.seen) == 1


def test_eight_threads_whose_token_was_refused_refresh_once(authority, scripted, time_):
    tokens = Tokens(authority, MemoryBook(grant()), time_)
    scripted.answers(issued(2))
    scripted.then = DEAD
    assert at_once(8, lambda: tokens.refreshed(REALM, "access-1")) == ["access-2"] * 8
    assert len(scripted.seen) == 1


def test_companies_refresh_side_by_side(authority, scripted, time_):
    other = "9130350000000000002"
    tokens = Tokens(authority, MemoryBook(grant(minutes=0), grant(minutes=0, realm=other)), time_)
    barrier = threading.Barrier(2, timeout=5)
    several = [issued(2), issued(3)]

    def meet(sock):
        barrier.wait()
        several.pop()(sock)

    scripted.answers(meet, meet)
    realms = iter([REALM, other])
    assert sorted(at_once(2, lambda: tokens.access_token(next(realms)))) == ["access-2", "access-3"]


def test_the_rotated_token_is_stored_before_the_access_token_is_given_out(authority, scripted, time_):
    class FullBook(MemoryBook):
        def write(self, grant: Grant) -> None:
            raise StoreFull(f"no room for {grant.realm}")

    scripted.answers(issued(2))
    with pytest.raises(StoreFull):
        Tokens(authority, FullBook(grant(minutes=0)), time_).access_token(REALM)


def test_a_rotated_token_the_disk_had_no_room_for_is_stored_later_not_lost(authority, scripted, time_):
    class OnceFullBook(MemoryBook):
        full = True

        def write(self, grant: Grant) -> None:
            if self.full:
                raise StoreFull("The disk is full")
            super().write(grant)

    book = OnceFullBook(grant(minutes=0))
    tokens = Tokens(authority, book, time_)
    scripted.answers(issued(2))
    scripted.then = DEAD
    with pytest.raises(StoreFull):
        tokens.access_token(REALM)
    book.full = False
    assert tokens.access_token(REALM) == "access-2"
    assert book.grants[REALM].refresh_token == "refresh-2"
    assert len(scripted.seen) == 1


def test_a_refused_token_that_is_not_the_stored_one_needs_no_refresh(authority, scripted, time_):
    tokens = Tokens(authority, MemoryBook(grant(access="access-7")), time_)
    assert tokens.refreshed(REALM, "access-6") == "access-7"
    assert scripted.seen == []


class RotatedElsewhere(MemoryBook):
    """A book another process wrote to while we were asking."""

    def __init__(self, before: Grant, after: Grant) -> None:
        super().__init__(before)
        self.after = after
        self.reads = 0

    def read(self, realm: str) -> Grant | None:
        self.reads += 1
        if self.reads > 1:
            self.grants[realm] = self.after
        return super().read(realm)


def test_the_loser_of_a_race_takes_what_the_winner_stored(authority, scripted, time_):
    book = RotatedElsewhere(grant(minutes=0), grant("access-5", "refresh-5"))
    scripted.answers(DEAD)
    assert Tokens(authority, book, time_).access_token(REALM) == "access-5"
    assert (len(scripted.seen), book.dead) == (1, {})


def test_the_loser_of_a_race_tries_the_winner_s_token_once(authority, scripted, time_):
    book = RotatedElsewhere(grant(minutes=0), grant("access-5", "refresh-5", minutes=1))
    scripted.answers(DEAD, issued(6))
    assert Tokens(authority, book, time_).access_token(REALM) == "access-6"
    assert b"refresh-5" in scripted.seen[1].body


def test_a_grant_refused_twice_is_dead_and_marked_so(authority, scripted, time_):
    book = RotatedElsewhere(grant(minutes=0), grant("access-5", "refresh-5", minutes=1))
    scripted.then = DEAD
    with pytest.raises(GrantDead, match="no longer accepts"):
        Tokens(authority, book, time_).access_token(REALM)
    assert len(scripted.seen) == 2
    assert book.dead == {REALM: "Intuit no longer accepts the refresh token"}


def test_a_grant_nobody_rotated_is_dead_at_the_first_refusal(authority, scripted, time_):
    book = MemoryBook(grant(minutes=0))
    scripted.then = DEAD
    with pytest.raises(GrantDead) as raised:
        Tokens(authority, book, time_).access_token(REALM)
    assert "reconnect" in raised.value.line()
    assert (len(scripted.seen), list(book.dead)) == (1, [REALM])


def test_a_throttled_token_endpoint_means_later_not_reconnect(authority, scripted, time_):
    book = MemoryBook(grant(minutes=0))
    scripted.answers(answer(b"", 429, {"Retry-After": "30"}))
    with pytest.raises(Throttled) as raised:
        Tokens(authority, book, time_).access_token(REALM)
    assert raised.value.retry_after == 30
    assert (len(scripted.seen), book.dead, book.steps) == (1, {}, [])


def test_a_failing_token_endpoint_is_tried_four_times_and_kills_nothing(authority, scripted, time_):
    book = MemoryBook(grant(minutes=0))
    scripted.then = answer(b"<html>gateway</html>", 503)
    with pytest.raises(Unavailable):
        Tokens(authority, book, time_).access_token(REALM)
    assert (len(scripted.seen), book.dead, book.steps) == (4, {}, [])
    assert 0 < time_.passed < 15


def test_a_token_endpoint_that_hangs_is_left_within_a_minute_and_every_answer_is_waited_for(
    authority, scripted, time_
):
    def hung(sock: socket.socket) -> None:
        time_.passed += READ_SECONDS
        sock.shutdown(socket.SHUT_RDWR)

    scripted.then = hung
    book = MemoryBook(grant(minutes=0))
    with pytest.raises(Unavailable):
        Tokens(authority, book, time_).access_token(REALM)
    assert len(scripted.seen) == 2
    assert (time_.passed < FAILURE_BUDGET, book.dead) == (True, {})


def test_a_passing_failure_of_the_token_endpoint_is_retried(authority, scripted, time_):
    scripted.answers(answer(b"", 500), raw(b""), answer(b"{"), issued(2))
    assert Tokens(authority, MemoryBook(grant(minutes=0)), time_).access_token(REALM) == "access-2"


def test_a_company_without_a_grant_has_to_connect(authority, time_):
    with pytest.raises(GrantDead, match="not connected"):
        Tokens(authority, MemoryBook(), time_).access_token(REALM)


def test_a_reconnection_during_a_refresh_is_the_one_that_stays(authority, scripted, time_):
    book = MemoryBook(grant(minutes=0))
    tokens = Tokens(authority, book, time_)
    requested, reconnecting = threading.Event(), threading.Event()

    def slow(sock):
        requested.set()
        reconnecting.wait(5)
        issued(2)(sock)

    scripted.answers(slow)
    refreshing = threading.Thread(target=tokens.access_token, args=(REALM,))
    refreshing.start()
    requested.wait(5)
    adopting = threading.Thread(target=tokens.adopt, args=(grant("access-9", "refresh-9"),))
    adopting.start()
    reconnecting.set()
    refreshing.join()
    adopting.join()
    assert book.steps == ["wrote refresh-2", "wrote refresh-9"]


def test_a_disconnection_revokes_the_newest_refresh_token(authority, scripted, time_):
    Tokens(authority, MemoryBook(grant(refresh="refresh-3")), time_).revoke(REALM)
    assert scripted.seen[0].path == "/v2/oauth2/tokens/revoke"
    assert scripted.seen[0].body == b'{"token": "refresh-3"}'


def test_an_authority_s_repr_and_a_grant_s_hide_their_secrets(authority: AuthorizationServer):
    shown = f"{authority!r} {authority.application()!r} {grant()!r}"
    assert not any(secret in shown for secret in ("access-1", "refresh-1", "client-secret-value"))
