"""Calls that the sandbox makes itself: webhooks and pushes, in the background or waited for."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import aiohttp

DEADLINE_SECONDS: Final = 10.0


class Errands:
    """Owns the outgoing HTTP session and the tasks under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._session: aiohttp.ClientSession | None = None

    def start(self, errand: Coroutine[Any, Any, Any]) -> None:
        """Runs `errand` in the background; `drop` ends it."""
        task = asyncio.get_running_loop().create_task(errand)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> int | None:
        """The HTTP status of a POST, redirects not followed; None for a refused, broken or late answer."""
        try:
            async with self._opened().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes] | None:
        """Status and body of the answer; None where none came in time."""
        try:
            answering = self._opened().request(method, url, data=body, headers=headers, allow_redirects=False)
            async with answering as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=DEADLINE_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self._session

    def drop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    async def close(self) -> None:
        self.drop()
        if self._session is not None:
            await self._session.close()
