"""Measuring: each side in a process of its own, so that time and peak memory are its own."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Measure:
    seconds: float
    megabytes: float  # peak resident memory of the process
    result: Any = None


def _child(pipe: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    start = time.perf_counter()
    result = work(*arguments)
    seconds = time.perf_counter() - start
    pipe.send(Measure(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result))


def measured(work: Callable[..., Any], *arguments: Any) -> Measure:
    """Run in a fresh process. Work that wants its set-up left out returns {"seconds": …}."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(theirs, work, arguments))
    process.start()
    theirs.close()  # so that a child that dies is an EOFError here, not a wait for ever
    found: Measure = ours.recv()
    process.join()
    if isinstance(found.result, dict) and "seconds" in found.result:
        found.seconds = found.result["seconds"]
    return found


def report(what: str, ours: Measure, reference: Measure, bar: str, *, of: str) -> None:
    ratio = ours.seconds / reference.seconds
    print(f"{what}: {ours.seconds:.3f} s, {ours.megabytes:.0f} MiB | {of}: {reference.seconds:.3f} s, "
          f"{reference.megabytes:.0f} MiB | ratio {ratio:.2f} (bar {bar})")  # fmt: skip
