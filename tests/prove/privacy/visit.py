"""The proof's visit: the citizen agrees, and the officer looks at the evidence before he decides."""

import time
from collections.abc import Callable

import httpx

from provisioning.onebox import settings
from provisioning.onebox.box import OneBox
from provisioning.onebox.play import Play
from provisioning.onebox.players import Answer

WAITS_S = 20.0


class SeenVisit(Play):
    """`portrait` and `frame` are what the officer saw; `on_look` is called while the evidence lies at the hub."""

    def __init__(self, box: OneBox, on_look: Callable[[], None]) -> None:
        super().__init__(box, lambda _: None, heedful=False)
        self._on_look, self._box_url = on_look, box.hub_url
        self._login = dict(zip(("login", "password"), settings.officer_login(box.folder)[:2], strict=True))
        self.portrait = self.frame = b""

    def _act(self, visit: str, screen: Answer, until: float) -> None:
        if screen["identity"] and screen["identity"]["asks"] == "consent":
            self._citizen.touch(visit, "agree")
            return
        super()._act(visit, screen, until)

    def _decide(self) -> None:
        if not self.portrait and not self._look():
            return  # the paper has not come yet
        super()._decide()

    def _look(self) -> bool:
        with httpx.Client(base_url=self._box_url, timeout=30) as hub:
            hub.headers["Authorization"] = f"Bearer {hub.post('/api/session', json=self._login).json()['token']}"
            papers = hub.get("/api/queue").json()["papers"]
            if not papers:
                return False
            address = f"/api/requests/{papers[0]['id']}"
            hub.put(f"{address}/claim").raise_for_status()
            until = time.monotonic() + WAITS_S
            while (portrait := hub.get(f"{address}/identity/portrait.jpg")).status_code != httpx.codes.OK:
                if time.monotonic() > until:
                    portrait.raise_for_status()
                time.sleep(0.1)
            self.portrait, self.frame = portrait.content, hub.get(f"{address}/identity/frame.jpg").content
        self._on_look()
        return True
