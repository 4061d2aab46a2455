"""Ports for stand-ins: nobody is given one that another has, in this process or beside it."""

import socket
import subprocess
import sys

from provisioning.onebox import child
from provisioning.onebox.child import free_port


def test_ports_are_free_differ_and_lie_below_those_of_outgoing_connections() -> None:
    ports = [free_port() for _ in range(50)]
    assert len(set(ports)) == 50 and max(ports) < 32_768
    for port in ports:
        with socket.create_server(("127.0.0.1", port)):
            pass


def test_port_is_this_process_s_until_it_ends() -> None:
    def elsewhere(program: str) -> str:
        argv = [sys.executable, "-c", f"from provisioning.onebox import child; print(child.{program})"]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()

    assert elsewhere(f"_reserved({free_port()})") == "False"
    assert elsewhere(f"_reserved({elsewhere('free_port()')})") == "True"


def test_port_on_which_something_listens_is_passed_over() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not child._is_free(port)
    assert child._is_free(port)
