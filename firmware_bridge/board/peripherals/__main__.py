"""`python -m firmware_bridge.board.peripherals`: run all machines behind the lockstep wire and the control socket."""

import argparse
import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from firmware_bridge.board.peripherals.cctalk_acceptor import CcTalkAcceptor
from firmware_bridge.board.peripherals.hand import Control, Verbs
from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.record import Record

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="peripherals", description="Bill validator, changer, card reader and cabinet")
    parser.add_argument("--socket", type=Path, required=True, help="where the board connects (lockstep)")
    parser.add_argument("--control", type=Path, required=True, help="where a hand connects (JSON lines)")
    parser.add_argument("--record", type=Path, help="the physical record, taken up again where it exists")
    parser.add_argument("--forgetful", action="store_true", help="machines forget unacknowledged credits without power")
    parser.add_argument(
        "--cctalk", type=Path, help="run a ccTalk coin acceptor too; this becomes a link to its terminal"
    )
    asked = parser.parse_args()
    record = Record(asked.record)
    with ExitStack() as running:
        running.callback(record.close)
        machines = Machines(record, remembers=not asked.forgetful)
        verbs = machines.verbs()
        if asked.cctalk:
            verbs |= _acceptor(record, asked.cctalk, running).verbs()
        asyncio.run(_run(machines, verbs, asked.socket, asked.control))


def _acceptor(record: Record, link: Path, running: ExitStack) -> CcTalkAcceptor:
    acceptor = running.enter_context(CcTalkAcceptor(record))
    link.unlink(missing_ok=True)
    link.symlink_to(acceptor.port)
    return acceptor


async def _run(machines: Machines, verbs: Verbs, board: Path, control: Path) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    # The hand first: who sees the board's socket finds the other one listening.
    doors = [Door(Control(verbs).serve), Door(machines.wire.serve)]
    for door, path in zip(doors, (control, board), strict=True):
        await door.open(path)
    await ended.wait()
    for door in doors:
        await door.shut()


class Door:
    """A socket that clients come through; shutting it hangs up on them and waits until they are served."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._server: asyncio.Server | None = None
        self._inside: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def open(self, path: Path) -> None:
        """Listen at this path, in place of whatever lay there."""
        await asyncio.to_thread(path.unlink, missing_ok=True)
        self._server = await asyncio.start_unix_server(self._came, path)

    async def shut(self) -> None:
        """Let nobody else in, and hang up."""
        if self._server:
            self._server.close()
        for writer in self._inside.values():
            writer.close()
        await asyncio.gather(*self._inside)

    def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._inside[task] = writer
        task.add_done_callback(self._inside.pop)


if __name__ == "__main__":
    main()
