"""No byte of a card can be changed unnoticed, and no moment is bad for pulling it."""

from dataclasses import replace

import pytest

from agent.devices.errors import CardRemoved
from agent.identity.chip import passive, security_object
from agent.identity.chip.files import GROUPS
from agent.identity.chip.verdict import Reason
from agent.identity.errors import ChipAnswerBroken, ChipError
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import EidData
from tests.identity.cards import NOW, read, town


@pytest.fixture(scope="module")
def data() -> EidData:
    return town().card(active="ecdsa", chip=True)


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes((content[at] ^ 0x01,)) + content[at + 1 :]


@pytest.mark.parametrize("number", GROUPS)
def test_every_flipped_byte_of_every_group_is_a_clone(data: EidData, number: int) -> None:
    signed, group = security_object.parse(data.security_object), data.groups[number]
    assert passive.judge(signed, data.groups, town().trust, now=NOW, state="VNM").genuine
    for at in range(len(group)):
        verdict = passive.judge(signed, data.groups | {number: flipped(group, at)}, town().trust, now=NOW, state="VNM")
        assert (verdict.reason, verdict.detail) == (Reason.CLONE, f"hash of DG{number} differs"), at


@pytest.mark.parametrize("bit", [0x01, 0x20, 0x80])
def test_flipped_bit_of_the_security_object_changes_nothing_that_is_believed(data: EidData, bit: int) -> None:
    """Bytes outside the signature (versions, the list of digests) may change; hashes and signer may not."""
    original = security_object.parse(data.security_object)
    refused = 0
    for at in range(len(data.security_object)):
        content = data.security_object
        try:
            signed = security_object.parse(content[:at] + bytes((content[at] ^ bit,)) + content[at + 1 :])
            verdict = passive.judge(signed, data.groups, town().trust, now=NOW, state="VNM")
        except ChipAnswerBroken:
            refused += 1
            continue
        if not verdict.genuine:
            refused += 1
            continue
        assert (signed.hashes, signed.hash_name) == (original.hashes, original.hash_name), at
        assert signed.signed.signer.public_key() == original.signed.signer.public_key(), at
    assert refused > 0.95 * len(data.security_object)


@pytest.mark.parametrize("number", GROUPS)
async def test_tampered_group_is_refused_in_a_whole_reading(data: EidData, number: int) -> None:
    group = data.groups[number]
    for at in {4, len(group) // 2, len(group) - 1}:
        found = await read(EidCard(data.but(number, flipped(group, at))))
        assert (found.verdict.reason, found.zone) == (Reason.CLONE, None)


async def test_group_cut_short_or_drawn_out_is_refused(data: EidData) -> None:
    group = data.groups[15]
    longer = replace(data, groups=data.groups | {15: group[:2] + bytes((group[2] + 1,)) + group[3:] + b"\0"})
    for spoilt in (data.but(1, data.groups[1][:2] + data.groups[1][3:]), longer):
        try:
            found = await read(EidCard(spoilt))
        except ChipError:
            continue
        assert not found.verdict.genuine


@pytest.mark.parametrize("pace", [True, False], ids=["PACE", "BAC"])
async def test_card_pulled_at_every_command_says_so_and_is_read_the_next_time(pace: bool) -> None:
    wish = {} if pace else {"pace": None}
    data = town().card(active="ecdsa", chip=True, **wish)
    whole = EidCard(data)
    assert (await read(whole)).verdict.genuine
    commands = len(whole.heard)
    assert commands > 20
    for at in range(1, commands + 1):
        with pytest.raises(CardRemoved):
            await read(EidCard(data, pull_at=at))
    card = EidCard(data, pull_at=commands // 2)
    with pytest.raises(CardRemoved):
        await read(card)
    card.pull_at = 0
    assert (await read(card)).verdict.genuine, "the same card, laid down again"
