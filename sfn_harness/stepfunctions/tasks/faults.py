"""How a service's refusal fails a task: the error's name, and the cause in the words of AWS's SDK for Java.

Optimized integrations use version 1 of that SDK, the SDK's integrations version 2, and so do refusals by the role's
policies. Recorded on AWS, localstack/localstack tests v4.14.0, v2/error_handling and v2/services: "... (Service:
AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ...; Proxy: null)" (2025-11-25), and
"... (Service: Sfn, Status Code: 400, Request ID: ...) (SDK Attempt Count: 1)" (2025-11-06).
"""

from __future__ import annotations

from dataclasses import dataclass

from sfn_harness.stepfunctions.errors import NotAssumableError, ServiceError, StateError
from sfn_harness.stepfunctions.tasks.models import exceptions, pascal, service_model

# No answer at all. Recorded 2023-06-22, v2/error_handling/test_task_service_sqs.
_UNREACHABLE = "SdkClientException"
_DENIED = frozenset(("AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"))


@dataclass(frozen=True, slots=True)
class Naming:
    """How an optimized integration names errors.

    Attributes:
        prefix: before the dot.
        service: as version 1 of the SDK calls the service, in causes and in the error that the model does not name.
        botocore: botocore's name of the service.

    """

    prefix: str
    service: str
    botocore: str

    @property
    def unnamed(self) -> str:
        """The exception of an error that the model does not name: ``AmazonDynamoDBException``."""
        return f"{self.service.removesuffix('v2')}Exception"


def _code(code: str) -> str:
    """Return an error's code without the namespaces that it may have."""
    return code.rpartition("#")[2].rpartition(".")[2]


def _refusal(error: ServiceError, service: str) -> str:
    """Return the cause of a refusal by the role's policies."""
    return f"{error.message} (Service: {service}, Status Code: {error.status}, Request ID: {error.request_id})"


def _modern(error: ServiceError, service: str) -> str:
    """Return a cause in the words of version 2."""
    more = f", Extended Request ID: {error.request_id}" if service == "S3" else ""
    ids = f"Request ID: {error.request_id}{more}"
    return f"{error.message} (Service: {service}, Status Code: {error.status}, {ids}) (SDK Attempt Count: 1)"


def optimized_fault(error: ServiceError, naming: Naming) -> StateError:
    """Return the error of a task of an optimized integration."""
    code = _code(error.code)
    if code == _UNREACHABLE:
        return StateError(f"{naming.prefix}.{code}", error.message)
    name = exceptions(naming.botocore).get(error.code) or exceptions(naming.botocore).get(code) or naming.unnamed
    if code in _DENIED:
        service = pascal(service_model(naming.botocore).metadata["serviceId"])
        return StateError(f"{naming.prefix}.{name}", _refusal(error, service))
    about = (
        f"(Service: {naming.service}; Status Code: {error.status}; Error Code: {code}; "
        f"Request ID: {error.request_id}; Proxy: null)"
    )
    return StateError(f"{naming.prefix}.{name}", f"{error.message} {about}")


def sdk_fault(error: ServiceError, botocore: str) -> StateError:
    """Return the error of a task of an integration of the SDK."""
    service = pascal(service_model(botocore).metadata["serviceId"])
    known = exceptions(botocore)
    code = _code(error.code)
    if code == _UNREACHABLE:
        return StateError(f"{service}.{code}", error.message)
    name = known.get(error.code) or known.get(code) or f"{service}Exception"
    if code in _DENIED:
        # S3's model has had a name for it only since it has annotations.
        return StateError(f"{service}.{'S3Exception' if service == 'S3' else name}", _refusal(error, service))
    return StateError(f"{service}.{name}", _modern(error, service))


def not_assumable(role_arn: str) -> StateError:
    """Return the error of a task whose role can't be assumed."""
    said = "The principal states.amazonaws.com is not authorized to assume the provided role."
    return StateError("States.TaskFailed", f"{said} (role: {role_arn})")


def state_error(error: ServiceError | NotAssumableError, naming: Naming, role_arn: str) -> StateError:
    """Return the error of a task of an optimized integration, whatever has refused it."""
    return not_assumable(role_arn) if isinstance(error, NotAssumableError) else optimized_fault(error, naming)
