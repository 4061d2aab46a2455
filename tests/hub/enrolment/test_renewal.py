"""A kiosk's certificate renews itself at two thirds of its life, and says why where it does not."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from enrolment_doubles import Town, enrolled, served
from starlette.responses import Response

from agent.link import est
from agent.link.faults import HubRefused, ShutOut
from agent.link.mqtt import Credentials
from agent.upkeep.renewal import due_at, renew_if_due
from contract.clock import SimulatedClock
from hub.enrolment import starts
from hub.store.tables import Kiosk

KIOSK = "tram-01"


@pytest.fixture
def mine(place: Town, tmp_path: Path) -> Credentials:
    return enrolled(place, tmp_path)


def serial(credentials: Credentials) -> int:
    return x509.load_pem_x509_certificate(credentials.certificate.read_bytes()).serial_number


async def test_renewal_is_at_two_thirds_of_the_life_and_not_before(place: Town, mine: Credentials) -> None:
    before, clock = serial(mine), SimulatedClock(due_at(mine) - timedelta(seconds=1))
    async with served(place) as address:
        assert not await renew_if_due(KIOSK, address, mine, clock)
        clock.advance(1)
        assert await renew_if_due(KIOSK, address, mine, clock)
    assert serial(mine) != before
    assert mine.signer().cert_ref == f"{serial(mine):X}"
    mine.context()  # the same key fits the new certificate
    assert due_at(mine) - clock.now() < timedelta(days=80)


async def test_the_file_is_the_old_one_where_the_hub_refuses(place: Town, mine: Credentials) -> None:
    before = mine.certificate.read_bytes()
    with place.hub.database.writing() as session:
        kiosk = session.get_one(Kiosk, KIOSK)
        kiosk.quarantined_at, kiosk.quarantine_cause = place.hub.clock.now(), "start 3 was said with two nonces"
    async with served(place) as address:
        with pytest.raises(HubRefused, match="Two machines seem to be tram-01"):
            await renew_if_due(KIOSK, address, mine, SimulatedClock(due_at(mine)))
    assert mine.certificate.read_bytes() == before
    starts.release(place.hub, "may", KIOSK)
    async with served(place) as address:
        assert await renew_if_due(KIOSK, address, mine, SimulatedClock(due_at(mine)))


def test_after_sixty_days_in_a_warehouse_the_way_back_is_said(mine: Credentials) -> None:
    ended = x509.load_pem_x509_certificate(mine.certificate.read_bytes()).not_valid_after_utc
    said = mine.wrong_now(ended + timedelta(days=60))
    assert "certificate ended on" in said and "enrolment code" in said and "tram enrol" in said


def test_a_clock_that_is_wrong_at_boot_is_said_to_be_wrong_not_the_certificate(mine: Credentials) -> None:
    begins = x509.load_pem_x509_certificate(mine.certificate.read_bytes()).not_valid_before_utc
    said = mine.wrong_now(begins - timedelta(days=9000))
    assert "the clock is wrong (R23)" in said and "NTP" in said
    assert mine.wrong_now(begins) == ""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (base64.b64encode(bytes.fromhex("300b06092a864886f70d010701")), "holds no certificates"),  # PKCS#7, of data
        (b"?", "holds no certificates"),
        (b"A" * 1_000_000, "more than 256 KiB"),
    ],
    ids=["other-pkcs7", "nothing", "endless"],
)
async def test_an_answer_that_is_no_certificate_ends_neither_file_nor_agent(
    place: Town, mine: Credentials, monkeypatch: pytest.MonkeyPatch, answer: bytes, said: str
) -> None:
    monkeypatch.setattr("hub.enrolment.est._certificates", lambda _issued: Response(answer))
    before = mine.certificate.read_bytes()
    async with served(place) as address:
        with pytest.raises(HubRefused, match=said):
            await renew_if_due(KIOSK, address, mine, SimulatedClock(due_at(mine)))
    assert mine.certificate.read_bytes() == before


async def test_a_kiosk_hears_where_it_enrolled_that_it_is_in_quarantine_or_revoked(
    place: Town, mine: Credentials
) -> None:
    async with served(place) as address:
        assert (await est.placement(address, mine)).kiosk == KIOSK
        with place.hub.database.writing() as session:
            kiosk = session.get_one(Kiosk, KIOSK)
            kiosk.quarantined_at, kiosk.quarantine_cause = place.hub.clock.now(), "start 3 was said with two nonces"
        with pytest.raises(ShutOut, match=r"Two machines seem to be tram-01: start 3 .* operator"):
            await est.placement(address, mine)
        starts.release(place.hub, "may", KIOSK)
        assert (await est.placement(address, mine)).kiosk == KIOSK
        place.devices.revoke(KIOSK, "may")
        with pytest.raises(ShutOut, match="revoked"):
            await est.placement(address, mine)
