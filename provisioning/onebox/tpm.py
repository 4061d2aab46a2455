"""A TPM 2.0 in software (swtpm) as a child process: another folder is another machine's TPM.

Clients look for its control channel on the port after the one they are told.
"""

import os
import subprocess
from pathlib import Path

from provisioning.onebox.child import Child, free_port, port_open


class TpmStandIn:
    """One TPM; what it sealed opens with the same `folder` alone."""

    def __init__(self, folder: Path) -> None:
        self._port = next(port for port in iter(free_port, None) if not port_open(port + 1))
        folder.mkdir(parents=True, exist_ok=True)
        argv = [
            "swtpm", "socket", "--tpm2", "--flags", "not-need-init,startup-clear",
            "--server", f"type=tcp,port={self._port},bindaddr=127.0.0.1",
            "--ctrl", f"type=tcp,port={self._port + 1},bindaddr=127.0.0.1", "--tpmstate", f"dir={folder}",
        ]  # fmt: skip
        self._child = Child("tpm", argv, folder / "log")

    @property
    def device(self) -> str:
        """Its name for systemd-creds and `[hub] tpm`."""
        return f"swtpm:host=127.0.0.1,port={self._port}"

    def start(self) -> None:
        """Start it; raise ChildFailed."""
        self._child.start(lambda: port_open(self._port + 1))

    def flush(self) -> None:
        """Give back the sessions that clients left behind, as the kernel's resource manager does for a true TPM."""
        env = {**os.environ, "TPM2TOOLS_TCTI": self.device}
        subprocess.run(["tpm2_flushcontext", "--loaded-session"], env=env, check=True, capture_output=True)

    def stop(self) -> None:
        """Stop it; what it sealed opens again after the next start in its folder."""
        self._child.stop()
