"""What the scripts share that write tables into the repository's Markdown files."""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def rewritten(file: Path, begin: str, end: str, made: str) -> str:
    """Return a file's text with what stands between two of its lines made anew.

    Raises:
        ValueError: it does not have the two lines.

    """
    before, first, rest = file.read_text(encoding="utf-8").partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"{file} needs the lines {begin} and {end}")
    return f"{before}{begin}\n\n{made}\n{end}{after}"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def settle(texts: Mapping[Path, str], *, check: bool, command: str) -> int:
    """Write files (file => its text), or only check them; return 0, or 1 when one that is checked has another text."""
    stale = [file for file, text in texts.items() if file.read_text(encoding="utf-8") != text]
    for file in stale:
        if check:
            print(f"{file.relative_to(ROOT)} is not current: run {command}", file=sys.stderr)
        else:
            file.write_text(texts[file], encoding="utf-8")
    return 1 if check and stale else 0
