"""The carriers to a citizen's accounts: their store at the National Public Service Portal, and iHanoi (DOMAIN F28).

Both are given an address under which the hub gives the copy out once. It stays open where nobody knows whether they
have it already.
"""

import asyncio
from collections.abc import Callable

from contract.destinations import Channel, IhanoiTo, PortalTo
from contract.ids import sha256_hex
from hub.adapters.ihanoi import AccountResult, Ihanoi
from hub.adapters.peer import Refused as SaidNo
from hub.adapters.peer import Unavailable
from hub.adapters.portal import RESULT_GIVEN, Portal, Record, Result, written
from hub.adapters.settings import IhanoiConfig, PortalConfig
from hub.delivery.carrier import Delivered, Later, Outcome, Parcel, Refused
from hub.register import links
from hub.rooms import Hub

CERTIFYING = "2.000815"
"""The procedure's code at the portal: certifying copies from originals."""
CERTIFYING_NAME = "Chứng thực bản sao từ bản chính"


class PortalCarrier:
    """Writes the copy into the portal as the result of a record of its own."""

    channel = Channel.PORTAL
    repeats_safely = True

    def __init__(self, hub: Hub, portal: Portal, config: PortalConfig) -> None:
        self._hub, self._portal, self.name = hub, portal, config.url
        self._downloads = config.downloads.rstrip("/")

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Write the record; the same copy again changes the same record."""
        assert isinstance(parcel.destination, PortalTo)
        owner = parcel.destination.number

        def give(token: str) -> str:
            return self._portal.write(self._record(parcel, owner, f"{self._downloads}/d/{token}"))

        return await asyncio.to_thread(_given, self._hub, parcel, owner, give)

    def _record(self, parcel: Parcel, owner: str, address: str) -> Record:
        return Record(
            code=parcel.copy_id,
            procedure=CERTIFYING,
            procedure_name=CERTIFYING_NAME,
            owner=owner,
            about=f"{parcel.title}, {parcel.register_label}",
            received=written(parcel.signed_at),
            state=RESULT_GIVEN,
            by=self._hub.config.agency.name,
            results=[Result(code=parcel.copy_id, title=parcel.title, address=address)],
        )


class IhanoiCarrier:
    """Gives the copy to iHanoi."""

    channel = Channel.IHANOI
    repeats_safely = True

    def __init__(self, hub: Hub, ihanoi: Ihanoi, config: IhanoiConfig) -> None:
        self._hub, self._ihanoi, self.name = hub, ihanoi, config.url

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Give the copy; the same delivery again has one effect."""
        assert isinstance(parcel.destination, IhanoiTo)
        owner = parcel.destination.number

        def give(token: str) -> str:
            return self._ihanoi.give(self._result(parcel, owner, f"{self._hub.config.public_url}/d/{token}"))

        return await asyncio.to_thread(_given, self._hub, parcel, owner, give)

    def _result(self, parcel: Parcel, owner: str, address: str) -> AccountResult:
        return AccountResult(
            delivery=parcel.delivery,
            owner=owner,
            title=parcel.title,
            label=parcel.register_label,
            agency=self._hub.config.agency.name,
            address=address,
            sha256=sha256_hex(parcel.content),
            verify_url=parcel.verify_url,
        )


def _given(hub: Hub, parcel: Parcel, owner: str, give: Callable[[str], str]) -> Outcome:
    token = links.draw(hub, parcel.request)
    try:
        return Delivered(receipt=give(token))
    except Unavailable as fault:
        return Later(why=_without(owner, fault))
    except SaidNo as fault:
        links.forget(hub, token)
        return Refused(why=_without(owner, fault))


def _without(owner: str, fault: Exception) -> str:
    """Return what the other side said; it may quote whose copy it was."""
    return str(fault).replace(owner, "…")
