"""The hub's configuration: one typed tree read from hub.toml.

    data_dir = "/var/lib/tram-hub"        # drafts, keys, and the database where `database` does not name one
    verify_base_url = "https://tram.example.vn/v"
    [agency]  [mqtt]  [http]  [bank]  [console]  [signing]  [remote_signing]  [evidence]  [mail]  [post]
    [fleet]  [queue]  [documents]  [enrolment]  [adapters] (hub.adapters.settings)  [stand_ins]
    [[officers]]  [[kiosks]]

An unknown key is a start-up error that names the nearest valid one. `officers` and `kiosks` are the roster: at each
start the database takes it over (`hub.store.roster`).
"""

from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.destinations import MailAddress
from contract.messages import LegalMode, Name, ServiceCode, Sha256Hex
from contract.settings import Section, SettingsFault, read
from hub.adapters.settings import SHORTEST_KEY, AdaptersConfig
from hub.adapters.settings import contradictions as adapter_contradictions
from hub.faults import ConfigInvalid

Port = Annotated[int, Meta(ge=1, le=65535)]
Deadline = Annotated[float, Meta(gt=0, le=120)]


class Role(StrEnum):
    """Who somebody is at the console; a certifier also needs an authority that is in force (R2).

    What each may do stands in `hub.console.roles`.
    """

    CERTIFIER = "certifier"
    INTAKE = "intake"
    AGENCY_SEAL = "agency_seal"
    CLERK = "clerk"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


DECIDERS = (Role.CERTIFIER, Role.INTAKE)
"""Who decides papers; only a certifier approves (R1)."""


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


class OidcConfig(Section, frozen=True, kw_only=True):
    """An OpenID Connect provider: who logs in there is let in here with the role that `roles` gives one of its groups.

    `redirect_uri` is the console's `/console/oidc/return` as the provider knows it.
    """

    issuer: Annotated[str, Meta(pattern=r"^https?://")]
    client_id: Name
    client_secret_file: Path
    redirect_uri: Annotated[str, Meta(pattern=r"^https?://")]
    login_claim: Name = "preferred_username"
    roles_claim: Name = "roles"
    roles: dict[str, Role]


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


class ConsoleConfig(Section, frozen=True, kw_only=True):
    """How people log in; without `second_factor` a password alone opens the console."""

    second_factor: bool = True
    oidc: OidcConfig | None = None


class OfficerConfig(Section, frozen=True, kw_only=True):
    """A person of the roster (R2): `password_hash` is argon2id, both days of the authority are inclusive."""

    login: Annotated[str, Meta(pattern="^[a-z0-9._-]{2,40}$")]
    password_hash: Annotated[str, Meta(pattern=r"^\$argon2id\$")]
    name: Name
    title: Name
    role: Role
    authority_document: Name = ""
    valid_from: date | None = None
    valid_to: date | None = None


class KioskConfig(Section, frozen=True, kw_only=True):
    """A kiosk of the fleet: its id is the common name of its certificate, `legal_decision` the pilot's number (R3).

    Operators see the fleet by `ward`, or by site where a kiosk has none.
    """

    id: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{1,62}$")]
    site: Name
    ward: Name = ""
    legal_mode: LegalMode
    legal_decision: Name = ""
    certificate_serial: Name = ""


class EnrolmentConfig(Section, frozen=True, kw_only=True):
    """Where kiosks get and renew their certificates (EST, RFC 7030), over TLS on a port of its own.

    `address` (of EST) and `broker` are host:port as kiosks reach them. A certificate renews itself at two thirds of
    `certificate_days`; a kiosk that was away longer than the last third needs a new code.
    """

    host: str = "127.0.0.1"
    port: Port = 8443
    address: Annotated[str, Meta(pattern=r"^[a-z0-9.\[\]:-]+:[0-9]{1,5}$")]
    broker: Annotated[str, Meta(pattern=r"^[a-z0-9.\[\]:-]+:[0-9]{1,5}$")]
    certificate_days: Annotated[int, Meta(ge=6, le=1095)] = 120
    code_hours: Annotated[int, Meta(ge=1, le=336)] = 24


class FleetConfig(Section, frozen=True, kw_only=True):
    """When an operator is told; each figure is the first bad one (`hub.fleet.rules` has the whole table).

    `drift_s` is how far a kiosk's clock may stand from the hub's (R23).
    """

    offline_min: Annotated[int, Meta(ge=1, le=1440)] = 10
    tray_sheets: Annotated[int, Meta(ge=0, le=1000)] = 30
    toner_percent: Annotated[int, Meta(ge=0, le=50)] = 10
    change_visits: Annotated[int, Meta(ge=0, le=500)] = 10
    disk_free_mb: Annotated[int, Meta(ge=50, le=100_000)] = 1_000
    storage_worn_percent: Annotated[int, Meta(ge=50, le=100)] = 80
    certificate_days: Annotated[int, Meta(ge=1, le=365)] = 30
    temperature_c: Annotated[int, Meta(ge=40, le=110)] = 80
    drift_s: Annotated[int, Meta(ge=2, le=3600)] = 30
    unsent_min: Annotated[int, Meta(ge=1, le=1440)] = 15


class TokenConfig(Section, frozen=True, kw_only=True):
    """The PKCS#11 token of one certifier: his login, the token's label, and the key's where the token has several."""

    officer: Name
    token: Name
    key: Annotated[str, Meta(max_length=200)] = ""


class SigningConfig(Section, frozen=True, kw_only=True):
    """Certifiers' keys on tokens: `module` is the PKCS#11 driver, each signature must come within `deadline_s`.

    Without this section the keys are PKCS#12 files; with it a certifier signs with his token or not at all.
    """

    module: Path
    tokens: tuple[TokenConfig, ...]
    deadline_s: Deadline = 5.0


class CredentialConfig(Section, frozen=True, kw_only=True):
    """The credential of one certifier at the remote signing service: his login, the credential's id."""

    officer: Name
    credential: Annotated[str, Meta(min_length=1, max_length=200)]


class RemoteSigningConfig(Section, frozen=True, kw_only=True):
    """Certifiers' keys at a remote signing service (CSC API v2, OAuth 2.0 client credentials).

    `url` ends with `/csc/v2`; `ca` names the roots of its TLS certificate (PEM) where they are not the system's. Each
    signature must come within `deadline_s`. With this section a certifier signs with his remote key or not at all.
    """

    url: Annotated[str, Meta(pattern=r"^https?://")]
    client_id: Name
    client_secret_file: Path
    credentials: tuple[CredentialConfig, ...]
    ca: Path | None = None
    deadline_s: Deadline = 15.0

    def client_secret(self) -> str:
        """Return the secret; raise ConfigInvalid."""
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except OSError as fault:
            file = self.client_secret_file
            raise ConfigInvalid(
                f"[remote_signing] client_secret_file {file} can't be read: {fault.strerror}."
            ) from fault


class TsaConfig(Section, frozen=True, kw_only=True):
    """A timestamp authority (RFC 3161): `anchors` are the roots (PEM) that its certificate may lead to.

    The file is read at each timestamp, so that an anchor is replaced without a stop.
    """

    name: Name
    url: Annotated[str, Meta(pattern=r"^https?://")]
    anchors: Path
    deadline_s: Deadline = 5.0


class StatusConfig(Section, frozen=True, kw_only=True):
    """A place that says which certificates are revoked: an OCSP responder, or a list that lies there."""

    url: Annotated[str, Meta(pattern=r"^https?://")]
    deadline_s: Deadline = 5.0


class EvidenceConfig(Section, frozen=True, kw_only=True):
    """Where timestamps and revocation data come from, each kind in order of preference.

    Without `tsa` the embedded PKI stamps, without `ocsp` and `crl` it answers for its own certificates, and others are
    asked about where their certificates say. `archive` are folders of signed copies whose last document timestamp is
    renewed `renew_before_days` before its protection ends.
    """

    tsa: tuple[TsaConfig, ...] = ()
    ocsp: tuple[StatusConfig, ...] = ()
    crl: tuple[StatusConfig, ...] = ()
    archive: tuple[Path, ...] = ()
    renew_before_days: Annotated[int, Meta(ge=1, le=700)] = 90


class DocumentPermit(StrEnum):
    """What a system that is connected to the archive of digitised documents may do there."""

    IMPORT = "import"
    READ = "read"
    CHANGE = "change"


class DocumentClient(Section, frozen=True, kw_only=True):
    """A connected system: it sends `Authorization: Bearer <token>`, of which only the SHA-256 stands here."""

    name: Name
    token_sha256: Sha256Hex
    may: tuple[DocumentPermit, ...] = (DocumentPermit.READ,)


class DocumentsConfig(Section, frozen=True, kw_only=True):
    """The archive of digitised documents; without this section the hub takes none.

    `backups` are folders on media of their own (guidance 11/2025, §2.3 step 5: at least two): what is not in all of
    them is not acknowledged.
    """

    backups: tuple[Path, ...]
    clients: tuple[DocumentClient, ...] = ()


class MailSecurity(StrEnum):
    """TLS from the first byte (RFC 8314), or after STARTTLS, which a server must then offer (RFC 3207)."""

    TLS = "tls"
    STARTTLS = "starttls"


class MailConfig(Section, frozen=True, kw_only=True):
    """The mail server that takes electronic copies; without it none are sent by e-mail.

    `ca` names the roots of its TLS certificate (PEM) where they are not the system's. `sender` is the address that
    copies come from. A copy of more than `attached_mb` goes as a one-time link instead.
    """

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Port = 465
    security: MailSecurity = MailSecurity.TLS
    ca: Path | None = None
    login: Annotated[str, Meta(max_length=200)] = ""
    password_file: Path | None = None
    sender: MailAddress
    attached_mb: Annotated[int, Meta(ge=0, le=50)] = 15
    deadline_s: Deadline = 30.0

    def password(self) -> str:
        """Return the password, empty where nobody logs in; raise ConfigInvalid."""
        if self.password_file is None:
            return ""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ConfigInvalid(
                f"[mail] password_file {self.password_file} can't be read: {fault.strerror}."
            ) from fault


class PostConfig(Section, frozen=True, kw_only=True):
    """The counter that prints and posts paper copies; without it none are posted. `sender` stands on the label."""

    sender: Annotated[str, Meta(min_length=8, max_length=300)]


class QueueServiceConfig(Section, frozen=True, kw_only=True):
    """A service that people wait for: its name in both languages, the letter of its numbers, the counters that call
    for it, how long a case usually takes, and how many places of each slot can be booked.
    """

    code: ServiceCode
    vi: Name
    en: Name
    letter: Annotated[str, Meta(pattern="^[A-Z]$")]
    counters: Annotated[tuple[Name, ...], Meta(min_length=1)]
    minutes: Annotated[int, Meta(ge=1, le=240)] = 10
    places: Annotated[int, Meta(ge=0, le=100)] = 0


class QueueConfig(Section, frozen=True, kw_only=True):
    """The counters' line: services, opening hours of working days (`07:30-11:30`), the length of a bookable slot.

    Without services the hub has no line. The kiosks' [queue] names the same services.
    """

    services: tuple[QueueServiceConfig, ...] = ()
    hours: tuple[Annotated[str, Meta(pattern="^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")], ...] = (
        "07:30-11:30",
        "13:30-17:00",
    )
    slot_min: Annotated[int, Meta(ge=10, le=120)] = 30

    @property
    def periods(self) -> tuple[tuple[time, time], ...]:
        """The opening hours as times."""
        return tuple((time.fromisoformat(each[:5]), time.fromisoformat(each[6:])) for each in self.hours)

    @property
    def counters(self) -> tuple[str, ...]:
        """All counters, each once."""
        return tuple(dict.fromkeys(counter for service in self.services for counter in service.counters))

    def service(self, code: str) -> QueueServiceConfig | None:
        """Return the service of a code."""
        return next((each for each in self.services if each.code == code), None)


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
    for kiosk in config.kiosks:
        if kiosk.legal_mode is LegalMode.PILOT_REMOTE and not kiosk.legal_decision:
            yield f"kiosk '{kiosk.id}' is a remote pilot but has no legal_decision; R3 asks for its number."
    oidc = config.console.oidc
    if oidc is not None and not oidc.issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        yield "the issuer of [console.oidc] must be reached over https."
    for officer in config.officers:
        if officer.role is Role.CERTIFIER and not (officer.authority_document and officer.valid_from):
            yield f"certifier '{officer.login}' lacks authority_document or valid_from (R2)."
    for tsa in config.evidence.tsa:
        if not tsa.anchors.is_file():
            yield f"[[evidence.tsa]] {tsa.name}: anchors {tsa.anchors} is not there; give the authority's root (PEM)."
    for folder in config.evidence.archive:
        if not folder.is_dir():
            yield f"[evidence] archive {folder} is no folder; make it or correct the path."
    if config.documents is not None:
        yield from _document_contradictions(config.documents, config.data_dir)
    yield from adapter_contradictions(config.adapters)
    if config.mail is not None and bool(config.mail.login) is not bool(config.mail.password_file):
        yield "[mail] needs both login and password_file, or neither."
    yield from _queue_contradictions(config.queue)
    if config.remote_signing is not None:
        yield from _remote_contradictions(config, config.remote_signing)
    if config.signing is not None:
        yield from _token_contradictions(config.signing, config.officers)


def _document_contradictions(documents: DocumentsConfig, data_dir: Path) -> Iterator[str]:
    places = [data_dir.absolute(), *(each.absolute() for each in documents.backups)]
    if len(documents.backups) < 2:
        yield "[documents] backups must name two folders or more, each on a medium of its own."
    for at, folder in enumerate(places):
        if at and not folder.is_dir():
            yield f"[documents] backups {folder} is no folder; mount its medium or correct the path."
        if any(folder.is_relative_to(each) for each in (*places[:at], *places[at + 1 :])):
            yield f"[documents] {folder} lies in another of these folders, so it is no backup of its own."
    if len({each.token_sha256 for each in documents.clients}) < len(documents.clients):
        yield "[documents] gives two clients the same token."


def _queue_contradictions(queue: QueueConfig) -> Iterator[str]:
    try:
        periods = queue.periods
    except ValueError as fault:
        yield f"[queue] hours: {fault}; write them as 07:30-11:30."
        return
    moments = [moment for period in periods for moment in period]
    if sorted(set(moments)) != moments:
        yield "[queue] hours must follow each other, each closing after it opens."
    for what, given in (
        ("code", [each.code for each in queue.services]),
        ("letter", [each.letter for each in queue.services]),
    ):
        if len(set(given)) < len(given):
            yield f"[queue] gives a {what} to two services; numbers and reports could not tell them apart."
    for each in queue.services:
        if each.places * each.minutes * 2 > queue.slot_min * len(each.counters):
            yield f"[queue] {each.code}: places book more than half of its counters' time; walk-ins need the rest."
    booked_min = sum(each.places * each.minutes for each in queue.services)
    if booked_min * 2 > queue.slot_min * len(queue.counters):
        yield "[queue] places of all services book more than half of all counters' time; walk-ins need the rest."


def _remote_contradictions(config: HubConfig, remote: RemoteSigningConfig) -> Iterator[str]:
    if config.signing is not None:
        yield "[signing] and [remote_signing] both say where the certifiers' keys are; keep one of them."
    if not remote.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        yield "the url of [remote_signing] must be reached over https: PINs travel on it."
    certifiers = {each.login for each in config.officers if each.role is Role.CERTIFIER}
    for each in remote.credentials:
        if each.officer not in certifiers:
            yield f"[remote_signing] gives a credential to '{each.officer}', who is no certifier on the roster."
    if len({each.credential for each in remote.credentials}) < len(remote.credentials):
        yield "[remote_signing] names a credential twice; its PIN is one officer's alone."


def _token_contradictions(signing: SigningConfig, officers: tuple[OfficerConfig, ...]) -> Iterator[str]:
    if not signing.module.is_file():
        yield f"[signing] module {signing.module} is not there; install the token's driver or correct the path."
    certifiers = {each.login for each in officers if each.role is Role.CERTIFIER}
    for token in signing.tokens:
        if token.officer not in certifiers:
            yield f"[signing] gives a token to '{token.officer}', who is no certifier on the roster."
    for what, seen in (
        ("token", [each.token for each in signing.tokens]),
        ("officer", [t.officer for t in signing.tokens]),
    ):
        if len(set(seen)) < len(seen):
            yield f"[signing] names a {what} twice; a token's PIN is one officer's alone."
