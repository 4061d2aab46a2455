"""PC/SC by pyscard, one blocking call a method; faults leave as CardReaderErrors. Only the card reader knows it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.devices.errors import (
    CardMute,
    CardReaderBusy,
    CardReaderError,
    CardReaderFailed,
    CardReaderUnreachable,
    CardRemoved,
    NoCard,
)

try:
    from smartcard import scard
except ImportError:  # pyscard comes with the extra `card`
    scard = None

_PROTOCOLS = 3  # T=0 or T=1


def aim_at(socket: Path) -> None:
    """Let this process speak to the pcscd at `socket` instead of the machine's; before its first call only."""
    os.environ["PCSCLITE_CSOCK_NAME"] = str(socket)


class Pcsc:
    """One context of the PC/SC service, made anew when the service has gone; not thread-safe.

    `reader` is the name's beginning, "" the first reader there is.
    """

    def __init__(self, reader: str = "") -> None:
        self._wanted = reader
        self._context: int | None = None

    def reader(self) -> str:
        """Return the full name of the reader that is used; raise CardReaderUnreachable."""
        try:
            names = self._readers()
        except CardReaderUnreachable:
            names = self._readers()  # a service that was started anew does not know the old context
        for name in names:
            if name.startswith(self._wanted):
                return name
        raise CardReaderUnreachable(f"there is no reader {self._wanted!r}; there is: {', '.join(names) or 'none'}")

    def _readers(self) -> list[str]:
        return list(self._call("list the readers", lambda: scard.SCardListReaders(self._held(), [])))

    def card_is_in(self) -> bool:
        """Return what the reader's contact says this moment."""
        asked = [(self.reader(), scard.SCARD_STATE_UNAWARE)]
        states = self._call("ask the reader", lambda: scard.SCardGetStatusChange(self._held(), 0, asked))
        return bool(states[0][1] & scard.SCARD_STATE_PRESENT)

    def connect(self) -> tuple[int, int, bytes]:
        """Power the card for this program alone; return handle, protocol and answer to reset."""
        reader, alone = self.reader(), scard.SCARD_SHARE_EXCLUSIVE
        card, protocol = self._call(
            "power the card", lambda: scard.SCardConnect(self._held(), reader, alone, _PROTOCOLS), many=True
        )
        *_, atr = self._call("ask the card's state", lambda: scard.SCardStatus(card), many=True)
        return card, protocol, bytes(atr)

    def transmit(self, card: int, protocol: int, apdu: bytes) -> bytes:
        """Return the card's answer with its status word."""
        header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        return bytes(self._call("speak to the card", lambda: scard.SCardTransmit(card, header, list(apdu))))

    def disconnect(self, card: int) -> None:
        """Take the card's power away; one that has gone has none."""
        scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def _held(self) -> int:
        if self._context is None:
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
            if code != scard.SCARD_S_SUCCESS:
                raise _fault(code, "reach the PC/SC service")
            self._context = context
        return self._context

    def _call(self, what: str, call: Callable[[], Any], *, many: bool = False) -> Any:
        if scard is None:
            raise CardReaderUnreachable("the Python package pyscard is missing: pip install 'tram[card]'")
        code, *rest = call()
        if code == scard.SCARD_S_SUCCESS:
            return rest if many else rest[0]
        fault = _fault(code, what)
        if isinstance(fault, CardReaderUnreachable) and self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None
        raise fault


def _fault(code: int, what: str) -> CardReaderError:
    kinds: dict[type[CardReaderError], tuple[int, ...]] = {
        CardReaderUnreachable: (
            scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED, scard.SCARD_E_INVALID_HANDLE,
            scard.SCARD_F_COMM_ERROR, scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_E_UNKNOWN_READER,
            scard.SCARD_E_READER_UNAVAILABLE,
        ),
        CardReaderBusy: (scard.SCARD_E_SHARING_VIOLATION,),
        NoCard: (scard.SCARD_E_NO_SMARTCARD,),
        CardRemoved: (
            scard.SCARD_W_REMOVED_CARD, scard.SCARD_W_RESET_CARD,
            scard.SCARD_E_NOT_TRANSACTED,  # what a contactless reader says when the card leaves its field
        ),
        CardMute: (
            scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_W_UNSUPPORTED_CARD,
            scard.SCARD_E_TIMEOUT,
        ),
    }  # fmt: skip
    kind = next((each for each, codes in kinds.items() if code in codes), CardReaderFailed)
    return kind(f"could not {what}: {scard.SCardGetErrorMessage(code).rstrip('. ')}")
