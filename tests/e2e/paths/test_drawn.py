"""Whatever two configurations are drawn: the second ends after the first where it ends when it is applied alone."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import settings

from sfn_harness.terraform.diagnostics import TerraformError
from tests.e2e.paths.drawn import PAIRS_OF_A_WALK, Pair, reduced, walk

FEW, MANY = 3, 200  # pairs of a run, and of a nightly one


def pytest_generate_tests(metafunc):
    """Give each walk a test, so that walks go on beside each other where there are several processes."""
    options = metafunc.config.option
    if options.pair:
        pairs = [tuple(json.loads(Path(file).read_text(encoding="utf-8"))) for file in options.pair]
        metafunc.parametrize("steps", [[pair] for pair in pairs], ids=[Path(file).name for file in options.pair])
        return
    nightly = settings.get_current_profile_name() == "nightly"
    wanted = options.pairs if options.pairs is not None else MANY if nightly else FEW
    walks = [
        pytest.param(range(first, min(first + PAIRS_OF_A_WALK, wanted)), id=f"walk{options.first_walk + index}")
        for index, first in enumerate(range(0, wanted, PAIRS_OF_A_WALK))
    ]
    metafunc.parametrize("steps", walks)


def test_a_walk(walker, steps, root, request, record_property):
    options = request.config.option
    if isinstance(steps, range):
        number = options.first_walk + steps.start // PAIRS_OF_A_WALK
        steps = walk(number)[: len(steps)]
    asked_for = options.pairs or options.pair or len(steps) > FEW
    failures: dict[frozenset[str], str] = {}
    for pair in steps:
        report = walker.step(*pair)
        record_property("pair", bool(report))
        if report and report.kinds() not in failures:
            # A pair takes some seconds and has some dozens of settings.
            file = kept(root, reduced(pair, same_kinds(walker, report)) if asked_for else pair)
            text = f"{report}\nThe pair; make paths PAIR={file} repeats it:\n{file.read_text(encoding='utf-8')}"
            failures[report.kinds()] = text
            record_property("wrong", f"{file}: {', '.join(sorted(report.kinds()))}")
    left = walker.finish()
    record_property("applies", walker.applies)
    assert not failures, "\n\n".join(failures.values())
    assert not left, str(left)


def same_kinds(walker, report):
    """Tell of a pair whether the same kinds of thing are wrong after it."""

    def still_wrong(*pair):
        try:
            return walker.step(*pair).kinds() == report.kinds()
        except TerraformError:
            return False  # One of the two is not valid by itself.

    return still_wrong


def kept(root: Path, pair: Pair) -> Path:
    """Write a pair to a file, by its contents, and return that."""
    text = json.dumps(pair, indent=2, sort_keys=True)
    file = root / ".sfn-harness" / "pairs" / f"{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
    return file
