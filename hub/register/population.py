"""What the national population database says of a card, for the officer who has the paper before him (DOMAIN F17).

It is asked only where the citizen has agreed, on the officer's own wish, and each question is recorded. The answer is
advice: nothing waits for it, nothing depends on it, and it is not kept.
"""

from dataclasses import dataclass

from contract.identity_evidence import IdentityEvidence
from hub.adapters.peer import AdapterFault, Source
from hub.adapters.population import Compared, Fact, NdxpPopulation, Person, Population, Says
from hub.faults import LookupNotAgreed, UnknownThing
from hub.register import identity, numbers
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import RequestRow

KIND = "population"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the officer is told; `reached` is False where the database gave no answer, which says nothing of anybody."""

    says: Says
    differing: tuple[Fact, ...] = ()
    reached: bool = True


class PopulationDesk:
    """The hub's way to the database."""

    def __init__(self, hub: Hub, population: Population, url: str) -> None:
        self._hub, self._population = hub, population
        self._source = Source(hub, KIND, url)

    @classmethod
    def of(cls, hub: Hub) -> "PopulationDesk | None":
        """Return it where hub.toml names the database."""
        config = hub.config.adapters.population
        return cls(hub, NdxpPopulation(config), config.url) if config else None

    def ask(self, login: str, request_id: str) -> Answer:
        """Return what the database says of the card; raise LookupNotAgreed, and what `identity.look` raises."""
        with self._hub.database.reading() as session:
            row = session.get(RequestRow, request_id)
            if row is None or row.body is None:
                raise UnknownThing(f"There is no open paper {request_id[:40]}.")
            check = numbers.certify_body(row).identity
        if check is None or not check.may_compare:
            raise LookupNotAgreed("The citizen has not agreed that the population database is asked.")
        answer = self._answer(login, request_id, identity.look(self._hub, login, request_id, KIND))
        said = answer.says if answer.reached else "NO_ANSWER"
        with self._hub.database.writing() as session:
            now, subject = self._hub.clock.now(), f"{request_id} {said}"
            audit.append(session, at=now, who=login, what=audit.Act.POPULATION_ASKED, subject=subject)
        return answer

    def _answer(self, login: str, request_id: str, card: IdentityEvidence) -> Answer:
        if card.born is None or not card.number or not card.name:
            return Answer(says=Says.UNKNOWN)
        if self._source.rests:
            return Answer(says=Says.UNKNOWN, reached=False)
        person = Person(number=card.number, name=card.name, born=card.born)

        def compare() -> Compared:
            return self._population.compare(person, request=request_id, officer=login)

        try:
            found = self._source.tried(compare)
        except AdapterFault:
            return Answer(says=Says.UNKNOWN, reached=False)
        return Answer(says=found.says, differing=found.differing)
