"""`tram enrol`, `configure` and `retire`, as a technician uses them, against a hub that is there."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import cv2
import pytest
import segno
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from enrolment_doubles import Town, served

from agent.config import load
from agent.configured import credentials_of
from agent.ledger.closing import Held
from agent.ledger.ledger import Ledger
from agent.link.device_key import DeviceKey
from agent.link.faults import HubUnreachable
from contract import enrolment
from contract.clock import SimulatedClock
from contract.enrolment import ANSWER, REQUEST, EnrolmentWrong, for_the_eye
from hub.enrolment.devices import Request
from hub.store.tables import Kiosk
from provisioning import carried
from provisioning.enrol import enrol
from provisioning.retire import retire

KIOSK = "tram-01"
BLANK = """\
# the board from the workshop
[kiosk]
folder = "var"
presented = "KIOSK_BED_CAMERA" # the camera looks at the bed
pays_by_transfer = true

[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = []
config_dir = "sane"

[printer]
class = "agent.devices.page_printer.SimulatedPagePrinter"
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(BLANK, encoding="utf-8")
    return path


async def tram(command: object, *words: object, **more: object) -> Result:
    """Run a verb beside the server that runs in this loop."""
    return await asyncio.to_thread(CliRunner().invoke, command, [str(word) for word in words], **more)


@asynccontextmanager
async def books(toml: Path, clock: SimulatedClock) -> AsyncIterator[Ledger]:
    """Yield the stopped kiosk's ledger."""
    ledger = await Ledger.open(load(toml).kiosk.folder, clock)
    yield ledger
    await ledger.close()


async def enrolled(place: Town, toml: Path, *words: object) -> Result:
    return await tram(enrol, *words, "--config", toml, "--identity", toml.parent / "identity")


async def test_a_blank_board_becomes_the_kiosk_of_the_ticket(place: Town, toml: Path) -> None:
    ticket = place.ticket()
    async with served(place):
        done = await enrolled(place, toml, str(ticket))
    assert done.exit_code == 0, done.output
    assert "This is tram-01, Mẫu, of UBND phường Mẫu" in done.output and "decision QĐ 1/QĐ-UBND" in done.output
    assert "tram doctor" in done.output  # nothing is missing in the file
    made = load(toml)
    assert (made.kiosk.id, made.kiosk.legal_mode, made.hub.host, made.hub.port) == (
        KIOSK, "PILOT_REMOTE", "localhost", 8883,
    )  # fmt: skip
    assert "# the camera looks at the bed" in toml.read_text(encoding="utf-8")
    key = credentials_of(made.hub).key
    assert for_the_eye(key.sha256) in done.output  # what the console shows of it, too
    with place.hub.database.reading() as session:
        row = session.get_one(Kiosk, KIOSK)
    shown = x509.load_pem_x509_certificate(made.hub.certificate.read_bytes())
    assert row.certificate_serial == f"{shown.serial_number:X}"


async def test_the_ticket_is_read_from_a_photo_of_its_code(place: Town, toml: Path, tmp_path: Path) -> None:
    (picture,) = carried.draw([str(place.ticket())], tmp_path, "ticket")
    pixels = cv2.imread(str(picture))
    turned = cv2.warpAffine(
        pixels, cv2.getRotationMatrix2D((pixels.shape[1] / 2, pixels.shape[0] / 2), 11, 0.8),
        (pixels.shape[1], pixels.shape[0]), borderValue=(230, 230, 225),
    )  # fmt: skip
    cv2.imwrite(str(picture), turned, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    async with served(place):
        done = await enrolled(place, toml, "--picture", picture)
    assert done.exit_code == 0, done.output


async def test_without_a_network_two_kinds_of_codes_are_carried(place: Town, toml: Path, tmp_path: Path) -> None:
    out = await enrolled(place, toml, "--carry-out", KIOSK, "--into", tmp_path / "out")
    assert out.exit_code == 0 and "█" in out.output, out.output
    photos = sorted((tmp_path / "out").iterdir())
    request = Request.read(enrolment.joined(REQUEST, carried.texts_in(photos)))
    assert request.kiosk == KIOSK and for_the_eye(request.key_sha256) in out.output
    answer = enrolment.pack(place.devices.answer_carried(request, "may"))
    pictures = carried.draw(enrolment.cut(ANSWER, answer), tmp_path, "answer")
    words = [word for picture in reversed(pictures) for word in ("--carry-in", picture)]
    wrong = await enrolled(place, toml, *words, "--ca", "0000 0000 0000 0000 0000")
    assert wrong.exit_code == 2 and "not from your hub" in wrong.output
    assert "[hub]" not in toml.read_text(encoding="utf-8")
    eye = for_the_eye(place.devices.authority.fingerprint(hashes.SHA256()).hex())
    done = await enrolled(place, toml, *words, "--ca", eye.lower())
    assert done.exit_code == 0, done.output
    assert load(toml).kiosk.id == KIOSK


async def test_the_answer_is_read_through_a_camera(place: Town, toml: Path, tmp_path: Path) -> None:
    out = await enrolled(place, toml, "--carry-out", KIOSK, "--into", tmp_path)
    request = Request.read(enrolment.joined(REQUEST, carried.texts_in(tmp_path.glob("*-request-*.png"))))
    answer = enrolment.pack(place.devices.answer_carried(request, "may"))
    pictures = carried.draw(enrolment.cut(ANSWER, answer), tmp_path, "answer")
    film = cv2.VideoWriter(str(tmp_path / "held.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 5, (1000, 1000))
    for picture in pictures:
        frame = cv2.copyMakeBorder(cv2.imread(str(picture)), 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(240, 240, 240))
        film.write(cv2.resize(frame, (1000, 1000), interpolation=cv2.INTER_AREA))
    film.release()
    eye = for_the_eye(place.devices.ca_sha256)
    done = await enrolled(place, toml, "--camera", tmp_path / "held.avi", "--ca", eye)
    assert out.exit_code == 0 and done.exit_code == 0, done.output


def test_a_part_that_is_missing_is_named() -> None:
    parts = enrolment.cut(ANSWER, bytes(range(256)) * 12)
    many = enrolment.cut(ANSWER, secrets.token_bytes(1500))
    assert enrolment.joined(ANSWER, parts) == bytes(range(256)) * 12
    with pytest.raises(EnrolmentWrong, match="Part 2 is missing"):
        enrolment.joined(ANSWER, [many[0], *many[2:]])
    with pytest.raises(EnrolmentWrong, match="different requests"):
        enrolment.joined(ANSWER, [*many, parts[0]])
    with pytest.raises(EnrolmentWrong, match="No QR code"):
        enrolment.joined(ANSWER, ["https://example.vn"])
    assert max(segno.make(each, error="m").version for each in many) <= 22  # large enough modules for any phone


async def test_an_answer_that_was_lost_on_the_way_is_asked_for_again_with_the_same_code(
    place: Town, toml: Path
) -> None:
    ticket = place.ticket()
    first = await enrolled(place, toml, "--carry-out", KIOSK, "--into", toml.parent)  # the key is made, nothing else
    (folder,) = (toml.parent / "identity").iterdir()
    key = folder / "device.key"
    content = key.read_bytes()
    place.devices.enrol(Request.read(DeviceKey.open(key).request(KIOSK)), ticket.code)  # the answer did not arrive
    async with served(place):
        done = await enrolled(place, toml, str(ticket))
    assert first.exit_code == done.exit_code == 0, done.output
    assert key.read_bytes() == content


async def test_enrolling_anew_removes_the_key_before(place: Town, toml: Path) -> None:
    async with served(place):
        await enrolled(place, toml, str(place.ticket()))
        before = load(toml).hub.key
        await enrolled(place, toml, str(place.ticket()))
    after = load(toml).hub.key
    assert after != before and after.exists() and not before.exists()


@pytest.mark.parametrize(
    ("ticket", "says"),
    [("https://example.vn", "no enrolment ticket"), ("tram-enrol:127.0.0.1:9/tram-01/AAAA/" + "0" * 64, "not answer")],
)
async def test_what_can_not_be_done_is_said_and_changes_nothing(toml: Path, ticket: str, says: str) -> None:
    done = await enrolled(None, toml, ticket)  # type: ignore[arg-type]
    assert done.exit_code == 2 and says in done.output
    assert toml.read_text(encoding="utf-8") == BLANK


async def test_what_the_file_still_lacks_is_named(place: Town, toml: Path) -> None:
    toml.write_text("", encoding="utf-8")
    async with served(place):
        done = await enrolled(place, toml, str(place.ticket()))
    assert done.exit_code == 0 and "Before it can start: " in done.output and "folder" in done.output


async def test_a_kiosk_that_retires_is_revoked_and_leaves_nothing(fresh: Town, toml: Path) -> None:
    async with served(fresh):
        await enrolled(fresh, toml, str(fresh.ticket()))
        key = load(toml).hub.key
        done = await tram(retire, "--config", toml, "--yes")
    assert done.exit_code == 0, done.output
    assert not key.exists() and not toml.exists() and not (toml.parent / "var").exists()
    assert not (toml.parent / "kiosk.toml.versions").exists()
    with fresh.hub.database.reading() as session:
        assert session.get_one(Kiosk, KIOSK).revoked_at is not None


async def test_nothing_is_wiped_while_the_hub_does_not_know(place: Town, toml: Path) -> None:
    async with served(place):
        await enrolled(place, toml, str(place.ticket()))
    done = await tram(retire, "--config", toml, "--yes")
    assert done.exit_code == 2 and "Nothing was wiped" in done.output and load(toml).hub.key.exists()
    done = await tram(retire, "--config", toml, "--yes", "--without-hub")
    assert done.exit_code == 0 and "Now revoke tram-01 at the hub's console" in done.output


async def test_nothing_is_wiped_while_the_books_say_that_cash_is_inside(
    place: Town, toml: Path, clock: SimulatedClock
) -> None:
    async with served(place):
        await enrolled(place, toml, str(place.ticket()))
    words = ("--config", toml, "--without-hub")
    async with books(toml, clock) as ledger:
        await ledger.money.receive("visit-1", "cash/1/1", 20_000)
    done = await tram(retire, *words, "--yes")
    assert (
        done.exit_code == 2 and "Nothing was done: By its books 20,000 đ are inside this kiosk, besides" in done.output
    )
    assert "tram cash close" in done.output and load(toml).hub.key.exists()

    async with books(toml, clock) as ledger:
        await ledger.closings.begin("thu-ngan", Held(tubes_vnd=0, cassette_vnd=20_000))
    done = await tram(retire, *words, "--yes")
    assert done.exit_code == 2 and "Collection 1 by thu-ngan was begun and not finished" in done.output

    done = await tram(retire, *words, "--cash-inside", input="n\n")
    assert done.exit_code == 1 and "20,000 đ are inside this kiosk. " in done.output and load(toml).hub.key.exists()
    done = await tram(retire, *words, "--cash-inside", input="y\n")
    assert done.exit_code == 0 and "write it down" in done.output and not toml.exists()


async def test_cash_that_was_collected_to_the_last_coin_keeps_no_kiosk_from_retiring(
    place: Town, toml: Path, clock: SimulatedClock
) -> None:
    async with served(place):
        await enrolled(place, toml, str(place.ticket()))
    async with books(toml, clock) as ledger:
        await ledger.money.receive("visit-1", "cash/1/1", 20_000)
        await ledger.closings.begin("thu-ngan", Held(tubes_vnd=0, cassette_vnd=20_000))
        await ledger.closings.finish(Held(tubes_vnd=0, cassette_vnd=0))
    done = await tram(retire, "--config", toml, "--without-hub", "--yes")
    assert done.exit_code == 0 and "inside" not in done.output and not toml.exists()


async def test_a_kiosk_with_a_cash_box_that_was_never_collected_says_where_to_look(place: Town, toml: Path) -> None:
    box = '[cash]\nclass = "agent.devices.cash.SimulatedCash"\npath = "cash.json"\n'
    toml.write_text(f"{BLANK}{box}", encoding="utf-8")
    async with served(place):
        await enrolled(place, toml, str(place.ticket()))
    done = await tram(retire, "--config", toml, "--without-hub", input="n\n")
    assert done.exit_code == 1 and "Look into tubes and cassette" in done.output and toml.exists()


async def test_what_broke_off_after_the_certificate_goes_on_with_the_same_code(
    place: Town, toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise HubUnreachable("https://localhost/enrolment/placement does not answer")

    ticket = place.ticket()
    async with served(place):
        with monkeypatch.context() as network:
            network.setattr("provisioning.enrol.est.placement", broken)
            first = await enrolled(place, toml, str(ticket))
        second = await enrolled(place, toml, str(ticket))
    assert first.exit_code == 2 and "does not answer" in first.output
    assert second.exit_code == 0, second.output
    assert load(toml).kiosk.id == KIOSK and len(list((toml.parent / "identity").iterdir())) == 1


async def test_enrolling_anew_makes_a_new_key(place: Town, toml: Path) -> None:
    async with served(place):
        assert (await enrolled(place, toml, str(place.ticket()))).exit_code == 0
        before = credentials_of(load(toml).hub).key.sha256
        assert (await enrolled(place, toml, str(place.ticket()))).exit_code == 0
    assert credentials_of(load(toml).hub).key.sha256 != before
