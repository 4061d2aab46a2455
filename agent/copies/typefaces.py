"""The typefaces that copies and receipts are set in: Times-metric serif (NĐ 30/2020) and a plain sans."""

from pathlib import Path

_FOLDERS = tuple(Path("/usr/share/fonts/truetype") / name for name in ("liberation2", "liberation"))


class TypefaceMissing(RuntimeError):
    """A typeface with all Vietnamese letters is not installed: run `apt-get install fonts-liberation2`."""


def serif(*, bold: bool = False) -> Path:
    """Return the file of Liberation Serif 2; raise TypefaceMissing."""
    return _find(f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf")


def sans(*, bold: bool = False) -> Path:
    """Return the file of Liberation Sans 2; raise TypefaceMissing."""
    return _find(f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf")


def _find(name: str) -> Path:
    # Debian 12 keeps version 1, which lacks 92 Vietnamese letters, in `liberation`; Debian 13 keeps version 2 there.
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise TypefaceMissing(f"{name} is in none of {', '.join(map(str, _FOLDERS))}. {TypefaceMissing.__doc__}")
