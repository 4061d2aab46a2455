"""Officers' keys on PKCS#11 tokens: a token (or an HSM's slot) for each officer, its user PIN is the officer's PIN.

One token for two officers is refused: its login opens all keys on it. A token locks itself for good after some wrong
PINs, so the hub lets it rest earlier.
"""

import threading
from collections.abc import Callable, Mapping

from cryptography import x509

from hub.faults import PinUnfit, PinWrong
from hub.signing import token_session
from hub.signing.pin_tries import PinTries
from hub.signing.signers import PinState, SignerSession
from hub.signing.token_process import TokenPlace
from hub.signing.token_session import TokenSession

PINS = "token-pins.json"
TRIES = 3


class Pkcs11Keys:
    """The tokens of an agency's certifiers by name; a signature must come within `deadline_s` seconds."""

    def __init__(
        self,
        places: Mapping[str, TokenPlace],
        tries: PinTries,
        *,
        certificate_of: Callable[[str], x509.Certificate],
        deadline_s: float,
    ) -> None:
        self._places, self._tries, self._certificate_of = places, tries, certificate_of
        self._deadline_s = deadline_s
        self._opening = {name: threading.Lock() for name in places}
        self._sessions: dict[str, TokenSession] = {}

    def pin_state(self, name: str) -> PinState:
        """Return whether the person has a token; its PIN comes with it."""
        return PinState.CHOSEN if name in self._places else PinState.NO_KEY

    def choose_pin(self, name: str, pin: str) -> None:
        """Raise PinUnfit: a token's PIN is changed with the token's own program."""
        raise PinUnfit("A token has its PIN already.", remedy="Change it with the program that came with the token.")

    def open(self, name: str, pin: str) -> SignerSession:
        """Return the token, logged in; an earlier session of it ends. Raise PinWrong, PinBlocked, TokenUnready."""
        place = self._places.get(name)
        if place is None:
            raise PinWrong(f"There is no token of {name} here.")
        certificate = self._certificate_of(name)
        with self._opening[name], self._tries.attempt(place.token):
            earlier = self._sessions.pop(name, None)
            if earlier is not None:
                earlier.close()
            session = token_session.opened(place, pin, certificate, deadline_s=self._deadline_s)
            self._sessions[name] = session
        return session
