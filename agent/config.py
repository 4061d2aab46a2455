"""kiosk.toml: one typed tree; an unknown key is an error that names the nearest valid one.

[kiosk]    id, site, agency, province, folder, legal_mode, legal_decision, presented, print_cost_per_page_vnd,
           pays_by_transfer: citizens may pay by VietQR; the account is the hub's;
           digitises: the kiosk is a digitisation station; its hub has [documents];
           asks_vneid: the kiosk has a code reader, and its hub [adapters.vneid];
           help_phone: whom citizens may telephone while the kiosk can't call a person
[hub]      host, port, public_url, ca, certificate, key: written by `tram enrol`, as are id, site and legal mode;
           est: where certificates are renewed, host:port; without it a person must renew them;
           tpm: the TPM that sealed the key, as systemd-creds names it
[screen]   port
[scanner] [printer] [cash] [cashless] [ticket_printer] [cabinet]   class = "package.module.Class", and its options
[devices.<name>]   any further device, likewise: `kiosk.device(Capability)` finds it, `tram doctor` shows it;
           a loudspeaker (agent.devices.loudspeaker.AlsaLoudspeaker) makes the screen speak
[voice]    pack: folder of recordings; piper_vi, piper_en: models for the `piper` program. espeak-ng without them
[identity]  evidence_key: the hub's public key (evidence.pub.pem); attendant: class and options; staff: who may vouch
           for a citizen, name and pin each; population: citizens may agree that an officer asks the population
           database, which the hub's [adapters] must have. Without this section nobody is asked who they are
[delivery] mail = true where the hub has [mail]; portal, ihanoi = true where its [adapters] have them and cards' chips
           are read; [[delivery.post]] item_vnd, basis, first_day, last_day: what the post takes for one item within the
           province, where the hub has [post]. Without it copies are had here alone
[guide]    key: the public key that newer catalogues of procedures are signed with (`tram catalogue key`)
[queue]    series: the number of this kiosk among the agency's, 1 to 99; [[queue.services]]: code, vi, en, letter, as in
           hub.toml. Without this section no queue numbers are given
[updates]  url: the repository of releases; trusted_root: the TUF root that came with the installation; ca: whose
           certificate the server has, where it is not a public one; root, folder, run, wheels: see agent.update.place;
           trial_minutes: so long a new version may take to become well. Without url only a package or
           `tram update --from` brings a newer version
[clock]    servers: the time servers, which must speak NTS (provisioning/clock.py writes them for chrony)
[[collectors]]  name and pin (made by `tram cash pin`) of who may close the cash
[board]    port: the control board that [cash], [cashless] and [cabinet] may hang on
[desk]     line_reader, threads, page_timeout_s, …: see agent.desk.DeskSettings
[stand_ins]   only in sets of stand-ins: keep_for_demo_dir; own_clock = true where no chrony is watched (R23)
"""

import importlib
import inspect
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from msgspec import Meta

from agent.update.place import Place
from contract.destinations import Channel
from contract.messages import LegalMode, Name, Presented, ServiceCode, Vnd
from contract.note import LogKey, NoteWrong
from contract.settings import Port, Section, SettingsFault, nearest, paths_from, read
from contract.time_report import REPORT
from contract.topics import is_kiosk_id

T = TypeVar("T")


class KioskSection(Section, frozen=True, kw_only=True):
    """Which kiosk this is, where it stands and what it may do there; `province` decides on exemptions from the fee."""

    id: str
    site: Name
    agency: Name = ""
    province: Name
    folder: Path
    legal_mode: LegalMode
    legal_decision: Name = ""
    presented: Presented
    print_cost_per_page_vnd: Vnd = 0
    pays_by_transfer: bool = False
    digitises: bool = False
    asks_vneid: bool = False
    help_phone: Annotated[str, Meta(pattern="^[0-9 .+]*$", max_length=20)] = ""


class HubSection(Section, frozen=True, kw_only=True):
    """The broker, the PEM files that the kiosk shows to it, and where citizens find the hub's public pages."""

    host: str
    port: Port = 8883
    public_url: Annotated[str, Meta(pattern=r"(?i)^https?://[a-z0-9.:/-]+$")]
    ca: Path
    certificate: Path
    key: Path
    est: Annotated[str, Meta(pattern=r"^([a-z0-9.:\[\]-]+:[0-9]{1,5})?$")] = ""
    tpm: str = "auto"


class ScreenSection(Section, frozen=True, kw_only=True):
    """The local page and API, on 127.0.0.1 only."""

    port: Port = 8080


class BoardSection(Section, frozen=True, kw_only=True):
    """The control board's serial port."""

    port: str


class PersonSection(Section, frozen=True, kw_only=True):
    """Who may close the cash, or vouch for a citizen; `pin` as `tram cash pin` writes it."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    pin: Annotated[str, Meta(pattern="^scrypt:[0-9a-f]{32}:[0-9a-f]{64}$")]


class IdentitySection(Section, frozen=True, kw_only=True):
    """How the kiosk finds out who is there, where the citizen wants it (R20, R21)."""

    evidence_key: Path
    attendant: dict[str, Any]
    staff: tuple[PersonSection, ...] = ()
    population: bool = False

    def key(self) -> X25519PublicKey:
        """Return the key to which evidence is sealed; raise SettingsFault."""
        try:
            key = serialization.load_pem_public_key(self.evidence_key.read_bytes())
        except (OSError, ValueError) as fault:
            raise SettingsFault(f"[identity] evidence_key {self.evidence_key} can't be read: {fault}.") from fault
        if not isinstance(key, X25519PublicKey):
            raise SettingsFault(f"[identity] evidence_key {self.evidence_key} is no X25519 key; copy the hub's.")
        return key


class VoiceSection(Section, frozen=True, kw_only=True):
    """Better voices than espeak-ng, where they are provisioned (agent/screen/voice/voices.py)."""

    pack: Path | None = None
    piper_vi: Path | None = None
    piper_en: Path | None = None


class PostalRateSection(Section, frozen=True, kw_only=True):
    """What the post takes for one item within the province, by whose word, from when until when (both inclusive)."""

    item_vnd: Vnd
    basis: Annotated[Name, Meta(min_length=1)]
    first_day: date
    last_day: date


class DeliverySection(Section, frozen=True, kw_only=True):
    """How copies may be had besides here: by e-mail, in an account, and by post on the days that a rate covers."""

    mail: bool = False
    portal: bool = False
    ihanoi: bool = False
    post: tuple[PostalRateSection, ...] = ()

    @property
    def accounts(self) -> tuple[Channel, ...]:
        """The accounts that copies may be sent to."""
        there = {Channel.PORTAL: self.portal, Channel.IHANOI: self.ihanoi}
        return tuple(channel for channel, is_there in there.items() if is_there)


class GuideSection(Section, frozen=True, kw_only=True):
    """Whose catalogues of procedures are taken: `key` as `tram catalogue key` writes it."""

    key: str

    def verifier(self) -> LogKey:
        """Return the key; raise SettingsFault."""
        try:
            return LogKey.parse(self.key)
        except NoteWrong as fault:
            raise SettingsFault(f"[guide] key: {fault}. Copy the line that `tram catalogue key` writes.") from fault


class QueueServiceSection(Section, frozen=True, kw_only=True):
    """A service that numbers are given for; `code` and `letter` are those of hub.toml."""

    code: ServiceCode
    vi: Name
    en: Name
    letter: Annotated[str, Meta(pattern="^[A-Z]$")]


class QueueSection(Section, frozen=True, kw_only=True):
    """The numbers that this kiosk gives; no other kiosk of the agency has its `series`."""

    series: Annotated[int, Meta(ge=1, le=99)]
    services: Annotated[tuple[QueueServiceSection, ...], Meta(min_length=1, max_length=8)]


class UpdatesSection(Section, frozen=True, kw_only=True):
    """Where newer versions of the program come from, and where they go."""

    url: Annotated[str, Meta(pattern=r"^https?://[^\s]+$")] | None = None
    trusted_root: Path = Path("/usr/share/tram/tuf/root.json")
    ca: Path | None = None
    root: Path = Path("/opt/tram")
    folder: Path = Path("/var/lib/tram-update")
    run: Path = Path("/run/tram")
    wheels: Path = Path("/usr/lib/tram/wheels")
    clock_report: Path = REPORT
    trial_minutes: Annotated[float, Meta(gt=0, le=120)] = 10.0
    steady_s: Annotated[float, Meta(gt=0, le=600)] = 60.0

    @property
    def place(self) -> Place:
        """Where an update works."""
        return Place(
            root=self.root, folder=self.folder, run=self.run, wheels=self.wheels, clock_report=self.clock_report
        )


class ClockSection(Section, frozen=True, kw_only=True):
    """Who sets the clock: NTS servers, `name` or `name:port` of their key exchange, four of four owners by default.

    Cloudflare answers from Hanoi and Ho Chi Minh City; PTB and Netnod keep the time of Germany and Sweden, SIDN that of
    the Dutch registry. None of them smears leap seconds.
    """

    servers: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]+(:[0-9]{1,5})?$")], ...], Meta(min_length=1)
    ] = (
        "time.cloudflare.com",
        "ptbtime1.ptb.de",
        "nts.netnod.se",
        "nts.time.nl",
    )


class StandInsSection(Section, frozen=True, kw_only=True):
    """What only a kiosk without citizens has; with `own_clock` its clock is believed though nobody watches it."""

    keep_for_demo_dir: Path | None = None
    own_clock: bool = False


class Config(Section, frozen=True, kw_only=True):
    """The whole file; a device is its class and options."""

    kiosk: KioskSection
    hub: HubSection
    screen: ScreenSection = ScreenSection()
    scanner: dict[str, Any]
    printer: dict[str, Any]
    cash: dict[str, Any] | None = None
    cashless: dict[str, Any] | None = None
    ticket_printer: dict[str, Any] | None = None
    cabinet: dict[str, Any] | None = None
    devices: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    board: BoardSection | None = None
    identity: IdentitySection | None = None
    delivery: DeliverySection = DeliverySection()
    guide: GuideSection | None = None
    queue: QueueSection | None = None
    updates: UpdatesSection | None = None
    clock: ClockSection = ClockSection()
    collectors: tuple[PersonSection, ...] = ()
    desk: dict[str, Any] = msgspec.field(default_factory=dict)
    voice: VoiceSection = VoiceSection()
    stand_ins: StandInsSection | None = None

    @property
    def update_place(self) -> Place:
        """Where an update works, also on a kiosk that no server updates."""
        return (self.updates or UpdatesSection()).place


def load(path: Path) -> Config:
    """Return the configuration in `path`, relative paths taken from its folder; raise SettingsFault."""
    config = read(path, Config, base=path.parent)
    if not is_kiosk_id(config.kiosk.id):
        raise SettingsFault(f"{path}: kiosk.id {config.kiosk.id!r} needs 2–63 of a–z, 0–9 and '-'.")
    if config.cash is None and config.cashless is None and not config.kiosk.pays_by_transfer:
        raise SettingsFault(f"{path}: nobody could pay. Add [cash], [cashless] or kiosk.pays_by_transfer = true.")
    return config


def check_options(section: str, options: Mapping[str, Any], *, base: Path) -> None:
    """Raise SettingsFault where a section's class can't be loaded, or does not know one of its options."""
    maker: type[object] = _class(section, options, object)
    for key, value in options.items():
        if key != "class":
            _option(section, maker, key, value, base)


def build(section: str, options: Mapping[str, Any], kind: type[T], *, base: Path, **given: object) -> T:
    """Return the device that a section names; raise SettingsFault.

    It is made from the section's options (paths relative to `base`) and from what of `given` its class takes.
    """
    chosen = {key: value for key, value in options.items() if key != "class"}
    return fill(section, chosen, _class(section, options, kind), base=base, **given)


def fill(section: str, options: Mapping[str, Any], maker: type[T], *, base: Path, **given: object) -> T:
    """Return `maker` called with a section's options and what of `given` it takes; raise SettingsFault."""
    wanted = inspect.signature(maker).parameters
    arguments = {key: value for key, value in given.items() if key in wanted}
    for key, value in options.items():
        arguments[key] = _option(section, maker, key, value, base)
    missing = [name for name, each in wanted.items() if each.default is each.empty and name not in arguments]
    if missing:
        raise SettingsFault(f"[{section}] lacks {', '.join(missing)}, which {maker.__name__} needs.")
    return maker(**arguments)


def _class(section: str, options: Mapping[str, Any], kind: type[T]) -> type[T]:
    name = str(options.get("class", ""))
    module, _, attribute = name.rpartition(".")
    try:
        maker = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as fault:
        raise SettingsFault(
            f"[{section}] class {name!r} can't be loaded: {fault}. Write package.module.Class."
        ) from fault
    if not (isinstance(maker, type) and issubclass(maker, kind)):
        raise SettingsFault(f"[{section}] class {name!r} is not a {kind.__name__}.")
    return maker


def _option(section: str, maker: type[Any], key: str, value: object, base: Path) -> object:
    hints = get_type_hints(maker.__init__)
    if key not in hints or key == "return":
        raise SettingsFault(f"[{section}] has no option {key!r}. {nearest(key, set(hints) - {'return'})}")
    try:
        return msgspec.convert(value, hints[key], dec_hook=paths_from(base), str_keys=True)
    except msgspec.ValidationError as fault:
        raise SettingsFault(f"[{section}] {key} = {value!r}: {fault}.") from fault
