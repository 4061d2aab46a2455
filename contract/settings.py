"""How kiosk.toml and hub.toml are read: one typed tree; an unknown key is an error that names the nearest valid one."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=1, le=65535)]
Deadline = Annotated[float, Meta(gt=0, le=120)]
"""Seconds within which an answer must come."""

T = TypeVar("T", bound="Section")


class SettingsFault(ValueError):
    """The file can't be used; the text names file, key and remedy."""


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


def read(path: Path, kind: type[T], *, base: Path | None = None) -> T:
    """Return the tree in `path`, its relative paths taken from `base` where given; raise SettingsFault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise SettingsFault(
            f"There is no {path}. Name another with --config, or begin one: `tram enrol`, at a hub `tram hub init`."
        ) from fault
    except PermissionError as fault:
        raise SettingsFault(f"{path} can't be read by this user. Run it as root (sudo).") from fault
    except OSError as fault:
        raise SettingsFault(f"{path} can't be read: {fault.strerror}. Look at the disk.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsFault(f"{path} is not TOML: {fault}. Correct that line.") from fault
    for complaint in _unknown_keys(raw, kind, ""):
        raise SettingsFault(f"{path}: {complaint}")
    try:
        return msgspec.convert(raw, kind, strict=True, dec_hook=paths_from(base))
    except msgspec.ValidationError as fault:
        raise SettingsFault(f"{path}: {fault}.") from fault


def paths_from(base: Path | None) -> Callable[[type[Any], Any], Any]:
    """Return msgspec's hook that makes a Path of a text, relative to `base` where given."""

    def to_path(kind: type[Any], value: Any) -> Any:
        if issubclass(kind, Path) and isinstance(value, str):
            return base / value if base else Path(value)
        raise TypeError(f"Expected a {kind.__name__} written as text")

    return to_path


def nearest(key: str, valid: Iterable[str], *, where: str = "") -> str:
    """Return the sentence that names the nearest valid key, or all of them where none is near."""
    near = difflib.get_close_matches(key, sorted(valid), n=1, cutoff=0.4)
    return f"Did you mean '{where}{near[0]}'?" if near else f"It knows {', '.join(sorted(valid))}."


def _unknown_keys(raw: dict[str, Any], section: type[Section], where: str) -> Iterator[str]:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(section)}
    for key, value in raw.items():
        if key not in fields:
            yield f"There is no key '{where}{key}'. {nearest(key, fields, where=where)}"
            continue
        inner = _section_of(fields[key])
        for table in _tables(value) if inner else ():
            yield from _unknown_keys(table, inner or Section, f"{where}{key}.")


def _section_of(kind: Any) -> type[Section] | None:
    candidates = (kind, *get_args(kind))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, Section)), None)


def _tables(value: Any) -> list[dict[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict)]
