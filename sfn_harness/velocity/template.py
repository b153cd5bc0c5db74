"""The template as its user sees it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .context import Context, Runtime
from .directives import MacroDefinition
from .errors import Break, Stop, TemplateError
from .nodes import Settings
from .parser import parse_nodes


class Template:
    """A parsed Velocity 1.7 template, as Amazon API Gateway runs it; rendering it leaves it as it is.

    `print_undefined=True` makes it stock Velocity in the three things API Gateway does otherwise: an undefined
    reference prints as its source instead of nothing, #foreach has no limit instead of 1,000 rounds (the quota
    "Iterations in a #foreach loop", in "Amazon API Gateway quotas" for REST APIs), and a null is not equal to "".
    On AWS it is (recorded 2025-06-18, localstack, test_apigateway_common.snapshot.json:
    test_input_path_template_formatting).

    Raises TemplateError for a source that is no template.
    """

    __slots__ = ("_macros", "_nodes", "_settings", "source")

    def __init__(self, source: str, *, print_undefined: bool = False) -> None:
        self.source = source
        self._settings = Settings(print_undefined, None if print_undefined else 1000, not print_undefined)
        self._macros: dict[str, MacroDefinition] = {}
        self._nodes = parse_nodes(source, self._macros)

    def render(self, variables: Mapping[str, object]) -> str:
        """Return what the template prints with these variables.

        The mapping itself stays as it is; what its values refer to (lists, dicts) changes where the template changes
        them. Values are None, str, bool, int, float, Decimal, list, dict and HostObject. Raises TemplateError when
        the template fails: a Java method that would throw, macros that call themselves without end.
        """
        context = Context(variables, Runtime(self._settings, self._macros))
        out: list[str] = []
        write = out.append
        try:
            for node in self._nodes:
                node.render(context, write)
        except (Stop, Break):
            pass
        except TemplateError:
            raise
        except RecursionError:
            raise TemplateError("the template goes round in circles: what it prints contains itself") from None
        except Exception as error:
            raise TemplateError(f"the template failed: {type(error).__name__}: {error}") from error
        return "".join(out)


@lru_cache(maxsize=1024)
def parse(source: str) -> Template:
    """Return the template for a source, as API Gateway runs it; the last 1,024 are kept. Raises TemplateError."""
    return Template(source)
