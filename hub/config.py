"""The hub's configuration: one typed tree read from hub.toml.

    data_dir = "/var/lib/tram-hub"        # database, drafts, keys
    verify_base_url = "https://tram.example.vn/v"
    [agency]  [mqtt]  [http]  [[officers]]  [[kiosks]]

An unknown key is a start-up error that names the nearest valid one. `officers` and `kiosks` are the roster: at each
start the database takes it over (`hub.store.roster`).
"""

import difflib
import tomllib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta, Struct

from contract.messages import LegalMode, Name
from hub.faults import ConfigInvalid

Port = Annotated[int, Meta(ge=1, le=65535)]


class Role(StrEnum):
    """What a person may do at the console; a certifier also needs an authority that is in force (R2)."""

    CERTIFIER = "certifier"
    INTAKE = "intake"
    OPERATOR = "operator"


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table of hub.toml."""


class AgencyConfig(Section, frozen=True, kw_only=True):
    """The agency that certifies; `code` after QĐ 20/2020/QĐ-TTg (`H26.1.23`), `place` as in "Hà Nội, ngày …"."""

    name: Name
    code: Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,8}(\.[A-Z0-9]{1,8}){0,4}$", max_length=20)]
    place: Name
    province: Name


class MqttConfig(Section, frozen=True, kw_only=True):
    """The broker, and the hub's client certificate (common name `hub`) as PEM files."""

    host: str
    port: Port
    ca: Path
    cert: Path
    key: Path


class HttpConfig(Section, frozen=True, kw_only=True):
    """Where console and verify page listen."""

    host: str = "127.0.0.1"
    port: Port = 8080


class OfficerConfig(Section, frozen=True, kw_only=True):
    """A person of the roster (R2): `password_hash` is argon2id, both days of the authority are inclusive."""

    login: Annotated[str, Meta(pattern="^[a-z0-9._-]{2,40}$")]
    password_hash: Annotated[str, Meta(pattern=r"^\$argon2id\$")]
    name: Name
    title: Name
    role: Role
    authority_document: Name = ""
    valid_from: date | None = None
    valid_to: date | None = None


class KioskConfig(Section, frozen=True, kw_only=True):
    """A kiosk of the fleet: its id is the common name of its certificate, `legal_decision` the pilot's number (R3)."""

    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{1,62}$")]
    site: Name
    legal_mode: LegalMode
    legal_decision: Name = ""
    certificate_serial: Name = ""


class HubConfig(Section, frozen=True, kw_only=True):
    """The whole file; `book_code` names the register of electronic copies (DOMAIN §2.2: practice, not law)."""

    data_dir: Path
    verify_base_url: Annotated[str, Meta(pattern=r"(?i)^https?://[a-z0-9.:/-]+$")]
    agency: AgencyConfig
    mqtt: MqttConfig
    http: HttpConfig = HttpConfig()
    book_code: Annotated[str, Meta(pattern=r"^[A-ZĐ]{2,8}(/[A-ZĐ]{2,8})?$")] = "SCTĐT/BS"
    officers: tuple[OfficerConfig, ...] = ()
    kiosks: tuple[KioskConfig, ...] = ()


def load(path: Path) -> HubConfig:
    """Return the configuration in `path`; raise ConfigInvalid naming the place and the nearest valid key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise ConfigInvalid(f"{path} can't be read: {fault.strerror}.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigInvalid(f"{path} is not TOML: {fault}.") from fault
    return parse(raw, source=str(path))


def parse(raw: dict[str, Any], *, source: str) -> HubConfig:
    """Return the typed tree of a parsed file; relative `data_dir` stays relative; raise ConfigInvalid."""
    for complaint in _unknown_keys(raw, HubConfig, ""):
        raise ConfigInvalid(f"{source}: {complaint}")
    try:
        config = msgspec.convert(raw, HubConfig, strict=True, dec_hook=_path)
    except msgspec.ValidationError as fault:
        raise ConfigInvalid(f"{source}: {fault}.") from fault
    for complaint in _contradictions(config):
        raise ConfigInvalid(f"{source}: {complaint}")
    return config


def _path(kind: type, text: Any) -> Any:
    if kind is Path and isinstance(text, str):
        return Path(text)
    raise NotImplementedError(kind)


def _unknown_keys(raw: dict[str, Any], section: type[Section], where: str) -> Iterator[str]:
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(section)}
    for key, value in raw.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.4) or sorted(fields)
            yield f"the key '{where}{key}' is unknown; did you mean '{where}{near[0]}'?"
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


def _contradictions(config: HubConfig) -> Iterator[str]:
    for kiosk in config.kiosks:
        if kiosk.legal_mode is LegalMode.PILOT_REMOTE and not kiosk.legal_decision:
            yield f"kiosk '{kiosk.id}' is a remote pilot but has no legal_decision; R3 asks for its number."
    for officer in config.officers:
        if officer.role is Role.CERTIFIER and not (officer.authority_document and officer.valid_from):
            yield f"certifier '{officer.login}' lacks authority_document or valid_from (R2)."
