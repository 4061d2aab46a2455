"""Enrolling at the console: codes for kiosks with a network, answers to carried requests, ends of quarantine."""

import base64
import io
from datetime import datetime, timedelta
from typing import Annotated

import segno
from fastapi import APIRouter
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from contract import enrolment
from contract.enrolment import ANSWER, REQUEST, EnrolmentWrong, for_the_eye
from hub.console.access import ServedDevices, ServedHub
from hub.console.fleet import FleetOperator
from hub.enrolment import codes, photo, starts
from hub.enrolment import devices as authority
from hub.enrolment.faults import EnrolmentFault
from hub.faults import CarriedWrong
from hub.verify import confined

router = APIRouter(prefix="/api")

_LONGEST_PICTURE = 16 << 20
_PICTURE_S = 15.0


class TicketView(BaseModel):
    """A ticket: the whole line and its QR (SVG), and the parts for who types."""

    ticket: str
    code: str
    hub: str
    fingerprint: str
    open_until: datetime
    picture: str


class PicturesForm(BaseModel):
    """Photographs of a kiosk's request, base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pictures: Annotated[
        list[Annotated[Base64Bytes, Field(max_length=_LONGEST_PICTURE)]], Field(min_length=1, max_length=4)
    ]


class CarriedView(BaseModel):
    """A request that was read: whose, and the fingerprint to be compared with what the kiosk shows."""

    kiosk: str
    fingerprint: str
    request: str


class CarriedForm(BaseModel):
    """A request whose fingerprint was compared (PKCS#10, base64)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    request: Annotated[Base64Bytes, Field(max_length=8192)]


class AnswerView(BaseModel):
    """The answer's QR codes (SVG), and the fingerprint that the kiosk will ask for."""

    fingerprint: str
    pictures: list[str]


@router.post("/kiosks/{kiosk_id}/enrolment-code", status_code=201)
def make_code(hub: ServedHub, officer: FleetOperator, devices: ServedDevices, kiosk_id: str) -> TicketView:
    """Make a code that works once; it is told now and never again."""
    ticket = codes.make(hub, officer.login, kiosk_id, devices.ca_sha256)
    return TicketView(
        ticket=str(ticket),
        code=ticket.code,
        hub=ticket.hub,
        fingerprint=for_the_eye(ticket.ca_sha256),
        open_until=hub.clock.now() + timedelta(hours=codes.settings(hub).code_hours),
        picture=picture(str(ticket)),
    )


@router.post("/kiosks/{kiosk_id}/carried-requests")
def read_carried(hub: ServedHub, officer: FleetOperator, kiosk_id: str, form: PicturesForm) -> CarriedView:
    """Read a request from photographs; nothing is issued yet."""
    try:
        said = confined.answered(photo.texts, form.pictures, time_s=_PICTURE_S)
        der = enrolment.joined(REQUEST, (said or b"").decode().splitlines())
        asked = authority.Request.read(der)
    except confined.Busy as fault:
        raise CarriedWrong("Too many pictures are looked at just now.", remedy="Try again in a minute.") from fault
    except (EnrolmentWrong, EnrolmentFault) as fault:
        raise CarriedWrong(str(fault)) from fault
    _require_same(asked.kiosk, kiosk_id)
    return CarriedView(
        kiosk=asked.kiosk, fingerprint=for_the_eye(asked.key_sha256), request=base64.b64encode(der).decode()
    )


@router.post("/kiosks/{kiosk_id}/carried-answers", status_code=201)
def answer_carried(officer: FleetOperator, devices: ServedDevices, kiosk_id: str, form: CarriedForm) -> AnswerView:
    """Issue what a carried request asks for; the officer has compared its fingerprint."""
    try:
        asked = authority.Request.read(form.request)
        _require_same(asked.kiosk, kiosk_id)
        answer = devices.answer_carried(asked, officer.login)
    except EnrolmentFault as fault:
        raise CarriedWrong(str(fault)) from fault
    texts = enrolment.cut(ANSWER, enrolment.pack(answer))
    return AnswerView(fingerprint=for_the_eye(devices.ca_sha256), pictures=[picture(text) for text in texts])


@router.delete("/kiosks/{kiosk_id}/quarantine", status_code=204)
def release(hub: ServedHub, officer: FleetOperator, kiosk_id: str) -> None:
    """End a quarantine: the true machine was found, the other is gone or has been enrolled anew."""
    starts.release(hub, officer.login, kiosk_id)


def picture(text: str) -> str:
    """Return a text as QR code (SVG)."""
    svg = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(svg, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return svg.getvalue().decode()


def _require_same(named: str, wanted: str) -> None:
    if named != wanted:
        raise CarriedWrong(f"The request is of {named}, this is {wanted[:63]}.", remedy=f"Open the kiosk {named}.")
