"""A hub with one signed copy made with real keys, and its public face."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KioskDouble, approve, bodies
from public_doubles import Shop

from contract.clock import SimulatedClock
from contract.messages import Certified
from hub.console.app import create_app
from hub.intake import requests
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing import pki, services
from hub.signing.certify import Certifier
from hub.signing.pkcs12_keys import Pkcs12Session
from hub.verify.published import PublishedTrust


@pytest.fixture
def shop(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> Iterator[Shop]:
    officers = [pki.Officer(name="Trần Thị Mẫu", title="Phó Chủ tịch")]
    keys = pki.ensure(hub.config.data_dir / "pki", clock, agency=hub.config.agency.name, certifiers=officers)
    paper = kiosk.queue_paper()
    approve(hub, paper)
    key = keys.certifier("Trần Thị Mẫu")
    session = Pkcs12Session(credential=key, certificate=key.certificate)
    hub.open_keys.put("mau", session, console="", until=clock.now() + timedelta(days=1))
    assert SigningQueue(hub, Certifier(keys, clock, services.embedded(keys, clock))).sign_next()
    (copy,) = bodies(requests.answer(hub, paper))
    assert isinstance(copy, Certified)
    with TestClient(create_app(hub, PublishedTrust(hub, keys), keys.officer_keys)) as web:
        yield Shop(hub=hub, keys=keys, web=web, copy=copy, clock=clock)
