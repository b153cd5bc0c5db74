"""Apache Velocity 1.7, as Amazon API Gateway uses it for mapping templates.

    parse("Hello $name").render({"name": "world"})

tests/reference compares this package with the real Velocity.
"""

from .errors import MethodError, TemplateError
from .template import Template, parse
from .values import HostObject, java_method

__all__ = ["HostObject", "MethodError", "Template", "TemplateError", "java_method", "parse"]
