"""`rowcol digest`: three files each, from one moment, whatever the clients are called."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tests.kits.practice import FIRST
from tests.kits.terminal import Terminal


def test_the_digest_is_written_as_three_files_each(terminal: Terminal, tmp_path: Path) -> None:
    terminal.connect()
    out = tmp_path / "week"
    answer = terminal("digest", "--as-of", "2026-11-20", "--out", str(out))
    assert (answer.code, answer.err) == (0, "")
    names = sorted(path.name for path in out.iterdir())
    assert [line.rsplit("/", 1)[-1] for line in sorted(answer.out.split())] == names
    assert [name.rpartition(".")[2] for name in names] == ["eml", "html", "txt"] * 3
    assert {name.partition("-")[0].partition(".")[0] for name in names} == {"Larch", "Maple", "practice"}
    for path in out.glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=default)
        kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
        assert kinds == ["text/plain", "text/html", "text/csv"]
    text = next(out.glob("Larch*.txt")).read_text()
    assert "Cash in your books: $5,110.00" in text
    assert "2 of 2 clients up to date" in (out / "practice.txt").read_text()


def test_one_client_s_digest_is_its_own_alone(terminal: Terminal, tmp_path: Path) -> None:
    terminal.connect()
    terminal.sandbox.faults(
        {
            "kind": "fault",
            "status": 400,
            "code": "6190",
            "message": "Subscription ended",
            "times": None,
            "realm": FIRST,
        }
    )
    out = tmp_path / "one"
    answer = terminal("digest", "--client", FIRST, "--out", str(out))
    assert answer.code == 1
    assert "Larch & Daughters" in answer.err
    assert {path.suffix for path in out.iterdir()} == {".html", ".txt", ".eml"}
    assert len(list(out.iterdir())) == 3
    assert "NOT SAFE TO DISCUSS" in next(out.glob("*.txt")).read_text()


def test_what_cannot_be_done_is_one_line(terminal: Terminal, tmp_path: Path) -> None:
    nobody = terminal("digest", "--out", str(tmp_path))
    assert (nobody.code, nobody.out) == (2, "")
    assert "No client is connected" in nobody.err
    terminal.connect(FIRST)
    (tmp_path / "file").write_text("")
    taken = terminal("digest", "--out", str(tmp_path / "file"))
    assert (taken.code, taken.out) == (2, "")
    assert "cannot be written" in taken.err


def test_a_folder_that_cannot_be_written_is_reported_before_any_refresh(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.connect(FIRST)
    lost = {"kind": "fault", "status": 400, "code": "6190", "message": "Ended", "times": None, "realm": FIRST}
    terminal.sandbox.faults(lost)
    (tmp_path / "file").write_text("")
    answer = terminal("digest", "--out", str(tmp_path / "file" / "week"))
    assert answer.code == 2
    assert answer.err.count("\n") == 1, "a refresh of all clients takes minutes: not asked for nothing"
