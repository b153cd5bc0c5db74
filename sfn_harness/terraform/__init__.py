"""Terraform (or OpenTofu): finding it, its environment, its providers, running it."""

from sfn_harness.terraform.binary import TerraformNotFoundError, find_terraform
from sfn_harness.terraform.diagnostics import Diagnostic, TerraformError
from sfn_harness.terraform.environment import ambient_environment, sandbox_environment
from sfn_harness.terraform.mirror import Mirror, find_mirror
from sfn_harness.terraform.runner import Plan, Terraform
from sfn_harness.terraform.workspace import Workspaces

__all__ = [
    "Diagnostic",
    "Mirror",
    "Plan",
    "Terraform",
    "TerraformError",
    "TerraformNotFoundError",
    "Workspaces",
    "ambient_environment",
    "find_mirror",
    "find_terraform",
    "sandbox_environment",
]
