"""What a card says carries its source; only a believed chip is proof."""

from datetime import date

from agent.identity import claims, mrz
from agent.identity.chip.trust import CountrySigners
from agent.identity.claims import Source
from agent.reading.card_code import parse
from contract.clock import SimulatedClock
from models.specimens.kinds.identity_card import qr_text
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import drawn_portrait, portrait_group
from tests.identity.cards import read, town


async def test_sources_agree_and_the_chip_is_believed_before_zone_and_code(clock: SimulatedClock) -> None:
    holder = town().holder
    code, zone = parse(qr_text(holder, holder.person.address)), mrz.parse(holder.zone)
    assert code is not None
    assert zone is not None
    chip = claims.of_chip(await read(EidCard(town().card())), clock)
    assert chip is not None
    printed = [claims.of_code(code), claims.of_zone(zone, clock)]
    assert {(claim.number, claim.born, claim.sex) for claim in (chip, *printed)} == {
        (holder.person.number, holder.person.born, "F" if holder.person.female else "M")
    }
    assert [claim.source for claim in printed] == [Source.QR, Source.MRZ]
    assert not any(claim.proof for claim in printed)
    assert chip.proof
    assert claims.most_believed([*printed, chip]) is chip
    assert claims.most_believed(printed) is printed[1]
    assert chip.name == holder.person.name, "with accents, from DG13"


async def test_chip_of_an_unknown_signer_prefills_and_proves_nothing(clock: SimulatedClock) -> None:
    found = await read(EidCard(town().card()), trust=CountrySigners(certificates=()))
    claim = claims.of_chip(found, clock)
    assert claim is not None
    assert (claim.source, claim.proof) == (Source.CHIP_UNVERIFIED, False)


async def test_clone_claims_nothing(clock: SimulatedClock) -> None:
    found = await read(EidCard(town().card().but(2, portrait_group(drawn_portrait("JPEG")))))
    assert claims.of_chip(found, clock) is None


def test_nothing_claimed_is_nothing_believed() -> None:
    assert claims.most_believed([]) is None


def test_claim_and_what_is_read_do_not_show_themselves() -> None:
    claim = claims.Claim(
        source=Source.MRZ, number="001099012345", name="NGUYEN VAN MAU", born=date(1999, 2, 15), sex="M"
    )
    assert repr(claim) == "Claim(source=<Source.MRZ: 'MRZ'>)"
