"""The log as the public fetches it; the addresses are those of C2SP tlog-tiles, so any monitor of such logs can."""

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import PlainTextResponse

from contract.note import PREFIX
from hub.console.access import ServedHub
from hub.console.media import Octets
from hub.log import tiles
from hub.log.checkpoints import latest
from hub.log.tree import Tree

router = APIRouter(prefix=PREFIX)

_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"Cache-Control": "public, max-age=5"}


@router.get("/checkpoint", response_class=PlainTextResponse)
def checkpoint(hub: ServedHub) -> PlainTextResponse:
    """Return the newest signed head; 404 before the first."""
    with hub.database.reading() as session:
        head = latest(session)
    if head is None:
        raise HTTPException(404, "The log has no checkpoint yet")
    return PlainTextResponse(head.note, headers=_BRIEFLY)


@router.get("/tile/entries/{place:path}", response_class=Octets)
def entries(hub: ServedHub, place: str) -> Response:
    """Return a bundle of entries."""
    with hub.database.reading() as session:
        try:
            return _octets(tiles.entries(Tree(session), tiles.Place.parse(place)))
        except tiles.NoSuchTile:
            raise HTTPException(404, "There is no such bundle") from None


@router.get("/tile/{level}/{place:path}", response_class=Octets)
def tile(hub: ServedHub, level: int, place: str) -> Response:
    """Return a tile of hashes."""
    with hub.database.reading() as session:
        try:
            return _octets(tiles.hashes(Tree(session), level, tiles.Place.parse(place)))
        except tiles.NoSuchTile:
            raise HTTPException(404, "There is no such tile") from None


def _octets(content: bytes) -> Response:
    return Octets(content, headers=_FOR_EVER)
