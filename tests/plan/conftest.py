"""Many module blocks in one plan: a plan costs seconds, whatever is in it."""

import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def configuration(tmp_path_factory):
    """Write a configuration with one block per case: name => arguments of the root module; return its directory."""

    def write(cases: dict[str, dict]) -> Path:
        directory = tmp_path_factory.mktemp("plan")
        shutil.copytree(ROOT / "modules", directory / "module" / "modules")
        for file in ROOT.glob("*.tf"):
            shutil.copy(file, directory / "module")
        blocks = {name: {"source": "./module", **escaped(arguments)} for name, arguments in cases.items()}
        outputs = {name: {"value": f"${{module.{name}}}"} for name in cases}
        (directory / "main.tf.json").write_text(json.dumps({"module": blocks, "output": outputs}))
        return directory

    return write


def escaped(value):
    """A JSON value as Terraform's JSON syntax takes it: ${ and %{ begin templates there."""
    if isinstance(value, dict):
        return {escaped(key): escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value.replace("${", "$${").replace("%{", "%%{") if isinstance(value, str) else value
