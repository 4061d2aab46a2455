"""Judging the signatures in a PDF with pyHanko: integrity, coverage, later changes, certificates at the proven time.

Validation follows EN 319 102-1 with the file's own revocation data and timestamps, and the revocation lists of the
trust statement; nothing is fetched.
"""

import asyncio
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import crl, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    NonRevokedStatusAssertion,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from contract.clock import SystemClock
from hub.verify import embedded
from hub.verify.trust import Trust
from hub.verify.values import Reason, SignatureFinding

Anchors = Sequence[x509.Certificate]

_DISPROVEN = (
    AdESIndeterminate.REVOKED_NO_POE,
    AdESIndeterminate.REVOKED_CA_NO_POE,
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.TIMESTAMP_ORDER_FAILURE,
)
_TIME_UNPROVEN = (
    AdESIndeterminate.SIG_CONSTRAINTS_FAILURE,
    AdESIndeterminate.NO_POE,
    AdESIndeterminate.TRY_LATER,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
)
_WHILE_JUDGING = timedelta(hours=1)
_EITHER = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED


def judge(pdf: bytes, trust: Trust | None) -> list[SignatureFinding]:
    """Return a finding for each signature and document timestamp, oldest first."""
    return asyncio.run(_judge_all(PdfFileReader(io.BytesIO(pdf)), _Known.of(trust)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Whom to trust, and what is known besides what the file holds."""

    anchors: Anchors
    tsa_anchors: Anchors
    issuers: Anchors
    crls: Sequence[crl.CertificateList]

    @classmethod
    def of(cls, trust: Trust | None) -> "_Known":
        if trust is None:
            return cls(anchors=[], tsa_anchors=[], issuers=[], crls=[])
        people, lists = _certificates(trust.anchors), [crl.CertificateList.load(_der(text)) for text in trust.crls]
        stampers = [*people, *_certificates(trust.tsa_anchors)]
        return cls(anchors=people, tsa_anchors=stampers, issuers=_certificates(trust.issuers), crls=lists)


async def _judge_all(reader: PdfFileReader, known: _Known) -> list[SignatureFinding]:
    found = reader.embedded_signatures
    stamps: dict[str, SignatureFinding] = {}
    protected_at: datetime | None = None
    for each in reversed([signature for signature in found if _is_stamp(signature)]):
        judged = await _judge_stamp(each, known, protected_at)
        stamps[each.field_name] = judged
        protected_at = judged.signed_at if not judged.reasons else protected_at
    proven = [each.signed_at for each in stamps.values() if not each.reasons and each.signed_at]
    since = min(proven, default=None)
    return [stamps.get(each.field_name) or await _judge_signature(each, known, since) for each in found]


async def _judge_signature(
    signature: EmbeddedPdfSignature, known: _Known, stamped_at: datetime | None
) -> SignatureFinding:
    spec = _spec(known, _good_now(signature.reader, known))
    signature.compute_integrity_info(diff_policy=spec.diff_policy)
    result = await ades_lta_validation(signature, spec)
    timestamped = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None) is not None
    shape = list(_shape_reasons(signature))
    if _lacks_time(result.ades_subindic) and not (timestamped and stamped_at):
        proven = stamped_at or signature.self_reported_timestamp
        untimed = await _untimed_reasons(signature, known, stamped_at)
        return _finding(signature, proven, [*shape, *untimed], "", timestamped=timestamped or stamped_at is not None)
    proven = result.best_signature_time if timestamped else signature.self_reported_timestamp
    reasons = [*shape, *_status_reasons(result.ades_subindic)]
    return _finding(signature, proven, reasons, result.failure_msg or "", timestamped=timestamped)


async def _untimed_reasons(
    signature: EmbeddedPdfSignature, known: _Known, stamped_at: datetime | None
) -> Iterable[Reason]:
    """Judge a signature below B-LTA as at the document timestamp behind it, else as now by the published lists.

    pyHanko's procedure of EN 319 102-1 ends at a signature without a proven timestamp inside; EN 319 142-1 lets a
    document timestamp prove its time, and a signature whose certificate is good now needs no time.
    """
    context = _context(signature.reader, known.anchors, known, moment=stamped_at)
    status = await async_validate_pdf_signature(signature, signer_validation_context=context)
    if not (status.intact and status.valid):
        return [Reason.SIGNATURE_BROKEN]
    return [_untrusted(status, known)] if status.revoked or not status.trusted else []


def _lacks_time(indication: AdESSubIndic) -> bool:
    return isinstance(indication, AdESIndeterminate) and indication in _TIME_UNPROVEN


def _untrusted(status: PdfSignatureStatus, known: _Known) -> Reason:
    reasons = _status_reasons(status.trust_problem_indic) if status.trust_problem_indic else ()
    fallback = Reason.CERTIFICATE_UNPROVEN if known.anchors else Reason.SIGNER_UNKNOWN
    return next(iter(reasons), fallback)


async def _judge_stamp(
    signature: EmbeddedPdfSignature, known: _Known, protected_at: datetime | None
) -> SignatureFinding:
    """Judge a document timestamp as at the next one behind it, which protects it, else as now."""
    context = _context(signature.reader, known.tsa_anchors, known, moment=protected_at)
    status = await async_validate_pdf_timestamp(signature, context)
    reasons = list(_shape_reasons(signature))
    if not (status.intact and status.valid):
        reasons.append(Reason.SIGNATURE_BROKEN)
    elif not status.trusted:
        reasons.append(Reason.CERTIFICATE_UNPROVEN if known.tsa_anchors else Reason.SIGNER_UNKNOWN)
    return _finding(signature, status.timestamp, reasons, "", timestamped=True)


def _finding(
    signature: EmbeddedPdfSignature,
    proven: datetime | None,
    reasons: Iterable[Reason],
    detail: str,
    *,
    timestamped: bool,
) -> SignatureFinding:
    certificate = signature.signer_cert
    return SignatureFinding(
        field=str(signature.field_name),
        subject=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        is_timestamp=_is_stamp(signature),
        signed_at=proven,
        timestamped=timestamped,
        covers_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        reasons=tuple(dict.fromkeys(reasons)),
        detail=detail,
    )


def _shape_reasons(signature: EmbeddedPdfSignature) -> Iterable[Reason]:
    if signature.coverage is None or signature.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield Reason.BYTES_NOT_COVERED
    if signature.summarise_integrity_info()["docmdp_ok"] is False or _filled_after_last(signature):
        yield Reason.CHANGED_AFTER_SIGNING


def _filled_after_last(signature: EmbeddedPdfSignature) -> bool:
    """A form filled after the last signature: permitted by ISO 32000, the way of the shadow attacks, never ours."""
    last = signature.reader.embedded_signatures[-1].sig_object is signature.sig_object
    change = signature.diff_result
    return last and isinstance(change, DiffResult) and change.modification_level > ModificationLevel.LTA_UPDATES


def _status_reasons(indication: AdESSubIndic) -> Iterable[Reason]:
    if indication == AdESPassed.OK:
        return
    if indication in (AdESFailure.HASH_FAILURE, AdESFailure.SIG_CRYPTO_FAILURE, AdESFailure.FORMAT_FAILURE):
        yield Reason.SIGNATURE_BROKEN
    elif isinstance(indication, AdESFailure) or indication in _DISPROVEN:
        yield Reason.CERTIFICATE_BAD
    elif indication in (AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND, AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND):
        yield Reason.SIGNER_UNKNOWN
    else:
        yield Reason.CERTIFICATE_UNPROVEN


def _certificates(pems: Iterable[str]) -> Anchors:
    return [x509.Certificate.load(_der(text)) for text in pems]


def _der(text: str) -> bytes:
    return bytes(pem.unarmor(text.encode())[2])


def _spec(known: _Known, good: list[NonRevokedStatusAssertion]) -> PdfSignatureValidationSpec:
    local = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=_policy(known.anchors),
            ts_cert_validation_policy=_policy(known.tsa_anchors),
            revinfo_gathering_policy=local,
            local_knowledge=LocalKnowledge(nonrevoked_assertions=good, known_certs=list(known.issuers)),
        )
    )


def _good_now(reader: PdfFileReader, known: _Known) -> list[NonRevokedStatusAssertion]:
    """Say of every certificate in the file that is in its days, and that a published list does not name, it is good.

    pyHanko is told the conclusion, not the lists: by a new list it would misjudge certificates that ended before.
    """
    now = SystemClock().now()  # the clock that pyHanko looks at
    current = [each["tbs_cert_list"] for each in known.crls if _is_current(each, now)]
    revoked = {
        (listed["issuer"].dump(), each["user_certificate"].native)
        for listed in current
        for each in listed["revoked_certificates"] or ()
    }
    answered = {listed["issuer"].dump() for listed in current}
    return [
        NonRevokedStatusAssertion(cert_sha256=each.sha256, at=now + _WHILE_JUDGING)
        for each in (*embedded.certificates(reader), *known.issuers)
        if each.issuer.dump() in answered
        and (each.issuer.dump(), each.serial_number) not in revoked
        and each.not_valid_after > now
    ]


def _is_current(listed: crl.CertificateList, now: datetime) -> bool:
    until = listed["tbs_cert_list"]["next_update"].native
    return until is not None and until > now


def _policy(anchors: Anchors) -> CertValidationPolicySpec:
    return CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=anchors),
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(ee_certificate_rule=_EITHER, intermediate_ca_cert_rule=_EITHER)
        ),
    )


def _context(
    reader: PdfFileReader, anchors: Anchors, known: _Known, *, moment: datetime | None = None
) -> ValidationContext:
    """Return how a certificate is judged by the file's own evidence and the published lists, now or as at a moment."""
    settings: dict[str, Any] = {
        "trust_roots": anchors,
        "allow_fetching": False,
        "revocation_mode": "require",
        "other_certs": list(known.issuers),
        "crls": list(known.crls),
    }
    if moment is not None:
        settings |= {"moment": moment, "retroactive_revinfo": True}
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except NoDSSFoundError:
        return ValidationContext(**settings)


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object_type == "/DocTimeStamp")


def _common_name(name: x509.Name) -> str:
    native = name.native
    return str(native.get("common_name") or native.get("organization_name") or name.human_friendly)
