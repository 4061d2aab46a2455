"""A kiosk that the hub refuses as a whole: shut at once, requests ended, opened again only by the hub's word."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_doubles import ONE_COPY, Town

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.link.faults import HubUnreachable, ShutOut
from agent.screen.entrance import OUT_OF_SERVICE, shut
from agent.screen.status import status
from agent.upkeep.standing import OFFLINE_S, SHUT_OUT_S, Standing
from contract.messages import FeedbackFact, HelpRequest, Rejected, ReplyEnvelope, Service, decode

QUARANTINED = Rejected(code="KIOSK_QUARANTINED", cause="Two machines seem to be the kiosk", remedy="Look.", final=True)


@dataclass
class Hub:
    """Where the kiosk asks how it stands."""

    says: Callable[[], None] = lambda: None
    asked: int = 0

    async def __call__(self) -> None:
        self.asked += 1
        self.says()


def refused() -> None:
    raise ShutOut("This certificate is revoked")


def away() -> None:
    raise HubUnreachable("nobody answers")


def hear(kiosk: Kiosk, refusal: Rejected) -> None:
    kiosk.link._room.standing.refusal = refusal


async def test_a_refusal_over_the_broker_shuts_the_door_and_an_operators_release_opens_it(town: Town) -> None:
    async with town.kiosk() as kiosk:
        standing = Standing(kiosk, hub := Hub(refused))
        await standing.look()
        assert kiosk.door.is_open and hub.asked == 0  # online and not refused: nobody is asked
        hear(kiosk, QUARANTINED)
        await standing.look()
        assert shut(kiosk) is OUT_OF_SERVICE
        said = await status(kiosk)
        assert said.service is Service.OUT_OF_SERVICE and said.shut_out == QUARANTINED.cause
        hub.says = lambda: None
        await standing.look()
        assert not kiosk.door.is_open and hub.asked == 0
        town.clock.advance(SHUT_OUT_S)
        await standing.look()
        assert kiosk.door.is_open and hub.asked == 1 and kiosk.link.refusal is None


async def test_what_people_decided_about_the_door_stays_under_it(town: Town) -> None:
    async with town.kiosk() as kiosk:
        kiosk.door.mode = Service.DRAINING
        hear(kiosk, QUARANTINED)
        standing = Standing(kiosk, Hub())
        await standing.look()
        town.clock.advance(SHUT_OUT_S)
        await standing.look()
        assert kiosk.door.shown is Service.DRAINING


async def test_a_kiosk_that_the_broker_takes_no_more_asks_the_hub_and_hears_that_it_is_revoked(town: Town) -> None:
    town.online = False
    async with town.kiosk() as kiosk:
        standing = Standing(kiosk, hub := Hub(away))
        await standing.look()
        await standing.look()
        assert kiosk.door.is_open and hub.asked == 1  # a hub that is away refuses nothing, and is not asked at once
        town.clock.advance(OFFLINE_S)
        hub.says = refused
        await standing.look()
        assert kiosk.door.shut_out == "This certificate is revoked" and hub.asked == 2
        hub.says = away
        town.clock.advance(SHUT_OUT_S)
        await standing.look()
        assert kiosk.door.shut_out and hub.asked == 3  # only the hub's own word opens it


async def test_requests_that_wait_are_ended_and_facts_go_on_waiting(town: Town) -> None:
    async with town.kiosk() as kiosk:
        town.hub.is_deaf = True
        visit = await start(kiosk, ONE_COPY)
        request = await kiosk.link.request("a", visit.id, HelpRequest(scene="pay"))
        said = FeedbackFact(request=request, face=5, words="", written_at=town.clock.now())
        fact = await kiosk.ledger.outbox.tell("b", visit.id, said)
        hear(kiosk, QUARANTINED)
        await Standing(kiosk, Hub()).look()
        reply, final = await kiosk.ledger.outbox.reply(request)
        assert reply and final
        body = decode(ReplyEnvelope, reply).body
        assert isinstance(body, Rejected) and body.cause == QUARANTINED.cause
        assert [each.id for each in await kiosk.ledger.outbox.pending()] == [fact]
