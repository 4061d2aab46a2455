"""Judging the signatures in a PDF with pyHanko: integrity, coverage, later changes, certificates at the proven time.

Validation follows EN 319 102-1 with the file's own revocation data and timestamps only; nothing is fetched.
"""

import asyncio
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_timestamp
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

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
_EITHER = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED


def judge(pdf: bytes, trust: Trust | None) -> list[SignatureFinding]:
    """Return a finding for each signature and document timestamp, oldest first."""
    return asyncio.run(_judge_all(PdfFileReader(io.BytesIO(pdf)), trust))


async def _judge_all(reader: PdfFileReader, trust: Trust | None) -> list[SignatureFinding]:
    anchors = _anchors(trust)
    return [
        await (_judge_stamp if signature.sig_object_type == "/DocTimeStamp" else _judge_signature)(signature, anchors)
        for signature in reader.embedded_signatures
    ]


async def _judge_signature(signature: EmbeddedPdfSignature, anchors: Anchors) -> SignatureFinding:
    spec = _spec(anchors)
    signature.compute_integrity_info(diff_policy=spec.diff_policy)
    result = await ades_lta_validation(signature, spec)
    timestamped = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None) is not None
    proven = result.best_signature_time if timestamped else signature.self_reported_timestamp
    reasons = [*_shape_reasons(signature), *_status_reasons(result.ades_subindic)]
    return _finding(signature, proven, reasons, result.failure_msg or "", timestamped=timestamped)


async def _judge_stamp(signature: EmbeddedPdfSignature, anchors: Anchors) -> SignatureFinding:
    context = _stamp_context(signature.reader, anchors)
    status = await async_validate_pdf_timestamp(signature, context)
    reasons = list(_shape_reasons(signature))
    if not (status.intact and status.valid):
        reasons.append(Reason.SIGNATURE_BROKEN)
    elif not status.trusted:
        reasons.append(Reason.CERTIFICATE_UNPROVEN if anchors else Reason.SIGNER_UNKNOWN)
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
        is_timestamp=signature.sig_object_type == "/DocTimeStamp",
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


def _anchors(trust: Trust | None) -> Anchors:
    return [x509.Certificate.load(pem.unarmor(text.encode())[2]) for text in (trust.anchors if trust else ())]


def _spec(anchors: Anchors) -> PdfSignatureValidationSpec:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=anchors),
        revinfo_policy=CertRevTrustPolicy(
            RevocationCheckingPolicy(ee_certificate_rule=_EITHER, intermediate_ca_cert_rule=_EITHER)
        ),
    )
    local = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(cert_validation_policy=policy, revinfo_gathering_policy=local)
    )


def _stamp_context(reader: PdfFileReader, anchors: Anchors) -> ValidationContext:
    settings = {"trust_roots": anchors, "allow_fetching": False, "revocation_mode": "hard-fail"}
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(settings)
    except NoDSSFoundError:
        return ValidationContext(trust_roots=[], allow_fetching=False)


def _common_name(name: x509.Name) -> str:
    native = name.native
    return str(native.get("common_name") or native.get("organization_name") or name.human_friendly)
