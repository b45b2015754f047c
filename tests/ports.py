"""Ports for servers that a test starts by number, because it stops and starts them or another program binds them.

They lie below those that the system gives to clients: of those, any connection of any program may take one while
nobody listens on it, or even connect to itself.
"""

import random
import socket

import pytest

_BELOW_CLIENTS = range(20_000, 32_000)


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody has; fails the test when there are not so many."""
    chosen = random.SystemRandom()  # not the seeded one: two runs beside each other must not choose alike
    free = [port for port in chosen.sample(_BELOW_CLIENTS, 50 + count) if _is_free(port)][:count]
    if len(free) < count:
        pytest.fail(f"this machine has no {count} free ports")
    return free


def free_port() -> int:
    """Return one such port."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
