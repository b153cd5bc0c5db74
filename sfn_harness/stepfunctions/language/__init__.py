"""The Amazon States Language: a definition is parsed once into a typed tree, and checked."""

from sfn_harness.stepfunctions.language.diagnostics import DefinitionError, Diagnostic
from sfn_harness.stepfunctions.language.parser import examine, parse, parse_state

__all__ = ["DefinitionError", "Diagnostic", "examine", "parse", "parse_state"]
