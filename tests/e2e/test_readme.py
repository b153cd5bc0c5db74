"""Every block of code in the READMEs is run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
READMES = [README, *sorted(ROOT.glob("modules/*/README.md"))]


def blocks(readme: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", readme.read_text(), re.MULTILINE | re.DOTALL)


HCL = [(readme, block) for readme in READMES for block in blocks(readme, "hcl")]


@pytest.mark.parametrize(("readme", "block"), HCL, ids=[f"{r.parent.name}-{i}" for i, (r, _) in enumerate(HCL)])
def test_hcl_can_be_planned(plan, tmp_path, readme, block):
    shutil.copytree(ROOT / "modules", tmp_path / "module" / "modules")
    for file in [*ROOT.glob("*.tf")]:
        shutil.copy(file, tmp_path / "module")
    shutil.copy(ROOT / "examples" / "quickstart" / "orders.asl.json", tmp_path)
    assert 'source = "../../' in block
    (tmp_path / "main.tf").write_text(block.replace('source = "../../', 'source = "./module/'))
    plan(tmp_path, region="eu-west-1")


def test_the_first_block_is_the_quickstart():
    assert (ROOT / "examples" / "quickstart" / "main.tf").read_text().startswith(blocks(README, "hcl")[0].rstrip())


def test_it_opens_with_one_sentence_one_module_block_and_two_commands():
    languages = re.findall(r"^```(\w+)$", README.read_text(), re.MULTILINE)
    assert languages[:5] == ["hcl", "bash", "text", "bash", "text"]
    assert blocks(README, "bash")[:2] == ["make demo\n", "make test\n"]


def test_python_passes(tmp_path, sandbox):
    [block] = blocks(README, "python")
    (tmp_path / "test_block.py").write_text(block)
    command = [sys.executable, "-m", "pytest", "-q", f"--rootdir={ROOT}", f"--sandbox={sandbox.endpoint or 'aws'}"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-c", os.devnull, str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, timeout=600,
        env={**os.environ, "SFN_HARNESS_SECRET": sandbox.new_account().secret},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.local_only
def test_the_commands_of_the_harness_run(tmp_path):
    """In a copy of the tree, because a sandbox's state is kept in the working directory."""
    commands = blocks(README, "bash")[2]
    assert commands.count("sfn-harness") == 4
    for part in ("modules", "examples"):
        shutil.copytree(ROOT / part, tmp_path / part)
    for file in ROOT.glob("*.tf"):
        shutil.copy(file, tmp_path)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euc", commands], capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "invoke_urls" in done.stdout


def shape(text: str) -> list[str]:
    """What a run always prints: numbers, ids and times left out."""
    text = re.sub(r"(execution:[a-z]+:)[A-Za-z0-9_-]{15,}", r"\1ID", text)
    text = re.sub(r"execute-api/[0-9a-f]+", "execute-api/API", text)
    return [re.sub(r"\d[\d.:,TZ+-]*", "N", line).rstrip() for line in text.strip().splitlines()]


@pytest.mark.local_only
def test_the_demo_prints_what_the_readme_says(tmp_path):
    """In a directory of its own, so that another demo can run at the same time."""
    done = subprocess.run(
        [sys.executable, "-m", "sfn_harness", "demo"], capture_output=True, text=True, cwd=tmp_path, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert shape(done.stdout) == shape(blocks(README, "text")[0])


def test_the_error_is_json():
    for block in blocks(README, "json"):
        json.loads(block)


def test_the_tables_are_current():
    subprocess.run([sys.executable, ROOT / "scripts" / "readme_tables.py", "--check"], check=True)
