"""The copy goes to the citizen's account only where they wish it and a chip has proven whose it is."""

import pytest
from identity_doubles import NUMBER, card, seen
from kiosk_doubles import ONE_COPY, Town

from agent.identity.attendant import SimulatedAttendant
from agent.identity.values import CardRead
from agent.journeys.endings import SENT_TO
from agent.journeys.touches import Touch
from contract.destinations import Channel, IhanoiTo, PortalTo, channel_of
from contract.messages import CardSource, CertifyRequest, RequestEnvelope, decode

BOTH = (Channel.PORTAL, Channel.IHANOI)


async def asked(
    town: Town, *touches: Touch, accounts: tuple[Channel, ...] = BOTH, shown: CardRead | None = None
) -> CertifyRequest:
    """Let a citizen through; return what the hub was asked for."""
    town.attendant = SimulatedAttendant([shown or card()] * 2, [seen(), seen()])
    town.touches, town.accounts = (Touch.AGREE, *touches, Touch.TAKEN, Touch.PAGE_IS_IN), accounts
    async with town.kiosk() as kiosk:
        ending = await town.visit(kiosk, ONE_COPY)
        assert ending.code == "HANDED_OVER"
        assert kiosk.identity is not None and not kiosk.identity.holders
    bodies = [decode(RequestEnvelope, payload).body for payload in town.hub.requests.values()]
    (body,) = [each for each in bodies if isinstance(each, CertifyRequest)]
    said = {channel for channel in BOTH if SENT_TO[channel][0] in ending.vi}
    assert said == {channel_of(each) for each in body.deliver_to}, "the last screen says where the file goes"
    return body


def on_disk(town: Town) -> bytes:
    return b"".join(path.read_bytes() for path in town.folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("touch", "goes_to"),
    [
        (Touch.TO_PORTAL, (PortalTo(number=NUMBER),)),
        (Touch.TO_IHANOI, (IhanoiTo(number=NUMBER),)),
        (Touch.NO_ACCOUNT, ()),
    ],
)
async def test_it_goes_where_the_citizen_says_and_the_number_goes_with_the_visit(
    town: Town, touch: Touch, goes_to: tuple[object, ...]
) -> None:
    body = await asked(town, touch)
    assert body.deliver_to == goes_to
    assert (body.follow_sha256 is not None) == bool(goes_to)
    assert not list((town.folder / "visits").rglob("account*"))
    assert NUMBER.encode() not in on_disk(town)


@pytest.mark.parametrize(
    "shown", [card(verified=False), card(CardSource.PRINTED, verified=False)], ids=["unproved", "printed"]
)
async def test_without_a_proven_chip_it_is_not_offered(town: Town, shown: CardRead) -> None:
    assert (await asked(town, Touch.WITHOUT, Touch.TO_PORTAL, shown=shown)).deliver_to == ()


async def test_an_account_that_the_hub_does_not_send_to_is_not_offered(town: Town) -> None:
    assert (await asked(town, Touch.TO_PORTAL, accounts=(Channel.IHANOI,))).deliver_to == ()


async def test_who_touches_nothing_gets_the_copy_alone(town: Town) -> None:
    assert (await asked(town)).deliver_to == ()
