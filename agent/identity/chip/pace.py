"""PACE: a weak password opens a strong session (ICAO Doc 9303-11, 4.4).

Generic mapping over curves and prime fields, integrated mapping with AES-128, and chip authentication mapping, whose
proof of the chip is `chip_mapping`'s to judge.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.apdu import SHORT_ANSWER, Command
from agent.identity.chip import chip_mapping, tlv
from agent.identity.chip.access import AccessKey
from agent.identity.chip.channel import Channel
from agent.identity.chip.chip_mapping import ChipMapping
from agent.identity.chip.ciphers import FOR_ENCRYPTION, FOR_MAC, FOR_PASSWORD, Cipher, same
from agent.identity.chip.pace_groups import CURVE_KEY, GROUPS, Group
from agent.identity.chip.secure_messaging import SecureMessaging
from agent.identity.chip.security_infos import PACE, SecurityInfo
from agent.identity.errors import AccessDenied, ChannelBroken, ChipAnswerBroken

_DH_GENERIC, _EC_GENERIC, _DH_INTEGRATED, _EC_INTEGRATED, _EC_CHIP = 1, 2, 3, 4, 6
_PREFERRED = (_EC_GENERIC, _EC_CHIP, _EC_INTEGRATED, _DH_GENERIC, _DH_INTEGRATED)
_MAPPINGS = {
    _EC_GENERIC: "generic",
    _DH_GENERIC: "generic",
    _EC_INTEGRATED: "integrated",
    _DH_INTEGRATED: "integrated",
    _EC_CHIP: "chip authentication",
}
_INTEGRATED = (_DH_INTEGRATED, _EC_INTEGRATED)
_NONCE_BYTES = 16
_DATA, _PUBLIC_KEY, _OID, _CHAINED = 0x7C, 0x7F49, 0x06, 0x10
_RANDOM_KEY = bytes.fromhex("a668892a7c41e3ca739f40b057d85904")
_RANDOM_OUT = bytes.fromhex("a4e136ac725f738b01c1f60217c188ad")
"""Constants c0 and c1 of the pseudo-random function for 128-bit keys (4.4.3.3.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One way to run PACE: its identifier (DER value), mapping, cipher and group."""

    oid: bytes
    mapping: int
    cipher: Cipher
    group_id: int
    names_group: bool = False
    """The chip offers several groups with this identifier, so it is told which (4.4.4.1)."""

    def __str__(self) -> str:
        return f"PACE, {_MAPPINGS[self.mapping]} mapping, group {self.group_id}, {self.cipher}"

    @property
    def group(self) -> Group:
        """The group, with its standard generator."""
        return GROUPS[self.group_id]


class Chance:
    """Where one run's random numbers come from; the standard's worked examples come with their own."""

    def key(self, group: Group) -> int:
        """Return a private key."""
        return group.new_key()

    def nonce(self) -> bytes:
        """Return the terminal's nonce of the integrated mapping."""
        return secrets.token_bytes(_NONCE_BYTES)


_CHANCE = Chance()


def offered(infos: Sequence[SecurityInfo]) -> Suite | None:
    """Return the suite to run out of those that EF.CardAccess names, None where this reader knows none of them."""
    suites = [suite for info in infos if (suite := _suite(info))]
    best = min(suites, key=lambda suite: (_PREFERRED.index(suite.mapping), suite.cipher is Cipher.DES3), default=None)
    if best is None:
        return None
    return replace(best, names_group=[info.oid for info in infos].count(best.oid) > 1)


async def open_session(channel: Channel, key: AccessKey, suite: Suite, chance: Chance = _CHANCE) -> ChipMapping | None:
    """Open the chip; return what chip authentication mapping brought, None from the others.

    Raise AccessDenied where the key is not this card's, or another ChipError.
    """
    chosen = tlv.encoded(0x80, suite.oid) + tlv.encoded(0x83, bytes((key.reference,)))
    if suite.names_group:
        chosen += tlv.encoded(0x84, bytes((suite.group_id,)))
    answer = await channel.ask(Command(ins=0x22, p1=0xC1, p2=0xA4, data=chosen))
    if not answer.ok:
        raise AccessDenied(f"PACE with this kind of key was refused (status {answer.status:04X})")
    sealed = await _step(channel, b"", 0x80)
    if len(sealed) != _NONCE_BYTES:
        raise ChipAnswerBroken(f"PACE's nonce is {len(sealed)} bytes long")
    nonce = suite.cipher.decrypt(suite.cipher.derived(key.secret, FOR_PASSWORD), sealed)
    group, mapping_key = await _mapped(channel, suite, nonce, chance)
    private = chance.key(group)
    ours = group.public_key(private)
    theirs = await _step(channel, tlv.encoded(0x83, ours), 0x84)
    if same(ours, theirs):
        raise ChipAnswerBroken("the chip returned this reader's own key")
    secret = group.shared(private, theirs)
    said = await _proved(channel, suite, secret, ours, theirs)
    channel.session = SecureMessaging.derived(suite.cipher, secret)
    if suite.mapping != _EC_CHIP:
        return None
    factor = chip_mapping.opened(tlv.first(said, 0x8A), suite.cipher, suite.cipher.derived(secret, FOR_ENCRYPTION))
    return ChipMapping(group_id=suite.group_id, public=mapping_key, factor=factor)


def pseudo_random(nonce: bytes, ours: bytes, bits: int) -> bytes:
    """Return R(s, t) for a field of so many bits (4.4.3.3.2, AES-128)."""
    cipher = Cipher.AES128
    key, out = cipher.encrypt(ours, nonce), b""
    while 8 * len(out) < bits + 64:
        out += cipher.encrypt(key, _RANDOM_OUT)
        key = cipher.encrypt(key, _RANDOM_KEY)
    return out


def token_input(suite: Suite, public: bytes) -> bytes:
    """Return what an authentication token covers: the other side's public key as a data object (9.4)."""
    key_tag = suite.group.key_tag
    return tlv.encoded(_PUBLIC_KEY, tlv.encoded(_OID, suite.oid) + tlv.encoded(key_tag, public))


async def _mapped(channel: Channel, suite: Suite, nonce: bytes, chance: Chance) -> tuple[Group, bytes]:
    """Return the group with its new generator, and the chip's key of a generic mapping."""
    group = suite.group
    if suite.mapping in _INTEGRATED:
        ours = chance.nonce()
        await _chained(channel, tlv.encoded(0x81, ours))
        return group.mapped_at(pseudo_random(nonce, ours, group.field_bits)), b""
    private = chance.key(group)
    public = await _step(channel, tlv.encoded(0x81, group.public_key(private)), 0x82)
    return group.mapped_generically(nonce, private, public), public


async def _proved(channel: Channel, suite: Suite, secret: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Exchange the tokens; return all that the chip's last answer holds."""
    mac_key = suite.cipher.derived(secret, FOR_MAC)
    token = suite.cipher.token(mac_key, token_input(suite, theirs))
    answer = await channel.ask(
        Command(ins=0x86, data=tlv.encoded(_DATA, tlv.encoded(0x85, token)), answer=SHORT_ANSWER)
    )
    if not answer.ok:
        raise AccessDenied(f"PACE was refused: the key is not this card's (status {answer.status:04X})")
    said = tlv.first(answer.data, _DATA)
    if not same(tlv.first(said, 0x86), suite.cipher.token(mac_key, token_input(suite, ours))):
        raise ChannelBroken("the chip's token of PACE does not come from its key")
    return said


async def _step(channel: Channel, data: bytes, wanted: int) -> bytes:
    return tlv.first(await _chained(channel, data), _DATA, wanted)


async def _chained(channel: Channel, data: bytes) -> bytes:
    command = Command(cla=_CHAINED, ins=0x86, data=tlv.encoded(_DATA, data), answer=SHORT_ANSWER)
    return await channel.need(command, "a step of PACE")


def _suite(info: SecurityInfo) -> Suite | None:
    mapping, group_id, cipher = info.oid[-2] if len(info.oid) > 1 else 0, info.number(1), info.cipher
    if info.oid[:-2] != PACE or mapping not in _PREFERRED or group_id not in GROUPS or cipher is None:
        return None
    on_curve, group = mapping in (_EC_GENERIC, _EC_INTEGRATED, _EC_CHIP), GROUPS[group_id]
    if on_curve != (group.key_tag == CURVE_KEY):
        return None
    if mapping == _EC_CHIP and cipher is Cipher.DES3:
        return None
    if mapping in _INTEGRATED and (cipher is not Cipher.AES128 or not group.encodes_points):
        return None
    return Suite(oid=info.oid, mapping=mapping, cipher=cipher, group_id=group_id)
