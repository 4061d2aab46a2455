"""The TLS server of EST: the devices' authority on both ends, a client's certificate asked for and passed on."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from hub.enrolment.devices import Devices
from hub.enrolment.est import create_app
from hub.enrolment.gate import Gate, Speaker
from hub.enrolment.settings import EnrolmentConfig
from hub.faults import PortTaken
from hub.signing.pki import Pki


class EstServer(uvicorn.Server):
    """uvicorn under the process's own signal handling; raise PortTaken where its port is."""

    def __init__(self, config: EnrolmentConfig, devices: Devices, pki: Pki) -> None:
        host = config.address.rpartition(":")[0]
        files = pki.broker.enrolment_server(host)
        self._host, self._port = config.host, config.port
        super().__init__(
            uvicorn.Config(
                create_app(devices),
                http=_ShowingCertificate,
                ws="none",
                lifespan="off",
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=5,
                ssl_certfile=files.certificate,
                ssl_keyfile=files.key,
                ssl_ca_certs=str(files.authority),
                ssl_cert_reqs=ssl.CERT_OPTIONAL,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield

    async def run_for_ever(self) -> None:
        """Serve until cancelled."""
        self.config.load()
        assert self.config.ssl is not None
        try:
            with self._listening() as listener:
                async with asyncio.TaskGroup() as tasks:
                    letting_in = tasks.create_task(Gate(self.config.ssl, self._speaker).run(listener))
                    await self.serve(sockets=[])
                    letting_in.cancel()
        finally:
            self.should_exit = True

    def _speaker(self) -> "_ShowingCertificate":
        return _ShowingCertificate(self.config, self.server_state, self.lifespan.state)

    def _listening(self) -> socket.socket:
        family, *_, address = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)[0]
        try:
            listener = socket.create_server(address[:2], family=family, backlog=self.config.backlog)
        except OSError as fault:
            where = f"{self._host}:{self._port}"
            raise PortTaken(f"{where} of [enrolment] can't be listened on: {fault.strerror}.") from fault
        listener.setblocking(False)
        return listener


class _ShowingCertificate(H11Protocol, Speaker):
    """HTTP that lays the TLS client's certificate (DER, None where none was shown) into the request's state.

    `lost` is set when the connection has ended.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.lost = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        shown: Any = tls.getpeercert(binary_form=True) if tls else None
        self.app_state = {**self.app_state, "certificate": shown}
