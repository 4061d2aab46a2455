"""What a chip says of its holder; only a believed chip is proof."""

from datetime import date

from agent.identity import claims
from agent.identity.chip.trust import CountrySigners
from contract.clock import SimulatedClock
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import drawn_portrait, portrait_group
from tests.identity.cards import read, town


async def test_believed_chip_proves_its_holder(clock: SimulatedClock) -> None:
    holder = town().holder
    chip = claims.of_chip(await read(EidCard(town().card())), clock)
    assert chip is not None
    expected = (holder.person.number, holder.person.born, "F" if holder.person.female else "M")
    assert (chip.number, chip.born, chip.sex) == expected
    assert chip.proof
    assert chip.name == holder.person.name, "with accents, from DG13"


async def test_chip_of_an_unknown_signer_prefills_and_proves_nothing(clock: SimulatedClock) -> None:
    found = await read(EidCard(town().card()), trust=CountrySigners(certificates=()))
    claim = claims.of_chip(found, clock)
    assert claim is not None
    assert claim.number == town().holder.person.number
    assert not claim.proof


async def test_clone_claims_nothing(clock: SimulatedClock) -> None:
    found = await read(EidCard(town().card().but(2, portrait_group(drawn_portrait("JPEG")))))
    assert claims.of_chip(found, clock) is None


def test_claim_and_what_is_read_do_not_show_themselves() -> None:
    claim = claims.Claim(proof=False, number="001099012345", name="NGUYEN VAN MAU", born=date(1999, 2, 15), sex="M")
    assert repr(claim) == "Claim(proof=False)"
