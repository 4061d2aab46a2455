"""Outside timestamp authorities, OCSP and CRLs over HTTP: who is asked next, what the copy is, how it is raised."""

import asyncio
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hub_doubles import serving
from openssl_tsa import OpenSslTsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from signing_doubles import (
    AGENCY,
    EITHER,
    NOTHING_FETCHED,
    OFFICER,
    TITLE,
    VERIFY_URL,
    Certifier,
    attestation,
    draft,
    run,
)

from contract.clock import SimulatedClock, SystemClock
from hub.signing import algorithms, extend, level, services
from hub.signing import trust as publishing
from hub.signing.faults import CertificateRevoked, NoTimestamp, StatusUnknown
from hub.signing.pki import Officer, Pki, ensure
from hub.signing.services import TrustServices
from hub.signing.settings import EvidenceConfig
from hub.signing.source_board import RESTS_FOR, SourceBoard
from hub.verify import judge, signatures
from hub.verify.values import Reason
from provisioning.onebox import trust_services as town
from provisioning.onebox.trust_services import Trouble

B_B, B_T, B_LTA = level.B_B, level.B_T, level.B_LTA
PATIENT_S, HASTY_S = 20.0, 0.7
"""Deadlines of who answers, and of who never does: a busy machine is no trouble that a test asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A hub's keys, the services outside, and how the hub reaches them."""

    pki: Pki
    clock: SimulatedClock
    town: town.TrustServices
    url: str
    board: SourceBoard

    def config(self) -> EvidenceConfig:
        given = self.town.config(self.url, deadline_s=PATIENT_S)
        hasty = msgspec.structs.replace
        return hasty(
            given,
            tsa=tuple(hasty(each, deadline_s=self.patience(self.town.tsas[each.name].trouble)) for each in given.tsa),
            ocsp=tuple(hasty(each, deadline_s=self.patience(self.town.troubles.get("ocsp"))) for each in given.ocsp),
            crl=tuple(hasty(each, deadline_s=self.patience(self.town.troubles.get("crl"))) for each in given.crl),
        )

    def patience(self, trouble: Trouble | None) -> float:
        return HASTY_S if trouble in (Trouble.SLOW, Trouble.DRIPS) else PATIENT_S

    def trust(self) -> TrustServices:
        return services.of(self.config(), self.pki, self.clock, self.board)

    def certify(self, trust: TrustServices | None = None):
        particulars = attestation(issued_at=self.clock.now())
        return Certifier(self.pki, self.clock, trust or self.trust()).certify(draft(1), particulars)

    def judged(self, copy: bytes) -> bool:
        """Whether pyHanko, given the roots alone, calls both signatures LTA."""
        spec = PdfSignatureValidationSpec(
            SignatureValidationSpec(
                cert_validation_policy=_policy([self.pki.root]),
                ts_cert_validation_policy=_policy(self.tsa_roots()),
                revinfo_gathering_policy=NOTHING_FETCHED,
            )
        )
        signatures = PdfFileReader(io.BytesIO(copy)).embedded_regular_signatures
        results = [asyncio.run(ades_lta_validation(each, spec)) for each in signatures]
        return [each.ades_subindic for each in results] == [AdESPassed.OK] * 2

    def tsa_roots(self) -> list[x509.Certificate]:
        return [each.root.certificate for each in self.town.tsas.values()]

    def verdict(self, copy: bytes, *, lists: Sequence[bytes] = ()) -> tuple[list[Reason], str]:
        """What the verify page finds wrong with the signatures, and the level that it names."""
        stated = publishing.statement(
            self.pki, self.clock.now(), verify_base_url=VERIFY_URL, tsa_anchors=self.tsa_roots(), lists=lists
        )
        found = signatures.judge(copy, stated)
        return [reason for each in found for reason in each.reasons], judge.level_of(found)


def _policy(roots: list[x509.Certificate]) -> CertValidationPolicySpec:
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[_asn1(each) for each in roots]),
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(ee_certificate_rule=EITHER, intermediate_ca_cert_rule=EITHER)
        ),
    )


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = SimulatedClock(SystemClock().now() - timedelta(hours=3))
    pki = ensure(tmp_path / "pki", clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    around = town.TrustServices(tmp_path / "town", pki, clock)
    with serving(around.app) as url:
        yield Place(pki=pki, clock=clock, town=around, url=url, board=SourceBoard(clock))


def test_copy_with_outside_services_passes_pyhanko_as_lta(place: Place) -> None:
    signed = place.certify()
    assert (signed.level, signed.lacks) == (B_LTA, "")
    assert place.judged(draft(1) + signed.tail)
    assert (place.town.tsas["first"].asked, place.town.tsas["second"].asked) == (3, 0)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_authority_that_fails_or_lies_is_passed_over_and_left_alone_a_while(place: Place, trouble: Trouble) -> None:
    place.town.tsas["first"].trouble = trouble
    signed = place.certify()
    assert signed.level == B_LTA
    assert (place.town.tsas["first"].asked, place.town.tsas["second"].asked) == (1, 3)
    first, second = (each for each in place.board.all() if each.kind == "tsa")
    assert first.fault and not second.fault


def test_nobody_stamps_then_the_copy_is_b_b_and_says_why(place: Place) -> None:
    place.town.tsas["first"].trouble, place.town.tsas["second"].trouble = Trouble.WRONG_NONCE, Trouble.CLOCK_OFF
    signed = place.certify()
    assert signed.level == B_B
    assert "first: it answered with another nonce" in signed.lacks and "second: its clock says" in signed.lacks
    assert level.reached(draft(1) + signed.tail, draft(1)) == B_B
    assert place.verdict(draft(1) + signed.tail) == ([], B_B)


@pytest.mark.parametrize("trouble", [Trouble.SLOW, Trouble.ERROR, Trouble.GARBAGE])
def test_nobody_says_what_is_revoked_then_the_copy_is_b_t(place: Place, trouble: Trouble) -> None:
    place.town.troubles = {"ocsp": trouble, "crl": trouble}
    signed = place.certify()
    assert signed.level == B_T
    assert "Nobody says whether" in signed.lacks
    assert place.verdict(draft(1) + signed.tail) == ([], B_T)


def test_list_alone_is_enough_evidence(place: Place) -> None:
    place.town.troubles = {"ocsp": Trouble.ERROR}
    signed = place.certify()
    assert signed.level == B_LTA and place.judged(draft(1) + signed.tail)


@pytest.mark.parametrize("down", [("tsa",), ("ocsp", "crl")])
def test_upgrade_after_recovery_is_lta_by_appending_only(place: Place, down: tuple[str, ...], tmp_path: Path) -> None:
    for tsa in place.town.tsas.values():
        tsa.trouble = Trouble.ERROR if "tsa" in down else None
    place.town.troubles = {kind: Trouble.ERROR for kind in down}
    trust = place.trust()
    copy = draft(1) + place.certify(trust).tail
    with pytest.raises((NoTimestamp, StatusUnknown)):
        extend.extension(copy, trust, place.clock)
    place.town.troubles = {}
    for tsa in place.town.tsas.values():
        tsa.trouble = None
    place.clock.advance(RESTS_FOR.total_seconds())
    extended = copy + extend.extension(copy, trust, place.clock)
    assert level.reached(extended, copy) == B_LTA
    assert place.verdict(extended) == ([], B_LTA)
    assert place.judged(extended) or "tsa" in down  # pyHanko's procedure wants a timestamp inside each signature
    (tmp_path / "copy.pdf").write_bytes(extended)
    assert run("pdfsig", "-nocert", tmp_path / "copy.pdf").stdout.count("Signature is Valid") == 2


def test_revoked_authority_is_passed_over(place: Place) -> None:
    place.town.revoke("first", place.clock.now() - timedelta(seconds=1))
    assert place.certify().level == B_LTA
    assert "revoked" in next(each.fault for each in place.board.all() if each.name == "first")
    assert place.town.tsas["second"].asked == 3


def test_signer_revoked_by_the_authority_outside_is_not_raised(place: Place) -> None:
    place.town.tsas["first"].trouble = place.town.tsas["second"].trouble = Trouble.ERROR
    copy = draft(1) + place.certify().tail
    place.town.tsas["first"].trouble = None
    place.pki.revoke(place.pki.certificate_of(OFFICER).serial_number)
    place.clock.advance(60)
    with pytest.raises(CertificateRevoked, match=OFFICER):
        extend.extension(copy, place.trust(), place.clock)


def test_revocation_after_a_proven_signature_does_no_harm(place: Place) -> None:
    place.town.troubles = {"ocsp": Trouble.ERROR, "crl": Trouble.ERROR}
    copy = draft(1) + place.certify().tail
    place.clock.advance(3600)
    place.pki.revoke(place.pki.certificate_of(OFFICER).serial_number)
    place.town.troubles = {}
    place.clock.advance(60)
    extended = copy + extend.extension(copy, place.trust(), place.clock)
    assert level.reached(extended, copy) == B_LTA


def test_new_anchor_of_an_authority_is_used_without_a_stop(place: Place) -> None:
    trust = place.trust()
    assert place.certify(trust).level == B_LTA
    place.town.renew("first")
    place.clock.advance(700)
    place.certify(trust)
    assert place.town.tsas["first"].asked == 3


def test_openssls_own_authority_is_understood(place: Place, tmp_path: Path) -> None:
    """A token that OpenSSL made, with RSA and SHA-512 inside, is proven as ours are."""
    assert algorithms.lasting(place.clock.now()) == "sha256"
    with serving(OpenSslTsa(tmp_path / "openssl").app) as url:
        config = EvidenceConfig(tsa=(OpenSslTsa(tmp_path / "openssl").config(url),))
        trust = services.of(config, place.pki, SystemClock(), place.board)
        stamping = trust.timestamps.stamping()
        assert stamping.token(bytes(range(32)))
        assert len(stamping.chains[0]) == 2


@pytest.fixture
def long_ago(tmp_path: Path) -> Iterator[Place]:
    """The same, eight and a half years before this day: pyHanko judges by the machine's clock."""
    clock = SimulatedClock(SystemClock().now() - timedelta(days=3100))
    pki = ensure(tmp_path / "pki", clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    around = town.TrustServices(tmp_path / "town", pki, clock, names=("only",))
    with serving(around.app) as url:
        yield Place(pki=pki, clock=clock, town=around, url=url, board=SourceBoard(clock))


def test_copy_renewed_over_eight_years_is_still_valid_for_pyhanko_and_pdfsig(long_ago: Place, tmp_path: Path) -> None:
    place, trust = long_ago, long_ago.trust()
    signed = place.certify(trust)
    assert signed.lacks == ""
    copy = draft(1) + signed.tail
    for renewal in range(1, 4):
        ends_at = extend.protection(copy).ends_at
        assert ends_at and timedelta(days=1000) < ends_at - place.clock.now() < timedelta(days=1100)
        due = ends_at - timedelta(days=60) if renewal < 3 else SystemClock().now() - timedelta(days=1)
        place.clock.advance((due - place.clock.now()).total_seconds())
        place.town.renew_certificate("only")
        copy += extend.extension(copy, trust, place.clock)
        assert len(PdfFileReader(io.BytesIO(copy)).embedded_timestamp_signatures) == 1 + renewal
    assert place.clock.now() < SystemClock().now()
    assert place.judged(copy)
    assert place.verdict(copy) == ([], B_LTA)
    (tmp_path / "copy.pdf").write_bytes(copy)
    assert run("pdfsig", "-nocert", tmp_path / "copy.pdf").stdout.count("Signature is Valid") == 2


def test_copy_that_missed_its_renewal_is_no_longer_proven(long_ago: Place) -> None:
    signed = long_ago.certify()
    assert signed.level == B_LTA
    copy = draft(1) + signed.tail
    assert not long_ago.judged(copy)
    assert long_ago.verdict(copy)[0]


def test_digest_algorithm_near_its_stated_end_is_replaced_and_limits_the_protection(place: Place) -> None:
    end = algorithms.ends_at("sha256")
    place.clock.advance((end - timedelta(days=900) - place.clock.now()).total_seconds())
    pki = ensure(
        place.town._folder / "late", place.clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)]
    )
    for name in place.town.tsas:
        place.town.renew_certificate(name)
    trust = services.of(EvidenceConfig(tsa=place.config().tsa, crl=place.config().crl), pki, place.clock, place.board)
    place.town._pki = pki
    particulars = attestation(issued_at=place.clock.now())
    copy = draft(1) + Certifier(pki, place.clock, trust).certify(draft(1), particulars).tail
    assert extend.protection(copy).ends_at == end
    copy += extend.extension(copy, trust, place.clock)
    newest = PdfFileReader(io.BytesIO(copy)).embedded_timestamp_signatures[-1]
    imprint = newest.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
    assert imprint["hash_algorithm"]["algorithm"].native == "sha384"
    assert extend.protection(copy).ends_at > end


def test_published_lists_prove_a_timestamp_whose_own_evidence_ran_out(place: Place) -> None:
    place.clock.advance(-timedelta(days=40).total_seconds())
    pki = ensure(
        place.town._folder / "early", place.clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)]
    )
    early = town.TrustServices(place.town._folder / "early-town", pki, place.clock)
    with serving(early.app) as url:
        then = Place(pki=pki, clock=place.clock, town=early, url=url, board=place.board)
        trust = then.trust()
        copy = draft(1) + then.certify(trust).tail
        place.clock.advance(timedelta(days=40).total_seconds())
        assert then.verdict(copy)[0] == [Reason.CERTIFICATE_UNPROVEN] * len(then.verdict(copy)[0]) != []
        lists = trust.lists()
        assert len(lists) == 4
        assert then.verdict(copy, lists=lists) == ([], B_LTA)
        early.revoke("first", place.clock.now() - timedelta(days=60))
        assert then.verdict(copy, lists=trust.lists())[0] != []
