"""A kiosk seals to what its hub says now: newer hub, older hub, another hub, a restart."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from enrolment_doubles import Town, enrolled, served

from agent.identity.attendant import SimulatedAttendant
from agent.journeys.identity_desk import IdentityDesk
from agent.link import est
from agent.link.faults import HubRefused
from agent.link.mqtt import Credentials
from agent.upkeep.evidence_key import follow, known, place
from contract.identity_evidence import SealingKey, key_id

KIOSK = "tram-01"
OF_KIOSK_TOML = X25519PrivateKey.generate().public_key()


@pytest.fixture
def mine(fresh: Town, tmp_path: Path) -> Credentials:
    return enrolled(fresh, tmp_path)


@pytest.fixture
def desk() -> IdentityDesk:
    return IdentityDesk(attendant=SimulatedAttendant([]), sealing_key=SealingKey(public=OF_KIOSK_TOML, is_named=False))


def _current(town: Town) -> str:
    return key_id(town.hub.evidence_keys.current.public_key())


async def test_a_rotated_key_is_learnt_and_known_after_a_restart(
    fresh: Town, mine: Credentials, desk: IdentityDesk, tmp_path: Path
) -> None:
    path = place(tmp_path, mine)
    assert known(path, OF_KIOSK_TOML) == desk.sealing_key
    async with served(fresh) as address:
        await follow(desk, path, address, mine)
        first = _current(fresh)
        assert desk.sealing_key.is_named and key_id(desk.sealing_key.public) == first
        fresh.hub.evidence_keys.rotate(fresh.hub.clock.now())
        await follow(desk, path, address, mine)
    assert key_id(desk.sealing_key.public) == _current(fresh) != first
    assert key_id(known(path, OF_KIOSK_TOML).public) == _current(fresh)


async def test_an_older_hub_gets_what_it_can_open(
    fresh: Town, mine: Credentials, desk: IdentityDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place(tmp_path, mine)
    monkeypatch.setattr(est, "EVIDENCE_KEY_PATH", "/enrolment/unknown-to-an-older-hub")
    async with served(fresh) as address:
        await follow(desk, path, address, mine)
    assert desk.sealing_key == SealingKey(public=OF_KIOSK_TOML, is_named=False) and not path.exists()


async def test_a_kiosk_that_is_shut_out_is_told_nothing_and_keeps_its_key(
    fresh: Town, mine: Credentials, desk: IdentityDesk, tmp_path: Path
) -> None:
    fresh.devices.revoke(KIOSK, "may")
    async with served(fresh) as address:
        with pytest.raises(HubRefused):
            await follow(desk, place(tmp_path, mine), address, mine)
    assert desk.sealing_key.public == OF_KIOSK_TOML


async def test_a_kiosk_that_moves_to_another_hub_seals_nothing_to_the_old_one(
    fresh: Town, mine: Credentials, desk: IdentityDesk, tmp_path: Path
) -> None:
    async with served(fresh) as address:
        await follow(desk, place(tmp_path, mine), address, mine)
    (tmp_path / "ca.pem").write_bytes(fresh.pki.broker.server.certificate.read_bytes())  # another authority's
    assert known(place(tmp_path, mine), OF_KIOSK_TOML).public == OF_KIOSK_TOML
