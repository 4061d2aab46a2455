"""`tram update --from`: a technician at the kiosk brings a release on a stick and watches it, on an 80×24 console."""

import asyncio
import contextlib
import os
import pwd
import signal
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.update import progress
from agent.update.faults import UpdateFault
from agent.update.progress import ENDS, ON_TRIAL, Phase, Progress
from agent.update.source import Carried
from agent.update.updater import Updater

_MARK = Path("metadata") / "timestamp.json"
_COLUMNS = 78
_LOOK_S = 0.5
_PLAIN = {
    Phase.DOWNLOADING: "reading from the folder",
    Phase.BUILDING: "making the other slot (some minutes on a Pi)",
    Phase.STAGED: "ready; waits until nobody is served",
    Phase.SWITCHING: "switching",
    Phase.TRYING: "on trial: agent and devices must be well for a while",
    Phase.RETURNING: "the old version comes back",
}


class CarriedWrong(Exception):
    """Nothing can be brought; the text says why and what to do."""


def found(folder: Path) -> Carried:
    """Return the repository in `folder`, looked for by the user who will read it; raise CarriedWrong."""
    try:
        (folder / _MARK).open("rb").close()
    except PermissionError as fault:
        raise CarriedWrong(
            f"{folder} can't be read by the updater's user. Copy it to /var/tmp, or mount the stick with -o umask=022."
        ) from fault
    except OSError as fault:
        raise CarriedWrong(_missing(folder)) from fault
    return Carried(folder=folder.resolve())


def become_owner(root: Path) -> None:
    """Let root work as who owns the slots from now on, so that the kiosk's own updater may go on with them later."""
    owner = root.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
        os.umask(0o022)  # the agent, another user, runs what is made here; root's shell may keep all to itself


async def bring(updater: Updater, version: str, say: Callable[[str], None]) -> bool:
    """Bring `version` (empty: the newest) and tell each step; return whether it is kept. Raise CarriedWrong, OSError.

    Ctrl-C withdraws it until the switch; from then on the trial goes to its end, also when the console goes.
    """
    loop, work, path = asyncio.get_running_loop(), asyncio.current_task(), updater.place.progress
    assert work is not None
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    loop.add_signal_handler(signal.SIGINT, _withdraw, work, path, say)
    before = progress.read(path)
    watching = asyncio.create_task(_tell(path, before, say))
    try:
        stands = await updater.bring(version)
    except UpdateFault as fault:
        raise CarriedWrong(f"{fault}. {fault.remedy}") from fault
    except asyncio.CancelledError:
        raise CarriedWrong("Withdrawn; the kiosk is as it was. What was read stays for the next time.") from None
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    say(wrapped(f"{stands.version}   {stands.phase}: {stands.detail}"))
    return stands.phase is Phase.KEPT


def wrapped(text: str) -> str:
    """Return the text in lines that a console shows whole."""
    return textwrap.fill(text, _COLUMNS, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)


def _missing(folder: Path) -> str:
    if not folder.is_dir():
        return f"There is no folder {folder}. Is the stick mounted? lsblk lists it: mount /dev/sdX1 /media"
    inside = [each.parents[1] for each in sorted(folder.glob(f"*/{_MARK}"))]
    hint = f"Did you mean {inside[0]}?" if inside else "Copy the whole folder that the publisher's `tram release` made."
    return f"{folder} is no repository of releases: it has no {_MARK}. {hint}"


def _withdraw(work: asyncio.Task[Any], path: Path, say: Callable[[str], None]) -> None:
    if progress.read(path).phase in ON_TRIAL:
        say("The trial is under way; it ends by itself, in the new version or the old one.")
    else:
        say("Stopping after this step ...")
        work.cancel()


async def _tell(path: Path, before: Progress, say: Callable[[str], None]) -> None:
    told = ""
    while True:
        stands = await asyncio.to_thread(progress.read, path)
        if stands.job != before.job and stands.phase not in ENDS:
            line = f"{stands.version}   {stands.percent:>3} %  {_PLAIN.get(stands.phase, stands.phase)}"
            if line != told:
                say(line)
                told = line
        await asyncio.sleep(_LOOK_S)
