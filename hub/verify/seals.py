"""Believing a seal: what its bytes say, and whether a trusted certificate stands behind them."""

from dataclasses import replace

from contract import seal as copy_seal
from contract import vds
from contract.seal_faults import SealError
from hub.verify.trust import Trust
from hub.verify.values import Reason, SealFinding


def judge_text(text: str, trust: Trust | None) -> SealFinding:
    """Return the seal in a QR's text, judged against the trusted certificates."""
    try:
        raw = copy_seal.from_qr_text(text)
    except SealError as fault:
        return SealFinding(seal=None, reasons=(Reason.NO_SEAL,), detail=str(fault))
    return replace(judge_seal(raw, trust), text=text.rstrip("/").rsplit("/", 1)[-1])


def judge_seal(raw: bytes, trust: Trust | None) -> SealFinding:
    """Return what a seal's bytes say and whether they are to be believed."""
    try:
        seal, outer = copy_seal.decode(raw)
    except SealError as fault:
        return SealFinding(seal=None, reasons=(Reason.SEAL_UNREADABLE,), detail=str(fault))
    if trust is None:
        return SealFinding(seal=seal, reasons=(Reason.NO_TRUST,), detail="")
    key = trust.seal_key(outer.header.signer_id, outer.header.cert_ref)
    if key is None:
        named = f"{outer.header.signer_id}/{outer.header.cert_ref}"
        return SealFinding(seal=seal, reasons=(Reason.SEAL_SIGNER_UNKNOWN,), detail=named)
    try:
        vds.verify(outer, key)
    except SealError as fault:
        return SealFinding(seal=seal, reasons=(Reason.SEAL_FORGED,), detail=str(fault))
    return SealFinding(seal=seal, reasons=(), detail="")
