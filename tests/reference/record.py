"""Records anew what the real Velocity prints for the cases in tests/unit/velocity_cases.

    python -m tests.reference.record [--check]

Each file there is a list of {"name", "template", "variables", "expected"}; this program rewrites "expected", which is
null for a template that the real Velocity refuses. With --check it changes nothing, and says what would change.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from .velocity import RealVelocity, missing

CASES = Path(__file__).parent.parent / "unit" / "velocity_cases"


def main(arguments: list[str]) -> int:
    """Record every case; return how many are new or different."""
    if missing():
        print(f"the real Velocity is {missing()}")
        return 2
    changed = 0
    with tempfile.TemporaryDirectory() as directory, RealVelocity(Path(directory)) as velocity:
        for path in sorted(CASES.glob("*.json")):
            cases = json.loads(path.read_text(encoding="utf-8"))
            for case in cases:
                printed = velocity.render(case["template"], case["variables"])
                if case.get("expected", ...) != printed:
                    changed += 1
                    print(f"{path.name}: {case['name']}: {case.get('expected')!r} -> {printed!r}")
                    case["expected"] = printed
            if "--check" not in arguments:
                path.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{changed} changed")
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
