"""The simulated systems of other agencies on one local port, with a page to make each behave badly by hand.

Nobody and nothing of them is real; the people that they know are made up.
"""

import secrets
import threading
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from contract.messages import WalletPaper
from provisioning.onebox.agency_system import AgencySystem, Trouble
from provisioning.onebox.child import free_port
from provisioning.onebox.ihanoi_system import IhanoiSystem
from provisioning.onebox.moj_system import MojSystem
from provisioning.onebox.population_system import PopulationSystem
from provisioning.onebox.portal_system import PortalSystem
from provisioning.onebox.vneid_system import VneidSystem

ACCOUNT = "tram-mau"
LICENCE_UNTIL = date(2031, 5, 4)


class AgenciesStandIn:
    """All of them; secrets and keys lie in one folder, drawn anew at each start of the set."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.vneid = VneidSystem(secrets.token_hex(16))
        self.ihanoi = IhanoiSystem(secrets.token_hex(16), secrets.token_hex(32).encode())
        self.systems: dict[str, Any] = {
            "moj": MojSystem(secrets.token_hex(16)),
            "portal": PortalSystem(secrets.token_hex(16)),
            "vneid": self.vneid,
            "population": PopulationSystem(secrets.token_hex(16)),
            "ihanoi": self.ihanoi,
        }
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}/"

    def sections(self, downloads: str) -> dict[str, dict[str, Any]]:
        """Return [adapters] of hub.toml, having written the files that it names."""
        self._folder.mkdir(parents=True, exist_ok=True)
        found = {name: self._section(name, system) for name, system in self.systems.items()}
        found["population"]["url"] += "/037"
        found["portal"] |= {"account": ACCOUNT, "downloads": downloads}
        inbound = self._folder / "ihanoi-inbound.key"
        _write(inbound, self.ihanoi.inbound_key)
        found["ihanoi"] |= {"inbound_key": str(inbound)}
        return {f"adapters.{name}": section for name, section in found.items()}

    def start(self) -> None:
        """Serve them."""
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=self.port, log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="agencies", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Fall silent."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(5)

    def kill(self) -> None:
        """Fall silent."""
        self.stop()

    def _section(self, name: str, system: AgencySystem) -> dict[str, Any]:
        secret, key = self._folder / f"{name}.secret", self._folder / f"{name}.pem"
        _write(secret, system.token.encode())
        _write(key, system.public_key)
        return {"url": f"{self.url}{name}", "secret_file": str(secret), "signed_by": str(key)}

    def _app(self) -> Starlette:
        mounts = [Mount(f"/{name}", system.app) for name, system in self.systems.items()]
        return Starlette(routes=[Route("/", self._page), Route("/trouble", self._trouble, methods=["POST"]), *mounts])

    async def _page(self, _request: Request) -> Response:
        code = self.vneid.code_for({WalletPaper.LICENCE: LICENCE_UNTIL, WalletPaper.IDENTITY: None})
        rows = "".join(map(_row, self.systems, self.systems.values()))
        return HTMLResponse(_PAGE.format(rows=rows, code=escape(code)))

    async def _trouble(self, request: Request) -> Response:
        wanted = request.query_params
        trouble = wanted.get("trouble", "")
        self.systems[wanted["system"]].trouble = Trouble(trouble) if trouble else None
        return RedirectResponse("/", 303)


def _row(name: str, system: AgencySystem) -> str:
    buttons = "".join(
        f'<form method="post" action="/trouble?system={name}&amp;trouble={each}">'
        f"<button{' class=on' if system.trouble == (each or None) else ''}>{each or 'behaves'}</button></form>"
        for each in ("", *Trouble)
    )
    return f"<tr><th>{name}<td>{system.asked}<td>{buttons}"


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Other agencies (simulated)</title><style>
body{{font:15px/1.5 "Noto Sans","DejaVu Sans",sans-serif;margin:24px;color:#1d2733}}form{{display:inline}}
th{{text-align:left;padding-right:16px}}td{{padding:4px 12px 4px 0}}button{{font:inherit;margin:1px}}
.on{{background:#1f5fa8;color:#fff}}code{{background:#f4f6f8;padding:4px 8px}}</style>
<h1>Other agencies' systems, simulated</h1>
<table><tr><th>system<th>asked<th>what it does{rows}</table>
<p>What VNeID would show now as a QR code, for a minute (a driving licence and an identity card are there). Type it at
the kiosk's screen and press Enter, as a code reader would:</p><p><code>{code}</code></p></html>"""
