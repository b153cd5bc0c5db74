"""Runs the real Velocity: compiles VelocityReference.java and keeps one process of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

# Where Debian's packages libvelocity..., libcommons-lang-java and libcommons-collections3-java put them.
JAR_DIRECTORY = Path("/usr/share/java")
JARS = [JAR_DIRECTORY / name for name in ("velocity-1.7.jar", "commons-lang.jar", "commons-collections3.jar")]
SOURCE = Path(__file__).with_name("VelocityReference.java")


def missing() -> str | None:
    """Say what keeps the real Velocity from running here; None when nothing does."""
    absent = [path.name for path in JARS if not path.exists()]
    absent += [program for program in ("java", "javac") if not shutil.which(program)]
    return f"not installed: {', '.join(absent)} (Debian: apt install velocity default-jdk-headless)" if absent else None


class RealVelocity:
    """The real Velocity, compiled into a directory; use it as a context manager."""

    def __init__(self, directory: Path) -> None:
        class_path = ":".join(str(path) for path in [*JARS, directory])
        subprocess.run(["javac", "-cp", class_path, "-d", str(directory), str(SOURCE)], check=True)
        self._process = subprocess.Popen(
            ["java", "-XX:TieredStopAtLevel=1", "-cp", class_path, "VelocityReference"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def render(self, template: str, variables: dict) -> str | None:
        """Return what the real Velocity prints, or None where it fails."""
        return self.answer(template, variables).get("output")

    def answer(self, template: str, variables: dict) -> dict[str, str]:
        """Return {"output": text} or {"error": text}."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"template": template, "variables": variables}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> RealVelocity:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)
