"""RFC 3161 timestamps from several authorities in order of preference; what one says is believed only if proven.

A token counts if the authority granted it with our nonce, over our digest, signed by a certificate for timestamping
that leads to an anchor configured for this very authority and is in its days, and if its time is near the hub's.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from contract.clock import Clock, vietnam_text
from hub.signing import algorithms
from hub.signing.credentials import as_asn1, from_asn1
from hub.signing.faults import NoTimestamp
from hub.signing.source_board import SourceBoard
from hub.signing.wire import Wire, WireFault

MOST_SKEW = timedelta(minutes=5)
"""An authority whose time is farther from the hub's is not believed: one of the two clocks is wrong."""

TOKEN_BYTES = 8192
"""Room for a token of an outside authority with its chain."""

Chain = tuple[x509.Certificate, ...]
"""A certificate, its issuer, and so on to the trust anchor."""

_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class TimestampFault(Exception):
    """One authority gave no token that can be believed; the text says why."""


class TimestampAuthority(Protocol):
    """Somebody who gives timestamps."""

    @property
    def name(self) -> str:
        """How the configuration calls it."""

    @property
    def most_bytes(self) -> int:
        """The size that a token never exceeds."""

    def stamp(self, digest: bytes) -> tuple[bytes, Chain]:
        """Return a token (DER) over `digest` (SHA-256 or longer) and whose it is; raise TimestampFault."""


class RemoteTsa:
    """A timestamp authority behind an address; `anchors` are the roots that its certificate may lead to."""

    def __init__(
        self, name: str, url: str, *, anchors: Callable[[], Sequence[x509.Certificate]], deadline_s: float,
        wire: Wire, clock: Clock,
    ) -> None:  # fmt: skip
        self.name, self.most_bytes = name, TOKEN_BYTES
        self._url, self._anchors, self._deadline_s = url, anchors, deadline_s
        self._wire, self._clock = wire, clock

    def stamp(self, digest: bytes) -> tuple[bytes, Chain]:
        """Ask for a token and prove it; raise TimestampFault."""
        nonce = secrets.randbits(63) | 1 << 62
        try:
            said = self._wire.post(
                self._url, _query(digest, nonce), headers=_HEADERS, deadline_s=self._deadline_s
            ).require_ok()
            token = _granted(said)
            chain = self._proven(token, digest, nonce)
        except WireFault as fault:
            raise TimestampFault(str(fault)) from fault
        except (SignatureValidationError, SigningError, ValueError, TypeError, KeyError, IndexError) as fault:
            raise TimestampFault(f"its answer is no timestamp ({type(fault).__name__} {fault})") from fault
        dumped = token.dump()
        if len(dumped) > self.most_bytes:
            raise TimestampFault(f"its token of {len(dumped)} bytes is too long")
        return dumped, chain

    def _proven(self, token: cms.ContentInfo, digest: bytes, nonce: int) -> Chain:
        signed = token["content"]
        info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
        if info["nonce"].native != nonce:
            raise TimestampFault("it answered with another nonce: this is the answer to another request")
        imprint = info["message_imprint"]
        if imprint["hashed_message"].native != digest:
            raise TimestampFault("its token is over another digest than was asked for")
        now = self._clock.now()
        apart = abs(info["gen_time"].native - now)
        if apart > MOST_SKEW:
            raise TimestampFault(
                f"its clock says {vietnam_text(info['gen_time'].native)}, {apart.total_seconds() / 60:.0f} minutes "
                "from the hub's; look which of the two is wrong"
            )
        status = self._judged(signed, digest)
        if not (status.intact and status.valid):
            raise TimestampFault("the signature of its token does not hold")
        if not status.trusted or status.validation_path is None:
            raise TimestampFault(f"its certificate is not to be trusted ({_untrusted(status)})")
        return tuple(reversed([from_asn1(each) for each in status.validation_path]))

    def _judged(self, signed: cms.SignedData, digest: bytes) -> TimestampSignatureStatus:
        others = [each.chosen for each in signed["certificates"]]
        context = ValidationContext(
            trust_roots=[as_asn1(each) for each in self._anchors()],
            other_certs=others,
            allow_fetching=False,
            revocation_mode="soft-fail",  # whether it is revoked is asked by those who gather the evidence
            moment=self._clock.now(),
        )
        judged = validate_tst_signed_data(signed, context, lambda _algorithm: digest)
        return TimestampSignatureStatus(**asyncio.run(judged))


class Timestamps:
    """The agency's timestamp authorities in order of preference."""

    def __init__(
        self, authorities: Sequence[TimestampAuthority], board: SourceBoard, *, is_revoked: Callable[[Chain], bool]
    ) -> None:
        self._authorities, self._board, self._is_revoked = authorities, board, is_revoked
        for each in authorities:
            board.enter("tsa", each.name)

    def stamping(self) -> "Stamping":
        """Return what stamps one document."""
        return Stamping(self._authorities, self._board, self._is_revoked)


class Stamping:
    """The timestamps of one document: remembers whose tokens went into it, and that none could be had.

    `chains` are those of the authorities that gave tokens, in the order of their first.
    """

    def __init__(
        self, authorities: Sequence[TimestampAuthority], board: SourceBoard, is_revoked: Callable[[Chain], bool]
    ) -> None:
        self._authorities, self._board, self._is_revoked = authorities, board, is_revoked
        self.most_bytes = max(each.most_bytes for each in authorities)
        self.chains: list[Chain] = []
        self.fault: NoTimestamp | None = None

    def token(self, digest: bytes) -> bytes:
        """Return a token of the first authority that gives a good one; raise NoTimestamp naming what each said."""
        said = []
        for each in self._authorities:
            if self._board.rests("tsa", each.name):
                said.append(f"{each.name}: failed a moment ago")
                continue
            try:
                token, chain = each.stamp(digest)
                if self._is_revoked(chain):
                    raise TimestampFault("its certificate was revoked")
            except TimestampFault as fault:
                self._board.failed("tsa", each.name, str(fault))
                said.append(f"{each.name}: {fault}")
                continue
            self._board.answered("tsa", each.name)
            if chain not in self.chains:
                self.chains.append(chain)
            return token
        self.fault = NoTimestamp(f"No timestamp authority answered as it must ({'; '.join(said)})")
        raise self.fault

    def token_if_any(self, digest: bytes) -> bytes | None:
        """Return a token, or None once none could be had for this document: later signatures do not wait again."""
        if self.fault is not None:
            return None
        try:
            return self.token(digest)
        except NoTimestamp:
            return None


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp with an optional token, as RFC 3161 has it and asn1crypto does not: a refusal carries none."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _query(digest: bytes, nonce: int) -> bytes:
    algorithm = algos.DigestAlgorithm({"algorithm": algorithms.of_length(len(digest))})
    imprint = tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": digest})
    request = {"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": nonce}
    return bytes(tsp.TimeStampReq(request).dump())


def _granted(content: bytes) -> cms.ContentInfo:
    response = _Response.load(content, strict=True)
    status = response["status"]
    if status["status"].native not in ("granted", "granted_with_mods"):
        words = "; ".join(status["status_string"].native or ()) or "no reason given"
        raise TimestampFault(f"it refused ({status['status'].native}: {words})")
    return response["time_stamp_token"]


def _untrusted(status: TimestampSignatureStatus) -> str:
    problem = status.trust_problem_indic
    return str(problem) if problem is not None else "no path to the anchors configured for it"
