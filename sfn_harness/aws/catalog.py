"""AWS's services and operations by botocore's models, found by the names that AWS's SDK for Java gives them."""

from __future__ import annotations

from functools import lru_cache

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

# Names in resources that are not botocore's name without its hyphens: the service id of the model, as one word.
_BOTOCORE_NAMES = {
    "applicationdiscoveryservice": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "databasemigration": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "elasticsearch": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelbuilding": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntime": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}


@lru_cache(maxsize=1)
def _loader() -> Loader:
    return Loader()


@lru_cache(maxsize=1)
def _names_without_hyphens() -> dict[str, str]:
    return {name.replace("-", ""): name for name in _loader().list_available_services("service-2")}


def botocore_name(service: str) -> str | None:
    """Return botocore's name of a service as resources name it: ``events`` for ``eventbridge``; None: unknown."""
    return _BOTOCORE_NAMES.get(service) or _names_without_hyphens().get(service.replace("-", ""))


@lru_cache(maxsize=64)
def service_model(name: str) -> ServiceModel:
    """Return the model of a service by botocore's name. Raises UnknownServiceError."""
    return ServiceModel(_loader().load_service_model(name, "service-2"), name)


@lru_cache(maxsize=1024)
def operation_model(service: str, action: str) -> OperationModel | None:
    """Return an operation by botocore's name of the service and the action as resources name it (``putItem``)."""
    try:
        model = service_model(service)
    except UnknownServiceError:
        return None
    name = action[:1].upper() + action[1:]
    if name in model.operation_names:
        return model.operation_model(name)
    wanted = action.lower()  # listHsms is ListHSMs
    return next((model.operation_model(known) for known in model.operation_names if known.lower() == wanted), None)
