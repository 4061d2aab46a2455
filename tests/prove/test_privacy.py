"""The short form of `make prove-privacy`: the search sees what is planted, and finds nothing at a kiosk and a hub."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.journeys.touches import Touch
from agent.ledger.outbox import Outgoing
from contract import messages
from contract.clock import SimulatedClock
from contract.identity_evidence import unseal
from contract.messages import CertifyRequest, EvidenceRequest, RequestEnvelope, decode
from tests.agent.kiosk_doubles import HUB_KEY, ONE_COPY, PLACE, Hub, Town
from tests.prove.privacy.marked import MarkedAttendant
from tests.prove.privacy.markers import Marks, found_in, found_on_disk
from tests.prove.privacy.proof import blind_spots, prove

SEED = 2026


def test_search_finds_each_mark_in_each_form(tmp_path: Path) -> None:
    assert blind_spots(Marks.drawn(SEED), tmp_path) == []


def test_search_finds_nothing_where_nothing_is() -> None:
    assert found_in(Path(__file__).read_bytes(), Marks.drawn(SEED).needles()) == set()


@pytest.mark.parametrize("touches", [(Touch.AGREE,), (Touch.NOT_MY_FACE, Touch.PHOTO)], ids=str)
async def test_kiosk_tells_the_hub_and_its_disk_no_mark_but_sealed(tmp_path: Path, touches: tuple[Touch, ...]) -> None:
    clock, marks = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), Marks.drawn(SEED)
    hub, seen = _Looking(clock), dict[str, set[str]]()
    hub.on_evidence = lambda: seen.update(found_on_disk(tmp_path, marks.needles()))
    town = Town(folder=tmp_path, clock=clock, hub=hub, attendant=MarkedAttendant(SEED), touches=(*touches, Touch.TAKEN))
    async with town.kiosk() as kiosk:
        assert (await town.visit(kiosk, ONE_COPY)).code == "HANDED_OVER"
        assert found_on_disk(tmp_path, marks.needles()) == seen == {}
    bodies = [decode(RequestEnvelope, payload).body for payload in hub.requests.values()]
    assert {type(each) for each in bodies} == {CertifyRequest, EvidenceRequest}
    for topic, payload in hub.requests.items():
        assert found_in(topic.encode() + payload, marks.needles()) == set()
    ((sealed,),) = hub.evidence.values()
    (check,) = [each.identity for each in bodies if isinstance(each, CertifyRequest)]
    assert check is not None and found_in(sealed, marks.needles()) == set()
    opened = messages.encode(unseal(sealed, [HUB_KEY], kiosk=PLACE.kiosk, case=check.case))
    assert {"portrait", "name", "number"} <= found_in(opened, marks.needles())  # so the marks were really there
    assert sealed[:64] not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@dataclass
class _Looking(Hub):
    """Looks at the kiosk's disk while the evidence lies there."""

    on_evidence: Callable[[], None] = lambda: None

    def treat(self, message: Outgoing) -> bytes:
        answer = super().treat(message)
        self.on_evidence()
        return answer


@pytest.mark.slow
@pytest.mark.xdist_group("onebox")
def test_whole_set_keeps_no_mark(tmp_path: Path) -> None:
    outcome = prove(tmp_path, SEED)
    assert outcome.wrong == [] and outcome.sealed_bytes and outcome.messages > 20
