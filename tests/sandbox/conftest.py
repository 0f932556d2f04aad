"""One sandbox process for all tests, emptied before each, and a listener for what it sends by itself."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests

ROOT = Path(__file__).parents[2]
DEADLINE = 10.0
T = TypeVar("T")
USERCODE, PASSWORD = "8501234567", "gizli"


class Sandbox:
    """A running sandbox, spoken to as a test does: controls, the operator's API, and its stores."""

    def __init__(self, url: str) -> None:
        self.url = url

    def control(self, method: str, path: str, /, **wish: Any) -> Any:
        answer = requests.request(method, f"{self.url}/_control/{path}", json=wish or None, timeout=DEADLINE)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def netgsm(self, method: str, path: str, **wish: Any) -> requests.Response:
        auth = (USERCODE, PASSWORD)
        return requests.request(method, f"{self.url}/sms/rest/v2/{path}", auth=auth, timeout=DEADLINE, **wish)

    def send(self, text: str = "Merhaba", to: str = "5321234567", **wish: Any) -> requests.Response:
        body = {"msgheader": "ORNEK", "messages": [{"msg": text, "no": to}], **wish}
        return self.netgsm("POST", "send", json=body)

    def answer(self, text: str = "Onay 12345", **wish: Any) -> Any:
        body = {"from": "5321234567", "to": USERCODE, "text": text, **wish}
        return self.control("POST", "phone/sms", **body)

    def ledger(self, kind: str, system: str = "") -> list[dict[str, Any]]:
        where = f"&system={system}" if system else ""
        lines: list[dict[str, Any]] = self.control("GET", f"ledger?kind={kind}{where}")
        return lines

    def wait_for(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        return wait_until(lambda: lines if len(lines := self.ledger(kind)) >= count else None)


class Store:
    """One store of the sandbox, with a live token."""

    def __init__(self, sandbox: Sandbox, facts: dict[str, Any]) -> None:
        self.sandbox = sandbox
        self.url: str = facts["url"]
        self.client = {key: facts[key] for key in ("client_id", "client_secret")}
        self.redirect_uri: str = facts["redirect_uri"]
        self.tokens: dict[str, Any] = self.control("POST", "tokens")

    def control(self, method: str, path: str, /, **wish: Any) -> Any:
        return self.sandbox.control(method, f"stores/ornek/{path}", **wish)

    def set(self, **wish: Any) -> None:
        self.sandbox.control("POST", "stores", name="ornek", **wish)

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.tokens['access_token']}"}
        return requests.request(method, f"{self.url}/{path}", headers=headers, timeout=DEADLINE, **options)

    def order(self, **wish: Any) -> Any:
        return self.control("POST", "orders", **{"cod": True, **wish})

    def token(self, **fields: str) -> requests.Response:
        return requests.post(f"{self.url}/oauth/v2/token", data={**self.client, **fields}, timeout=DEADLINE)

    def code(self) -> str:
        location: str = self.control("POST", "authorize", state="s")["location"]
        return location.split("code=")[1].split("&")[0]

    def subscribe(self, address: str, topic: str = "order/update") -> requests.Response:
        body = {"topic": topic, "address": address, "status": 1}
        return self.call("POST", "admin-api/client_webhooks", json=body)


class Listener:
    """Keeps what is posted to it; answers with the statuses given, then 200."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.posts.append((self.path, dict(self.headers), body))
                self.send_response(listener.statuses.pop(0) if listener.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        return Handler


def wait_until(look: Callable[[], T | None]) -> T:
    """The first value that `look` gives, polled for a bounded time."""
    ends_at = time.monotonic() + DEADLINE
    while time.monotonic() < ends_at:
        if (found := look()) is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came in time")


def start(*options: str) -> tuple["subprocess.Popen[str]", str]:
    """A process of its own, and its address."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--parent-death", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip().removeprefix("sandbox ready ")


@pytest.fixture(scope="session")
def running() -> Iterator[str]:
    process, url = start("--stores", "ornek:0", "--validate", "--seed", "7")
    with process:
        yield url
        process.terminate()


@pytest.fixture
def sandbox(running: str) -> Sandbox:
    sandbox = Sandbox(running)
    sandbox.control("POST", "reset")
    sandbox.control("POST", "netgsm/accounts", usercode=USERCODE, password=PASSWORD, headers=["ORNEK"])
    return sandbox


@pytest.fixture
def store(sandbox: Sandbox) -> Store:
    return Store(sandbox, sandbox.control("GET", "stores/ornek"))


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, args=(0.02,))
    thread.start()
    yield listener
    listener.server.shutdown()
    listener.server.server_close()
    thread.join()


@pytest.fixture
def launch() -> Iterator[Callable[..., tuple["subprocess.Popen[str]", str]]]:
    """Starts further sandboxes, which end with the test."""
    started: list[subprocess.Popen[str]] = []

    def launch(*options: str) -> tuple["subprocess.Popen[str]", str]:
        process, url = start(*options)
        started.append(process)
        return process, url

    yield launch
    for process in started:
        with process:
            process.kill()
