"""docs/contract.md: every row is proved, for both engines, and its table says by which tests."""

import subprocess
import sys
from pathlib import Path

import contract_table
import pytest
from contract_table import Proof

pytestmark = pytest.mark.slow


ROOT = Path(__file__).parents[2]
ROWS = [("input.body", "It is the body."), ("route.any_length", "As long as you like.")]
BOTH, NONE = {"resources", "openapi"}, set()
TEST = "tests/e2e/test_it.py::test_it"


@pytest.fixture(autouse=True)
def exceptions(monkeypatch):
    """What the rows above may do without."""
    monkeypatch.setattr(contract_table, "NOT_BY_ENGINE", {"route.any_length": "of one"})


def problems(rows=ROWS, **changes) -> list[str]:
    proofs = {"input.body": Proof({TEST}, BOTH), "route.any_length": Proof({TEST}, NONE)}
    changed = {name.replace("__", "."): proof for name, proof in changes.items()}
    return contract_table.problems(rows, {name: proof for name, proof in {**proofs, **changed}.items() if proof})


def test_it_is_current_and_every_row_is_proved():
    """Of the repository itself, as the script says it."""
    command = [sys.executable, ROOT / "scripts" / "contract_table.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_wrong():
    assert problems() == []


@pytest.mark.parametrize("row", ["input.body", "route.any_length"])
def test_a_row_without_a_test(row):
    assert problems(**{row.replace(".", "__"): None}) == [f"{row}: no test is marked with it"]


@pytest.mark.parametrize("engine", contract_table.ENGINES)
def test_a_row_for_one_engine(engine):
    [problem] = problems(input__body=Proof({TEST}, BOTH - {engine}))
    assert problem == f'input.body: no test of it is run for engine = "{engine}"'


def test_a_marker_that_names_no_row():
    [problem] = problems(input__bodies=Proof({TEST}, BOTH))
    assert problem == f"input.bodies: no row has this name, but a marker of {TEST}"


def test_two_rows_of_one_name():
    assert problems(rows=[*ROWS, ROWS[0]]) == ["input.body: there are 2 rows of this name"]


def test_an_exception_for_a_row_that_there_is_not():
    assert problems(rows=ROWS[:1], route__any_length=None) == [
        "route.any_length: no row has this name, but an exception"
    ]


def test_rows_are_read_from_every_table_but_the_generated_one():
    text = "| row | promise |\n| --- | --- |\n| `a.b` | One. |\n\nMore:\n\n| `c` | Two | too. |\n"
    text += f"{contract_table.BEGIN}\n| `d` | x |\n"
    assert contract_table.rows_of(text) == [("a.b", "One."), ("c", "Two | too.")]


def test_the_table_says_what_proves_a_row():
    proofs = {"input.body": Proof({TEST, "tests/e2e/test_it.py::TestMore::test_that"}, BOTH)}
    assert contract_table.coverage(ROWS, proofs).splitlines()[2:] == [
        "| `input.body` | It is the body. | [test_it.py](../tests/e2e/test_it.py) `TestMore.test_that`, `test_it` | "
        "resources, openapi |",
        "| `route.any_length` | As long as you like. |  | of one |",
    ]


def test_markers_are_read_from_functions_classes_and_parameters(tmp_path):
    (tmp_path / "test_it.py").write_text("""
import pytest

@pytest.fixture(params=["resources", pytest.param("openapi", marks=pytest.mark.contract("of.parameter"))])
def engine(request):
    return request.param

@pytest.mark.contract("of.class")
class TestIt:
    @pytest.mark.contract("of.function", "of.both")
    def test_it(self, engine):
        raise AssertionError("it was run")

    @pytest.mark.contract("of.both")
    def test_other(self):
        pass

@pytest.mark.skip
@pytest.mark.contract("of.skipped")
def test_skipped(engine):
    pass
""")
    code = f"""
import contract_table, pathlib
contract_table.ROOT, contract_table.SUITES = pathlib.Path({str(tmp_path)!r}), ["."]
for row, proof in sorted(contract_table.collected().items()):
    print(row, *sorted(test.rpartition("::")[2] for test in proof.tests), *sorted(proof.engines))
"""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = contract\n")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "scripts", timeout=300
    )
    assert done.stdout.splitlines() == [
        "of.both test_it test_other openapi resources",
        "of.class test_it test_other openapi resources",
        "of.function test_it openapi resources",
        "of.parameter test_it openapi",
    ], done.stderr


def test_what_can_not_be_collected_is_said():
    code = "import contract_table; contract_table.SUITES = ['tests/none']; contract_table.collected()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT / "scripts", timeout=300
    )
    assert done.returncode == 1
    assert "tests/none" in done.stderr
