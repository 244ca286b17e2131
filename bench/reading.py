"""Reading plans: the two real ones, where they lie beside the project, and a long one. Bar: 0.5 s each."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured  # noqa: E402

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared/plans/two-plans.txt"
OWN = ROOT / "nongan/demo/data/plan.txt"
BAR = 0.5  # seconds


def read(name: str, text: str) -> dict[str, float]:
    from nongan.programme.rules.reading import read_file

    data = text.encode()
    start = time.perf_counter()
    found = read_file(name, data)
    return {"seconds": time.perf_counter() - start, "tasks": sum(len(plan.tasks) for plan in found.plans)}


if __name__ == "__main__":
    own = OWN.read_text(encoding="utf-8")
    sources = {"example plan": own, "ten example plans in one file": "\n\n".join([own] * 10)}
    if REAL.exists():
        sources["two real plans"] = REAL.read_text(encoding="utf-8")
    for what, text in sources.items():
        found = measured(read, "plan.txt", text)
        print(
            f"{what}: {len(text):,} characters, {found.result['tasks']} tasks, {found.seconds:.3f} s, "
            f"{found.megabytes:.0f} MiB | bar {BAR} s | ratio {found.seconds / BAR:.2f}"
        )
