"""Why no time server is heard: the first step of NTS tried with each, as chrony does it (RFC 8915, §4)."""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OWN_AUTHORITIES = Path("etc/chrony/tram-ca")
"""Of the site's own time servers, below the machine's root; chrony looks there too (systemd/etc/chrony.conf)."""
KEY_EXCHANGE_PORT = 4460
_ALPN = "ntske/1"
_LONGEST_S = 8.0
_LIFE = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL's x509_vfy.h


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One server: empty `fault` where its key exchange begins as it should, else what is wrong and what to do."""

    server: str
    fault: str = ""
    remedy: str = ""
    is_refused: bool = False


async def try_all(servers: Sequence[str], root: Path) -> list[Tried]:
    """Return what each server does; `root` is where the machine's files hang."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols([_ALPN])
    for path in sorted((root / OWN_AUTHORITIES).glob("*.pem")):
        context.load_verify_locations(path)
    return list(await asyncio.gather(*(_try(each, context) for each in servers)))


async def _try(server: str, context: ssl.SSLContext) -> Tried:
    name, _, port = server.partition(":")
    number = int(port or KEY_EXCHANGE_PORT)
    try:
        async with asyncio.timeout(_LONGEST_S):
            _, writer = await asyncio.open_connection(name, number, ssl=context)
    except ssl.SSLCertVerificationError as fault:
        remedy = (
            "If this clock is right, theirs or their certificate is wrong: name another server"
            if fault.verify_code in _LIFE
            else f"Is it a site's own server, put its authority into /{OWN_AUTHORITIES} (PEM); else suspect the network"
        )
        said = f"{name}: its certificate is refused: {fault.verify_message}"
        return Tried(server=server, fault=said, remedy=remedy, is_refused=True)
    except ssl.SSLError as fault:
        words = (fault.reason or str(fault)).replace("_", " ").lower()
        return Tried(server=server, fault=f"{name}: {words}", remedy="What listens there speaks no NTS: name another")
    except TimeoutError:
        return Tried(server=server, fault=f"{name}: TCP {number} does not answer", remedy=_firewall(number))
    except OSError as fault:
        why = (fault.strerror or "no connection").lower()
        return Tried(server=server, fault=f"{name}: TCP {number}: {why}", remedy=_firewall(number))
    speaks = writer.get_extra_info("ssl_object").selected_alpn_protocol() == _ALPN
    writer.close()
    if not speaks:
        return Tried(server=server, fault=f"{name}: speaks no NTS", remedy="Name another server in [clock] servers")
    return Tried(server=server)


def _firewall(port: int) -> str:
    return f"Let the firewall's owner open TCP {port} and UDP 123 outwards, or name the site's own in [clock] servers"
