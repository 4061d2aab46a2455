"""Chip authentication mapping: PACE's mapping key is tied to the chip's own key, which EF.CardSecurity signs for.

Source: ICAO Doc 9303-11, 4.4.3.3.3, 4.4.3.5 and appendix I.
"""

from dataclasses import dataclass, field
from datetime import datetime

from agent.identity.chip import chip_authentication, security_infos, signed_content
from agent.identity.chip.ciphers import Cipher, unpadded
from agent.identity.chip.pace_groups import GROUPS, CurveGroup
from agent.identity.chip.signed_content import STRONG
from agent.identity.chip.trust import CountrySigners
from agent.identity.errors import ChipAnswerBroken

_CONTENT_TYPE = "0.4.0.127.0.7.3.2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipMapping:
    """What one run of PACE brought: the chip's mapping key must be `factor` times its own."""

    group_id: int
    public: bytes = field(repr=False)
    factor: int = field(repr=False)

    def proves(self, card_security: bytes, signers: CountrySigners, *, now: datetime, state: str) -> bool:
        """Return whether EF.CardSecurity is the state's, and the chip knows the private key behind it."""
        try:
            signed = signed_content.parse(card_security, _CONTENT_TYPE)
            keys = chip_authentication.public_keys(security_infos.parse(signed.content))
            known = [key for group, key, _ in keys if group is GROUPS[self.group_id] and self.is_of(key)]
        except (ValueError, ChipAnswerBroken):
            return False
        verdict = signers.verdict(signed.signer, signed_at=signed.signed_at, now=now, state=state)
        return bool(known) and signed.hash_name in STRONG and signed.signed_as_it_is() and verdict.genuine

    def is_of(self, chip_key: bytes) -> bool:
        """Return whether the mapping key is that chip key's multiple; raise ChipAnswerBroken for no point."""
        group = GROUPS[self.group_id]
        return isinstance(group, CurveGroup) and group.is_multiple(self.public, self.factor, chip_key)


def opened(sealed: bytes, cipher: Cipher, key: bytes) -> int:
    """Return the chip authentication data; raise ChipAnswerBroken or ChannelBroken (4.4.3.5.1: IV = E(K, -1))."""
    if not sealed or len(sealed) % cipher.block_bytes:
        raise ChipAnswerBroken("chip authentication data are no whole blocks")
    start = cipher.encrypt(key, b"\xff" * cipher.block_bytes)
    return int.from_bytes(unpadded(cipher.decrypt(key, sealed, start)), "big")
