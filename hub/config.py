"""The hub's configuration: one typed tree read from hub.toml.

    data_dir = "/var/lib/tram-hub"        # drafts, keys, and the database where `database` does not name one
    verify_base_url = "https://tram.example.vn/v"
    [agency]  [mqtt]  [http]  [bank]
    [[officers]]  [[kiosks]]                     hub.roster
    [console]  [enrolment]  [fleet]  [queue]     each in the `settings` of its room: hub.console.settings, …
    [documents] (hub.dossiers)  [mail]  [post] (hub.delivery)
    [signing]  [remote_signing]  [evidence] (hub.signing)  [adapters]  [stand_ins]

An unknown key is a start-up error that names the nearest valid one.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.messages import Name
from contract.settings import Port, Section, SettingsFault, read
from hub.adapters.settings import SHORTEST_KEY, AdaptersConfig
from hub.adapters.settings import contradictions as in_adapters
from hub.console.settings import ConsoleConfig
from hub.console.settings import contradictions as in_console
from hub.delivery.settings import MailConfig, PostConfig
from hub.delivery.settings import contradictions as in_delivery
from hub.dossiers.settings import DocumentsConfig
from hub.dossiers.settings import contradictions as in_documents
from hub.enrolment.settings import EnrolmentConfig
from hub.faults import ConfigInvalid
from hub.fleet.settings import FleetConfig
from hub.queue.settings import QueueConfig
from hub.queue.settings import contradictions as in_queue
from hub.roster import KioskConfig, OfficerConfig, Role
from hub.roster import contradictions as in_roster
from hub.signing.settings import EvidenceConfig, RemoteSigningConfig, SigningConfig
from hub.signing.settings import contradictions as in_signing


class AgencyConfig(Section, frozen=True, kw_only=True):
    """The agency that certifies; `code` after QĐ 20/2020/QĐ-TTg (`H26.1.23`), `place` as in "Hà Nội, ngày …".

    `contact` (address, telephone) and `operator` (who runs kiosks and hub) are for the public's Trust Statement.
    """

    name: Name
    code: Annotated[str, Meta(pattern=r"^[A-Z0-9]{1,8}(\.[A-Z0-9]{1,8}){0,4}$", max_length=20)]
    place: Name
    province: Name
    contact: Name = ""
    operator: Name = ""


class MqttConfig(Section, frozen=True, kw_only=True):
    """The broker, and the hub's client certificate (common name `hub`) as PEM files.

    With `home_assistant` the hub describes the fleet on the topics of Home Assistant's discovery.
    """

    host: str
    port: Port
    ca: Path
    cert: Path
    key: Path
    home_assistant: bool = False


class HttpConfig(Section, frozen=True, kw_only=True):
    """Where console and verify page listen; Prometheus scrapes /metrics with `metrics_token`, empty means it can't.

    Behind a proxy `client_address_header` names the header in which it tells the client's address (its last value is
    taken); empty means that nobody's word is taken for it.
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    metrics_token: Annotated[str, Meta(pattern="^(.{24,200})?$")] = ""
    client_address_header: Annotated[str, Meta(pattern="^[A-Za-z-]{0,60}$")] = ""


class BankConfig(Section, frozen=True, kw_only=True):
    """The account of VietQR transfers; `webhook_key` is the file with the key that the bank's adapter signs with.

    `bank_bin` is the bank's six-digit number at NAPAS.
    """

    bank_bin: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    account: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,19}$")]
    account_name: Name
    webhook_key: Path

    def key(self) -> bytes:
        """Return the key; raise ConfigInvalid."""
        try:
            key = self.webhook_key.read_bytes().strip()
        except OSError as fault:
            raise ConfigInvalid(f"[bank] webhook_key {self.webhook_key} can't be read: {fault.strerror}.") from fault
        if len(key) < SHORTEST_KEY:
            raise ConfigInvalid(f"[bank] webhook_key {self.webhook_key} has less than {SHORTEST_KEY} bytes.")
        return key


class StandInsConfig(Section, frozen=True, kw_only=True):
    """What only a hub without citizens has; with `own_clock` its clock is believed though nobody watches it."""

    own_clock: bool = False


class HubConfig(Section, frozen=True, kw_only=True):
    """The whole file; `book_code` names the register of electronic copies (DOMAIN §2.2: practice, not law).

    `database` is the address of a PostgreSQL database (`postgresql+psycopg://…`); empty means SQLite in `data_dir`.
    `signing_lease_s` is how long another hub leaves an issue to a signing worker that says nothing more; what is signed
    more slowly is signed twice and kept once.
    """

    data_dir: Path
    database: Annotated[str, Meta(pattern=r"^(postgresql\+psycopg://.+)?$")] = ""
    verify_base_url: Annotated[str, Meta(pattern=r"(?i)^https?://[a-z0-9.:/-]+$")]
    agency: AgencyConfig
    mqtt: MqttConfig
    http: HttpConfig = HttpConfig()
    bank: BankConfig | None = None
    console: ConsoleConfig = ConsoleConfig()
    signing: SigningConfig | None = None
    signing_lease_s: Annotated[float, Meta(ge=5, le=600)] = 60.0
    remote_signing: RemoteSigningConfig | None = None
    evidence: EvidenceConfig = EvidenceConfig()
    adapters: AdaptersConfig = AdaptersConfig()
    mail: MailConfig | None = None
    post: PostConfig | None = None
    fleet: FleetConfig = FleetConfig()
    enrolment: EnrolmentConfig | None = None
    documents: DocumentsConfig | None = None
    queue: QueueConfig = QueueConfig()
    book_code: Annotated[str, Meta(pattern=r"^[A-ZĐ]{2,8}(/[A-ZĐ]{2,8})?$")] = "SCTĐT/BS"
    officers: tuple[OfficerConfig, ...] = ()
    kiosks: tuple[KioskConfig, ...] = ()
    stand_ins: StandInsConfig = StandInsConfig()

    @property
    def public_url(self) -> str:
        """Where the public pages are, without a slash at the end."""
        return self.verify_base_url.rstrip("/").rpartition("/")[0]


def load(path: Path) -> HubConfig:
    """Return the configuration in `path`; relative `data_dir` stays relative; raise ConfigInvalid."""
    try:
        config = read(path, HubConfig)
    except SettingsFault as fault:
        raise ConfigInvalid(str(fault)) from fault
    if config.bank:
        config.bank.key()
    if config.mail:
        config.mail.password()
    if config.adapters.ihanoi:
        config.adapters.ihanoi.key()
    for complaint in _contradictions(config):
        raise ConfigInvalid(f"{path}: {complaint}")
    return config


def _contradictions(config: HubConfig) -> Iterator[str]:
    certifiers = {each.login for each in config.officers if each.role is Role.CERTIFIER}
    yield from in_roster(config.officers, config.kiosks)
    yield from in_console(config.console)
    yield from in_signing(config.signing, config.remote_signing, config.evidence, certifiers)
    if config.documents is not None:
        yield from in_documents(config.documents, config.data_dir)
    yield from in_adapters(config.adapters)
    yield from in_delivery(config.mail)
    yield from in_queue(config.queue)
