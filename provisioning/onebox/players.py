"""The two people of the demo, played by script: a citizen at the kiosk's local API, an officer at the hub's API."""

from collections.abc import Mapping
from typing import Any

import httpx

Answer = Mapping[str, Any]

REFUSING_GROUNDS = ("A22_", "NOT_ORIGINAL")


class DemoStopped(RuntimeError):
    """The demo cannot go on; the text says where and what to look at."""


class PartAway(DemoStopped):
    """A part answers that it can't work now (5xx): patience helps."""


class Citizen:
    """Orders copies and touches the screen."""

    def __init__(self, kiosk_url: str) -> None:
        self._kiosk = httpx.Client(base_url=kiosk_url, timeout=10)

    def start(self, *, copies: int, name: str, declared_pages: int | None = None, mail: str = "") -> str:
        """Begin a visit, whose file is also e-mailed where an address is given; return its id."""
        order = {"copies": copies, "electronic": True, "requester_name": name, "declared_pages": declared_pages}
        if mail:
            order["deliver_to"] = [{"type": "mail", "address": mail}]
        return str(_json(self._kiosk.post("/visits", json=order))["visit"])

    def look(self, visit: str) -> Answer:
        """Return what the screen shows."""
        return _json(self._kiosk.get(f"/visits/{visit}"))

    def choose(self, visit: str, way: str) -> None:
        """Choose how to pay: `cash`, `card` or `transfer`."""
        _json(self._kiosk.post(f"/visits/{visit}/pay", json={"way": way}))

    def touch(self, visit: str, button: str) -> None:
        """Press a button of the screen."""
        _json(self._kiosk.post(f"/visits/{visit}/{button}"))

    def report(self, visit: str) -> Answer:
        """Return the visit's steps with seconds, and bytes up and down."""
        return _json(self._kiosk.get(f"/visits/{visit}/report"))


class Officer:
    """Opens his key, takes the oldest paper, looks at every page, decides as the findings suggest (a script).

    What he decides takes effect at once: a script takes nothing back.

    One who is not `heedful` approves whatever the findings say. `seen` is the paper that was looked at last.
    """

    def __init__(self, hub_url: str, login: str, password: str, pin: str, *, heedful: bool = True) -> None:
        self._heedful = heedful
        self._hub = httpx.Client(base_url=hub_url, timeout=30)
        self.seen: Answer = {}
        self._who, self._pin = {"login": login, "password": password}, {"pin": pin}

    def log_in(self) -> None:
        """Open a session."""
        session = _json(self._hub.post("/api/session", json=self._who))
        self._hub.headers["Authorization"] = f"Bearer {session['token']}"

    def waiting(self) -> list[str]:
        """Return the ids of the papers that wait, in order; a key that is locked (a new hub) is opened on the way."""
        queue = _json(self._hub.get("/api/queue"))
        if not queue["key_open"]:
            self._open_key()
        return [str(paper["id"]) for paper in queue["papers"]]

    def look(self, request: str) -> Answer:
        """Open the paper: facts, findings, and each page as the hub renders it."""
        paper = _json(self._hub.get(f"/api/requests/{request}"))
        for page in range(1, int(paper["pages"]) + 1):
            picture = self._hub.get(f"/api/requests/{request}/pages/{page}.png")
            if picture.is_error:
                raise DemoStopped(f"the hub did not render page {page}: {picture.text[:200]}")
        self.seen = paper
        return paper

    def decide(self, request: str) -> str:
        """Approve, or refuse on the first finding that asks and is a legal ground; return the verdict."""
        paper = self.look(request)
        found = paper["findings"] if self._heedful else []
        grounds = [
            each for each in found if each["severity"] != "ADVISE" and each["ground"].startswith(REFUSING_GROUNDS)
        ]
        decision: dict[str, str] = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA"}
        if grounds:
            decision = {"verdict": "refuse", "ground": grounds[0]["ground"], "text": grounds[0]["text"]}
        _json(self._hub.post(f"/api/requests/{request}/decision", json={**decision, "take_back": False}))
        return decision["verdict"]

    def register(self, year: int) -> list[Answer]:
        """Return the register's rows of a year."""
        return list(_json(self._hub.get("/api/register", params={"year": year}))["rows"])

    def _open_key(self) -> None:
        if _json(self._hub.get("/api/key"))["pin"] == "NOT_CHOSEN":
            _json(self._hub.post("/api/key/pin", json=self._pin))
        _json(self._hub.post("/api/key/session", json=self._pin))


def _json(answer: httpx.Response) -> Answer:
    if answer.is_error:
        where = f"{answer.request.method} {answer.request.url.path}"
        kind = PartAway if answer.is_server_error else DemoStopped
        raise kind(f"{where} answered {answer.status_code}: {answer.text[:500]}")
    body: Answer = answer.json() if answer.content else {}
    return body
