"""Basic Access Control: the zone's data open the chip, 3DES keeps the talk (ICAO Doc 9303-11, 4.3)."""

import secrets
from dataclasses import dataclass, field

from agent.apdu import Command, get_challenge
from agent.identity.chip.access import ZoneKey
from agent.identity.chip.channel import Channel
from agent.identity.chip.ciphers import FOR_ENCRYPTION, FOR_MAC, MAC_BYTES, Cipher, padded, same
from agent.identity.chip.secure_messaging import SecureMessaging
from agent.identity.errors import AccessDenied, ChannelBroken, ChipAnswerBroken

_NONCE_BYTES, _KEY_BYTES = 8, 16
_ANSWER_BYTES = 2 * _NONCE_BYTES + _KEY_BYTES + MAC_BYTES
_DES = Cipher.DES3


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """This side of one run; both random numbers are its own."""

    key: ZoneKey
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(_NONCE_BYTES), repr=False)
    key_half: bytes = field(default_factory=lambda: secrets.token_bytes(_KEY_BYTES), repr=False)

    def proof(self, chip_nonce: bytes) -> bytes:
        """Return what EXTERNAL AUTHENTICATE carries: encrypted nonces and key half, and their MAC."""
        sealed = _DES.encrypt(self._encryption_key, self.nonce + chip_nonce + self.key_half)
        return sealed + self._mac(sealed)

    def session(self, chip_nonce: bytes, answer: bytes) -> SecureMessaging:
        """Return the session the chip's answer opens; raise ChannelBroken where the chip does not know the key."""
        sealed, code = answer[:-MAC_BYTES], answer[-MAC_BYTES:]
        if len(answer) != _ANSWER_BYTES or not same(code, self._mac(sealed)):
            raise ChannelBroken("the chip's answer to BAC does not come from its key")
        plain = _DES.decrypt(self._encryption_key, sealed)
        if not same(plain[: 2 * _NONCE_BYTES], chip_nonce + self.nonce):
            raise ChannelBroken("the chip's answer to BAC belongs to another talk")
        seed = bytes(ours ^ theirs for ours, theirs in zip(self.key_half, plain[2 * _NONCE_BYTES :], strict=True))
        return SecureMessaging.derived(_DES, seed, int.from_bytes(chip_nonce[4:] + self.nonce[4:], "big"))

    @property
    def _encryption_key(self) -> bytes:
        return _DES.derived(self.key.bac_seed, FOR_ENCRYPTION)

    def _mac(self, sealed: bytes) -> bytes:
        return _DES.mac(_DES.derived(self.key.bac_seed, FOR_MAC), padded(sealed, _DES.block_bytes))


async def open_session(channel: Channel, key: ZoneKey) -> None:
    """Open the selected application; raise AccessDenied where the zone is not this card's, or another ChipError."""
    chip_nonce = await channel.need(get_challenge(_NONCE_BYTES), "a challenge")
    if len(chip_nonce) != _NONCE_BYTES:
        raise ChipAnswerBroken(f"a challenge of {len(chip_nonce)} bytes")
    terminal = Terminal(key=key)
    answer = await channel.ask(Command(ins=0x82, data=terminal.proof(chip_nonce), answer=_ANSWER_BYTES))
    if not answer.ok:
        raise AccessDenied(f"BAC was refused (status {answer.status:04X})")
    channel.session = terminal.session(chip_nonce, answer.data)
