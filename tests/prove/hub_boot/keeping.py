"""What a hub does by itself in its years: shuts a revoked kiosk out, renews what ends."""

import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from provisioning.onebox import settings
from provisioning.onebox.box import TRAM
from tests.prove.boot.machine import MachineFailed
from tests.prove.boot.promises import say
from tests.prove.hub_boot.office import BROKER, HUB, Office

LOST = f"{settings.KIOSK_ID}-lost"


def revoked_kiosk_is_off_within_seconds(office: Office) -> str:
    """A second kiosk hangs on the broker when an operator revokes it: it is cut off, and never let in again."""
    lost, gone = _connected(office), list[float]()
    lost.on_disconnect = lambda *_: gone.append(time.monotonic())
    began_s = time.monotonic()
    office.operator().revoke(LOST)
    office.machine.until("the revoked kiosk is cut off", lambda: bool(gone), 30)
    cut_s = gone[0] - began_s
    time.sleep(5)  # meanwhile it tries again
    if lost.is_connected():
        raise MachineFailed("the revoked kiosk is let in again")
    lost.loop_stop()
    back_s = office.until_online()
    return (
        f"cut off {cut_s:.1f} s after the operator's word, shut out then; the other is back ({back_s:.1f} s of waiting)"
    )


def monthly_restart_renews_and_cuts_nobody_off(office: Office) -> str:
    """The timer's service starts the hub anew: a fresh revocation list reaches the broker, which stays."""
    pid, broker, listed = office.pid(), office.machine.shown(BROKER, "MainPID"), _list_of(office)
    office.do("systemctl start tram-hub-renew.service")
    took_s = office.until_serves(not_pid=pid)
    office.machine.until("the broker has the new list", lambda: _list_of(office) != listed, 30)
    if office.machine.shown(BROKER, "MainPID") != broker or not office.kiosk_online():
        raise MachineFailed("the broker was restarted, or the kiosk lost it")
    following = office.do("systemctl show --value -p NextElapseUSecRealtime tram-hub-renew.timer")
    return f"serves {took_s:.1f} s later; list {listed} → {_list_of(office)}; the timer's next turn: {following}"


def _list_of(office: Office) -> str:
    return office.do("openssl crl -in /var/lib/tram-hub-broker/crl.pem -noout -crlnumber").split("=")[1]


def _connected(office: Office) -> mqtt.Client:
    """Return the second kiosk, enrolled and on the broker."""
    folder = office.kept.parent / "lost"
    folder.mkdir()
    (folder / "kiosk.toml").write_text("[kiosk]\n")
    ticket = office.operator().ticket(LOST)
    argv = [TRAM, "enrol", ticket, "--config", folder / "kiosk.toml", "--identity", folder / "identity"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineFailed(f"tram enrol: {done.stdout}{done.stderr}")
    identity = next(Path(each).parent for each in (folder / "identity").glob("*/device.pem"))
    tls = ssl.create_default_context(cafile=str(identity / "ca.pem"))
    tls.load_cert_chain(identity / "device.pem", identity / "device.key")
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=LOST, protocol=mqtt.MQTTv5)
    client.tls_set_context(tls)
    client.connect("localhost", 8883)
    client.loop_start()
    office.machine.until("the second kiosk is on the broker", client.is_connected, 30)
    return client


def backup_brings_the_books_back(office: Office) -> str:
    """Written while the hub runs; a copy later keys, stores and database are lost, and `restore` brings them back.

    The number of that copy is on paper already: it is not given again.
    """
    numbers, began_s = office.numbers(), time.monotonic()
    office.do("tram hub backup /root/books.tar")
    took_s = time.monotonic() - began_s
    size = int(office.do("stat --format=%s /root/books.tar"))
    office.copy()
    last = office.numbers()[-1]
    say(f"    number {last} was certified after the backup; keys, stores and database are lost")
    office.do(
        f"systemctl stop {HUB} && find /var/lib/tram-hub -mindepth 1 -delete && rm /etc/tram/hub.toml && "
        "runuser -u postgres -- dropdb tram-hub"
    )
    said = office.do(f"tram hub restore /root/books.tar --last-number {last}")
    again = office.machine.says("tram hub restore /root/books.tar --last-number 0 2>&1")
    office.do(f"systemctl start {HUB}")
    office.until_serves()
    office.until_online()
    if office.numbers() != numbers or "nothing is put over them" not in again:
        raise MachineFailed(f"numbers {numbers} became {office.numbers()}; a second restore says: {again}")
    copied_s = office.copy()
    if office.numbers() != [*numbers, last + 1]:
        raise MachineFailed(f"after {last} the hub gave {office.numbers()}")
    first = said.splitlines()[0]
    return (
        f'{size:,} bytes in {took_s:.1f} s; "{first}"; {len(numbers)} rows, then number {last + 1}, not {last} again; '
        f"a copy in {copied_s:.1f} s"
    )


ALL: tuple[Callable[[Office], str], ...] = (
    revoked_kiosk_is_off_within_seconds,
    monthly_restart_renews_and_cuts_nobody_off,
    backup_brings_the_books_back,
)
