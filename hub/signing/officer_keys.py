"""Which kind of key the certifiers have, as hub.toml says.

PKCS#12 files, or tokens under [signing], or a remote service under [remote_signing].
"""

import logging
from collections.abc import Callable, Iterator
from functools import partial

from cryptography.hazmat.primitives.asymmetric import ec

from contract.clock import Clock, SystemClock
from hub.config import HubConfig
from hub.faults import TokenUnready
from hub.signing import csc_keys, pkcs11_keys, token_session
from hub.signing.csc_client import CscClient
from hub.signing.csc_keys import CscKeys
from hub.signing.pin_tries import PinTries
from hub.signing.pkcs11_keys import Pkcs11Keys
from hub.signing.pki import Pki
from hub.signing.settings import RemoteSigningConfig, SigningConfig
from hub.signing.signers import OfficerKeys
from hub.signing.source_board import SourceBoard
from hub.signing.token_process import TokenPlace
from hub.signing.wire import Wire

log = logging.getLogger(__name__)


def of(config: HubConfig, pki: Pki, clock: Clock, board: SourceBoard) -> OfficerKeys:
    """Return what opens the certifiers' keys."""
    if config.remote_signing is not None:
        return CscKeys(
            _client(config.remote_signing, board),
            _credentials(config, config.remote_signing),
            PinTries(config.data_dir / "pki" / csc_keys.PINS, clock, most=csc_keys.TRIES),
            certificate_of=pki.certificate_of,
        )
    if config.signing is None:
        return pki.officer_keys
    return Pkcs11Keys(
        dict(_places(config, config.signing)),
        PinTries(config.data_dir / "pki" / pkcs11_keys.PINS, clock, most=pkcs11_keys.TRIES),
        certificate_of=pki.certificate_of,
        deadline_s=config.signing.deadline_s,
    )


def public_keys(config: HubConfig) -> dict[str, ec.EllipticCurvePublicKey]:
    """Return the public keys of the tokens that are plugged in, or that the remote service shows, by officer's name.

    The hub starts without them too: an officer keeps his certificate and signs once his key is back.
    """
    found = {}
    for name, public_key in _elsewhere(config):
        try:
            found[name] = public_key()
        except TokenUnready as fault:
            log.warning("%s can't sign yet: %s", name, fault)
    return found


def lie_elsewhere(config: HubConfig) -> bool:
    """Return whether the certifiers' keys are not files of this hub."""
    return config.signing is not None or config.remote_signing is not None


def _elsewhere(config: HubConfig) -> Iterator[tuple[str, Callable[[], ec.EllipticCurvePublicKey]]]:
    for name, place in _places(config, config.signing) if config.signing else ():
        yield name, partial(token_session.public_key, place)
    if remote := config.remote_signing:
        client = _client(remote, SourceBoard(SystemClock()))
        for name, credential in _credentials(config, remote).items():
            yield name, partial(csc_keys.public_key, client, credential)


def _client(remote: RemoteSigningConfig, board: SourceBoard) -> CscClient:
    return CscClient(
        remote.url,
        client_id=remote.client_id,
        client_secret=remote.client_secret(),
        deadline_s=remote.deadline_s,
        wire=Wire(verify=str(remote.ca) if remote.ca else True),
        board=board,
    )


def _credentials(config: HubConfig, remote: RemoteSigningConfig) -> dict[str, str]:
    names = {officer.login: officer.name for officer in config.officers}
    return {names[each.officer]: each.credential for each in remote.credentials}


def _places(config: HubConfig, signing: SigningConfig) -> Iterator[tuple[str, TokenPlace]]:
    names = {officer.login: officer.name for officer in config.officers}
    for each in signing.tokens:
        yield names[each.officer], TokenPlace(module=signing.module, token=each.token, key=each.key)
