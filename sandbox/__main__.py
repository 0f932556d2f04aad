"""`python -m sandbox --port 8900 --stores ornek:8901,deneme:8902`: runs until SIGTERM or SIGINT."""

import argparse
import asyncio
import ctypes
import os
import secrets
import signal
import sys

from sandbox.ports import Ports
from sandbox.world import World

PR_SET_PDEATHSIG = 1


def main() -> None:
    options = arguments().parse_args()
    if options.parent_death and not die_with_parent():
        sys.exit(0)
    asyncio.run(run(options))


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="Fake stores, operator and phone.")
    parser.add_argument("--port", type=int, default=8900, help="main port; 0 is any")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--public-host", default="localhost", help="host in the addresses that are given out")
    parser.add_argument("--seed", type=int, default=None, help="for orders, credentials and chances")
    parser.add_argument("--stores", type=stores, default=[], help="name:port, separated by commas")
    parser.add_argument("--first-order", type=int, default=1001, help="a store's first order id")
    parser.add_argument("--validate", action="store_true", help="check every answer of a store")
    parser.add_argument("--parent-death", action="store_true", help="end with the parent process (Linux)")
    return parser


def stores(text: str) -> list[tuple[str, int]]:
    """`ornek:8901,deneme:8902` as pairs. Raises ValueError, which argparse turns into a message."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return [(name.strip(), int(port or 0)) for name, _, port in pairs]


def die_with_parent() -> bool:
    """Asks the kernel for SIGTERM when the parent dies; False where it has died already."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return os.getppid() == parent


async def run(options: argparse.Namespace) -> None:
    seed = secrets.randbits(32) if options.seed is None else options.seed
    world = World(seed=seed, validating=options.validate, first_order=options.first_order)
    ports = Ports(world, host=options.host, public_host=options.public_host)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    for name, port in options.stores:
        world.open_store(name, await ports.open_store(name, port))
    address = await ports.open_main(options.port)
    print(f"sandbox ready {address}", flush=True)
    await ended.wait()
    await ports.close()


if __name__ == "__main__":
    main()
