import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

Launch = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_at_once_and_cleanly(launch: Launch, number: int) -> None:
    process, _ = launch()
    started = time.monotonic()
    process.send_signal(number)
    assert process.wait(5) == 0
    assert time.monotonic() - started < 2


def test_ends_while_an_answer_hangs(launch: Launch) -> None:
    process, url = launch()
    requests.post(f"{url}/_control/faults", json={"system": "netgsm", "kind": "hang"}, timeout=5)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{url}/sms/rest/v2/send", timeout=0.2)
    process.terminate()
    assert process.wait(5) == 0


def test_listens_where_told(launch: Launch) -> None:
    _, url = launch("--stores", "ornek:0,deneme:0")
    stores = requests.get(f"{url}/_control/stores", timeout=5).json()
    assert [store["name"] for store in stores] == ["ornek", "deneme"]
    assert all(requests.get(store["url"], timeout=5).status_code == 200 for store in stores)


def test_gives_the_same_orders_for_the_same_seed(launch: Launch) -> None:
    def first_order(url: str) -> dict[str, Any]:
        order = {"createdAt": "2026-11-02T09:00:00+03:00"}
        made = requests.post(f"{url}/_control/stores/ornek/orders", json=order, timeout=5).json()
        return {key: value for key, value in made.items() if key != "updatedAt"}

    urls = [launch("--stores", "ornek:0", "--seed", "3")[1] for _ in range(2)]
    assert first_order(urls[0]) == first_order(urls[1])


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_ends_with_its_parent() -> None:
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'sandbox', '--port', '0', '--parent-death'],"
        " stdout=subprocess.PIPE, text=True)\n"
        "child.stdout.readline(); print(child.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=-1, stdout=-1, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert gone_within(child, 5.0)


def gone_within(pid: int, seconds: float) -> bool:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
