"""The stand-in card is a judge, so it is judged first: its end of the standard's worked examples."""

import ast
import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.onebox import eid_card
from provisioning.onebox.eid_curve import BRAINPOOL256, BRAINPOOL384, P256, Curve
from provisioning.onebox.eid_pace import CardPace, Wrong
from provisioning.onebox.eid_session import CardSession, derived, mac
from provisioning.onebox.virtual_card import heard
from tests.identity import icao_examples as icao
from tests.identity.cards import town
from tests.identity.icao_examples import G1, octets


def test_card_shares_no_code_with_the_reader_it_judges() -> None:
    for path in Path(eid_card.__file__).parent.glob("eid_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("agent")), path.name


def test_security_object_is_signed_in_the_eyes_of_openssl(tmp_path: Path) -> None:
    """Another judge of the stand-in: chain, attributes and signature; what it gives back is what was signed."""
    data = town().card()
    (tmp_path / "csca.pem").write_bytes(town().state.authority.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "sod.der").write_bytes(data.security_object[4:])
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", "sod.der", "-CAfile", "csca.pem"]
    judged = subprocess.run(
        [*command, "-purpose", "any", "-no_check_time", "-out", "said.der"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stderr
    said = (tmp_path / "said.der").read_bytes()
    assert all(hashlib.sha256(group).digest() in said for group in data.groups.values())


@pytest.mark.parametrize("curve", [P256, BRAINPOOL256, BRAINPOOL384], ids=lambda curve: str(curve.group_id))
def test_curve_is_one_of_prime_order(curve: Curve) -> None:
    assert curve.taken(curve.written(curve.base)) == curve.base
    assert curve.times(curve.n, curve.base) is None
    assert curve.add(curve.times(curve.n - 1, curve.base), curve.base) is None


def test_keys_are_the_standards() -> None:
    assert derived(1, icao.SEED, 1) == icao.BAC_ENCRYPTION
    assert derived(1, icao.SEED, 2) == icao.BAC_MAC
    assert mac(1, icao.BAC_MAC, icao.BAC_COMMAND[5:37]) == icao.BAC_COMMAND[37:45]


def test_card_plays_the_chip_of_appendix_d() -> None:
    session = CardSession(
        kind=1, encryption=icao.SESSION_ENCRYPTION, authentication=icao.SESSION_MAC, counter=icao.COUNTER
    )
    for plain, sent, said, told in icao.TALK:
        command = session.opened(heard(octets(sent)))
        assert command == heard(octets(plain))
        assert session.closed(octets(told), 0x9000) == octets(said)


def test_card_plays_the_chip_of_appendix_g() -> None:
    run = CardPace(BRAINPOOL256, 2, password=octets("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"))
    run.nonce, run.map_key, run.key = octets(G1.nonce), int(G1.chip_map, 16), int(G1.chip_key, 16)
    assert run.step({}) == octets("8010" + G1.sealed_nonce)
    assert run.step({0x81: octets(G1.terminal_map_public)}) == octets("8241" + G1.chip_map_public)
    assert run.step({0x83: octets(G1.terminal_public)}) == octets("8441" + G1.chip_public)
    assert run.step({0x85: octets(G1.terminal_token)}) == octets("8608" + G1.chip_token)
    assert run.secret == octets(G1.secret)


def test_card_does_not_open_for_a_wrong_token() -> None:
    run = CardPace(BRAINPOOL256, 2, password=b"123456")
    run.step({})
    run.step({0x81: octets(G1.terminal_map_public)})
    run.step({0x83: octets(G1.terminal_public)})
    with pytest.raises(Wrong):
        run.step({0x85: octets(G1.terminal_token)})
    assert not run.secret
