"""Which kind of key the certifiers have, as hub.toml says: PKCS#12 files, or tokens under [signing]."""

import logging
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import ec

from contract.clock import Clock
from hub.config import HubConfig, SigningConfig
from hub.faults import TokenUnready
from hub.signing import pkcs11_keys, token_session
from hub.signing.pin_tries import PinTries
from hub.signing.pkcs11_keys import Pkcs11Keys
from hub.signing.pki import Pki
from hub.signing.signers import OfficerKeys
from hub.signing.token_process import TokenPlace

log = logging.getLogger(__name__)


def of(config: HubConfig, pki: Pki, clock: Clock) -> OfficerKeys:
    """Return what opens the certifiers' keys."""
    if config.signing is None:
        return pki.officer_keys
    return Pkcs11Keys(
        dict(_places(config, config.signing)),
        PinTries(config.data_dir / "pki" / pkcs11_keys.PINS, clock, most=pkcs11_keys.TRIES),
        certificate_of=pki.certificate_of,
        deadline_s=config.signing.deadline_s,
    )


def public_keys(config: HubConfig) -> dict[str, ec.EllipticCurvePublicKey]:
    """Return the public keys of the tokens that are plugged in, by the officer's name.

    The hub starts without a token too: its officer keeps his certificate and signs once it is back.
    """
    found = {}
    for name, place in _places(config, config.signing) if config.signing else ():
        try:
            found[name] = token_session.public_key(place)
        except TokenUnready as fault:
            log.warning("%s can't sign yet: %s", name, fault)
    return found


def _places(config: HubConfig, signing: SigningConfig) -> Iterator[tuple[str, TokenPlace]]:
    names = {officer.login: officer.name for officer in config.officers}
    for each in signing.tokens:
        yield names[each.officer], TokenPlace(module=signing.module, token=each.token, key=each.key)
