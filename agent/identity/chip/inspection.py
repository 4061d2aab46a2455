"""One inspection of a card's chip: open it, read it, prove it (ICAO Doc 9303-11, appendix J.1).

What there is to read is taken from the signed security object, not from EF.COM, which nobody signs. Chip
authentication comes last: what was read before is proved by hashes and signature, and it leaves a new session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.identity import mrz
from agent.identity.chip import (
    active,
    bac,
    chip_authentication,
    files,
    pace,
    passive,
    personal_group,
    portrait_group,
    security_infos,
    security_object,
    tlv,
    zone_group,
)
from agent.identity.chip.access import AccessKey, ZoneKey
from agent.identity.chip.channel import Card, Channel
from agent.identity.chip.chip_mapping import ChipMapping
from agent.identity.chip.files import GROUPS, File
from agent.identity.chip.personal_group import Personal
from agent.identity.chip.portrait_group import Portrait
from agent.identity.chip.security_infos import SecurityInfo
from agent.identity.chip.trust import CountrySigners
from agent.identity.chip.verdict import ChipProof, Reason, Verdict
from agent.identity.errors import AccessUnsupported, ChipAnswerBroken, ChipRefused
from contract.clock import Clock, Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a chip says and whether it is believed; the data are None where they are not even whole.

    `access` names the way in ("BAC", "PACE, generic mapping, group 13, AES-128"); `chip_proof` is the last where
    the chip gave several. Everything lives in memory alone.
    """

    verdict: Verdict
    chip_proof: ChipProof
    access: str
    zone: mrz.Zone | None = field(default=None, repr=False)
    personal: Personal | None = field(default=None, repr=False)
    portrait: Portrait | None = field(default=None, repr=False)


async def inspect(
    card: Card, key: AccessKey, signers: CountrySigners, *, clock: Clock, deadline: Deadline
) -> Inspection:
    """Return what the chip says and whether it is believed; raise a ChipError or what the reader raises."""
    channel = Channel(card, deadline)
    way = await _open(channel, key)
    security = security_object.parse(await files.read(channel, File.SECURITY_OBJECT))
    groups = {
        number: group
        for number, file in GROUPS.items()
        if number in security.hashes and (group := await files.read_if_there(channel, file)) is not None
    }
    verdict = passive.missing(security, groups, GROUPS)
    proof = ChipProof.NONE
    if verdict.genuine:
        verdict = passive.judge(security, groups, signers, now=clock.now(), state=_state(groups[1]))
    if verdict.genuine and way.mapping:
        if way.mapping.proves(way.card_security, signers, now=clock.now(), state=_state(groups[1])):
            proof = ChipProof.CHIP_MAPPING
        else:
            verdict = Verdict(reason=Reason.CHIP_UNPROVED, detail="the chip does not know EF.CardSecurity's key")
    if verdict.whole:
        proof, verdict = await _chip_proved(channel, groups, proof, verdict)
    if not verdict.whole:
        return Inspection(verdict=verdict, chip_proof=ChipProof.NONE, access=way.name)
    return Inspection(
        verdict=verdict,
        chip_proof=proof,
        access=way.name,
        zone=zone_group.parse(groups[1]),
        personal=personal_group.parse(groups[13]) if 13 in groups else None,
        portrait=portrait_group.parse(groups[2]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How the chip was opened, and what chip authentication mapping brought on it."""

    name: str
    mapping: ChipMapping | None = None
    card_security: bytes = b""


async def _open(channel: Channel, key: AccessKey) -> _Way:
    """Open the application by PACE if the chip knows it, else by BAC."""
    infos = await _card_access(channel)
    suite = pace.offered(security_infos.parse(infos)) if infos else None
    if suite:
        mapping = await pace.open_session(channel, key, suite)
        card_security = await files.read_if_there(channel, File.CARD_SECURITY) if mapping else None
        await files.select_application(channel)
        return _Way(name=str(suite), mapping=mapping, card_security=card_security or b"")
    if not isinstance(key, ZoneKey):
        raise AccessUnsupported("the chip knows no PACE of this reader's, and BAC takes no card access number")
    await files.select_application(channel)
    await bac.open_session(channel, key)
    return _Way(name="BAC")


async def _card_access(channel: Channel) -> bytes | None:
    try:
        there = await files.is_there(channel, File.CARD_ACCESS)
    except ChipRefused:
        there = False  # chips from before PACE know no such file, and say so in many ways
    return await files.content(channel, File.CARD_ACCESS) if there else None


async def _chip_proved(
    channel: Channel, groups: Mapping[int, bytes], proof: ChipProof, verdict: Verdict
) -> tuple[ChipProof, Verdict]:
    """Return by what the chip proved itself; CHIP_UNPROVED where it offers a proof and fails it."""
    infos = _infos(groups)
    if signing_key := active.offered(groups[15]) if 15 in groups else None:
        if not await active.proves(channel, signing_key, infos):
            return proof, Verdict(reason=Reason.CHIP_UNPROVED, detail="the chip does not sign with DG15's key")
        proof = ChipProof.ACTIVE_AUTHENTICATION
    if chip_key := chip_authentication.offered(infos):
        if not await chip_authentication.proves(channel, chip_key):
            return ChipProof.NONE, Verdict(reason=Reason.CHIP_UNPROVED, detail="the chip does not know DG14's key")
        proof = ChipProof.CHIP_AUTHENTICATION
    return proof, verdict


def _infos(groups: Mapping[int, bytes]) -> tuple[SecurityInfo, ...]:
    return security_infos.parse(tlv.first(groups[14], 0x6E)) if 14 in groups else ()


def _state(group: bytes) -> str:
    """Return the state that DG1's zone names, empty where there is no zone."""
    try:
        return zone_group.parse(group).country
    except ChipAnswerBroken:
        return ""
