"""Officers' keys at a remote signing service (CSC API v2) that enforces the protocol: what is signed, every fault."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hub_doubles import serving
from signing_doubles import AGENCY, NOON, OFFICER, TITLE, attestation, draft

from contract.clock import SimulatedClock
from hub import config as hub_config
from hub.app import open_pki
from hub.config import AgencyConfig, HubConfig, MqttConfig
from hub.faults import ConfigInvalid, PinBlocked, PinUnfit, PinWrong, TokenUnready
from hub.roster import OfficerConfig, Role
from hub.signing import csc_keys, officer_keys, profiles, services
from hub.signing.certify import Certifier
from hub.signing.csc_client import ECDSA_SHA256, SHA256, CscClient, CscRefused
from hub.signing.faults import KeyLocked, RemoteKeyFault
from hub.signing.pki import Pki
from hub.signing.settings import CredentialConfig, RemoteSigningConfig
from hub.signing.signers import OfficerKeys, PinState
from hub.signing.source_board import SourceBoard
from hub.signing.wire import Wire
from provisioning.onebox.remote_signing import Held, RemoteSigning, Trouble

PIN, ID = "482913", "tram/mau"
DIGEST = hashlib.sha256(b"x").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A hub whose certifier's key is at a service."""

    service: RemoteSigning
    config: HubConfig
    pki: Pki
    keys: OfficerKeys
    clock: SimulatedClock
    board: SourceBoard

    def client(self) -> CscClient:
        given = self.config.remote_signing
        assert given
        return CscClient(
            given.url, client_id=given.client_id, client_secret=given.client_secret(), deadline_s=20, wire=Wire(),
            board=self.board,
        )  # fmt: skip

    def certify(self, session):
        trust = services.embedded(self.pki, self.clock)
        return Certifier(self.pki, self.clock, trust).certify(draft(1), attestation(), session)

    def verifies(self, signature: bytes) -> bool:
        try:
            key = self.pki.certificate_of(OFFICER).public_key()
            key.verify(signature, b"x", ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


@pytest.fixture
def remote(tmp_path: Path, noon: SimulatedClock) -> Iterator[Remote]:
    yield from _remote(tmp_path, noon, deadline_s=20)


@pytest.fixture
def hasty(tmp_path: Path, noon: SimulatedClock) -> Iterator[Remote]:
    yield from _remote(tmp_path, noon, deadline_s=1.5)


def _remote(tmp_path: Path, clock: SimulatedClock, *, deadline_s: float) -> Iterator[Remote]:
    service = RemoteSigning()
    root = profiles.root(profiles.machine("CA của nhà cung cấp"), NOON)
    key = profiles.Authority(credential=root, now=NOON).issue(profiles.machine(OFFICER), profiles.document_signer())
    service.held[ID] = Held(credential=key, pin=PIN)
    (tmp_path / "secret").write_text(service.client_secret)
    with serving(service.app) as url:
        config = HubConfig(
            data_dir=tmp_path / "hub",
            verify_base_url="https://tram.example.vn/V",
            agency=AgencyConfig(name=AGENCY, code="H26.1.23", place="Hà Nội", province="Hà Nội"),
            mqtt=MqttConfig(host="127.0.0.1", port=1, ca=Path("a"), cert=Path("b"), key=Path("c")),
            remote_signing=RemoteSigningConfig(
                url=f"{url}/csc/v2",
                client_id=service.client_id,
                client_secret_file=tmp_path / "secret",
                credentials=(CredentialConfig(officer="mau", credential=ID),),
                deadline_s=deadline_s,
            ),
            officers=(
                OfficerConfig(
                    login="mau", password_hash="$argon2id$", name=OFFICER, title=TITLE, role=Role.CERTIFIER,
                    authority_document="QĐ 12/QĐ-UBND", valid_from=date(2026, 1, 1),
                ),
            ),
        )  # fmt: skip
        pki, board = open_pki(config, clock), SourceBoard(clock)
        keys = officer_keys.of(config, pki, clock, board)
        yield Remote(service=service, config=config, pki=pki, keys=keys, clock=clock, board=board)


def test_copy_is_signed_with_the_remote_key_each_hash_authorised_by_itself(remote: Remote) -> None:
    session = remote.keys.open(OFFICER, PIN)
    signed = remote.certify(session)
    assert signed.level == "PAdES B-LTA"
    held = remote.service.held[ID].credential
    assert signed.certifier_certificate.public_key() == held.key.public_key()
    asked = remote.service.asked
    assert asked.count("credentials/authorize") == asked.count("signatures/signHash") == 2  # the challenge, the copy
    assert remote.keys.pin_state(OFFICER) is PinState.CHOSEN
    with pytest.raises(PinUnfit):
        remote.keys.choose_pin(OFFICER, PIN)


def test_credential_whose_authorisation_is_bound_to_no_hash_is_refused(remote: Remote) -> None:
    remote.service.held[ID].scal = "1"
    with pytest.raises(TokenUnready, match="no particular hash"):
        csc_keys.public_key(remote.client(), ID)


def test_locked_session_signs_no_more(remote: Remote) -> None:
    session = remote.keys.open(OFFICER, PIN)
    session.close()
    assert not session.is_open
    with pytest.raises(KeyLocked):
        session.sign(b"x")


def test_wrong_pin_is_told_and_rests_before_the_service_locks_it_for_good(remote: Remote) -> None:
    for _ in range(2):
        with pytest.raises(PinWrong):
            remote.keys.open(OFFICER, "111222")
    assert remote.keys.open(OFFICER, PIN).is_open
    for _ in range(3):
        with pytest.raises(PinWrong):
            remote.keys.open(OFFICER, "111222")
    with pytest.raises(PinBlocked):
        remote.keys.open(OFFICER, PIN)


@pytest.mark.parametrize("trouble", [Trouble.TOKEN_EXPIRED, Trouble.SAD_EXPIRED])
def test_what_ran_out_is_asked_for_again(remote: Remote, trouble: Trouble) -> None:
    session = remote.keys.open(OFFICER, PIN)
    remote.service.trouble = trouble
    assert remote.verifies(session.sign(b"x"))


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble.DOWN, "HTTP status 502"),
        (Trouble.TOO_MANY, "2 signatures for 1 hashes"),
        (Trouble.NONE_AT_ALL, "0 signatures for 1 hashes"),
        (Trouble.ANOTHER_KEY, "another key than the officer's"),
    ],
)
def test_fault_leaves_the_key_open_and_nothing_signed(remote: Remote, trouble: Trouble, said: str) -> None:
    session = remote.keys.open(OFFICER, PIN)
    remote.service.trouble = trouble
    with pytest.raises(RemoteKeyFault, match=said):
        remote.certify(session)
    remote.service.trouble = None
    assert session.is_open and remote.certify(session).level == "PAdES B-LTA"


def test_slow_service_meets_the_deadline_and_the_board_shows_it(hasty: Remote) -> None:
    session = hasty.keys.open(OFFICER, PIN)
    hasty.service.trouble = Trouble.SLOW
    with pytest.raises(RemoteKeyFault, match="did not answer within"):
        session.sign(b"x")
    assert [(each.kind, bool(each.fault)) for each in hasty.board.all()] == [("csc", True)]


def test_service_that_is_down_leaves_the_pin_untried(remote: Remote) -> None:
    remote.service.trouble = Trouble.DOWN
    for _ in range(5):
        with pytest.raises(TokenUnready):
            remote.keys.open(OFFICER, PIN)
    remote.service.trouble = None
    assert remote.keys.open(OFFICER, PIN).is_open


def test_authorisation_is_bound_to_its_hash_and_used_once(remote: Remote) -> None:
    """The service's own word: what our client never does."""
    client = remote.client()
    encoded = base64.b64encode(DIGEST).decode()
    bound = {"credentialID": ID, "hashes": [encoded], "hashAlgorithmOID": SHA256}

    class Sad(msgspec.Struct):
        SAD: str

    class Signed(msgspec.Struct):
        signatures: list[str]

    def authorised() -> str:
        asked = bound | {"numSignatures": 1, "authData": [{"id": "PIN", "value": PIN}]}
        return client._call("credentials/authorize", asked, Sad, client._until()).SAD

    def sign(sad: str, digest: str) -> list[str]:
        asked = bound | {"hashes": [digest], "SAD": sad, "signAlgo": ECDSA_SHA256}
        return client._call("signatures/signHash", asked, Signed, client._until()).signatures

    sad = authorised()
    assert len(sign(sad, encoded)) == 1
    with pytest.raises(CscRefused, match="used before"):
        sign(sad, encoded)
    with pytest.raises(CscRefused, match="other hashes"):
        sign(authorised(), base64.b64encode(bytes(32)).decode())


def test_credential_that_wants_a_one_time_password_is_refused_with_the_reason(remote: Remote) -> None:
    remote.service.held[ID].also_wants = ("OTP",)
    assert officer_keys.public_keys(remote.config) == {}
    with pytest.raises(TokenUnready, match="also asks for OTP"):
        csc_keys.public_key(remote.client(), ID)


def test_hub_starts_without_the_service_and_keeps_the_officers_certificate(remote: Remote) -> None:
    before = remote.pki.certificate_of(OFFICER)
    remote.service.trouble = Trouble.DOWN
    assert open_pki(remote.config, remote.clock).certificate_of(OFFICER) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "http://ky.example.vn/csc/v2"}, "https"),
        ({"credentials": (CredentialConfig(officer="ai", credential=ID),)}, "no certifier"),
    ],
)
def test_configuration_that_can_not_be_right_is_named(remote: Remote, changes: dict[str, object], said: str) -> None:
    assert remote.config.remote_signing
    spoilt = msgspec.structs.replace(remote.config.remote_signing, **changes)
    config = msgspec.structs.replace(remote.config, remote_signing=spoilt)
    assert any(said in each for each in hub_config._contradictions(config))
    with pytest.raises(ConfigInvalid, match="client_secret_file"):
        msgspec.structs.replace(spoilt, client_secret_file=Path("/nowhere")).client_secret()
