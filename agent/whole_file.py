"""Writing a small file so that a power cut at any moment leaves the old one or the new one, whole."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Put `content` in the place of the file at `path`, on the disk when this returns; raise OSError, leave no part.

    Who may read it is the process's umask to say, unless `mode` does.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
