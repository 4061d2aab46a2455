"""A chip is opened, read and proved; and every way in which it is not what it says has its name."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from agent.devices.errors import CardReaderError
from agent.identity.chip.access import AccessKey, CardNumber, ZoneKey
from agent.identity.chip.inspection import Inspection
from agent.identity.chip.trust import CountrySigners
from agent.identity.chip.verdict import ChipProof, Reason
from agent.identity.errors import (
    AccessDenied,
    AccessUnsupported,
    ChannelBroken,
    ChipAnswerBroken,
    ChipError,
    ChipRefused,
)
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_curve import BRAINPOOL256, BRAINPOOL384, P256, Curve
from provisioning.onebox.eid_files import EidData, card_security, drawn_portrait, portrait_group, zone_group
from provisioning.onebox.eid_pki import Signer, State, security_object
from provisioning.onebox.virtual_card import Heard
from tests.identity.cards import NOW, key_of, read, town

WAYS = [(P256, 1), (P256, 2), (BRAINPOOL256, 3), (BRAINPOOL384, 4), None]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"group {way[0].group_id} kind {way[1]}" if way else "BAC")
async def test_genuine_card_is_read_whole_by_every_way_in(way: tuple[Curve, int] | None) -> None:
    data = town().card(pace=way)
    found = await read(EidCard(data))
    person = town().holder.person
    assert (str(found.verdict), found.chip_proof) == ("GENUINE", ChipProof.NONE)
    assert found.access.startswith("PACE" if way else "BAC")
    assert found.zone is not None
    assert found.zone.faults == ()
    assert found.zone.personal_number == person.number
    assert found.personal is not None
    assert found.personal.sure("full_name") == person.name
    assert found.personal.sure("place_of_residence") == person.address
    assert [field.values for field in found.personal.fields if field.name == "parents"] == [
        ("NGUYỄN VĂN MẪU", "TRẦN THỊ MẪU")
    ]


@pytest.mark.parametrize("form", ["JPEG", "JPEG2000"])
async def test_portrait_comes_as_it_was_put_in(form: str) -> None:
    found = await read(EidCard(town().card(portrait=drawn_portrait(form))))
    assert found.portrait is not None
    assert found.portrait.format == form
    pixels = found.portrait.pixels()
    assert (pixels.shape, pixels.dtype) == ((525, 420, 3), np.uint8)
    assert np.abs(pixels[250, 210].astype(int) - (214, 178, 150)).max() < 25, "skin is where it was drawn"


@pytest.mark.parametrize(
    ("active", "chip_kind", "proof"),
    [
        ("rsa", 0, ChipProof.ACTIVE_AUTHENTICATION),
        ("ecdsa", 0, ChipProof.ACTIVE_AUTHENTICATION),
        ("", 1, ChipProof.CHIP_AUTHENTICATION),
        ("", 2, ChipProof.CHIP_AUTHENTICATION),
        ("rsa", 4, ChipProof.CHIP_AUTHENTICATION),
    ],
)
async def test_chip_proves_itself(active: str, chip_kind: int, proof: ChipProof) -> None:
    found = await read(EidCard(town().card(active=active, chip=bool(chip_kind), chip_kind=chip_kind or 2)))
    assert (found.verdict.reason, found.chip_proof) == (Reason.GENUINE, proof)


@pytest.mark.parametrize("active", ["rsa", "ecdsa"])
async def test_copy_with_another_active_key_is_no_proof(active: str) -> None:
    """All data copied from a genuine card; the private key stayed in it."""
    genuine, other = town().card(active=active), town().card(active=active)
    await assert_refused(replace(genuine, active_key=other.active_key), Reason.CHIP_UNPROVED)


@pytest.mark.parametrize("chip_kind", [1, 3])
async def test_copy_with_another_chip_key_is_no_proof(chip_kind: int) -> None:
    genuine = town().card(chip=True, chip_kind=chip_kind)
    await assert_refused(replace(genuine, chip_key=P256.secret()), Reason.CHIP_UNPROVED)
    await assert_refused(replace(genuine, chip_key=None), Reason.CHIP_UNPROVED)


async def test_chip_is_proved_by_its_mapping_alone() -> None:
    """Without DG14 no other proof is left."""
    data = town().card(chip=True, maps_chip=True)
    bare = {number: group for number, group in data.groups.items() if number != 14}
    found = await read(EidCard(replace(data, groups=bare, security_object=security_object(bare, town().signer, NOW))))
    assert (found.verdict.reason, found.chip_proof) == (Reason.GENUINE, ChipProof.CHIP_MAPPING)
    assert "chip authentication mapping" in found.access


async def test_mapping_that_proves_nothing_is_a_copy() -> None:
    data, other = town().card(chip=True, maps_chip=True), town().card(chip=True, maps_chip=True)
    assert (await read(EidCard(data))).verdict.genuine
    await assert_refused(replace(data, chip_key=other.chip_key), Reason.CHIP_UNPROVED)
    stranger = State(NOW).signer()
    assert data.chip_key
    forged = card_security(data.chip_key, data.chip_kind, stranger, NOW)
    await assert_refused(replace(data, card_security=forged), Reason.CHIP_UNPROVED)
    await assert_refused(replace(data, card_security=b"\x30\x03\x02\x01\x00"), Reason.CHIP_UNPROVED)


@pytest.mark.parametrize("number", [14, 15])
async def test_copy_that_leaves_its_proof_out_is_noticed(number: int) -> None:
    data = town().card(active="rsa", chip=True)
    found = await assert_refused(data.without(number), Reason.GROUP_MISSING)
    assert f"DG{number}" in found.verdict.detail


async def test_clone_with_another_portrait_is_refused() -> None:
    data = town().card()
    found = await assert_refused(data.but(2, portrait_group(drawn_portrait("JPEG"))), Reason.CLONE)
    assert str(found.verdict) == "CLONE: hash of DG2 differs"


async def test_clone_with_another_zone_opens_and_is_refused() -> None:
    other = replace(town().holder, person=replace(town().holder.person, name="Người Khác"))
    await assert_refused(town().card().but(1, zone_group(other)), Reason.CLONE)


async def test_signature_of_somebody_who_only_shows_the_signers_certificate_is_wrong() -> None:
    thief = Signer(certificate=town().signer.certificate, key=town().state.signer().key)
    await assert_refused(town().card(thief), Reason.SIGNATURE_WRONG)


async def test_self_made_state_is_unknown_but_its_card_may_prefill() -> None:
    stranger = State(NOW).signer()
    found = await read(EidCard(town().card(stranger)))
    assert found.verdict.reason is Reason.UNKNOWN_COUNTRY_SIGNER
    assert found.zone is not None


async def test_kiosk_without_a_list_believes_nobody() -> None:
    found = await read(EidCard(town().card()), trust=CountrySigners(certificates=()))
    assert found.verdict.reason is Reason.UNKNOWN_COUNTRY_SIGNER


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"until_years": -0.1}, Reason.SIGNER_EXPIRED),
        ({"since_years": -0.1}, Reason.SIGNER_NOT_YET_VALID),
        ({"since_years": 0.1}, Reason.SIGNER_NOT_YET_VALID),
        ({"signs_documents": False}, Reason.SIGNER_UNFIT),
    ],
    ids=["expired", "to come", "younger than what it signed", "for something else"],
)
async def test_signer_out_of_its_time_or_role(wish: dict[str, float], reason: Reason) -> None:
    found = await read(EidCard(town().card(town().state.signer(**wish))))
    assert (found.verdict.reason, found.verdict.genuine) == (reason, False)


async def test_country_signer_out_of_its_time() -> None:
    old = State(NOW, years=2.9)
    trust = CountrySigners(certificates=(old.authority.certificate,))
    found = await read(EidCard(town().card(old.signer())), trust=trust)
    assert found.verdict.reason is Reason.COUNTRY_SIGNER_EXPIRED


async def test_revoked_signer() -> None:
    state, lists = town().state, (town().state.revocation_list(town().signer),)
    trust = CountrySigners(certificates=(state.authority.certificate,), lists=lists)
    assert (await read(EidCard(town().card()), trust=trust)).verdict.reason is Reason.SIGNER_REVOKED
    assert (await read(EidCard(town().card(state.signer())), trust=trust)).verdict.genuine


async def test_other_state_can_not_sign_for_vietnam() -> None:
    other = State(NOW, country="UT")
    trust = CountrySigners(certificates=(town().state.authority.certificate, other.authority.certificate))
    found = await read(EidCard(town().card(other.signer())), trust=trust)
    assert found.verdict.reason is Reason.OTHER_STATE


async def test_hashes_of_yesterday_are_no_proof() -> None:
    assert (await read(EidCard(town().card(hash_name="sha1")))).verdict.reason is Reason.WEAK_ALGORITHM
    assert (await read(EidCard(town().card(hash_name="sha384")))).verdict.genuine


async def test_object_that_signs_no_portrait_is_no_identity_card() -> None:
    data = town().card()
    only_zone = security_object({1: data.groups[1]}, town().signer, NOW)
    await assert_refused(replace(data, security_object=only_zone), Reason.GROUP_MISSING)


@pytest.mark.parametrize("way", [(P256, 2), None], ids=["PACE", "BAC"])
async def test_zone_of_another_card_opens_nothing(way: tuple[Curve, int] | None) -> None:
    card = EidCard(town().card(pace=way))
    with pytest.raises(AccessDenied):
        await read(card, key=ZoneKey(information="123456789<" + card.data.information[10:]))
    assert (await read(card)).verdict.genuine, "the right zone opens it afterwards"


async def test_six_digits_open_pace_and_wrong_ones_do_not() -> None:
    card = EidCard(town().card())
    assert (await read(card, key=CardNumber(digits="123456"))).verdict.genuine
    with pytest.raises(AccessDenied):
        await read(card, key=CardNumber(digits="123457"))


async def test_six_digits_are_no_key_for_a_card_without_pace() -> None:
    with pytest.raises(AccessUnsupported):
        await read(EidCard(town().card(pace=None)), key=CardNumber(digits="123456"))


async def test_front_of_the_card_opens_it_as_the_zone_does() -> None:
    holder = town().holder
    key = ZoneKey.printed(holder.person.number[-9:], holder.person.born, holder.expires)
    assert (await read(EidCard(town().card()), key=key)).verdict.genuine


def test_short_number_and_no_limit_are_written_as_in_a_zone() -> None:
    """Number and birth of 9303-11, D.2."""
    key = ZoneKey.printed("L898902C", date(1969, 8, 6), None)
    assert key == ZoneKey(information="L898902C<369080619912315")
    with pytest.raises(ValueError, match="document number"):
        ZoneKey.printed("L898 902", date(1969, 8, 6), None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_card_number_is_six_digits(typed: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        CardNumber(digits=typed)


def test_keys_do_not_show_themselves() -> None:
    keys: list[AccessKey] = [CardNumber(digits="123456"), ZoneKey(information=town().card().information)]
    assert not any(digit in repr(key) for key in keys for digit in "0123456789")


@pytest.mark.parametrize("way", [(P256, 2), (P256, 1), None], ids=["PACE AES", "PACE 3DES", "BAC"])
async def test_card_that_loses_count_ends_the_talk(way: tuple[Curve, int] | None) -> None:
    with pytest.raises(ChannelBroken):
        await read(EidCard(town().card(pace=way), skip_count_at=5))


@pytest.mark.parametrize("way", [(P256, 2), None], ids=["PACE", "BAC"])
async def test_answer_that_is_said_again_is_refused(way: tuple[Curve, int] | None) -> None:
    said: list[bytes] = []

    def again(number: int, answer: bytes) -> bytes:
        said.append(answer)
        return said[-2] if number == 15 else answer

    with pytest.raises(ChannelBroken):
        await read(EidCard(town().card(pace=way), spoil=again))


@pytest.mark.parametrize("at", [2, 3, 5, 6, 9, 12, 15, 20])
@pytest.mark.parametrize(
    "answer",
    [b"", b"\x90", b"\x90\x00", b"\x00" * 40 + b"\x90\x00", b"\xff" * 256 + b"\x90\x00", b"\x6f\x00"],
    ids=["nothing", "half a status", "status alone", "zeros", "garbage", "refusal"],
)
async def test_nonsense_from_the_card_has_a_name(at: int, answer: bytes) -> None:
    """Left out are the first and the fourth answer (SELECT, MSE): of those only the status counts."""
    data = town().card(active="ecdsa", chip=True)
    with pytest.raises((ChipError, CardReaderError)):
        await read(EidCard(data, spoil=lambda number, said: answer if number == at else said))


@pytest.mark.parametrize("status", [0x6A86, 0x6D00, 0x6700])
async def test_chip_that_knows_no_file_of_pace_is_opened_by_bac(status: int) -> None:
    def old(command: Heard, data: bytes, said: int) -> tuple[bytes, int]:
        return (b"", status) if command.data == b"\x01\x1c" else (data, said)

    found = await read(EidCard(town().card(), plant=old))
    assert (found.access, found.verdict.reason) == ("BAC", Reason.GENUINE)


async def test_file_that_claims_more_than_a_card_holds_is_not_read_on() -> None:
    def huge(command: Heard, data: bytes, status: int) -> tuple[bytes, int]:
        return (b"\x75\x83\x7f\xff", status) if (command.ins, command.wanted) == (0xB0, 4) else (data, status)

    card = EidCard(town().card(pace=None), plant=huge)
    with pytest.raises(ChipAnswerBroken):
        await read(card)
    assert len(card.heard) < 10


async def test_chip_that_refuses_a_file_it_has_named_is_refused() -> None:
    def shut(command: Heard, data: bytes, status: int) -> tuple[bytes, int]:
        return (b"", 0x6F00) if command.ins == 0xB0 and command.p1 else (data, status)

    with pytest.raises(ChipRefused):
        await read(EidCard(town().card(pace=None), plant=shut))


async def assert_refused(data: EidData, reason: Reason) -> Inspection:
    """Read and hold against a reason; nothing of such a card is shown."""
    found = await read(EidCard(data), key=key_of(data))
    assert (found.verdict.reason, found.verdict.genuine) == (reason, False)
    assert (found.zone, found.personal, found.portrait) == (None, None, None)
    return found
