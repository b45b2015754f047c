"""Keeps a set of named loops running, and ends them in good order; what the loops do is none of its business.

    add() -> start() -> running <-> crashed (waits, then runs again) -> stop(): drain, then cancel -> ended

A loop that crashes is logged, counted and started again, after a wait that doubles. One that crashes too often in
a while makes `is_ready` false, so that a watcher of the process can act; it is tried on, at the longest wait,
and counts as ready again when it has held for as long.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.failure import Backoff
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import LogEvent, log

CANCEL_S: Final = 5.0  # what a cancelled loop may take to let go
LOOK_S: Final = 5.0  # between looks at which loops are in trouble, for the gauge of those that are ready

Run: TypeAlias = Callable[[], Awaitable[None]]
Drain: TypeAlias = Callable[[float], Awaitable[None]]


class Restarts(msgspec.Struct, frozen=True, kw_only=True):
    """When to start a crashed loop again, and when it is in trouble: `crashes` within `window_s`.

    Fewer are hiccups of a disk or a network. A loop is never given up: its work waits on the disk.
    """

    crashes: int = 5
    window_s: float = 60.0
    backoff: Backoff = Backoff(first_s=0.2, longest_s=15.0, attempts=1_000_000)


class Supervisor:
    """Runs loops; belongs to the event loop that starts it. `jitter` gives random numbers in [0, 1)."""

    def __init__(
        self, restarts: Restarts | None = None, *, jitter: Callable[[], float] = random.random
    ) -> None:
        self._restarts = restarts or Restarts()
        self._jitter = jitter
        self._loops: list[_Supervised] = []
        self._is_running = False
        self._ready = 0  # as the gauge has it; several supervisors share that
        self._watching: asyncio.Task[None] | None = None

    def add(self, name: str, run: Run, *, drain: Drain | None = None) -> None:
        """Take a loop by its methods; one added after `start` starts at once.

        `run` works until it is cancelled; to return before a drain is to crash, and a crash must lose nothing.
        `drain` takes nothing new and returns when what is under way is done, or after the seconds it is given.
        """
        one = _Supervised(name, run, drain, self._restarts, self._jitter)
        self._loops.append(one)
        if self._is_running:
            one.start()

    async def start(self) -> None:
        """Start every loop, in the order they were added."""
        self._is_running = True
        for one in self._loops:
            one.start()
        self._watching = asyncio.create_task(self._watch(), name="readiness")

    @property
    def is_ready(self) -> bool:
        """Whether the loops run, and none crashes too often."""
        return self._is_running and not self.troubled()

    def troubled(self) -> list[str]:
        """Return the names of the loops that crash too often."""
        return [one.name for one in self._loops if one.is_troubled()]

    async def stop(self, deadline_s: float) -> None:
        """Drain all loops together for at most `deadline_s`, then cancel them; `CANCEL_S` more at worst.

        Loops without a drain run until the others are drained: they may be what those wait for.
        """
        self._is_running = False
        if self._watching is not None:
            self._watching.cancel()
        self._count_ready(0)
        await asyncio.gather(*(one.drain(deadline_s) for one in self._loops))
        await asyncio.gather(*(one.cancel() for one in self._loops))

    async def _watch(self) -> None:
        """Keep the gauge true without anybody asking `/ready`."""
        while True:
            self._count_ready(len(self._loops) - len(self.troubled()))
            await asyncio.sleep(LOOK_S)

    def _count_ready(self, ready: int) -> None:
        metrics.gauge_by("tellwire_loops_ready", ready - self._ready)
        self._ready = ready


class _Supervised:
    """One loop, its task and its latest crashes."""

    def __init__(
        self, name: str, run: Run, drain: Drain | None, restarts: Restarts, jitter: Callable[[], float]
    ) -> None:
        self.name = name
        self._run = run
        self._drain = drain
        self._restarts = restarts
        self._jitter = jitter
        self._crashed_at: deque[float] = deque(maxlen=restarts.crashes)
        self._in_a_row = 0
        self._is_draining = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run_on(), name=self.name)

    def is_troubled(self) -> bool:
        full = len(self._crashed_at) == self._restarts.crashes
        return full and _now() - self._crashed_at[-1] < self._restarts.window_s

    async def drain(self, deadline_s: float) -> None:
        self._is_draining = True
        if self._drain is None:
            return
        try:
            async with asyncio.timeout(deadline_s):
                await self._drain(deadline_s)
        except TimeoutError:
            log("loop.stopped", "warning", loop=self.name, reason="it was not drained in time")
        except Exception as error:  # noqa: BLE001 - whatever broke, the other loops are still to be ended
            log("loop.crashed", "error", loop=self.name, where="drain", error=error)

    async def cancel(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        _, unwilling = await asyncio.wait([self._task], timeout=CANCEL_S)
        if unwilling:
            log("loop.stopped", "error", loop=self.name, reason="it does not let itself be cancelled")

    async def _run_on(self) -> None:
        while True:
            began = _now()
            try:
                await self._run()
                if self._is_draining:
                    return
                self._note_crash(began, RuntimeError("it ended"))
            except Exception as error:  # noqa: BLE001 - the one broad except above every loop: it logs and counts
                self._note_crash(began, error)
            await asyncio.sleep(self._wait_s())

    def _note_crash(self, began: float, error: Exception) -> None:
        now = _now()
        if now - began >= self._restarts.window_s:
            self._in_a_row = 0
            self._crashed_at.clear()
        while self._crashed_at and now - self._crashed_at[0] >= self._restarts.window_s:
            self._crashed_at.popleft()
        self._in_a_row += 1
        self._crashed_at.append(now)
        metrics.count("tellwire_loop_crashes_total", loop=self.name)
        event: LogEvent = "loop.in_trouble" if self.is_troubled() else "loop.crashed"
        log(event, "error", loop=self.name, crashes=self._in_a_row, error=error)

    def _wait_s(self) -> float:
        wait = self._restarts.backoff.delay(self._in_a_row, self._jitter())
        return wait.total_seconds() if wait is not None else self._restarts.backoff.longest_s


def _now() -> float:
    return asyncio.get_running_loop().time()
