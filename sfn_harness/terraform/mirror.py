"""Finds a directory of unpacked or packed providers, so that `terraform init` needs no network."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "TF_PROVIDER_MIRROR"
AWS_PROVIDERS = ("registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws")


@dataclass(frozen=True)
class Mirror:
    """A directory that holds providers as ``host/namespace/type/...``, and which ones."""

    path: Path
    providers: tuple[str, ...]

    def cli_configuration(self) -> str:
        """Return a Terraform CLI configuration: these providers from here, every other from where it comes from."""
        names = ", ".join(_quoted(name) for name in self.providers)
        return (
            "provider_installation {\n"
            "  filesystem_mirror {\n"
            f"    path    = {_quoted(str(self.path))}\n"
            f"    include = [{names}]\n"
            "  }\n"
            "  direct {\n"
            f"    exclude = [{names}]\n"
            "  }\n"
            "}\n"
        )


def find_mirror(environ: Mapping[str, str] | None = None, opt: Path = Path("/opt")) -> Mirror | None:
    """Return the mirror to use, or None where providers are to be downloaded as usual.

    ``TF_PROVIDER_MIRROR`` decides alone when it is set: a directory, or nothing ("") for no mirror at all. Otherwise
    the first that holds the AWS provider wins: Terraform's implied mirror directories, then the directories in `opt`.

    Raises:
        FileNotFoundError: ``TF_PROVIDER_MIRROR`` names a directory that holds no provider.

    """
    environ = os.environ if environ is None else environ
    chosen = environ.get(VARIABLE)
    if chosen is not None:
        if not chosen:
            return None
        mirror = read_mirror(Path(chosen).expanduser())
        if mirror is None:
            raise FileNotFoundError(
                f"{VARIABLE} is {chosen!r}, which holds no provider: it needs a subdirectory such as {AWS_PROVIDERS[0]}"
            )
        return mirror
    for directory in (*_implied_directories(environ), *_subdirectories(opt)):
        mirror = read_mirror(directory)
        if mirror and any(name in mirror.providers for name in AWS_PROVIDERS):
            return mirror
    return None


def read_mirror(directory: Path) -> Mirror | None:
    """Return what `directory` holds as a mirror; None when it is no directory or holds no provider."""
    providers = [
        f"{host.name}/{namespace.name}/{kind.name}"
        for host in _subdirectories(directory)
        # A registry's host name has a dot; this keeps unrelated trees that are three levels deep out.
        if "." in host.name.strip(".")
        for namespace in _subdirectories(host)
        for kind in _subdirectories(namespace)
        if any(_entries(kind))
    ]
    return Mirror(directory.absolute(), tuple(providers)) if providers else None


def _implied_directories(environ: Mapping[str, str]) -> Iterable[Path]:
    home = environ.get("HOME")
    if home:
        yield Path(home, ".terraform.d", "plugins")
        yield Path(environ.get("XDG_DATA_HOME") or Path(home, ".local", "share"), "terraform", "plugins")
    for base in (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(os.pathsep):
        if base:
            yield Path(base, "terraform", "plugins")
    yield Path("/usr/local/share/terraform/plugins")
    yield Path("/usr/share/terraform/plugins")


def _subdirectories(directory: Path) -> list[Path]:
    return [entry for entry in _entries(directory) if entry.is_dir()]


def _entries(directory: Path) -> list[Path]:
    # A directory that may not be read is as good as none: it is only a place to look.
    try:
        return sorted(directory.iterdir())
    except OSError:
        return []


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
    return f'"{escaped}"'
