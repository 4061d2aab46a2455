"""A small secret sealed under the machine's TPM 2.0, by systemd-creds(1): it opens on this machine alone.

The key of the kiosk is sealed rather than kept inside the TPM: Python's TLS can't sign with a key in the TPM on Debian
12 (tpm2-openssl 1.1.1 lets OpenSSL's own ECDSA take the key over without its private half). So a stolen disk is
worthless, while a program that reads this process's memory could copy the key; the hub then sees two of one kiosk.
"""

import shutil
import subprocess
from pathlib import Path

from agent.link.faults import KeyOfAnotherMachine, TpmSilent

TPM_NODE = Path("/dev/tpmrm0")
AUTO = "auto"
_NAME = "tram-device-key"
_PCR_OF_NOTHING = 16  # the debugging PCR: an update of firmware or system must not lock every kiosk out
_LONGEST_S = 20.0
_ANOTHER = "integrity check failed"
"""TPM_RC_INTEGRITY in the words of tpm2-tss: the sealed object was made under another TPM's seed."""


def has_tpm(device: str = AUTO) -> bool:
    """Return whether something can be sealed here; `device` is systemd's --tpm2-device."""
    return shutil.which("systemd-creds") is not None and (device != AUTO or TPM_NODE.exists())


def seal(secret: bytes, device: str = AUTO) -> bytes:
    """Return `secret` sealed; raise TpmSilent where the TPM does not do it."""
    return _run(secret, "encrypt", "--with-key=tpm2", f"--tpm2-pcrs={_PCR_OF_NOTHING}", device=device)


def unseal(sealed: bytes, device: str = AUTO) -> bytes:
    """Return what was sealed; raise KeyOfAnotherMachine where this machine's TPM is not the one, TpmSilent."""
    if not has_tpm(device):
        raise KeyOfAnotherMachine("this machine has no TPM that programs can reach")
    return _run(sealed, "decrypt", device=device)


def _run(content: bytes, verb: str, *options: str, device: str) -> bytes:
    argv = ["systemd-creds", verb, f"--name={_NAME}", f"--tpm2-device={device}", *options, "-", "-"]
    try:
        done = subprocess.run(argv, input=content, capture_output=True, timeout=_LONGEST_S, check=True)
    except subprocess.CalledProcessError as fault:
        said = (fault.stderr.decode(errors="replace").strip().splitlines() or ["systemd-creds gave no reason"])[-1]
        raise (KeyOfAnotherMachine if _ANOTHER in said else TpmSilent)(said) from fault
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise TpmSilent(str(fault)) from fault
    return done.stdout
