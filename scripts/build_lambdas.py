"""Builds the zip of every Lambda function from `lambda_src`, byte for byte the same on every machine.

Run it as `python scripts/build_lambdas.py`; with `--check` it writes nothing and fails when a zip is not current.
"""

import argparse
import sys
import zipfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "lambda_src"
SHARED = {f"shared/{name}.py": f"shared/{name}.py" for name in ("__init__", "answers", "executions", "log")}
LOG_ONLY = {name: SHARED[name] for name in ("shared/__init__.py", "shared/log.py")}

# Zip, from the repository's root => name in the zip => source, from lambda_src.
ZIPS: dict[str, dict[str, str]] = {
    "modules/execution_waiter/execution_waiter.zip": {"handler.py": "execution_waiter/handler.py", **SHARED},
    "modules/notifications/notifications.zip": {
        **{
            f"{name}.py": f"notifications/{name}.py"
            for name in ("connections", "executions", "main", "notifier", "subscriptions")
        },
        **LOG_ONLY,
    },
    "modules/payload_offload/payload_offload.zip": {"handler.py": "payload_offload/handler.py", **SHARED},
    **{
        f"examples/parallel-workflow/{name}.zip": {"handler.py": f"{name}/handler.py", **LOG_ONLY}
        for name in ("start", "wait", "end")
    },
    # Authorizers and a task function as a user would write them, for the tests.
    "tests/e2e/configurations/guarded/authorize.zip": {
        "authorize.py": "../tests/e2e/configurations/guarded/authorize.py",
    },
    "tests/e2e/configurations/paths/authorize.zip": {
        "authorize.py": "../tests/e2e/configurations/paths/authorize.py",
    },
    "tests/e2e/configurations/notifications/authorize.zip": {
        "authorize.py": "../tests/e2e/configurations/notifications/authorize.py",
    },
    "tests/e2e/configurations/lambda_offload/read_payload.zip": {
        "handler.py": "../tests/e2e/configurations/lambda_offload/read_payload.py",
        "payload_reader.py": "payload_reader/payload_reader.py",
    },
}

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_MODE = 0o100644 << 16  # a file that everybody may read: Lambda runs as another user than who wrote it


def main(arguments: list[str] | None = None) -> int:
    """Write or check every zip; return 0, or 1 when `--check` found one that is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a zip is not current")
    options = parser.parse_args(arguments)
    stale = [name for name in ZIPS if not is_current(name)]
    for name in stale:
        if options.check:
            print(f"{name} is not current: run make lambdas", file=sys.stderr)
        else:
            (ROOT / name).write_bytes(build(ZIPS[name]))
    return 1 if options.check and stale else 0


def is_current(name: str) -> bool:
    """Whether the zip `name`, from the repository's root, is what its sources make."""
    file = ROOT / name
    return file.is_file() and file.read_bytes() == build(ZIPS[name])


def build(files: dict[str, str]) -> bytes:
    """Return a zip of `files`: name in the zip => source, from lambda_src.

    Not compressed: what a compressor writes differs between versions of zlib, and these are a few kilobytes.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, wherever it is built: only then does the mode count
            entry.external_attr = _MODE
            # Line ends as in the repository, also where a checkout changed them.
            archive.writestr(entry, (SOURCES / files[name]).read_bytes().replace(b"\r\n", b"\n"))
    return buffer.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
