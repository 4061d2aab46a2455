"""The folder of country signers: what belongs there is believed, all else is named."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from agent.identity.chip.trust import TrustUnreadable, load
from provisioning.onebox.eid_pki import Signer, State, master_list
from tests.identity.cards import NOW, town


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    certificate = town().state.authority.certificate
    (tmp_path / "csca.cer").write_bytes(certificate.public_bytes(Encoding.DER))
    return tmp_path


def test_folder_without_certificates_trusts_nobody(tmp_path: Path) -> None:
    assert load(tmp_path / "not there").certificates == ()


def test_certificates_in_both_encodings_and_lists_are_taken(folder: Path) -> None:
    other = State(NOW).authority.certificate
    (folder / "other.pem").write_bytes(other.public_bytes(Encoding.PEM))
    (folder / "revoked.crl").write_bytes(town().state.revocation_list(town().signer).public_bytes(Encoding.DER))
    (folder / "README").write_text("not a certificate, and no name that says so")
    signers = load(folder)
    assert set(signers.certificates) == {town().state.authority.certificate, other}
    assert len(signers.lists) == 1


@pytest.mark.parametrize("name", ["csca.der", "revoked.crl"])
def test_file_that_is_not_what_its_name_says_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"no certificate")
    with pytest.raises(TrustUnreadable, match=name):
        load(folder)


def test_document_signer_is_no_country_signer(folder: Path) -> None:
    (folder / "signer.cer").write_bytes(town().signer.certificate.public_bytes(Encoding.DER))
    with pytest.raises(TrustUnreadable, match=r"signer\.cer"):
        load(folder)


def test_list_of_a_stranger_is_not_taken(folder: Path) -> None:
    stranger = State(NOW)
    (folder / "forged.crl").write_bytes(stranger.revocation_list(town().signer).public_bytes(Encoding.DER))
    with pytest.raises(TrustUnreadable, match=r"forged\.crl"):
        load(folder)


@pytest.fixture
def publisher(tmp_path: Path) -> State:
    """Another state that publishes Vietnam's certificate; its own lies in the folder."""
    state = State(NOW, country="UT")
    (tmp_path / "publisher.cer").write_bytes(state.authority.certificate.public_bytes(Encoding.DER))
    return state


def published(folder: Path, signer: Signer) -> Path:
    listed = [town().state.authority.certificate, State(NOW, country="XX").authority.certificate]
    path = folder / "all.ml"
    path.write_bytes(master_list(listed, signer, NOW))
    return path


def test_master_list_brings_the_certificates_of_known_states(tmp_path: Path, publisher: State) -> None:
    published(tmp_path, publisher.signer(signs_lists=True))
    assert load(tmp_path).certificates == (publisher.authority.certificate, town().state.authority.certificate)


def test_master_list_of_a_state_that_nobody_vouched_for_is_not_taken(tmp_path: Path, publisher: State) -> None:
    published(tmp_path, State(NOW, country="UT").signer(signs_lists=True))
    with pytest.raises(TrustUnreadable, match="put that state's beside it"):
        load(tmp_path)


def test_master_list_signed_by_a_document_signer_is_not_taken(tmp_path: Path, publisher: State) -> None:
    published(tmp_path, publisher.signer())
    with pytest.raises(TrustUnreadable, match=r"all\.ml"):
        load(tmp_path)


def test_altered_master_list_is_not_taken(tmp_path: Path, publisher: State) -> None:
    path = published(tmp_path, publisher.signer(signs_lists=True))
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Test CSCA", b"Best CSCA", 1))
    with pytest.raises(TrustUnreadable, match=r"all\.ml"):
        load(tmp_path)
