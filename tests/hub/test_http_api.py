"""The HTTP API under schemathesis: whatever is sent, the answer is a documented one and never a fault of the server.

Every operation of the API's own description (`/openapi.json`) is called with valid and invalid data, as nobody, as each
role, and with the ids of papers and copies that exist.
"""

import base64
import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import schemathesis
from document_doubles import TOKEN
from document_doubles import Town as Station
from fastapi import FastAPI
from fastapi.testclient import TestClient
from feedback_doubles import said, tell
from hub_doubles import KIOSK, KeysDouble, KioskDouble, draft_pdf, officer
from hypothesis import HealthCheck, Phase, given, settings
from public_doubles import Shop
from queue_doubles import CERTIFY, LINE, Giver
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from agent.link.device_key import DeviceKey
from contract.destinations import MailTo, PostTo, channel_of
from contract.ids import new_ulid, sha256_hex
from contract.messages import LinkFact
from hub import signed_word
from hub.adapters.settings import AdaptersConfig, IhanoiConfig
from hub.config import BankConfig, HubConfig
from hub.console import sessions
from hub.console.app import create_app
from hub.dossiers.settings import DocumentClient, DocumentPermit, DocumentsConfig
from hub.dossiers.signing import DocumentQueue
from hub.enrolment.devices import Devices
from hub.enrolment.settings import EnrolmentConfig
from hub.fleet import jobs
from hub.fleet.wishes import Wish
from hub.log import checkpoints
from hub.queue import bookings
from hub.register import links
from hub.register.extensions import Extensions
from hub.rooms import Hub
from hub.roster import Role
from hub.signing import services
from hub.store.tables import Delivery, DeliveryState, Issue, Officer, RequestRow
from hub.verify.published import PublishedTrust
from hub.verify.rates import Allowance, Rates

KEY = b"k" * 32
METRICS_TOKEN = "m" * 24
CALLS_EACH = int(os.environ.get("TRAM_API_CALLS", "6"))
"""Of each operation; a long search sets TRAM_API_CALLS to some hundred."""

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FREE = Allowance(burst=1e9, per_s=1e9)
HTTP_METHODS = ("get", "post", "put", "delete")


@pytest.fixture
def config(config: HubConfig, tmp_path: Path) -> HubConfig:
    key = tmp_path / "webhook.key"
    key.write_bytes(KEY)
    return msgspec.structs.replace(
        config,
        officers=(*(officer(role.value, role) for role in Role), officer("mau")),
        bank=BankConfig(bank_bin="970400", account="123", account_name="UBND", webhook_key=key),
        http=msgspec.structs.replace(config.http, metrics_token=METRICS_TOKEN),
        queue=LINE,
        enrolment=EnrolmentConfig(address="localhost:8443", broker="localhost:8883"),
        documents=_documents(tmp_path),
        adapters=AdaptersConfig(ihanoi=IhanoiConfig(url="http://localhost:9", secret_file=key, inbound_key=key)),
    )


def _documents(folder: Path) -> DocumentsConfig:
    backups = (folder / "backup-1", folder / "backup-2")
    for each in backups:
        each.mkdir()
    system = DocumentClient(name="kho", token_sha256=sha256_hex(TOKEN.encode()), may=tuple(DocumentPermit))
    return DocumentsConfig(backups=backups, clients=(system,))


@pytest.fixture
def app(shop: Shop) -> FastAPI:
    extensions = Extensions(shop.hub, services.embedded(shop.keys, shop.clock))
    devices = Devices(shop.hub, shop.keys)
    app = create_app(shop.hub, PublishedTrust(shop.hub, shop.keys), KeysDouble(), extensions, devices)
    app.state.rates = Rates(shop.clock, each=FREE, together=FREE)
    checkpoints.publish(shop.hub, shop.keys.log_signer(shop.hub.config.verify_base_url))
    for number in range(20):
        KioskDouble(shop.hub).queue_paper(draft_pdf(mark=str(number)))
    return app


OF_KIOSKS = tuple(f"/api/kiosks/{{kiosk_id}}/{what}" for what in ("enrolment-code", "carried", "quarantine", "jobs"))
CODE, OPERATOR = "4T7K-9QXM-0C3D", Role.OPERATOR.value


def shown(shop: Shop) -> str:
    """Let the kiosk show a link to the copy; return its token."""
    token, now = "t" * 32, shop.clock.now()
    with shop.hub.database.writing() as session:
        paper, until = session.get_one(Issue, shop.copy.copy_id).request, now + timedelta(hours=1)
        fact = LinkFact(request=paper, token_sha256=sha256_hex(token.encode()), valid_until=until)
        assert links.note(session, fact, now)
    return token


def asked_for(shop: Shop) -> str:
    """Let a citizen ask for an answer; return the feedback's id."""
    question = said(shop.hub, "Máy chậm", code=CODE)
    tell(shop.hub, question)
    return question.request


def sent(shop: Shop) -> list[str]:
    """Let the copy be on its way by post, and by a mail of which nobody knows; return both deliveries."""
    now = shop.clock.now()
    ways = (
        (PostTo(name="An", phone="0912345678", address="1 Phố Mẫu"), DeliveryState.WAITING),
        (MailTo(address="an@gmail.com"), DeliveryState.UNKNOWN),
    )
    rows = [
        Delivery(
            id=new_ulid(now), copy_id=shop.copy.copy_id, channel=channel_of(to), address=msgspec.json.encode(to),
            state=state, made_at=now, keep_until=now + timedelta(days=1), next_at=now, copies=1, paid_vnd=0,
        )
        for to, state in ways
    ]  # fmt: skip
    with shop.hub.database.writing() as session:
        session.add_all(rows)
    return [row.id for row in rows]


class Callers:
    """Who calls: nobody, a certifier, any role, Prometheus, and the bank with a right signature."""

    def __init__(self, shop: Shop) -> None:
        hub = shop.hub
        self._hub, self._chance = hub, random.Random(1)
        with hub.database.reading() as session:
            self.officers = list(session.scalars(select(Officer).order_by(Officer.login)))
            papers = list(session.scalars(select(RequestRow.id)))
        document = _digitised(shop)
        ticket = Giver(hub, KIOSK, 1).give().ticket
        self._ids = {
            "request_id": papers,
            "copy_id": [shop.copy.copy_id],
            "seal": [shop.path.removeprefix("/V/")],
            "kiosk_id": [KIOSK],
            "token": [shown(shop)],
            "name": ["copy.pdf"],
            "feedback_id": [asked_for(shop)],
            "year": [2026],
            "month": [11],
            "page": [1, 2],
            "place": ["000.p/1", "000.p/1", "999"],
            "level": [0],
            "desk": ["1", "2"],
            "service": [CERTIFY.code],
            "ticket": [ticket],
            "code": [CODE, _booked(hub)],
            "base_code": [document],
            "doc_code": [document, f"{document}_V1"],
            "job_id": [_job(hub)],
            "delivery": sent(shop),
        }
        self._sent = {"ticket": ticket, "slot": _free(hub).isoformat(), "request": _carried(hub)}

    def prepare(self, case: schemathesis.Case) -> None:
        if case.operation.path.startswith(("/bank/", "/ihanoi/")):
            self._sign(case)
        elif self._chance.random() < 0.1:
            case.headers.pop("Authorization", None)
        else:
            case.headers["Authorization"] = f"Bearer {self._token(case)}"
        for name, known in self._ids.items():
            if name in case.path_parameters and self._chance.random() < 0.7:
                case.path_parameters[name] = self._chance.choice(known)
        for name, value in self._sent.items():
            if isinstance(case.body, dict) and name in case.body and self._chance.random() < 0.7:
                case.body[name] = value

    def _token(self, case: schemathesis.Case) -> str:
        if case.operation.path == "/metrics":
            return METRICS_TOKEN
        if case.operation.path.startswith("/api/v1/documents"):
            return TOKEN
        usual = OPERATOR if case.operation.path.startswith(OF_KIOSKS) else "mau"
        certifier = next(each for each in self.officers if each.login == usual)
        caller = certifier if self._chance.random() < 0.5 else self._chance.choice(self.officers)
        return sessions.open_for(self._hub, caller, via=sessions.BY_PASSWORD).token

    def _sign(self, case: schemathesis.Case) -> None:
        if isinstance(case.body, dict) and "slot_at" in case.body and self._chance.random() < 0.7:
            case.body |= {"service": CERTIFY.code, "slot_at": _free(self._hub).isoformat()}
        sent = case.as_transport_kwargs()
        body = msgspec.json.encode(sent["json"]) if "json" in sent else bytes(sent.get("data") or b"")
        case.body = body  # the very bytes that are signed
        case.headers.update(signed_word.header(KEY, self._hub.clock.now(), body))


def _free(hub: Hub) -> datetime:
    return next(slot.at for slots in bookings.days(hub, CERTIFY).values() for slot in slots if slot.free)


def _carried(hub: Hub) -> str:
    """Return a kiosk's request for a certificate as its operator carries it."""
    key = DeviceKey.make(hub.config.data_dir / "carried.key")
    return base64.b64encode(key.request(KIOSK)).decode()


def _digitised(shop: Shop) -> str:
    """File a digitised paper; return its code without the version."""
    station = Station(
        hub=shop.hub, keys=shop.keys, web=shop.web, clock=shop.clock, queue=DocumentQueue(shop.hub, None),
        dossier=new_ulid(shop.clock.now()), backups=(),
    )  # fmt: skip
    return station.file()


def _job(hub: Hub) -> str:
    return jobs.ask(hub, OPERATOR, KIOSK, new_ulid(hub.clock.now()), Wish(verb="drain")).id


def _booked(hub: Hub) -> str:
    return bookings.book(hub, bookings.new_code(hub), CERTIFY, _free(hub)).code


def test_every_operation_answers_as_documented_whatever_is_sent(app: FastAPI, shop: Shop) -> None:
    callers = Callers(shop)
    failures: list[str] = []
    seen: dict[str, set[int]] = {}
    for operation in operations(app):

        @settings(
            max_examples=CALLS_EACH,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def call(case: schemathesis.Case) -> None:
            callers.prepare(case)
            answer = case.call()
            seen.setdefault(case.operation.label, set()).add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        try:
            call()
        except* Exception as faults:  # noqa: BLE001  # whatever it is, it is told with its operation
            failures += [f"{operation.label}: {fault!r:.2000}" for fault in leaves(faults)]
    assert not failures, "\n\n".join(failures)
    assert len(seen) == sum(method in HTTP_METHODS for path in app.openapi()["paths"].values() for method in path)
    succeeded = [label for label, statuses in seen.items() if min(statuses) < 400]  # a form leads on to a page
    assert len(succeeded) > 0.6 * len(seen), sorted(set(seen) - set(succeeded))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/register?year=99999999999999999999", 422),
        ("/api/statistics/papers?first_day=0001-01-01&last_day=9999-12-31", 422),
        ("/api/statistics/officers?first_day=2026-01-01&last_day=9999-12-31", 422),
        ("/console/register?year=1", 200),
        ("/console/register/99999/12/checks", 422),
        ("/log/tile/0/x999/x999/x999/x999/x999/x999/x999/999", 404),
        ("/log/tile/99999999999999999999/000", 404),
    ],
)
def test_years_days_and_tiles_beyond_reckoning_are_told_as_mistakes(
    shop: Shop, app: FastAPI, path: str, status: int
) -> None:
    caller = next(each for each in Callers(shop).officers if each.login == "mau")
    session = sessions.open_for(shop.hub, caller, via=sessions.BY_PASSWORD)
    with TestClient(app, headers={"Authorization": f"Bearer {session.token}"}) as web:
        assert web.get(path).status_code == status


def operations(app: FastAPI) -> Iterator[schemathesis.APIOperation]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    for each in schema.get_all_operations():
        yield each.ok()


def leaves(fault: BaseException) -> Iterator[BaseException]:
    if isinstance(fault, BaseExceptionGroup):
        for each in fault.exceptions:
            yield from leaves(each)
    else:
        yield fault
