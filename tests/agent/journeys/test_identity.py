"""Who is there: consent, two tries, the other ways, and what is (not) kept of a face."""

import asyncio
from datetime import timedelta

import pytest
from identity_doubles import FRAME, NUMBER, PORTRAIT, PROMPT, STILL, StandingClock, card, seen
from kiosk_doubles import HUB_KEY, ONE_COPY, PLACE, Hub, Town

from agent.devices.errors import CameraLost, CardRemoved
from agent.identity.attendant import Attendant, Show, SimulatedAttendant
from agent.identity.errors import AccessDenied, ScreenSilent
from agent.identity.values import CardRead, Seen
from agent.journeys import consent, delays
from agent.journeys.endings import Ending
from agent.journeys.identity import MOST_STARTS
from agent.journeys.recovery import start
from agent.journeys.touches import Touch
from agent.journeys.values import Order
from contract.clock import Deadline
from contract.identity_evidence import IdentityEvidence, unseal
from contract.messages import (
    CardSource,
    CertifyRequest,
    IdentityCheck,
    IdentityMethod,
    IdentityResult,
    PurgedFact,
    RequestEnvelope,
    decode,
)

LAST = (Touch.TAKEN, Touch.PAGE_IS_IN)
MATCH, NO_MATCH, UNSURE = IdentityResult.MATCH, IdentityResult.NO_MATCH, IdentityResult.UNSURE


def _with(town: Town, attendant: Attendant, *touches: Touch) -> Town:
    town.attendant, town.touches = attendant, (*touches, *LAST)
    return town


def _standing(town: Town) -> Town:
    """A town whose clock stands still."""
    clock = StandingClock(town.clock.now())
    return Town(folder=town.folder, clock=clock, hub=Hub(clock))


async def _one_visit(town: Town, order: Order = ONE_COPY) -> Ending:
    async with town.kiosk() as kiosk:
        return await town.visit(kiosk, order)


def _request(town: Town) -> CertifyRequest:
    bodies = [decode(RequestEnvelope, payload).body for payload in town.hub.requests.values()]
    (body,) = [each for each in bodies if isinstance(each, CertifyRequest)]
    return body


def _check(town: Town) -> IdentityCheck:
    check = _request(town).identity
    assert check is not None
    return check


def _evidence(town: Town) -> IdentityEvidence:
    ((sealed,),) = town.hub.evidence.values()
    return unseal(sealed, [HUB_KEY], kiosk=PLACE.kiosk, case=_check(town).case)


def _disk(town: Town) -> bytes:
    return b"".join(path.read_bytes() for path in town.folder.rglob("*") if path.is_file())


async def test_face_that_matches_reaches_the_officer_with_sealed_evidence(town: Town) -> None:
    attendant = SimulatedAttendant([card()], [seen(challenge="c7")])
    ending = await _one_visit(_with(town, attendant, Touch.AGREE))
    check, evidence = _check(town), _evidence(town)
    assert ending.code == "HANDED_OVER"
    assert (check.method, check.result, check.card, check.card_verified) == (IdentityMethod.FACE, MATCH, "CHIP", True)
    assert (check.challenge, check.consent) == ("c7", consent.version_of(consent.CONSENT))
    assert (evidence.portrait, evidence.frame, evidence.number) == (PORTRAIT, FRAME, NUMBER)
    assert evidence.face is not None and evidence.face.score == 0.81 and len(evidence.cues) == 3


async def test_evidence_is_destroyed_with_the_visit_and_its_hash_told(town: Town) -> None:
    await _one_visit(_with(town, SimulatedAttendant([card()], [seen()]), Touch.AGREE))
    (purged,), check = town.hub.told(PurgedFact), _check(town)
    assert check.evidence is not None and check.evidence.sha256 in purged.sha256
    assert not list((town.folder / "visits").rglob("identity*"))


async def test_nothing_of_face_or_card_is_on_the_disk_unsealed_while_the_officer_decides(town: Town) -> None:
    town = _standing(town)
    _with(town, SimulatedAttendant([card()], [seen()]), Touch.AGREE).officer_takes_s = 60.0
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        running = asyncio.create_task(town.go_on(kiosk, visit.id))
        while not any(step.name == "officer 1" for step in await kiosk.ledger.journal.steps(visit.id)):
            await asyncio.sleep(0)
        assert (kiosk.ledger.spool(visit.id).folder / "identity.sealed").exists()
        disk = _disk(town)
        await running
    assert b"identity try 1" in disk and b"sha256:" in disk
    for secret in (PORTRAIT, FRAME, NUMBER.encode(), card().name.encode(), b"0.81", b"0.9"):
        assert secret not in disk, secret


async def test_kiosk_without_an_attendant_asks_nobody(town: Town) -> None:
    assert (await _one_visit(town)).code == "HANDED_OVER"
    assert _request(town).identity is None


async def test_silence_is_no_consent_and_no_camera_looks(town: Town) -> None:
    attendant = SimulatedAttendant([card()], [seen()])
    async with _with(town, attendant).kiosk() as kiosk:
        ending = await town.visit(kiosk, ONE_COPY)
        (record,) = await kiosk.ledger.journal.visits_closed_since(town.clock.now() - timedelta(days=1))
        waits = [
            each.seconds for each in await kiosk.ledger.journal.steps(record.id) if each.name == "identity consent"
        ]
    assert (ending.code, _request(town).identity, attendant.looks) == ("HANDED_OVER", None, 0)
    assert waits == [pytest.approx(delays.CONSENT_S, abs=1)]


@pytest.mark.parametrize("way", [Touch.WITHOUT, None])
async def test_citizen_who_refuses_biometrics_reaches_the_same_copy(town: Town, way: Touch | None) -> None:
    attendant = SimulatedAttendant([card()], [seen()])
    ending = await _one_visit(_with(town, attendant, Touch.NOT_MY_FACE, *((way,) if way else ())))
    assert (ending.code, _request(town).identity, attendant.looks) == ("HANDED_OVER", None, 0)
    assert not town.hub.evidence


async def test_still_goes_to_the_officer_as_a_question_without_a_measured_face(town: Town) -> None:
    attendant, town = SimulatedAttendant([card()], [], [STILL]), _standing(town)
    async with _with(town, attendant).kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        kiosk.touches.press(visit.id, Touch.NOT_MY_FACE)
        running = asyncio.create_task(town.go_on(kiosk, visit.id))
        while not any(step.name == "identity way 1" for step in await kiosk.ledger.journal.steps(visit.id)):
            await asyncio.sleep(0)
        kiosk.touches.press(visit.id, Touch.PHOTO)
        await running
    check, evidence = _check(town), _evidence(town)
    assert (check.method, check.result, check.consent) == (
        IdentityMethod.STILL, UNSURE, consent.version_of(consent.PHOTO),
    )  # fmt: skip
    assert (evidence.frame, evidence.face, evidence.cues, attendant.looks) == (STILL, None, (), 0)


async def test_staff_vouch_by_name_and_leave_no_evidence(town: Town) -> None:
    town.staff = "Lê Văn Mẫu"
    await _one_visit(_with(town, SimulatedAttendant([card()]), Touch.NOT_MY_FACE, Touch.STAFF))
    check = _check(town)
    assert (check.method, check.result, check.vouched_by, check.evidence) == (
        IdentityMethod.STAFF, MATCH, "Lê Văn Mẫu", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cards", "sights"),
    [
        ([card()], [seen(NO_MATCH)]),
        ([card()], [seen(UNSURE)]),
        ([card()], [seen(alive=False)]),
        ([card(verified=False, reason="CLONE")], [seen()]),
        ([card()], [CameraLost()]),
        ([CardRemoved()], [seen()]),
        ([AccessDenied()], [seen()]),
    ],
)
async def test_two_tries_that_fail_lead_to_the_other_way_and_the_dossier_is_kept(
    town: Town, cards: list[CardRead | Exception], sights: list[Seen | Exception]
) -> None:
    ending = await _one_visit(_with(town, SimulatedAttendant(cards, sights), Touch.AGREE, Touch.WITHOUT))
    async with town.kiosk() as kiosk:
        (record,) = await kiosk.ledger.journal.visits_closed_since(town.clock.now() - timedelta(days=1))
        names = [step.name for step in await kiosk.ledger.journal.steps(record.id)]
    assert [name for name in names if name.startswith("identity")] == [
        "identity consent", "identity try 1", "identity try 2", "identity way 1", "identity",
    ]  # fmt: skip
    told = _request(town).identity
    was_unsure = isinstance(sights[0], Seen) and isinstance(cards[0], CardRead)
    assert ending.code == "HANDED_OVER" and (told is not None) == was_unsure
    if told:
        assert (told.method, told.result, told.unsure_tries) == (IdentityMethod.WITHOUT, UNSURE, 2)
        assert (told.evidence, told.card, told.challenge) == (None, CardSource.NONE, "")
    assert not town.hub.evidence and not list(town.folder.rglob("*.sealed"))


async def test_tries_that_were_not_sure_are_told_beside_the_word_of_staff(town: Town) -> None:
    town.staff = "Lê Văn Mẫu"
    attendant = SimulatedAttendant([card()], [seen(UNSURE), CameraLost()])
    await _one_visit(_with(town, attendant, Touch.AGREE, Touch.STAFF))
    assert (_check(town).method, _check(town).unsure_tries) == (IdentityMethod.STAFF, 1)


async def test_screen_that_showed_nothing_costs_the_citizen_no_try(town: Town) -> None:
    sights = [ScreenSilent(), seen(NO_MATCH), seen(challenge="c3")]
    await _one_visit(_with(town, SimulatedAttendant([card()], sights), Touch.AGREE))
    assert (_check(town).result, _check(town).challenge) == (MATCH, "c3")


async def test_screen_that_never_shows_the_challenge_leads_on_all_the_same(town: Town) -> None:
    attendant = SimulatedAttendant([card()], [ScreenSilent()])
    ending = await _one_visit(_with(town, attendant, Touch.AGREE, Touch.WITHOUT))
    assert (ending.code, _request(town).identity, attendant.looks) == ("HANDED_OVER", None, MOST_STARTS)


async def test_second_try_may_succeed(town: Town) -> None:
    attendant = SimulatedAttendant([CardRemoved(), card()], [seen(challenge="c2")])
    await _one_visit(_with(town, attendant, Touch.AGREE))
    assert (_check(town).result, _check(town).challenge) == (MATCH, "c2")


async def test_portrait_of_a_printed_card_may_match_but_is_never_called_verified(town: Town) -> None:
    await _one_visit(_with(town, SimulatedAttendant([card(CardSource.PRINTED, verified=False)], [seen()]), Touch.AGREE))
    assert (_check(town).result, _check(town).card, _check(town).card_verified) == (MATCH, CardSource.PRINTED, False)


async def test_photograph_that_fails_is_not_offered_again(town: Town) -> None:
    attendant = SimulatedAttendant([card()], [], [CameraLost()])
    _with(town, attendant, Touch.PHOTO, Touch.WITHOUT)
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        kiosk.touches.press(visit.id, Touch.AGREE)
        kiosk.touches.press(visit.id, Touch.PHOTO)
        attendant.sights = [seen(NO_MATCH)]
        ending = await town.go_on(kiosk, visit.id)
    assert (ending.code, _check(town).method) == ("HANDED_OVER", IdentityMethod.WITHOUT)


class _Slow(SimulatedAttendant):
    """Looks for ever, so that the citizen has time to change their mind."""

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        show(PROMPT)
        await asyncio.Event().wait()
        raise AssertionError


async def test_consent_withdrawn_during_the_look_ends_it_at_once_and_there_is_no_second_try(town: Town) -> None:
    town = _standing(town)
    _with(town, _Slow([card()]), Touch.AGREE, Touch.WITHOUT)
    async with town.kiosk() as kiosk:
        assert kiosk.identity is not None
        visit = await start(kiosk, ONE_COPY)
        running = asyncio.create_task(town.go_on(kiosk, visit.id))
        while kiosk.identity.scene is None or kiosk.identity.scene.prompt is None:
            await asyncio.sleep(0)
        kiosk.touches.press(visit.id, Touch.NOT_MY_FACE)
        ending = await running
        names = [step.name for step in await kiosk.ledger.journal.steps(visit.id)]
        assert kiosk.identity.scene is None
    assert (ending.code, _request(town).identity) == ("HANDED_OVER", None)
    assert "identity try 1" in names and "identity try 2" not in names


async def test_page_asked_for_again_sends_the_same_evidence_with_the_new_request(town: Town) -> None:
    town.hub.verdicts = ["rescan", "certified"]
    attendant = SimulatedAttendant([card()], [seen()])
    await _one_visit(_with(town, attendant, Touch.AGREE))
    assert attendant.looks == 1 and len(town.hub.evidence) == 2
    (first,), (second,) = town.hub.evidence.values()
    assert first == second


async def test_cancelling_instead_of_consenting_ends_the_visit(town: Town) -> None:
    async with _with(town, SimulatedAttendant([card()], [seen()])).kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await kiosk.ledger.journal.cancel(visit.id)
        ending = await town.go_on(kiosk, visit.id)
    assert ending.code == "CANCELLED" and not town.hub.requests


def test_text_of_the_consent_has_another_version_when_a_word_changes() -> None:
    vi, en = consent.CONSENT
    assert consent.version_of((vi, en)) != consent.version_of((vi + ".", en))
