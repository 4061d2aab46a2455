"""What the proof of the image goes by: its plan, its login; and the proof itself as a slow test."""

import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.prove.image.rounds import Round, State, plan
from tests.prove.image.serial_console import ConsoleFailed, SerialConsole

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = [
    Round(name="blank", play=lambda _: "", needs=State.BLANK),
    Round(name="enrol", play=lambda _: "", needs=State.BLANK, makes=State.ENROLLED),
    Round(name="work", play=lambda _: ""),
    Round(name="other", play=lambda _: "", makes=State.OTHER_ROOT),
    Round(name="back", play=lambda _: "", needs=State.OTHER_ROOT),
]


@pytest.mark.parametrize(
    ("wanted", "at_hand", "begin", "played"),
    [
        (["blank", "enrol", "work", "other", "back"], [], State.BLANK, ["blank", "enrol", "work", "other", "back"]),
        (["work"], [], State.BLANK, ["enrol", "work"]),
        (["work"], [State.ENROLLED, State.OTHER_ROOT], State.ENROLLED, ["work"]),
        (["back"], [State.ENROLLED], State.ENROLLED, ["other", "back"]),
        (["back", "work"], [State.ENROLLED, State.OTHER_ROOT], State.ENROLLED, ["work", "other", "back"]),
        (["blank", "back"], [State.OTHER_ROOT], State.BLANK, ["blank", "enrol", "other", "back"]),
    ],
)
def test_round_begins_from_what_is_at_hand_else_what_makes_it_is_played(
    wanted: list[str], at_hand: list[State], begin: State, played: list[str]
) -> None:
    state, rounds = plan(ROUNDS, wanted, at_hand)
    assert (state, [each.name for each in rounds]) == (begin, played)


def spoken_to(path: Path, lines: list[bytes], heard: list[bytes]) -> threading.Thread:
    """Serve a console that says each of these and then hears a line; the lines go to `heard`."""
    server = socket.create_server(str(path), family=socket.AF_UNIX)

    def serve() -> None:
        with server, server.accept()[0] as line, line.makefile("rb") as typed:
            for says in lines:
                line.sendall(says)
                heard.append(typed.readline().strip())
            line.sendall(b"\r\n=end= 0\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_login_that_timed_out_is_answered_again(tmp_path: Path) -> None:
    lines = [
        b"\r\nDebian GNU/Linux 12 tram-1 ttyS0\r\n\r\ntram-1 login: ",
        b"Password: ",
        b"\r\nLogin timed out after 60 seconds.\r\ntram-1 login: ",
        b"Password: ",
        b"\r\nLast login: Sat Nov 28\r\n\x1b[?2004hroot@tram-1:~# ",
        b"\x1b[?2004l\r",
    ]
    heard: list[bytes] = []
    thread = spoken_to(tmp_path / "console", lines, heard)
    console = SerialConsole(tmp_path / "console")
    console.log_in(10)
    thread.join()
    console.close()
    assert heard[:4] == [b"root", b"kiosk", b"root", b"kiosk"]
    assert heard[5].startswith(b"( true )")


def test_computer_that_went_off_is_not_waited_for(tmp_path: Path) -> None:
    thread = spoken_to(tmp_path / "console", [b"tram-1 login: "], [])
    console = SerialConsole(tmp_path / "console")
    with pytest.raises(ConsoleFailed, match="went off"):
        console.log_in(600)
    thread.join()
    console.close()


def test_shell_s_answer_has_the_exit_code_of_the_command(tmp_path: Path) -> None:
    server = socket.create_server(str(tmp_path / "console"), family=socket.AF_UNIX)
    console = SerialConsole(tmp_path / "console")
    with server, server.accept()[0] as line:
        shell = subprocess.Popen(["bash", "--norc"], stdin=line, stdout=line)
        answers = [console.run("echo one; echo two", 20), console.run("ls /no/such/folder", 20)]
        shell.kill()
        shell.wait()
    console.close()
    assert answers[0] == (0, "one\ntwo")
    assert answers[1][0] == 2 and "No such file" in answers[1][1]


@pytest.mark.slow
def test_image_boots_and_outlives_power_cuts() -> None:
    said = subprocess.run(
        ["make", "prove-image", "ARGS=--cuts 4"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0 and "every promise held" in said.stdout, said.stdout + said.stderr
