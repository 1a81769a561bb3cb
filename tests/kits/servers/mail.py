"""A mail server on this machine: takes mail, refuses it, or goes away in the middle, as it is set to."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast

WELCOME = "220 postbox ready"


@dataclass
class Taken:
    """One mail as it was handed over."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=SMTP)


@dataclass
class Postbox:
    """What came in, and how to behave: `answers` by the start of a line replace the usual ones, '' hangs up.

    `at_line` runs something when a line begins so, `at_full_stop` once the whole mail is in and before the answer.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ()
    context: ssl.SSLContext | None = None
    at_line: dict[str, Callable[[], object]] = field(default_factory=dict)
    at_full_stop: Callable[[Taken], object] = lambda _: None


class _Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    box: Postbox

    def handle(self) -> None:
        self.box = cast("_Listener", self.server).box
        self.sender = self.recipient = ""
        if not self._say(self.box.answers.get("CONNECT", WELCOME)):
            return
        try:
            while line := self.rfile.readline():
                if not self._answer(line.decode("ascii", "replace").rstrip("\r\n")):
                    return
        finally:
            self.connection.close()  # not the socket it began with, if the line was encrypted since

    def _answer(self, line: str) -> bool:
        """Answer a line; False hangs up."""
        self.box.heard.append(line)
        for start, act in self.box.at_line.items():
            if line.upper().startswith(start):
                act()
        for start, answer in self.box.answers.items():
            if line.upper().startswith(start):
                return self._say(answer)
        usual: dict[str, Callable[[str], bool]] = {
            "DATA": self._data, "EHLO": self._hello, "STAR": self._encrypted, "QUIT": self._bye,
        }  # fmt: skip
        return usual.get(line[:4].upper(), self._agree)(line)

    def _agree(self, line: str) -> bool:
        named = line.partition("<")[2].partition(">")[0]
        if line.upper().startswith("MAIL"):
            self.sender = named
        elif line.upper().startswith("RCPT"):
            self.recipient = named
        return self._say("235 welcome" if line.upper().startswith("AUTH") else "250 ok")

    def _hello(self, _: str) -> bool:
        return self._say(
            "\r\n".join(
                ["250-postbox", *(f"250-{extension}" for extension in self.box.extensions), "250 8BITMIME"]
            )
        )

    def _bye(self, _: str) -> bool:
        self._say("221 bye")
        return False

    def _data(self, _: str) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if line == b"":
            return False
        mail = Taken(self.sender, self.recipient, b"".join(lines))
        self.box.at_full_stop(mail)
        answer = self.box.answers.get(".", "250 taken")
        if answer.startswith("250") or "taken" in answer or answer == "":
            self.box.taken.append(mail)
        return self._say(answer)

    def _encrypted(self, _: str) -> bool:
        assert self.box.context is not None
        self._say("220 go on")
        self.connection = self.box.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        return True

    def _say(self, answer: str) -> bool:
        if answer:
            self.wfile.write(answer.encode() + b"\r\n")
        return bool(answer)


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Postbox

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is part of the tests."""


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Run a mail server while the block runs."""
    box = Postbox()
    with _Listener(("127.0.0.1", 0), _Talk) as listener:
        listener.box = box
        box.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            listener.shutdown()
            thread.join(5)
