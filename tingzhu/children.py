"""Child processes that do not outlive their parent."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    output: IO[bytes] | None = None,
    errors: IO[bytes] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    user: int | None = None,
    group: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own, so that Ctrl-C reaches the parent alone.

    On Linux the kernel sends `death_signal` when the thread that called this ends, by kill -9 too: call it from the
    main thread. `output` and `errors` take what it writes; None lets it write to ours.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        env=dict(environment),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=_die_with_parent(death_signal, os.getpid()),
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def follow_parent() -> None:
    """Have this process killed as soon as its parent is gone; for a child that `multiprocessing` started.

    A parent that is gone already is noticed too: the child knows whose it was.
    """
    parent = multiprocessing.parent_process()
    expected = os.getppid() if parent is None or parent.pid is None else parent.pid
    if (ask_kernel := _die_with_parent(signal.SIGKILL, expected)) is not None:
        ask_kernel()


def stop(child: "subprocess.Popen[bytes]", signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait its seconds, until the child has ended; killed in the end in any case."""
    for number, patience in signals:
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return
    child.kill()
    child.wait()


def _die_with_parent(death_signal: signal.Signals, parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: nothing may be loaded after it

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask_kernel
