"""The two people of the demo, played by script: a citizen at the kiosk's local API, an officer at the hub's API."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

Answer = Mapping[str, Any]
Progress = Callable[[str], None]

REFUSING_GROUNDS = ("A22_", "NOT_ORIGINAL", "INCOMPLETE")


class DemoStopped(RuntimeError):
    """The demo cannot go on; the text says where and what to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """Orders copies, puts money in, and waits."""

    kiosk: httpx.Client

    def start(self, *, copies: int, name: str) -> str:
        """Begin a visit; return its id."""
        order = {"copies": copies, "electronic": True, "requester_name": name}
        return str(_json(self.kiosk.post("/visits", json=order))["id"])

    def insert(self, value_vnd: int) -> None:
        """Put one note or coin into the cash box."""
        _json(self.kiosk.post("/dock/cash", json={"value_vnd": value_vnd}))

    def look(self, visit: str) -> Answer:
        """Return what the screen shows."""
        return _json(self.kiosk.get(f"/visits/{visit}"))

    def report(self, visit: str) -> Answer:
        """Return the visit's steps with seconds, and bytes up and down."""
        return _json(self.kiosk.get(f"/visits/{visit}/report"))


class Officer:
    """Takes the oldest paper, looks at every page, and decides as the findings suggest (a script, not a person)."""

    def __init__(self, hub: httpx.Client, login: str, password: str) -> None:
        self._hub = hub
        session = _json(hub.post("/api/session", json={"login": login, "password": password}))
        hub.headers["Authorization"] = f"Bearer {session['token']}"

    def waiting(self) -> list[str]:
        """Return the ids of the papers in the queue, oldest first."""
        return [str(paper["id"]) for paper in _json(self._hub.get("/api/queue"))["papers"]]

    def look(self, request: str) -> Answer:
        """Open the paper: facts, findings, and each page as the hub renders it."""
        paper = _json(self._hub.get(f"/api/requests/{request}"))
        for page in range(1, int(paper["pages"]) + 1):
            answer = self._hub.get(f"/api/requests/{request}/pages/{page}.png")
            if answer.status_code != 200:
                raise DemoStopped(f"the hub did not render page {page}: {answer.text[:200]}")
        return paper

    def decide(self, request: str) -> str:
        """Approve, or refuse on the first finding that is a legal ground; return the verdict."""
        grounds = [f for f in self.look(request)["findings"] if str(f["ground"]).startswith(REFUSING_GROUNDS)]
        decision: dict[str, str] = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA"}
        if grounds:
            decision |= {"verdict": "refuse", "ground": grounds[0]["ground"], "text": grounds[0]["text"]}
        _json(self._hub.post(f"/api/requests/{request}/decision", json=decision))
        return decision["verdict"]


def screens(citizen: Citizen, visit: str, *, within_s: float) -> Iterator[Answer]:
    """Yield the visit's screen each time it changes, until it is over; raise DemoStopped when it takes too long."""
    until, last = time.monotonic() + within_s, None
    while True:
        screen = citizen.look(visit)
        if screen != last:
            yield screen
            last = screen
        if screen["over"]:
            return
        if time.monotonic() > until:
            raise DemoStopped(f"the visit did not end within {within_s:.0f} s; it stands at {screen['step']!r}")
        time.sleep(0.05)


def _json(answer: httpx.Response) -> Answer:
    if answer.is_error:
        raise DemoStopped(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}: {answer.text}"
        )
    body: Answer = answer.json()
    return body
