"""Secure messaging: commands and answers that nobody between reader and chip can read, alter or repeat.

Source: ICAO Doc 9303-11, 9.8. Commands are of even instruction; data go as DO'87', the wanted length as DO'97'.
"""

from dataclasses import replace

from agent.apdu import EXTENDED_ANSWER, SHORT_ANSWER, Answer, Command
from agent.identity.chip import tlv
from agent.identity.chip.ciphers import FOR_ENCRYPTION, FOR_MAC, Cipher, padded, same, unpadded
from agent.identity.errors import ChannelBroken, ChipAnswerBroken

_SECURED = 0x0C
_CRYPTOGRAM, _LENGTH, _STATUS, _MAC = 0x87, 0x97, 0x99, 0x8E
_PADDED = b"\x01"


class SecureMessaging:
    """One session; its counter goes up with every command and every answer, so that order is part of the proof."""

    def __init__(self, cipher: Cipher, encryption_key: bytes, mac_key: bytes, counter: int = 0) -> None:
        self._cipher, self._encryption_key, self._mac_key, self._counter = cipher, encryption_key, mac_key, counter

    @classmethod
    def derived(cls, cipher: Cipher, secret: bytes, counter: int = 0) -> "SecureMessaging":
        """Return the session whose keys come from a shared secret (9.7.1)."""
        return cls(cipher, cipher.derived(secret, FOR_ENCRYPTION), cipher.derived(secret, FOR_MAC), counter)

    def protected(self, command: Command) -> Command:
        """Return the command as it goes to the chip."""
        self._counter += 1
        head = bytes((command.cla | _SECURED, command.ins, command.p1, command.p2))
        body = b""
        if command.data:
            sealed = self._cipher.encrypt(self._encryption_key, self._padded(command.data), self._iv())
            body += tlv.encoded(_CRYPTOGRAM, _PADDED + sealed)
        if command.answer:
            short = command.answer <= SHORT_ANSWER
            wanted = command.answer % (SHORT_ANSWER if short else EXTENDED_ANSWER)
            body += tlv.encoded(_LENGTH, wanted.to_bytes(1 if short else 2, "big"))
        code = self._code(self._padded(head) + body if body else head)
        data = body + tlv.encoded(_MAC, code)
        longest = SHORT_ANSWER if command.answer <= SHORT_ANSWER and len(data) < SHORT_ANSWER else EXTENDED_ANSWER
        return replace(command, cla=head[0], data=data, answer=longest)

    def opened(self, answer: Answer) -> Answer:
        """Return what the chip said; raise ChannelBroken where it did not say so, here and now."""
        self._counter += 1
        try:
            found = list(tlv.objects(answer.data))
        except ChipAnswerBroken as fault:
            raise ChannelBroken(f"a protected answer is broken: {fault.cause}") from None
        if [tag for tag, _ in found] not in ([_CRYPTOGRAM, _STATUS, _MAC], [_STATUS, _MAC]):
            raise ChannelBroken(f"an answer came without protection (status {answer.status:04X})")
        *said, (_, code) = found
        if not same(code, self._code(answer.data[: -len(tlv.encoded(_MAC, code))])):
            raise ChannelBroken("the code over an answer is wrong: altered, repeated or out of step")
        status = said[-1][1]
        if len(status) != 2:
            raise ChannelBroken("a protected status is not two bytes long")
        data = self._decrypted(said[0][1]) if said[0][0] == _CRYPTOGRAM else b""
        return Answer(data=data, status=int.from_bytes(status, "big"))

    def _decrypted(self, value: bytes) -> bytes:
        sealed = value.removeprefix(_PADDED)
        if len(sealed) == len(value) or not sealed or len(sealed) % self._cipher.block_bytes:
            raise ChannelBroken("encrypted data are no whole blocks")
        return unpadded(self._cipher.decrypt(self._encryption_key, sealed, self._iv()))

    def _code(self, data: bytes) -> bytes:
        return self._cipher.mac(self._mac_key, self._padded(self._sequence() + data))

    def _iv(self) -> bytes | None:
        """3DES begins with zeros, AES with the encrypted counter (9.8.6.1)."""
        if self._cipher is Cipher.DES3:
            return None
        return self._cipher.encrypt(self._encryption_key, self._sequence())

    def _sequence(self) -> bytes:
        block = self._cipher.block_bytes
        return (self._counter % (1 << 8 * block)).to_bytes(block, "big")

    def _padded(self, data: bytes) -> bytes:
        return padded(data, self._cipher.block_bytes)
