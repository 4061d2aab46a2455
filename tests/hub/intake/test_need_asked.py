"""VNeID is asked aside: nothing else waits, a question is asked once, and no trouble of it is taken for a yes."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from agency_doubles import TOKEN, UNAVAILABLE, patience, reached
from hub_doubles import KioskDouble, bodies, opened
from msgspec.structs import replace

from contract import messages
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import Held, NeedAnswered, NeedRequest, Rejected, RequestEnvelope, WalletPaper
from hub.adapters.settings import AdaptersConfig, PeerConfig
from hub.adapters.vneid import Presentation
from hub.config import HubConfig
from hub.intake.need import MOST_OPEN, NeedDesk
from hub.rooms import Hub
from provisioning.onebox.agency_system import Trouble
from provisioning.onebox.vneid_system import VneidSystem

LAST_DAY = date(2031, 5, 4)


@pytest.fixture
def vneid(tmp_path: Path, clock: SimulatedClock) -> Iterator[tuple[VneidSystem, PeerConfig]]:
    system = VneidSystem(TOKEN, clock=clock)
    with reached(system, PeerConfig, tmp_path) as config:
        yield system, config


@pytest.fixture
def trouble() -> Trouble | None:
    return None


@pytest.fixture
def config(config: HubConfig, vneid: tuple[VneidSystem, PeerConfig], trouble: Trouble | None) -> HubConfig:
    vneid[0].trouble = trouble
    return replace(config, adapters=AdaptersConfig(vneid=replace(vneid[1], deadline_s=patience(trouble))))


@pytest.fixture
def holder(vneid: tuple[VneidSystem, PeerConfig]) -> Callable[[], str]:
    return lambda: vneid[0].code_for({WalletPaper.LICENCE: LAST_DAY, WalletPaper.VEHICLE: None})


def question(hub: Hub, code: str, paper: WalletPaper = WalletPaper.LICENCE) -> bytes:
    now = hub.clock.now()
    body = NeedRequest(paper=paper, code=code)
    return messages.encode(RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body))


def answered(kiosk: KioskDouble, payload: bytes) -> NeedAnswered:
    """Ask until there is an answer, as a kiosk does; the pool is waited for."""
    assert kiosk.ask(payload, "need") == []
    kiosk.intake.need.close()
    (said,) = bodies(kiosk.intake.need.due())
    assert bodies(kiosk.ask(payload, "need")) == [said]
    assert isinstance(said, NeedAnswered)
    return said


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (WalletPaper.LICENCE, NeedAnswered(held=Held.THERE, until=LAST_DAY)),
        (WalletPaper.VEHICLE, NeedAnswered(held=Held.THERE)),
        (WalletPaper.INSURANCE, NeedAnswered(held=Held.NOT_THERE)),
    ],
)
def test_the_answer_is_yes_until_when_or_no_and_the_question_is_asked_once(
    hub: Hub, kiosk: KioskDouble, vneid: tuple[VneidSystem, PeerConfig], holder: Callable[[], str],
    paper: WalletPaper, said: NeedAnswered,
) -> None:  # fmt: skip
    assert answered(kiosk, question(hub, holder(), paper)) == said
    assert vneid[0].asked == 1


def test_a_code_older_than_its_minute_is_no_answer_on_the_paper(
    hub: Hub, kiosk: KioskDouble, holder: Callable[[], str], clock: SimulatedClock
) -> None:
    code = holder()
    clock.advance(61)
    assert answered(kiosk, question(hub, code)).held is Held.STALE_CODE


@pytest.mark.parametrize("trouble", [*UNAVAILABLE, Trouble.REFUSES])
def test_whatever_vneid_does_the_answer_is_that_nobody_can_tell(
    hub: Hub, kiosk: KioskDouble, holder: Callable[[], str], trouble: Trouble
) -> None:
    assert answered(kiosk, question(hub, holder())).held is Held.UNKNOWN
    assert [each.is_good for each in hub.sources.all()] == [trouble is Trouble.REFUSES]


@pytest.mark.parametrize("trouble", [Trouble.ERROR])
def test_a_vneid_that_failed_a_moment_ago_is_not_asked_again_at_once(
    hub: Hub, kiosk: KioskDouble, vneid: tuple[VneidSystem, PeerConfig], holder: Callable[[], str], trouble: Trouble
) -> None:
    assert answered(kiosk, question(hub, holder())).held is Held.UNKNOWN
    assert answered(KioskDouble(hub), question(hub, holder())).held is Held.UNKNOWN
    assert vneid[0].asked == 1


def test_questions_beyond_what_can_wait_are_answered_at_once(hub: Hub) -> None:
    class Slow:
        def __init__(self) -> None:
            self.asked, self.goes_on = list[str](), threading.Event()

        def ask(self, presentation: Presentation) -> NeedAnswered:
            self.asked.append(presentation.request)
            assert self.goes_on.wait(60)
            return NeedAnswered(held=Held.NOT_THERE)

    slow = Slow()
    kiosk = KioskDouble(hub)
    kiosk.intake.need = NeedDesk(hub, slow, "vneid")
    asked = [kiosk.ask(question(hub, "VNEID-MAU-0"), "need") for _ in range(MOST_OPEN)]
    (beyond,) = bodies(kiosk.ask(question(hub, "VNEID-MAU-0"), "need"))
    slow.goes_on.set()
    kiosk.intake.need.close()
    assert asked == [[]] * MOST_OPEN and beyond == NeedAnswered(held=Held.UNKNOWN)
    assert bodies(kiosk.intake.need.due()) == [NeedAnswered(held=Held.NOT_THERE)] * MOST_OPEN
    assert len(set(slow.asked)) == MOST_OPEN


def test_a_hub_without_vneid_says_so(config: HubConfig, clock: SimulatedClock, tmp_path: Path) -> None:
    hub = opened(replace(config, adapters=AdaptersConfig(), data_dir=tmp_path / "alone"), clock)
    (said,) = bodies(KioskDouble(hub).ask(question(hub, "VNEID-MAU-0"), "need"))
    hub.database.close()
    assert isinstance(said, Rejected)
    assert (said.code, said.final) == ("NO_VNEID", True)
