"""The socket: everybody who looks sees the same; who speaks nonsense or comes from elsewhere is shut out."""

import asyncio
import json
from typing import Any

import pytest
from kiosk_doubles import Town
from starlette.requests import Request
from starlette.websockets import WebSocket

from agent.screen.page.routes import POLICY_VIOLATION, PageRoutes
from agent.screen.page.stage import STILL_S, Stage
from contract.clock import SimulatedClock

OWN = {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"}
WAKE = {"scene": "attract", "do": "wake"}
ASKED = Request({"type": "http"})


async def _nobody(_wish: object) -> str:
    raise AssertionError("no visit is begun here")


class Browser:
    """One end of a socket, as an ASGI server hands it to the application."""

    def __init__(self, routes: PageRoutes, headers: dict[str, str] = OWN) -> None:
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[Any] = asyncio.Queue()
        scope = {
            "type": "websocket", "path": "/page/live", "query_string": b"", "subprotocols": [],
            "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        }  # fmt: skip
        self._in.put_nowait({"type": "websocket.connect"})
        self._serving = asyncio.create_task(routes.live(WebSocket(scope, self._in.get, self._out.put)))

    async def heard(self) -> Any:
        return await asyncio.wait_for(self._out.get(), 5)

    async def shown(self) -> str:
        """The next fragment."""
        while (message := await self.heard())["type"] != "websocket.send":
            assert message["type"] == "websocket.accept", message
        return str(message["text"])

    def say(self, text: str | bytes) -> None:
        kind = "text" if isinstance(text, str) else "bytes"
        self._in.put_nowait({"type": "websocket.receive", kind: text})

    async def leave(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self._serving


async def test_two_browsers_show_the_same_and_one_that_comes_later_too(town: Town) -> None:
    async with town.kiosk() as kiosk:
        routes = PageRoutes(Stage(kiosk, _nobody))
        first, second = Browser(routes), Browser(routes)
        assert await first.shown() == await second.shown()
        first.say(json.dumps(WAKE))
        seen = await first.shown()
        assert 'data-scene="choose"' in seen and seen == await second.shown()
        third = Browser(routes)
        assert await third.shown() == seen
        for browser in (first, second, third):
            await browser.leave()


@pytest.mark.parametrize(
    "said",
    [
        "", "wake", "[]", "null", '{"scene": "attract"}', '{"scene": "attract", "do": "open-the-safe"}',
        '{"scene": "attract", "do": "wake", "visit": "01"}', '{"scene": 1, "do": "wake"}',
        json.dumps({**WAKE, "value": "x" * 1001}), json.dumps({**WAKE, "scene": "x" * 41}), b'{"do": "wake"}',
    ],
)  # fmt: skip
async def test_nonsense_is_shut_out_and_changes_nothing(town: Town, said: str | bytes) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, _nobody)
        browser = Browser(PageRoutes(stage))
        before = await browser.shown()
        browser.say(said)
        assert (await browser.heard()) == {"type": "websocket.close", "code": POLICY_VIOLATION, "reason": ""}
        assert await stage.shown() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "127.0.0.1:8080"},
        {"host": "127.0.0.1:8080", "origin": "null"},
        {"host": "127.0.0.1:8080", "origin": "http://evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:9999"},
        {"host": "127.0.0.1.evil.example", "origin": "http://127.0.0.1.evil.example"},
    ],
)
async def test_a_page_from_elsewhere_gets_no_socket(town: Town, headers: dict[str, str]) -> None:
    async with town.kiosk() as kiosk:
        browser = Browser(PageRoutes(Stage(kiosk, _nobody)), headers)
        assert (await browser.heard())["type"] == "websocket.close"


async def test_a_touch_on_a_scene_that_is_gone_is_passed_over(town: Town) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, _nobody)
        browser = Browser(PageRoutes(stage))
        await browser.shown()
        browser.say(json.dumps(WAKE))
        await browser.shown()
        browser.say(json.dumps({"scene": "attract", "do": "language"}))
        browser.say(json.dumps({"scene": "choose", "do": "copy"}))
        assert 'data-scene="need"' in await browser.shown()
        assert stage.state.comfort.language == "vi"
        await browser.leave()


async def test_screen_is_still_until_a_browser_draws_and_again_when_it_no_more_does(
    town: Town, clock: SimulatedClock
) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, _nobody)
        routes = PageRoutes(stage)
        browser = Browser(routes)
        await browser.shown()
        assert (await routes.drawn(ASKED)).status_code == 503
        browser.say(json.dumps({"scene": "attract", "do": "drawn"}))
        browser.say(json.dumps(WAKE))
        await browser.shown()
        clock.advance(STILL_S)
        assert (await routes.drawn(ASKED)).status_code == 204
        clock.advance(1)
        assert (await routes.drawn(ASKED)).status_code == 503
        await browser.leave()
