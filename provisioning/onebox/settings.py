"""The configuration files of the one-machine set: hub.toml and kiosk.toml; agency, officer and kiosk are made up."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from agent.devices.scanner import write_sane_config
from agent.journeys.pins import hashed
from hub.signing import evidence_key
from hub.signing.broker_pki import TlsFiles
from provisioning.catalogue import made_key
from provisioning.onebox.agencies import AgenciesStandIn
from provisioning.onebox.person import PersonStandIn

KIOSK_ID = "kiosk-mau-01"
LOGIN = "canbo"
OPERATOR = "vanhanh"
COLLECTOR = "Lê Văn Mẫu"
SITE = "Sảnh tầng 1, Trung tâm thương mại Mẫu"
DECISION = "00/QĐ-UBND (mẫu)"
AGENCY = {"name": "UBND phường Mẫu", "code": "H26.99.01", "place": "Hà Nội", "province": "Hà Nội"}
PRINT_COST_PER_PAGE_VND = 1000
SERVICES: tuple[dict[str, str], ...] = (
    {"code": "CT", "vi": "Chứng thực", "en": "Certification", "letter": "C"},
    {"code": "HT", "vi": "Hộ tịch: khai sinh, kết hôn, khai tử", "en": "Civil status", "letter": "H"},
    {"code": "DD", "vi": "Đất đai, xây dựng", "en": "Land and building", "letter": "D"},
)
"""What people take a number for at the made-up agency's two counters."""
COUNTERS = ("1", "2")
MAIL_SENDER = "khong-tra-loi@phuongmau.example.vn"
POSTAL_RATE = {
    "item_vnd": 30_000, "basis": "Giá mô phỏng", "first_day": date(2025, 1, 1), "last_day": date(2099, 12, 31)
}  # fmt: skip
"""What a made-up post takes."""
ACCOUNT = {"bank_bin": "999999", "account": "MAU0000000001", "account_name": "UBND PHUONG MAU (MO PHONG)"}
"""A made-up account at a made-up bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the set lives: its folder, its ports, the sheets on the glass, and where artefacts are kept (demo only).

    `agencies` are the systems that the hub speaks with; `person` stands before the kiosk where it is to ask who is
    there.
    """

    folder: Path
    broker_port: int
    hub_port: int
    enrolment_port: int
    kiosk_port: int
    printer_uri: str
    mail_port: int
    ticket_port: Path
    board_port: Path
    sheets: Sequence[Path]
    keep_in: Path | None
    agencies: AgenciesStandIn
    person: PersonStandIn | None = None


def write_hub(place: Place) -> Path:
    """Write hub.toml with one certifier, one operator and one kiosk on the roster; return its path."""
    tls = place.folder / "hub" / "pki" / "broker"
    tree: dict[str, Any] = {
        "data_dir": str(place.folder / "hub"),
        "verify_base_url": f"http://127.0.0.1:{place.hub_port}/v",
        "agency": AGENCY,
        "mqtt": {
            "host": "127.0.0.1",
            "port": place.broker_port,
            "ca": str(tls / "root.pem"),
            "cert": str(tls / "hub.pem"),
            "key": str(tls / "hub.key.pem"),
        },
        "http": {"port": place.hub_port},
        "enrolment": {
            "port": place.enrolment_port,
            "address": f"localhost:{place.enrolment_port}",
            "broker": f"localhost:{place.broker_port}",
        },
        "bank": ACCOUNT | {"webhook_key": str(bank_key(place.folder))},
        "console": {"second_factor": False},
        "mail": {"host": "localhost", "port": place.mail_port, "ca": str(tls / "root.pem"), "sender": MAIL_SENDER},
        "post": {"sender": f"{AGENCY['name']}, 1 Phố Mẫu, {AGENCY['place']}"},
        "documents": _documents(place.folder),
        "queue": {"services": [each | {"counters": list(COUNTERS), "minutes": 8, "places": 1} for each in SERVICES]},
        "officers": [_officer(place.folder), _operator(place.folder)],
        "kiosks": [{"id": KIOSK_ID, "site": SITE, "legal_mode": "PILOT_REMOTE", "legal_decision": DECISION}],
        "stand_ins": {"own_clock": True},
    }
    tree |= place.agencies.sections(f"http://127.0.0.1:{place.hub_port}")
    return write_toml(place.folder / "hub.toml", tree)


def write_kiosk(place: Place, tls: TlsFiles) -> Path:
    """Write kiosk.toml for the stand-ins; return its path."""
    folder = place.folder / "kiosk"
    stand_ins: dict[str, Any] = {"own_clock": True}
    if place.keep_in is not None:
        stand_ins["keep_for_demo_dir"] = str(place.keep_in)
    tree: dict[str, Any] = {
        "kiosk": {
            "id": KIOSK_ID,
            "site": SITE,
            "province": AGENCY["province"],
            "folder": str(folder),
            "legal_mode": "PILOT_REMOTE",
            "legal_decision": DECISION,
            "presented": "KIOSK_BED_CAMERA",
            "print_cost_per_page_vnd": PRINT_COST_PER_PAGE_VND,
            "pays_by_transfer": True,
            "digitises": True,
            "asks_vneid": True,
        },
        "hub": {
            "host": "127.0.0.1",
            "port": place.broker_port,
            "public_url": f"http://127.0.0.1:{place.hub_port}",
            "est": f"localhost:{place.enrolment_port}",
            "ca": str(tls.authority),
            "certificate": str(tls.certificate),
            "key": str(tls.key),
        },
        "screen": {"port": place.kiosk_port},
        "delivery": {"mail": True, "post": [POSTAL_RATE]},
        "queue": {"series": 1, "services": list(SERVICES)},
        "collectors": [_collector(place.folder)],
        "guide": {"key": catalogue_key(place.folder)},
        "stand_ins": stand_ins,
    }
    tree |= _devices(place, folder)
    if place.person:
        tree |= place.person.sections(place.folder / "hub" / "evidence-key" / evidence_key.PUBLIC)
    return write_toml(place.folder / "kiosk.toml", tree)


def _devices(place: Place, folder: Path) -> dict[str, Any]:
    """Return the sections of the stand-ins for devices, whose books lie in `folder`."""
    sane = write_sane_config(place.folder / "sane", "pnm")
    return {
        "scanner": {
            "class": "agent.devices.scanner.FolderScanner",
            "pages": [str(sheet) for sheet in place.sheets],
            "config_dir": str(sane),
            "hands": str(place.folder / "scanner-hands.json"),
        },
        "printer": {
            "class": "agent.devices.page_printer.IppPrinter",
            "uri": place.printer_uri,
            "book": str(folder / "print-jobs.json"),
        },
        "ticket_printer": {
            "class": "agent.devices.ticket_printer.EscposTicketPrinter",
            "address": str(place.ticket_port),
            "book": str(folder / "slips.json"),
        },
        "desk": {"page_timeout_s": 60.0},  # a loaded computer is slow, not wrong
        "board": {"port": str(place.board_port)},
        "cash": {"class": "agent.devices.cash_mdb.MdbCash", "book": str(folder / "cash-book.json")},
        "cashless": {"class": "agent.devices.cashless.MdbCashless", "book": str(folder / "card-sales.json")},
        "cabinet": {"class": "agent.devices.cabinet.BoardCabinet"},
        "devices.loudspeaker": {
            "class": "agent.devices.loudspeaker.SimulatedLoudspeaker",
            "folder": str(place.folder / "heard"),
        },
    }


def _documents(folder: Path) -> dict[str, Any]:
    """Return [documents] with two folders that stand for backups on media of their own."""
    backups = [folder / "backup-1", folder / "backup-2"]
    for each in backups:
        each.mkdir(parents=True, exist_ok=True)
    return {"backups": [str(each) for each in backups]}


def bank_key(folder: Path) -> Path:
    """Return the file with the key that hub and simulated bank share, drawn once for this set."""
    path = folder / "bank.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path


def catalogue_key(folder: Path) -> str:
    """Return the public key of this set's catalogues; the private one, drawn once, lies beside it."""
    public = folder / "catalogue.pub"
    if not public.exists():
        public.write_text(str(made_key(folder / "catalogue.key.pem")))
    return public.read_text()


def officer_login(folder: Path) -> tuple[str, str, str]:
    """Return the made-up officer's login, password and PIN, drawn once for this set."""
    password = _drawn_once(folder / "officer.txt", secrets.token_urlsafe(12))
    return LOGIN, password, _drawn_once(folder / "officer-pin.txt", f"2{secrets.randbelow(10**7):07d}")


def collector_pin(folder: Path) -> tuple[str, str]:
    """Return the made-up collector's name and PIN, drawn once for this set."""
    return COLLECTOR, _drawn_once(folder / "collector.txt", f"{secrets.randbelow(10**8):08d}")


def _drawn_once(path: Path, secret: str) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secret)
    return path.read_text()


def _collector(folder: Path) -> dict[str, Any]:
    name, pin = collector_pin(folder)
    return {"name": name, "pin": hashed(pin)}


def _officer(folder: Path) -> dict[str, Any]:
    login, password, _ = officer_login(folder)
    return {
        "login": login,
        "password_hash": PasswordHasher().hash(password),
        "name": "Nguyễn Thị Mẫu",
        "title": "Phó Chủ tịch UBND phường",
        "role": "certifier",
        "authority_document": "Quyết định 00/QĐ-UBND (mẫu)",
        "valid_from": date(2026, 1, 1),
    }


def _operator(folder: Path) -> dict[str, Any]:
    """Return who runs the kiosks; his password is the officer's, so that a person at the set keeps one in mind."""
    _, password, _ = officer_login(folder)
    return {
        "login": OPERATOR,
        "password_hash": PasswordHasher().hash(password),
        "name": "Trần Văn Mẫu",
        "title": "Vận hành trạm",
        "role": "operator",
    }


def write_toml(path: Path, tree: Mapping[str, Any]) -> Path:
    """Write a tree of plain values as TOML: tables last, as TOML wants it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {key: value for key, value in tree.items() if not isinstance(value, dict) and not _is_tables(value)}
    lines = [f"{key} = {_toml(value)}" for key, value in plain.items()]
    for key, value in tree.items():
        for header, table in _tables(key, value):
            lines += ["", header, *(f"{name} = {_toml(each)}" for name, each in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _toml(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _tables(key: str, value: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict):
        inner = {name: each for name, each in value.items() if _is_tables(each)}
        plain = {name: each for name, each in value.items() if name not in inner}
        return [
            (f"[{key}]", plain),
            *(table for name, each in inner.items() for table in _tables(f"{key}.{name}", each)),
        ]
    return [(f"[[{key}]]", each) for each in value] if _is_tables(value) else []
