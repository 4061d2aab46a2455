"""Tokens of SoftHSM 2 in a folder of the test's own; keys are made on them, so nothing but the token has them."""

import os
import subprocess
import sys
from pathlib import Path

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
SO_PIN = "84736251"

_GENERATE = """
import sys, pkcs11
from pkcs11 import Attribute
from pkcs11.util.ec import encode_named_curve_parameters
token = pkcs11.lib(sys.argv[1]).get_token(token_label=sys.argv[2])
with token.open(rw=True, user_pin=sys.argv[3]) as session:
    curve = session.create_domain_parameters(
        pkcs11.KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(sys.argv[5])}, local=True)
    curve.generate_keypair(store=True, label=sys.argv[4], public_template={Attribute.PRIVATE: False})
"""


def empty(folder: Path) -> Path:
    """Make a place for tokens; return what SOFTHSM2_CONF must name."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True)
    path = folder / "softhsm2.conf"
    path.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    return path


def add_token(conf: Path, label: str, pin: str) -> Path:
    """Initialise a token; return its folder."""
    tokens = conf.parent / "tokens"
    before = set(tokens.iterdir())
    _run(conf, "softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", pin)
    (made,) = set(tokens.iterdir()) - before
    return made


def add_key(conf: Path, label: str, pin: str, *, key: str = "sign", curve: str = "secp256r1") -> None:
    """Generate a key on the token, in a process of its own: this one never loads the driver."""
    _run(conf, sys.executable, "-c", _GENERATE, str(MODULE), label, pin, key, curve)


def _run(conf: Path, *command: str) -> None:
    subprocess.run(command, env=os.environ | {"SOFTHSM2_CONF": str(conf)}, check=True, capture_output=True, timeout=60)
