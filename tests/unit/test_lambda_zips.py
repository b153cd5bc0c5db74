"""The committed zips are what lambda_src makes, byte for byte."""

import ast
import io
import runpy
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = runpy.run_path(str(ROOT / "scripts" / "build_lambdas.py"))
ZIPS = BUILD["ZIPS"]


@pytest.mark.parametrize("name", ZIPS)
def test_is_current(name):
    assert BUILD["is_current"](name), f"{name} is not what lambda_src makes: make lambdas"


def test_every_committed_zip_is_built_here():
    found = {str(file.relative_to(ROOT)) for part in ("examples", "modules") for file in ROOT.glob(f"{part}/*/*.zip")}
    ours = {name for name in ZIPS if not name.startswith("tests/")}
    assert ours == found


@pytest.mark.parametrize("name", ZIPS)
def test_times_order_modes_and_contents(name):
    with zipfile.ZipFile(ROOT / name) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert all(entry.filename.endswith(".py") for entry in entries)


@pytest.mark.parametrize("name", ZIPS)
def test_needs_nothing_beyond_itself_the_standard_library_and_the_sdk(name):
    with zipfile.ZipFile(ROOT / name) as archive:
        sources = {each: archive.read(each).decode() for each in archive.namelist()}
    own = {each.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for each in sources}
    for file, source in sources.items():
        imported = set()
        for node in ast.walk(ast.parse(source, file)):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module)
        for module in imported:
            top = module.partition(".")[0]
            assert module in own or top in sys.stdlib_module_names or top in {"boto3", "botocore"}, (file, module)


def test_a_changed_source_is_found(tmp_path, monkeypatch):
    """Also when only its line ends differ it is not."""
    name = "examples/parallel-workflow/end.zip"
    files = ZIPS[name]
    built = BUILD["build"](files)
    with zipfile.ZipFile(io.BytesIO(built)) as archive:
        contents = {each: archive.read(each) for each in archive.namelist()}
    for each, source in files.items():
        target = tmp_path / "lambda_src" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents[each].replace(b"\n", b"\r\n"))
    monkeypatch.setitem(BUILD["build"].__globals__, "SOURCES", tmp_path / "lambda_src")
    assert BUILD["build"](files) == built
    (tmp_path / "lambda_src" / "end" / "handler.py").write_text("changed = True\n")
    assert BUILD["build"](files) != built


def test_check_fails_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(BUILD["main"].__globals__, "ROOT", tmp_path)
    assert BUILD["main"](["--check"]) == 1
    assert "make lambdas" in capsys.readouterr().err
