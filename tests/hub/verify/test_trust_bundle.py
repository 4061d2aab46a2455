"""The signed trust bundle and the Trust Statement: made with the hub's own keys, judged by the receiver's program."""

import base64
import json
import subprocess
from datetime import timedelta

import httpx
import msgspec
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from joserfc import jws
from joserfc.jwk import ECKey
from public_doubles import Shop

from contract.clock import SimulatedClock
from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass
from hub.signing import pki
from hub.signing import trust as publishing
from hub.signing.credentials import Credential
from hub.verify import bundle, trust
from hub.verify.trust import TrustUnreadable
from provisioning import trust_bundle
from provisioning import verify as verb


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


@pytest.fixture
def pin(shop: Shop) -> str:
    return bundle.fingerprint(der(shop.keys.root))


def signed_by(shop: Shop, signer: Credential, payload: bytes, *, chain=None, typ: str = bundle.TYPE) -> bytes:
    """A bundle like the hub's, with another key, chain or type."""
    certificates = chain or [signer.certificate, shop.keys.issuing, shop.keys.root]
    pem = signer.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    header = {
        "alg": bundle.ALGORITHM,
        "typ": typ,
        "x5c": [base64.b64encode(der(each)).decode() for each in certificates],
    }
    return jws.serialize_compact(header, payload, ECKey.import_key(pem), registry=bundle.REGISTRY).encode()


def test_bundle_holds_what_the_plain_statement_says(shop: Shop, pin: str) -> None:
    answer = shop.web.get("/trust.jws")
    assert answer.headers["content-type"] == "application/jose"
    opened = bundle.opened(answer.content, pin, shop.clock.now())
    assert opened == trust.parse(shop.web.get("/trust.json").content)
    assert {each.name for each in opened.certifiers} == {"Trần Thị Mẫu"}


def test_openssl_finds_the_signer_under_the_root_and_the_signature_good(shop: Shop, tmp_path) -> None:
    """An independent judge: the chain, and ES256 over header.payload."""
    head, body, signature = shop.web.get("/trust.jws").content.split(b".")
    certificates = json.loads(base64.urlsafe_b64decode(head + b"=="))["x5c"]
    for name, each in zip(("signer", "issuing", "root"), certificates, strict=True):
        (tmp_path / name).write_bytes(ssl_pem(each))
    command = ["openssl", "verify", "-no_check_time", "-ignore_critical", "-CAfile", "root", "-untrusted", "issuing",
               "signer"]  # fmt: skip
    assert b"signer: OK" in subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    raw = base64.urlsafe_b64decode(signature + b"==")
    (tmp_path / "sig").write_bytes(
        encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    )
    (tmp_path / "data").write_bytes(head + b"." + body)
    subprocess.run("openssl x509 -in signer -pubkey -noout > key", shell=True, cwd=tmp_path, check=True)
    check = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "sig", "data"]
    assert b"Verified OK" in subprocess.run(check, cwd=tmp_path, capture_output=True, check=True).stdout


def ssl_pem(text: str) -> bytes:
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n".encode()


def test_old_folder_of_keys_gets_its_bundle_signer_at_the_next_start(shop: Shop, clock: SimulatedClock) -> None:
    folder = shop.hub.config.data_dir / "pki"
    for name in ("bundle.pem", "bundle.key.pem"):
        (folder / "people" / name).unlink()
    again = pki.ensure(folder, clock, agency=shop.keys.agency, certifiers=[])
    assert again.root == shop.keys.root
    made = publishing.signed(again, shop.web.get("/trust.json").content)
    bundle.opened(made, bundle.fingerprint(der(again.root)), clock.now())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda jwt, shop: jwt[:-6] + b"AAAAAA",
        lambda jwt, shop: jwt.replace(b".", b".A", 1),
        lambda jwt, shop: b"eyJhbGciOiJub25lIn0." + jwt.split(b".")[1] + b".",
        lambda jwt, shop: b"ey",
        lambda jwt, shop: signed_by(shop, shop.keys.seal, b"{}"),
        lambda jwt, shop: signed_by(shop, shop.keys.tsa, b"{}"),
        lambda jwt, shop: signed_by(shop, shop.keys.agency_credential, b"{}"),
        lambda jwt, shop: signed_by(shop, shop.keys.bundle_signer, b"{}", typ="JWT"),
        lambda jwt, shop: signed_by(shop, shop.keys.bundle_signer, b"{}"),
        lambda jwt, shop: signed_by(shop, shop.keys.seal, b"{}", chain=[shop.keys.root]),
    ],
    ids=["signature", "payload", "alg none", "rubbish", "seal key", "tsa key", "agency key", "type", "empty", "root"],
)
def test_bundle_that_is_not_signed_by_the_right_key_is_refused(shop: Shop, pin: str, spoil) -> None:
    genuine, now = shop.web.get("/trust.jws").content, shop.clock.now()
    bundle.opened(genuine, pin, now)
    with pytest.raises(TrustUnreadable):
        bundle.opened(spoil(genuine, shop), pin, now)


def test_thousands_of_annulments_fit(shop: Shop, pin: str) -> None:
    now = shop.clock.now()
    many = [trust.Annulment(copy_id=f"{n:026d}", decision_no="1/QĐ", at=now, reason="X") for n in range(5000)]
    stated = publishing.statement(shop.keys, now, verify_base_url="https://tram.example.vn/V", annulled=many)
    made = publishing.signed(shop.keys, msgspec.json.encode(stated))
    assert len(bundle.opened(made, pin, now).annulled) == 5000


def test_bundle_of_another_root_is_refused_and_both_roots_are_named(shop: Shop, tmp_path, clock) -> None:
    other = pki.ensure(tmp_path / "other", clock, agency="UBND phường Khác", certifiers=[])
    forged = publishing.signed(other, shop.web.get("/trust.json").content)
    pin = bundle.fingerprint(der(shop.keys.root))
    with pytest.raises(TrustUnreadable, match=pin):
        bundle.opened(forged, pin, clock.now())


def test_bundle_whose_signer_expired_is_refused(shop: Shop, pin: str) -> None:
    with pytest.raises(TrustUnreadable):
        bundle.opened(shop.web.get("/trust.jws").content, pin, shop.clock.now() + timedelta(days=4 * 365))


def test_anchor_is_needed_once_and_remembered(shop: Shop, pin: str, tmp_path) -> None:
    file = tmp_path / "trust.jws"
    file.write_bytes(shop.web.get("/trust.jws").content)
    now = shop.clock.now()
    with pytest.raises(bundle.NotPinned, match="--anchor"):
        trust_bundle.load(file, now)
    assert trust_bundle.load(file, now, pin.upper().replace("SHA256:", "")).pin == pin
    assert trust_bundle.load(file, now).pin == pin
    with pytest.raises(TrustUnreadable, match="remembers another"):
        trust_bundle.load(file, now, "sha256:" + "0" * 64)


def test_wrong_anchor_is_not_remembered(shop: Shop, tmp_path) -> None:
    file = tmp_path / "trust.jws"
    file.write_bytes(shop.web.get("/trust.jws").content)
    with pytest.raises(TrustUnreadable):
        trust_bundle.load(file, shop.clock.now(), "sha256:" + "0" * 64)
    assert [each.name for each in tmp_path.glob("trust*")] == ["trust.jws"]


@pytest.mark.parametrize(("days", "said"), [(30, 0), (31, 1), (-1, 1)])
def test_age_is_told_when_it_matters(shop: Shop, pin: str, days: int, said: int) -> None:
    known = trust_bundle.Known(trust=trust.parse(shop.web.get("/trust.json").content), pin=pin)
    remarks = trust_bundle.remarks(known, known.trust.issued_at + timedelta(days=days))
    assert len(remarks) == said
    assert all(str(max(days, 0) or "đồng hồ") in each for each in remarks)


@pytest.mark.parametrize("annulled", [False, True])
def test_offline_verdict_is_that_of_the_page(shop: Shop, pin: str, tmp_path, annulled: bool) -> None:
    if annulled:
        why = Annulment(decision_no="QĐ 5", reason_class=ReasonClass.ENTRY_WRONG, text="Nhầm.")
        annulments.record(shop.hub, "mau", shop.copy.copy_id, why)
    (tmp_path / "trust.jws").write_bytes(shop.web.get("/trust.jws").content)
    (tmp_path / "copy.pdf").write_bytes(shop.pdf())
    arguments = [str(tmp_path / "copy.pdf"), "--offline", "--json", "--trust", str(tmp_path / "trust.jws")]
    assert CliRunner().invoke(verb.verify, arguments).exit_code == 2
    told = CliRunner().invoke(verb.verify, [*arguments, "--anchor", pin])
    standing = msgspec.json.decode(told.stdout)["standing"]
    online = shop.web.post("/verify", files={"file": ("copy.pdf", shop.pdf())}).text
    assert (standing, told.exit_code) == (("INVALID", 1) if annulled else ("VALID", 0))
    assert ("BẢN SAO KHÔNG CÓ GIÁ TRỊ" if annulled else "BẢN SAO HỢP LỆ") in online


def test_trust_page_names_people_keys_and_who_answers(shop: Shop, pin: str) -> None:
    page = shop.web.get("/trust")
    assert page.status_code == 200
    assert "<script" not in page.text
    for text in (pin, "QĐ 12/QĐ-UBND", "Phó Chủ tịch", "từ 01/01/2026", "Điều 19 khoản 2", "Luật Khiếu nại",
                 "MẪU/TEST", "không có giá trị pháp lý", "tram.example.vn/log+", "(đã hết – ended)"):  # fmt: skip
        assert text in page.text
    seal = bundle.fingerprint(der(shop.keys.seal.certificate))
    assert seal in page.text


def test_who_left_the_roster_is_not_shown_as_certifier(shop: Shop) -> None:
    statement = trust.parse(shop.web.get("/trust.json").content)
    gone = tuple(msgspec.structs.replace(each, current=False) for each in statement.certifiers)
    shop.web.app.state.trust = lambda: msgspec.json.encode(msgspec.structs.replace(statement, certifiers=gone))
    page = shop.web.get("/trust").text
    assert "Hiện không có ai" in page
    assert "Trần Thị Mẫu" not in page


@pytest.fixture
def asked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the agency's address answers, by the file's name."""
    answers = {name: shop.web.get(f"/{name}").content for name in ("trust.jws", "trust.json")}

    def get(url: str, **_: object) -> httpx.Response:
        return httpx.Response(200, content=answers[url.rsplit("/", 1)[1]], request=httpx.Request("GET", url))

    monkeypatch.setattr(verb.httpx, "get", get)
    monkeypatch.setattr(verb, "SystemClock", lambda: shop.clock)
    return answers


def test_newest_signed_bundle_is_taken_whole_and_an_older_one_is_not(shop: Shop, pin: str, asked) -> None:
    newest = bundle.opened(asked["trust.jws"], pin, shop.clock.now())
    hour = timedelta(hours=1)
    old = msgspec.structs.replace(newest, issued_at=newest.issued_at - hour, seal_signers=(), crls=("old",))
    assert verb._refreshed(trust_bundle.Known(trust=old, pin=pin)).trust == newest
    known = trust_bundle.Known(trust=msgspec.structs.replace(newest, issued_at=newest.issued_at + hour), pin=pin)
    assert verb._refreshed(known) is known, "a bundle of yesterday, played again, forgets no annulment"


def test_unsigned_bundle_brings_annulments_and_nothing_to_trust(shop: Shop, asked) -> None:
    newest = trust.parse(asked["trust.json"])
    old = msgspec.structs.replace(newest, issued_at=newest.issued_at - timedelta(hours=1), seal_signers=(), crls=())
    refreshed = verb._refreshed(trust_bundle.Known(trust=old, pin="")).trust
    assert refreshed.issued_at == newest.issued_at
    assert (refreshed.seal_signers, refreshed.crls) == ((), ())
