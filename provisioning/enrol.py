"""`tram enrol`: this machine becomes a kiosk of a hub, with the network or by QR codes that a phone carries."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from agent.link import est
from agent.link.device_key import DeviceKey
from agent.link.faults import LinkFault
from agent.link.sealing import AUTO
from contract import enrolment
from contract.clock import SystemClock, vietnam_text
from contract.enrolment import ANSWER, REQUEST, CarriedAnswer, EnrolmentWrong, Placement, Ticket, for_the_eye
from contract.messages import LegalMode
from contract.remedies import told
from contract.settings import SettingsFault
from contract.topics import is_kiosk_id
from provisioning import carried
from provisioning.device_folder import IDENTITY, DeviceFolder
from provisioning.kiosk_file import KioskFile
from provisioning.options import kiosk_file

_BAD = 2
_UNSEALED = (
    "WARNING: this machine has no TPM. The key lies readable on its disk: whoever copies the disk can be this kiosk, "
    "until the hub notices two of them."
)


@click.command()
@click.argument("ticket", required=False)
@click.option("--picture", type=click.Path(exists=True, path_type=Path), help="A picture of the ticket's QR code.")
@click.option("--carry-out", metavar="KIOSK", help="No network: show the request as QR code, to be carried to the hub.")
@click.option("--carry-in", type=click.Path(exists=True, path_type=Path), multiple=True, help="The answer's pictures.")
@click.option("--camera", metavar="DEVICE", help="Read the answer through this camera (0, 1, … or a file).")
@click.option("--ca", "eye", metavar="FINGERPRINT", help="The hub's fingerprint, from its console (else asked for).")
@kiosk_file()
@click.option("--identity", type=click.Path(path_type=Path), default=IDENTITY, help="Where key and certificate go.")
@click.option("--into", type=click.Path(path_type=Path), default=Path(), help="Where --carry-out puts its pictures.")
@click.option("--tpm", default=AUTO, help="The TPM, as systemd-creds names it.")
def enrol(
    ticket: str | None,
    picture: Path | None,
    carry_out: str | None,
    carry_in: tuple[Path, ...],
    camera: str | None,
    eye: str | None,
    config: Path,
    identity: Path,
    into: Path,
    tpm: str,
) -> None:
    """Become the kiosk that TICKET names (tram-enrol:…, made at the hub's console). Stop the kiosk first.

    Exit code 0: enrolled, or the request is shown. 2: why not.
    """
    file = KioskFile(config)
    try:
        folder = DeviceFolder.begun(identity.resolve(), tpm, SystemClock(), file)
        if carry_out:
            _carry_out(carry_out, folder, into)
        elif carry_in or camera:
            _carry_in(carry_in, camera, eye, folder, file)
        else:
            asyncio.run(_online(_ticket(ticket, picture), folder, file))
    except (LinkFault, EnrolmentWrong, SettingsFault) as fault:
        _end(told(fault))
    except OSError as fault:
        _end(f"{fault.filename or identity} can't be written: {fault.strerror}. Run it as root (sudo tram enrol).")


def _ticket(text: str | None, picture: Path | None) -> Ticket:
    if picture:
        found = [each for each in carried.texts_in([picture]) if each.startswith("tram-enrol:")]
        text = found[0] if found else ""
    return Ticket.parse(text if text is not None else click.prompt("The ticket's line (tram-enrol:…)"))


async def _online(ticket: Ticket, folder: DeviceFolder, file: KioskFile) -> None:
    ca = await est.authority(ticket)
    click.echo(f"The hub at {ticket.hub} is that of the ticket: {for_the_eye(ticket.ca_sha256)}")
    _tell_key(folder.key)
    issued = await est.enrolled(ticket, folder.key, ca)
    shown = folder.end(issued, ca)
    _settle(await est.placement(ticket.hub, shown), issued, folder, file)


def _carry_out(kiosk: str, folder: DeviceFolder, into: Path) -> None:
    if not is_kiosk_id(kiosk):
        raise EnrolmentWrong(f"{kiosk!r} can't be a kiosk's id: 2–63 of a–z, 0–9 and '-'.")
    texts = enrolment.cut(REQUEST, folder.key.request(kiosk))
    for text in texts:
        segno.make(text, error="m", micro=False).terminal(compact=True)
    into.mkdir(parents=True, exist_ok=True)
    for path in carried.draw(texts, into, f"{kiosk}-request"):
        click.echo(f"picture {path}")
    _tell_key(folder.key)
    click.echo(f"Photograph it, open the kiosk {kiosk} at the hub's console, “Enrol”, and give it the picture.")
    click.echo("Bring the answer back: tram enrol --carry-in PICTURE… (or --camera 0)")


def _carry_in(
    pictures: Sequence[Path], camera: str | None, eye: str | None, folder: DeviceFolder, file: KioskFile
) -> None:
    content = carried.from_camera(camera, ANSWER) if camera else enrolment.joined(ANSWER, carried.texts_in(pictures))
    answer = enrolment.unpack(content)
    ca, issued = _certificates(answer)
    _compare(ca, eye or click.prompt("The hub's fingerprint, as its console shows it"))
    _tell_key(folder.key)
    issued = est.fitting([issued], folder.key, answer.placement.kiosk, ca)
    folder.end(issued, ca)
    _settle(answer.placement, issued, folder, file)


def _certificates(answer: CarriedAnswer) -> tuple[x509.Certificate, x509.Certificate]:
    try:
        return x509.load_der_x509_certificate(answer.authority), x509.load_der_x509_certificate(answer.certificate)
    except ValueError as fault:
        raise EnrolmentWrong(f"The answer holds no certificates: {fault}. Make it anew at the console.") from fault


def _compare(ca: x509.Certificate, typed: str) -> None:
    true = for_the_eye(ca.fingerprint(hashes.SHA256()).hex())
    if "".join(typed.upper().split()) != "".join(true.split()):
        raise EnrolmentWrong(
            f"The answer comes from an authority with the fingerprint {true}; that is not what was typed. Nothing was "
            "changed. Compare with the console again; if they differ, the answer is not from your hub."
        )


def _tell_key(key: DeviceKey) -> None:
    click.echo(f"This machine's key: {for_the_eye(key.sha256)}   (the console shows the same, else stop and tell)")
    if not key.sealed:
        click.echo(_UNSEALED, err=True)


def _settle(said: Placement, issued: x509.Certificate, folder: DeviceFolder, file: KioskFile) -> None:
    folder.move_in(file, said)
    decision = f", decision {said.legal_decision}" if said.legal_decision else ""
    click.echo(f"This is {said.kiosk}, {said.site}, of {said.agency}. {_MODES[said.legal_mode]}{decision}.")
    click.echo(f"Its certificate is good until {vietnam_text(issued.not_valid_after_utc)} and renews itself before.")
    if missing := file.complaint(file.text):
        click.echo(f"Before it can start: {missing}")
    else:
        click.echo("Start it, then look: tram doctor")


_MODES = {
    LegalMode.PREPARE_ONLY: "It prepares papers; copies are certified at the counter",
    LegalMode.STAFFED_AT_OFFICE: "An officer stands beside it",
    LegalMode.PILOT_REMOTE: "Officers certify from afar (pilot)",
}


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
