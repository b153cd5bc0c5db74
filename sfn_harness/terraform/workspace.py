"""Temporary copies of Terraform configurations, initialised once, so that nothing is written into a checkout."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sfn_harness.terraform.runner import Terraform

# Larger files are no part of a configuration; a Lambda function's zip can't be larger than this either.
MAX_FILE = 50 * 1024 * 1024

_SKIPPED_DIRECTORIES = frozenset({"__pycache__", "node_modules", "venv"})
_SKIPPED_ENDINGS = (".pyc", ".tfstate", ".tfstate.backup", ".log")
_REMOTE_STATE = re.compile(r'^\s*(backend\s+"|cloud\s*\{)', re.MULTILINE)
_LOCAL_SOURCE = re.compile(r'^\s*source\s*=\s*"(\.{1,2}/[^"]*)"', re.MULTILINE)
_VARIABLE = re.compile(r'^\s*variable\s+"?([\w-]+)"?\s*\{', re.MULTILINE)


@dataclass(frozen=True)
class Workspace:
    """A copy of a tree, initialised: `directory` is where Terraform runs; `digest` identifies the tree's contents."""

    directory: Path
    digest: str


@dataclass(frozen=True)
class Tree:
    """The files that a configuration needs: `files`, all under `root`; the configuration is in `root` / `inner`."""

    root: Path
    inner: Path
    files: tuple[Path, ...]

    def digest(self, suffix: str = "") -> str:
        """Return a digest of the names and contents of the files whose names end with `suffix`."""
        digest = hashlib.sha256(str(self.inner).encode())
        for file in self.files:
            if file.name.endswith(suffix):
                content = file.read_bytes()
                digest.update(f"{file.relative_to(self.root)}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()

    def copy(self, target: Path) -> None:
        """Copy the files to the new directory `target`."""
        target.mkdir(parents=True)
        for file in self.files:
            copy = target / file.relative_to(self.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copy)


def find_tree(directory: Path, root: Path | None = None) -> Tree:
    """Return what has to be copied for the configuration in `directory` to work elsewhere.

    That is all of the repository it is in (`root`, or what git has), because modules refer to one another and to
    sources of Lambda functions; where it is in none, itself and the local modules it calls.

    Raises:
        FileNotFoundError: there are no Terraform files in `directory`.

    """
    directory = directory.resolve()
    if not any((*directory.glob("*.tf"), *directory.glob("*.tf.json"), *directory.glob("*.tofu"))):
        raise FileNotFoundError(f"{directory} has no Terraform files")
    if root is None or not directory.is_relative_to(root.resolve()):
        root = next((each for each in (directory, *directory.parents) if (each / ".git").exists()), None)
    if root is not None:
        root = root.resolve()
        return Tree(root, directory.relative_to(root), tuple(tree_files(root)))
    parts = _with_local_modules(directory)
    root = Path(os.path.commonpath(parts))
    files = {file for part in parts for file in tree_files(part)}
    return Tree(root, directory.relative_to(root), tuple(sorted(files)))


def _with_local_modules(directory: Path) -> list[Path]:
    found = [directory]
    for each in found:
        for file in each.glob("*.tf"):
            for source in _LOCAL_SOURCE.findall(file.read_text(encoding="utf-8")):
                called = (each / source).resolve()
                if called.is_dir() and called not in found:
                    found.append(called)
    return found


class Workspaces:
    """Makes workspaces under `base`; the first of a directory is initialised, the others are copies of that.

    Args:
        base: an existing directory, of which the caller takes care.
        root: the repository; for a directory outside it see `find_tree`.
        plugins: where downloaded providers are kept, if they have to be downloaded.

    """

    def __init__(self, base: Path, root: Path, plugins: Path | None = None) -> None:
        self._base = base
        self._root = root.resolve()
        self._plugins = plugins
        self._templates: dict[tuple[str, str], Path] = {}
        self._made = 0

    def open(self, directory: Path, environment: Mapping[str, str]) -> Workspace:
        """Return a fresh workspace for `directory`.

        Raises:
            FileNotFoundError: there are no Terraform files in `directory`.
            TerraformError: `terraform init` failed.

        """
        tree = find_tree(directory, self._root)
        digest = tree.digest()
        key = (str(tree.root / tree.inner), digest)
        if key not in self._templates:
            template = self._next()
            tree.copy(template)
            initialise(template / tree.inner, environment, self._plugins)
            self._templates[key] = template
        fresh = self._next()
        # Links stay links: they are how Terraform refers to a provider of 600 MB.
        shutil.copytree(self._templates[key], fresh, symlinks=True)
        return Workspace(fresh / tree.inner, digest)

    def digest(self, directory: Path) -> str:
        """Return what identifies the contents that `open` would copy for `directory`."""
        return find_tree(directory, self._root).digest()

    def _next(self) -> Path:
        self._made += 1
        return self._base / str(self._made)


def initialise(directory: Path, environment: Mapping[str, str], plugins: Path | None = None) -> None:
    """Run `terraform init` in `directory`, with a state of its own even where the configuration names a remote one.

    Raises:
        TerraformError: it failed.

    """
    if any(_REMOTE_STATE.search(file.read_text(encoding="utf-8")) for file in directory.glob("*.tf")):
        keep_state_in(directory)
    environment = dict(environment)
    downloads = plugins and not environment.keys() & {"TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR"}
    if downloads:
        plugins.mkdir(parents=True, exist_ok=True)
        environment["TF_PLUGIN_CACHE_DIR"] = str(plugins)
    with _locked(plugins) if downloads else _unlocked():
        Terraform(directory, environment).init()


def keep_state_in(directory: Path, state: Path | None = None) -> None:
    """Make the configuration in `directory` keep its state in a file, by default the usual one, whatever it says."""
    path = f"    path = {json.dumps(str(state))}\n" if state else ""
    override = directory / "sfn_harness_override.tf"
    if state or not override.exists():
        override.write_text(f'terraform {{\n  backend "local" {{\n{path}  }}\n}}\n', encoding="utf-8")


def declared_variables(directory: Path) -> frozenset[str]:
    """Return the names of the variables that the configuration in `directory` declares."""
    texts = (file.read_text(encoding="utf-8") for file in directory.glob("*.tf"))
    return frozenset(name for text in texts for name in _VARIABLE.findall(text))


def tree_files(root: Path) -> Iterator[Path]:
    """Yield a source tree's files, sorted: no hidden ones, no virtual environments, no states, none over `MAX_FILE`."""
    for entry in sorted(root.iterdir()):
        name = entry.name
        if name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            if name not in _SKIPPED_DIRECTORIES and not (entry / "pyvenv.cfg").exists():
                yield from tree_files(entry)
        elif entry.is_file() and not name.endswith(_SKIPPED_ENDINGS) and entry.stat().st_size <= MAX_FILE:
            yield entry


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    # Terraform's plugin cache is not made for several inits at once.
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _unlocked() -> Iterator[None]:
    yield
