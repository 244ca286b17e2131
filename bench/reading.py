"""Reading plans: the two real ones, where they lie beside the project, and a long one. Bar: 0.5 s each.

Then texts of one piece over and over, 20,000 and 80,000 characters: the time must grow with the length only. Bar: a
ratio of 6 where the longer one takes longer than 0.2 s (4 is linear; 16 quadratic).
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from bench.measure import measured  # noqa: E402

ROOT = Path(__file__).parent.parent
REAL = ROOT.parent / "shared/plans/two-plans.txt"
OWN = ROOT / "nongan/demo/data/plan.txt"
BAR = 0.5  # seconds
RATIO = 6
SHORT, LONG = 20_000, 80_000  # characters
PIECES = (
    "(", "一、", "1.", "责任单位：", "98%", "\n", " ", "《", "根据", "以下任务均需", "20XX年", "、", "方案\n", "附件：",
    "a   ", "由", "由市农业局牵头", "全覆盖", "组长：\n", "其中", "O", "l", "第一条 ", "1 目标\n", "责任单位  ", "|",
    "甲\t",     "序号\n任务\n责任单位\n1\n", "市农业局、", "负责", "2024年6月", "①", "——", "【责任单位】", "首位为牵头",
    "（一）工作。（责任单位：市农业局）\n", "1.抽检合格率98%以上。\n",
)  # fmt: skip


def read(name: str, text: str) -> dict[str, float]:
    from nongan.programme.rules.reading import read_file

    data = text.encode()
    start = time.process_time()  # others may work on the machine
    found = read_file(name, data)
    return {"seconds": time.process_time() - start, "tasks": sum(len(plan.tasks) for plan in found.plans)}


def growth() -> None:
    for piece in PIECES:
        short, long = (
            min(read("a.txt", "方案" + piece * (n // len(piece)))["seconds"] for _try in range(2))
            for n in (SHORT, LONG)
        )
        over = long > 0.2 and long > RATIO * short
        print(
            f"{piece!r} over and over: {short:.3f} s, {long:.3f} s | ratio {long / short:.1f}{' OVER' if over else ''}"
        )


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
    growth()
