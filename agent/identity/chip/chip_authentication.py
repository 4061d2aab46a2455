"""Chip authentication: a new session that only the owner of the private key behind DG14 can go on with.

Source: ICAO Doc 9303-11, 6.2 (ECDH; DH keys are not known here). Points are multiplied as for PACE.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agent.apdu import SHORT_ANSWER, Command
from agent.identity.chip import tlv
from agent.identity.chip.channel import Channel
from agent.identity.chip.ciphers import Cipher
from agent.identity.chip.files import File, is_there
from agent.identity.chip.pace_groups import GROUPS, CurveGroup
from agent.identity.chip.secure_messaging import SecureMessaging
from agent.identity.chip.security_infos import CHIP_AUTHENTICATION, CHIP_KEY, SecurityInfo
from agent.identity.errors import ChannelBroken, ChipAnswerBroken, ChipRefused

_ECDH = b"\x02"
_SEQUENCE, _BITS, _OID, _INTEGER, _OCTETS = 0x30, 0x03, 0x06, 0x02, 0x04
_STANDARDISED = bytes.fromhex("04007f00070102")
_NAMED = {group.curve.encoded_oid[2:]: group for group in GROUPS.values() if isinstance(group, CurveGroup)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipKey:
    """The chip's static public key, how it is referred to and with which cipher it goes on."""

    group: CurveGroup
    public: bytes = field(repr=False)
    oid: bytes
    cipher: Cipher
    number: int | None


def offered(infos: Sequence[SecurityInfo]) -> ChipKey | None:
    """Return the key that DG14 offers, None where it offers none of a kind that this reader knows.

    Raise ChipAnswerBroken where a key contradicts itself. Without a protocol beside it, a key means 3DES (9.2.7).
    """
    for group, public, number in public_keys(infos):
        fitting = [one for one in infos if one.oid[:-1] == CHIP_AUTHENTICATION + _ECDH and one.number(1) == number]
        ranked = sorted((one for one in fitting if one.cipher), key=lambda one: one.oid[-1], reverse=True)
        oid = ranked[0].oid if ranked else CHIP_AUTHENTICATION + _ECDH + b"\x01"
        cipher = (ranked[0].cipher if ranked else None) or Cipher.DES3
        return ChipKey(group=group, public=public, oid=oid, cipher=cipher, number=number)
    return None


def public_keys(infos: Sequence[SecurityInfo]) -> Iterator[tuple[CurveGroup, bytes, int | None]]:
    """Yield curve, point and number of each chip key on a curve known here; raise ChipAnswerBroken for a wrong one."""
    for info in infos:
        group, public = _public_key(info) if info.oid == CHIP_KEY + _ECDH else (None, b"")
        if group is not None:
            group.point(public)
            yield group, public, info.number(1)


async def proves(channel: Channel, key: ChipKey) -> bool:
    """Return whether the chip goes on under keys that its private key leads to; the channel is spent where it doesn't.

    Raise what the reader raises, or ChipTooSlow.
    """
    private = key.group.new_key()
    try:
        await _agree(channel, key, key.group.public_key(private))
        channel.session = SecureMessaging.derived(key.cipher, key.group.shared(private, key.public))
        return await is_there(channel, File.SECURITY_OBJECT)
    except (ChipRefused, ChannelBroken, ChipAnswerBroken):
        return False


async def _agree(channel: Channel, key: ChipKey, public: bytes) -> None:
    number = (
        tlv.encoded(0x84, key.number.to_bytes(4, "big").lstrip(b"\x00") or b"\x00") if key.number is not None else b""
    )
    if key.cipher is Cipher.DES3:
        data = tlv.encoded(0x91, public) + number
        await channel.need(Command(ins=0x22, p1=0x41, p2=0xA6, data=data), "chip authentication")
        return
    chosen = Command(ins=0x22, p1=0x41, p2=0xA4, data=tlv.encoded(0x80, key.oid) + number)
    await channel.need(chosen, "chip authentication")
    data = tlv.encoded(0x7C, tlv.encoded(0x80, public))
    await channel.need(Command(ins=0x86, data=data, answer=SHORT_ANSWER), "the key of chip authentication")


def _public_key(info: SecurityInfo) -> tuple[CurveGroup | None, bytes]:
    """Return curve and point of a SubjectPublicKeyInfo: standardised, named, or given by its parameters."""
    if not info.parameters or info.parameters[0][0] != _SEQUENCE:
        return None, b""
    body = info.parameters[0][1]
    algorithm = list(tlv.objects(tlv.first(body, _SEQUENCE)))
    bits = tlv.first(body, _BITS)
    if len(algorithm) < 2 or not bits.startswith(b"\x00"):
        return None, b""
    return _curve(algorithm[0][1], *algorithm[1]), bits[1:]


def _curve(algorithm: bytes, tag: int, value: bytes) -> CurveGroup | None:
    if algorithm == _STANDARDISED and tag == _INTEGER:
        group = GROUPS.get(int.from_bytes(value[-4:], "big"))
        return group if isinstance(group, CurveGroup) else None
    if tag == _OID:
        return _NAMED.get(value)
    if tag == _SEQUENCE:
        return next((group for group in _NAMED.values() if _has_parameters(group, value)), None)
    return None


def _has_parameters(group: CurveGroup, value: bytes) -> bool:
    """Return whether explicit parameters are a known curve's: field, both coefficients, generator and order."""
    parts = list(tlv.objects(value))
    if [tag for tag, _ in parts[:5]] != [_INTEGER, _SEQUENCE, _SEQUENCE, _OCTETS, _INTEGER]:
        return False
    a, b = (int.from_bytes(each, "big") for _, each in list(tlv.objects(parts[2][1]))[:2])
    p, order = (int.from_bytes(each, "big") for each in (tlv.first(parts[1][1], _INTEGER), parts[4][1]))
    known = group.curve.curve
    same_curve = (p, a, b, order) == (known.p(), known.a() % known.p(), known.b() % known.p(), group.curve.order)
    return same_curve and parts[3][1] == group.public_key(1)
