"""HTTP to services outside (trust services, other agencies); its deadline holds against a dripping server too.

Signing runs in worker threads and waits there; the connections live in one event loop of their own, because only a
cancelled coroutine ends in time whatever the server does.
"""

import asyncio
import ssl
import threading
from collections.abc import Mapping

import httpx

MOST_BYTES = 16 << 20
"""No answer of such a service is longer, not even a large CA's revocation list."""


_LONGEST_S = 120.0  # the caller's deadline ends it earlier


class WireFault(Exception):
    """No usable answer; the text says why, in words for a technician."""


class Answer:
    """What a service said."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status, self.headers, self.content = status, headers, content

    def require_ok(self) -> bytes:
        """Return the content of a 200; raise WireFault for any other status."""
        if self.status != httpx.codes.OK:
            raise WireFault(f"it answered with HTTP status {self.status}")
        return self.content


class Wire:
    """Kept connections, safe to use from many threads; nothing is redirected and nothing comes from the environment."""

    def __init__(self, *, verify: ssl.SSLContext | str | bool = True) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="trust-services", daemon=True)
        self._thread.start()
        self._client = httpx.AsyncClient(trust_env=False, follow_redirects=False, verify=verify, timeout=_LONGEST_S)

    def post(
        self, url: str, content: bytes, *, headers: Mapping[str, str], deadline_s: float, method: str = "POST"
    ) -> Answer:
        """Return the whole answer within `deadline_s` seconds; raise WireFault."""
        asking = self._ask(method, url, content, headers)
        future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(asking, deadline_s), self._loop)
        try:
            return future.result()
        except TimeoutError:
            raise WireFault(f"it did not answer within {deadline_s:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise WireFault(f"it can't be reached ({type(fault).__name__} {fault})".replace(" )", ")")) from fault

    def get(self, url: str, *, deadline_s: float) -> Answer:
        """Return the whole answer within `deadline_s` seconds; raise WireFault."""
        return self.post(url, b"", headers={}, deadline_s=deadline_s, method="GET")

    async def _ask(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        async with self._client.stream(method, url, content=content or None, headers=dict(headers)) as response:
            taken = bytearray()
            async for part in response.aiter_bytes():
                taken += part
                if len(taken) > MOST_BYTES:
                    raise WireFault(f"its answer is longer than {MOST_BYTES >> 20} MiB")
            return Answer(response.status_code, dict(response.headers), bytes(taken))
