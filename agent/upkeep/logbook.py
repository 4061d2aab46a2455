"""The agent's log on its own disk, bounded, so that it can be collected after a restart."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_BYTES, OLD_FILES = 512 * 1024, 2


def keep(folder: Path) -> logging.Handler:
    """Write what is logged from now on also to `log/agent.log` in the data folder; return the handler."""
    path = _path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


def read(folder: Path) -> str:
    """Return what was logged, oldest first; empty where there is nothing."""
    path = _path(folder)
    older = [path.with_name(f"{path.name}.{number}") for number in range(OLD_FILES, 0, -1)]
    return "".join(each.read_text(encoding="utf-8", errors="replace") for each in (*older, path) if each.exists())


def _path(folder: Path) -> Path:
    return folder / "log" / "agent.log"
