"""Finds the program that runs Terraform configurations."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

OVERRIDE = "SFN_HARNESS_TERRAFORM"


class TerraformNotFoundError(RuntimeError):
    """No program here can run a Terraform configuration; the message says what to install."""


def find_terraform(environ: Mapping[str, str] | None = None) -> str:
    """Return the absolute path of Terraform, OpenTofu or the library's script.

    ``SFN_HARNESS_TERRAFORM`` (a path, or a name on the PATH) goes first, then ``terraform`` and ``tofu`` on the PATH,
    then a ``terraform`` script beside this Python interpreter, which is where ``make`` puts it when it installs
    Terraform as a library.

    Raises:
        TerraformNotFoundError: nothing of that is there, or the override names something that is not.

    """
    environ = os.environ if environ is None else environ
    path = environ.get("PATH", os.defpath)
    override = environ.get(OVERRIDE)
    if override:
        found = shutil.which(override, path=path)
        if not found:
            raise TerraformNotFoundError(f"{OVERRIDE} is {override!r}, which is not a program that can be run")
        return str(Path(found).absolute())
    # An interpreter run by its path, without activating its virtual environment, does not have its scripts on the PATH.
    scripts = str(Path(sys.executable).parent)
    for name, where in (("terraform", path), ("tofu", path), ("terraform", scripts)):
        found = shutil.which(name, path=where)
        if found:
            return str(Path(found).absolute())
    raise TerraformNotFoundError(
        "neither terraform nor tofu is on the PATH. Install Terraform 1.5.7 or later "
        "(https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install/), "
        f"or set {OVERRIDE} to its path; `make .venv` in a checkout installs Terraform as a Python package instead"
    )
