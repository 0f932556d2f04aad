"""The guard of the tests themselves: only this machine can be reached."""

from __future__ import annotations

import socket

import pytest

from tests.conftest import OutsideConnection


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("example.com", 443), ("10.0.0.1", 5432)])
def test_refuses_another_machine(address: tuple[str, int]) -> None:
    with socket.socket() as line, pytest.raises(OutsideConnection, match="only loopback is open"):
        line.connect(address)


def test_refuses_a_datagram_to_another_machine() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line, pytest.raises(OutsideConnection):
        line.sendto(b"hello", ("192.0.2.1", 53))


def test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as line:
        line.connect(server.getsockname())
        assert line.getpeername() == server.getsockname()
