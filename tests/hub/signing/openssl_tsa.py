"""A timestamp authority that shares no code with ours: OpenSSL behind HTTP, with an RSA key."""

import asyncio
import subprocess
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.signing.settings import TsaConfig

_CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
certs = $dir/root.pem
signer_key = $dir/tsa.key
signer_digest = sha512
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""


class OpenSslTsa:
    """Root, certificate and key in a folder, made there where there are none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.exists():
            folder.mkdir()
            self._found()
        self.app = Starlette(routes=[Route("/", self._stamp, methods=["POST"])])

    def config(self, url: str) -> TsaConfig:
        return TsaConfig(name="openssl", url=f"{url}/", anchors=self._folder / "root.pem", deadline_s=20)

    def _found(self) -> None:
        (self._folder / "openssl.cnf").write_text(_CONFIG.format(folder=self._folder))
        (self._folder / "serial").write_text("01\n")
        self._run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Root", "-days", "30", "-keyout",
                  "root.key", "-out", "root.pem")  # fmt: skip
        self._run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=TSA", "-keyout", "tsa.key", "-out",
                  "tsa.csr")  # fmt: skip
        self._run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-days", "30",
                  "-extfile", "openssl.cnf", "-extensions", "ext", "-out", "tsa.pem")  # fmt: skip

    async def _stamp(self, request: Request) -> Response:
        (self._folder / "query.tsq").write_bytes(await request.body())
        await asyncio.to_thread(
            self._run, "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"
        )
        return Response((self._folder / "reply.tsr").read_bytes(), media_type="application/timestamp-reply")

    def _run(self, *command: str) -> None:
        subprocess.run(["openssl", *command], cwd=self._folder, check=True, capture_output=True, timeout=60)
