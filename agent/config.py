"""kiosk.toml: one typed tree; an unknown key is an error that names the nearest valid one.

[kiosk]    id, site, province, folder, legal_mode, legal_decision, presented, print_cost_per_page_vnd
[hub]      host, port, ca, certificate, key
[screen]   port
[scanner] [printer] [cash]   class = "package.module.Class", further keys are that class's options
[desk]     reader, second_opinion, threads, …: see agent.desk.DeskSettings
[stand_ins]   only in sets of stand-ins: keep_for_demo_dir, dock
"""

import difflib
import importlib
import inspect
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec
from msgspec import Meta, Struct

from contract.messages import LegalMode, Name, Presented, Vnd
from contract.topics import is_kiosk_id

T = TypeVar("T")

Port = Annotated[int, Meta(ge=1, le=65535)]


class ConfigFault(Exception):
    """kiosk.toml can't be used; the text names file, key and remedy."""


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class KioskSection(Section, frozen=True, kw_only=True):
    """Which kiosk this is, where it stands and what it may do there; `province` decides on exemptions from the fee."""

    id: str
    site: Name
    province: Name
    folder: Path
    legal_mode: LegalMode
    legal_decision: Name = ""
    presented: Presented
    print_cost_per_page_vnd: Vnd = 0


class HubSection(Section, frozen=True, kw_only=True):
    """The broker, and the PEM files that the kiosk shows to it."""

    host: str
    port: Port = 8883
    ca: Path
    certificate: Path
    key: Path


class ScreenSection(Section, frozen=True, kw_only=True):
    """The local page and API, on 127.0.0.1 only."""

    port: Port = 8080


class StandInsSection(Section, frozen=True, kw_only=True):
    """What only a kiosk without citizens has; `dock` opens routes that play the citizen's hands."""

    keep_for_demo_dir: Path | None = None
    dock: bool = True


class Config(Section, frozen=True, kw_only=True):
    """The whole file; a device is its class and options."""

    kiosk: KioskSection
    hub: HubSection
    screen: ScreenSection = ScreenSection()
    scanner: dict[str, Any]
    printer: dict[str, Any]
    cash: dict[str, Any]
    desk: dict[str, Any] = {}
    stand_ins: StandInsSection | None = None


def load(path: Path) -> Config:
    """Return the configuration in `path`, relative paths taken from its folder; raise ConfigFault."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        config = msgspec.convert(tree, Config, strict=True, dec_hook=_path(path.parent))
    except OSError as fault:
        raise ConfigFault(f"{path} can't be read: {fault.strerror}. Name an existing kiosk.toml.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigFault(f"{path} is not TOML: {fault}. Correct that line.") from fault
    except msgspec.ValidationError as fault:
        raise ConfigFault(f"{path}: {_explained(str(fault))}") from fault
    if not is_kiosk_id(config.kiosk.id):
        raise ConfigFault(f"{path}: kiosk.id {config.kiosk.id!r} needs 2–63 of a–z, 0–9 and '-'.")
    return config


def build(section: str, options: Mapping[str, Any], kind: type[T], *, base: Path, **given: object) -> T:
    """Return the device that a section names; raise ConfigFault.

    It is made from the section's options (paths relative to `base`) and from what of `given` its class takes.
    """
    chosen = {key: value for key, value in options.items() if key != "class"}
    return fill(section, chosen, _class(section, options, kind), base=base, **given)


def fill(section: str, options: Mapping[str, Any], maker: type[T], *, base: Path, **given: object) -> T:
    """Return `maker` called with a section's options and what of `given` it takes; raise ConfigFault."""
    wanted = inspect.signature(maker).parameters
    arguments = {key: value for key, value in given.items() if key in wanted}
    for key, value in options.items():
        arguments[key] = _option(section, maker, key, value, base)
    missing = [name for name, each in wanted.items() if each.default is each.empty and name not in arguments]
    if missing:
        raise ConfigFault(f"[{section}] lacks {', '.join(missing)}, which {maker.__name__} needs.")
    return maker(**arguments)


def _class(section: str, options: Mapping[str, Any], kind: type[T]) -> type[T]:
    name = str(options.get("class", ""))
    module, _, attribute = name.rpartition(".")
    try:
        maker = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as fault:
        raise ConfigFault(
            f"[{section}] class {name!r} can't be loaded: {fault}. Write package.module.Class."
        ) from fault
    if not (isinstance(maker, type) and issubclass(maker, kind)):
        raise ConfigFault(f"[{section}] class {name!r} is not a {kind.__name__}.")
    return maker


def _option(section: str, maker: type[Any], key: str, value: object, base: Path) -> object:
    hints = get_type_hints(maker.__init__)
    if key not in hints or key == "return":
        raise ConfigFault(f"[{section}] has no option {key!r}.{_nearest(key, set(hints) - {'return'})}")
    try:
        return msgspec.convert(value, hints[key], dec_hook=_path(base))
    except msgspec.ValidationError as fault:
        raise ConfigFault(f"[{section}] {key} = {value!r}: {fault}.") from fault


def _path(base: Path) -> Callable[[type[Any], Any], Any]:
    def to_path(kind: type[Any], value: Any) -> Any:
        if issubclass(kind, Path) and isinstance(value, str):
            return base / value
        raise TypeError(f"Expected a {kind.__name__} written as text")

    return to_path


def _explained(fault: str) -> str:
    """Return msgspec's words, with the nearest valid key where one is unknown."""
    found = re.fullmatch(r"Object contains unknown field `(.*?)`(?: - at `\$\.?(.*)`)?", fault)
    if not found:
        return f"{fault}."
    key, section = found[1], found[2] or ""
    kind = _SECTIONS.get(section, Config)
    return f"[{section}] has no key {key!r}.{_nearest(key, kind.__struct_fields__)}"


def _nearest(key: str, valid: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, sorted(valid), n=1, cutoff=0.4)
    return f" Did you mean {near[0]!r}?" if near else f" It knows {', '.join(sorted(valid))}."


_SECTIONS: dict[str, type[Section]] = {
    "kiosk": KioskSection,
    "hub": HubSection,
    "screen": ScreenSection,
    "stand_ins": StandInsSection,
}
