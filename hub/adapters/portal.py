"""The National Public Service Portal: a digitised dossier is handed over, a result goes to the citizen's own store.

It follows what public client code shows of the Government Office's guide to integration with the portal (version 1.4 of
20 April 2020; the guide itself was not at hand): log in at `/mapi/login` for a session, look a record up with the
service `TraCuuHoSo`, write it with `DongBoHoSoMC`, both at `/mapi/g`; the portal fetches files from the addresses in
the record. That a result with its owner's number comes to rest in their store (NĐ 45/2020/NĐ-CP Art. 16), and the
numbers of the states, are our reading. Whether today's portal takes all of this is not known.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from msgspec import Struct

from contract.clock import VIETNAM
from hub.adapters.peer import JSON, Peer, Refused, decoded
from hub.adapters.settings import PortalConfig

RECEIVED, RESULT_GIVEN = "2", "10"
"""TrangThaiHoSo: taken in; the result was given out."""
CITIZEN = "1"
"""LoaiDoiTuong."""
_DONE = (0, "0", "00")


class Attachment(Struct, frozen=True, kw_only=True):
    """A paper of a dossier (TaiLieuNop): its code, name, component, and the address of its file."""

    code: str = msgspec.field(name="TepDinhKemId")
    name: str = msgspec.field(name="TenTepDinhKem")
    component: str = msgspec.field(name="MaThanhPhanHoSo")
    address: str = msgspec.field(name="DuongDanTaiTepTin")
    is_deleted: str = msgspec.field(name="IsDeleted", default="False")


class Result(Struct, frozen=True, kw_only=True):
    """A result (DanhSachGiayToKetQua): its id, title, and the address of its file."""

    code: str = msgspec.field(name="GiayToId")
    title: str = msgspec.field(name="TenGiayTo")
    component: str = msgspec.field(name="MaThanhPhanHoSo", default="")
    address: str = msgspec.field(name="DuongDanTepTinKetQua")


class Record(Struct, frozen=True, kw_only=True):
    """A record as DongBoHoSoMC has it; `MaDoiTuong` is the personal number of whom it belongs to, where it is known."""

    code: str = msgspec.field(name="MaHoSo")
    procedure: str = msgspec.field(name="MaTTHC")
    procedure_name: str = msgspec.field(name="TenTTHC")
    owner: str = msgspec.field(name="MaDoiTuong", default="")
    owner_kind: str = msgspec.field(name="LoaiDoiTuong", default=CITIZEN)
    about: str = msgspec.field(name="TrichYeuHoSo")
    received: str = msgspec.field(name="NgayTiepNhan")
    state: str = msgspec.field(name="TrangThaiHoSo")
    by: str = msgspec.field(name="DonViXuLy")
    in_person: str = msgspec.field(name="HinhThuc", default="0")
    papers: Sequence[Attachment] = msgspec.field(name="TaiLieuNop", default=())
    results: Sequence[Result] = msgspec.field(name="DanhSachGiayToKetQua", default=())


class Portal(Protocol):
    """Where records go."""

    def write(self, record: Record) -> str:
        """Return the portal's receipt; the same record again is one record. Raise Unavailable or Refused."""


class HttpPortal:
    """The portal behind the adapter of the national data exchange platform (NDXP)."""

    def __init__(self, config: PortalConfig, unit: str) -> None:
        self._peer, self._unit = Peer(config), unit
        self._login = {"username": config.account, "password": config.secret()}
        self._headers = {"Content-Type": JSON, "Accept": JSON, "dstcode": config.destination}

    def write(self, record: Record) -> str:
        """Write the record, as a change where the portal has it already; return its code there."""
        session = self._said("/mapi/login", self._login).session
        known = self._asked(session, {"service": "TraCuuHoSo", "MaHoSo": record.code}).result
        self._asked(session, {"service": "DongBoHoSoMC", "isUpdating": str(bool(known)), "data": [record]})
        return record.code

    def _asked(self, session: str, question: dict[str, object]) -> "_Said":
        return self._said("/mapi/g", {"session": session, "madonvi": self._unit, **question})

    def _said(self, path: str, question: dict[str, object] | dict[str, str]) -> "_Said":
        content = self._peer.post(path, msgspec.json.encode(question), headers=self._headers)
        said = decoded(content, _Said)
        if said.error_code not in _DONE:
            raise Refused(f"error_code {said.error_code}: {said.message[:300]}")
        return said


class _Said(Struct, frozen=True):
    error_code: int | str
    message: str = ""
    session: str = ""
    result: list[dict[str, object]] = []


def written(moment: datetime) -> str:
    """Return a moment as the guide writes it: Vietnamese time, `yyyyMMddHHmmss`."""
    return f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}"
