"""What the plan makes of the values that are allowed, from one plan of many module blocks."""

import json
import re

import pytest

from .bad_values import DEFINITION, FUNCTION, MACHINE

OTHER = MACHINE + "-other"
POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"
LOG_DELIVERY = (
    "CreateLogDelivery",
    "DeleteLogDelivery",
    "DescribeLogGroups",
    "DescribeResourcePolicies",
    "GetLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "UpdateLogDelivery",
)
TRACING = ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")
CASES = {
    "defaults": {"name": "defaults", "state_machine": {"definition": DEFINITION}},
    "existing": {"name": "existing", "state_machine": {"arn": MACHINE}},
    "alias": {
        "name": "alias",
        "state_machine": {"arn": MACHINE + ":PROD"},
        "routes": {
            "POST /execution": {},
            "GET /execution/{name}": {"action": "DescribeExecution"},
        },
    },
    "china": {"name": "china", "state_machine": {"arn": MACHINE.replace("arn:aws:", "arn:aws-cn:")}},
    "express": {"name": "express", "state_machine": {"definition": DEFINITION, "type": "EXPRESS"}},
    "observed": {
        "name": "observed",
        "state_machine": {
            "definition": DEFINITION,
            "logging": {"level": "ALL", "include_execution_data": True, "retention_in_days": 7},
            "policy_statements": [
                {
                    "sid": "Charge",
                    "actions": ["lambda:InvokeFunction"],
                    "resources": ["arn:aws:lambda:::function:charge"],
                    "conditions": {"StringEquals": {"aws:ResourceTag/Team": ["orders"]}},
                }
            ],
            "tracing_enabled": True,
        },
        "stages": {
            "alpha": {
                "access_log": {"destination_arn": "arn:aws:logs:eu-west-1:111122223333:log-group:access"},
                "description": "first",
                "execution_log_level": "ERROR",
                "metrics_enabled": True,
                "throttling": {"burst_limit": 5, "rate_limit": 2.5},
                "tracing_enabled": True,
                "variables": {"color": "blue"},
            }
        },
        "tags": {"Team": "orders"},
        "description": "Orders by HTTP",
        "endpoint_type": "EDGE",
        "permissions_boundary": "arn:aws:iam::111122223333:policy/boundary",
    },
    "named": {
        "name": "named",
        "names": {"api": "Api", "invoke_role": "Invoke", "state_machine": "Machine", "state_machine_role": "Run"},
        "state_machine": {"definition": DEFINITION},
    },
    "routed": {
        "name": "routed",
        "state_machine": {"arn": MACHINE},
        "routes": {
            "POST /": {},
            "POST /1/2/3/4/5/6": {"input": "none", "execution_name": "generated", "timeout_milliseconds": 50},
            "PUT /1/{x}/3": {"input": "passthrough"},
            "ANY /named": {"execution_name": "$.order.items[0].id"},
            "GET /other/{name}": {"action": "DescribeExecution", "state_machine_arn": OTHER},
            "DELETE /other/{name}": {"action": "StopExecution", "state_machine_arn": OTHER},
            "PATCH /own": {
                "request_templates": {"text/plain": "{}"},
                "state_machine_arn": OTHER,
                "state_machine_type": "EXPRESS",
            },
        },
    },
    "functions": {
        "name": "functions",
        "state_machine": {"arn": MACHINE},
        "functions": {
            "architecture": "x86_64",
            "log_retention_in_days": 7,
            "waiter_memory_mb": 512,
            "waiter_reserved_concurrency": 10,
        },
        "routes": {
            "GET /execution/{name}": {"action": "DescribeExecution"},
            "POST /wait": {"wait": True},
            "POST /orders/{id}/wait": {"wait": True, "timeout_milliseconds": 6000},
            "POST /other/wait": {"wait": True, "state_machine_arn": OTHER},
            "POST /offload": {"offload": {}},
            "POST /offload/own": {
                "execution_name": "$.id",
                "offload": {"expire_after_days": 7, "force_destroy": True, "inline_max_bytes": 0},
                "state_machine_arn": OTHER,
            },
        },
        "permissions_boundary": "arn:aws:iam::111122223333:policy/boundary",
    },
    "guarded": {
        "name": "guarded",
        "state_machine": {"arn": MACHINE},
        "authorizers": {
            "token": {"type": "TOKEN", "function_arn": FUNCTION, "token_pattern": "^.+$", "ttl_seconds": 0},
            "query": {
                "type": "REQUEST",
                "function_arn": FUNCTION + ":PROD",
                "identity_sources": ["method.request.querystring.who", "context.identity.sourceIp"],
            },
            "pool": {"type": "COGNITO_USER_POOLS", "user_pool_arns": [POOL]},
            "idle": {"type": "TOKEN", "function_arn": FUNCTION + "-idle"},
        },
        "routes": {
            "POST /schema": {"body_schema": '{"type": ["object", "null"]}', "required_headers": ["X-Tenant"]},
            "POST /sche/ma": {"body_schema": "{}"},
            "POST /sche-ma": {"body_schema": "{}"},
            "POST /query": {"required_query_strings": ["page"], "authorization": "query"},
            "POST /token": {"authorization": "token", "api_key_required": True},
            "POST /pool": {"authorization": "pool", "authorization_scopes": ["orders/write"]},
            "POST /signed": {"authorization": "AWS_IAM"},
        },
    },
    "staged": {
        "name": "staged",
        "state_machine": {"arn": MACHINE},
        "routes": {"POST /execution": {}, "POST /own": {"state_machine_arn": OTHER + "-own"}},
        "stages": {"dev": {"state_machine_arn": OTHER}, "prod": {}},
    },
}
# A plan shows each method by itself with explicit resources, so all cases have them but those that say otherwise.
CASES = {name: {"engine": "resources", **case} for name, case in CASES.items()}
CASES["observed_openapi"] = {**CASES["observed"], "name": "observed-openapi", "engine": "openapi"}
CASES["undecided"] = {"name": "undecided", "state_machine": {"definition": DEFINITION}}


@pytest.fixture(scope="module")
def planned(plan, configuration):
    return plan(configuration(CASES))


API = "rest_api[0]"
STAGE = f"{API}.module.deployment.aws_api_gateway_stage.this"
METHOD_SETTINGS = f"{API}.module.deployment.aws_api_gateway_method_settings.this"


@pytest.fixture
def attributes(planned):
    """The attributes of one resource: its address below the case's module."""

    def get(case: str, address: str) -> dict:
        return planned.after(f"module.{case}.module.{address}")

    return get


@pytest.fixture
def addresses(planned):
    def get(case: str) -> list[str]:
        prefix = f"module.{case}.module."
        return sorted(
            address.removeprefix(prefix) for address in planned.resource_changes if address.startswith(prefix)
        )

    return get


def integration(attributes, case: str, route: str) -> dict:
    # Another name for a parameter is the same resource.
    key = re.sub(r"{[^}]*}", "{}", route)
    return attributes(case, f'rest_api[0].aws_api_gateway_integration.this["{key}"]')


def template(attributes, case: str, route: str, content_type: str = "application/json") -> str:
    return integration(attributes, case, route)["request_templates"][content_type]


class TestName:
    def test_it_is_the_prefix_of_every_name(self, attributes):
        assert attributes("defaults", "rest_api[0].aws_api_gateway_rest_api.this")["name"] == "defaults"
        assert attributes("defaults", "state_machine[0].aws_sfn_state_machine.this")["name"] == "defaults"
        assert attributes("defaults", "invoke_role.aws_iam_role.this")["name"].startswith("defaults-invoke-")
        assert attributes("defaults", "state_machine[0].aws_iam_role.execution")["name"].startswith("defaults-states-")

    def test_names_replace_it(self, attributes):
        assert attributes("named", "rest_api[0].aws_api_gateway_rest_api.this")["name"] == "Api"
        assert attributes("named", "invoke_role.aws_iam_role.this")["name"] == "Invoke"
        assert attributes("named", "state_machine[0].aws_sfn_state_machine.this")["name"] == "Machine"
        assert attributes("named", "state_machine[0].aws_iam_role.execution")["name"] == "Run"


def test_the_default_engine_makes_a_document(addresses):
    made = [address for address in addresses("undecided") if "aws_api_gateway" in address]
    assert made == [
        "openapi_api[0].aws_api_gateway_rest_api.this",
        "openapi_api[0].module.deployment.aws_api_gateway_deployment.this",
        'openapi_api[0].module.deployment.aws_api_gateway_stage.this["alpha"]',
    ]


class TestStateMachine:
    def test_a_definition_makes_one(self, attributes):
        made = attributes("defaults", "state_machine[0].aws_sfn_state_machine.this")
        assert (made["definition"], made["type"]) == (DEFINITION, "STANDARD")

    def test_an_arn_makes_none(self, addresses):
        assert not [address for address in addresses("existing") if address.startswith("state_machine")]

    def test_standard_logs_nothing_and_express_errors(self, attributes, addresses):
        assert "state_machine[0].aws_cloudwatch_log_group.this[0]" not in addresses("defaults")
        made = attributes("express", "state_machine[0].aws_sfn_state_machine.this")
        assert made["type"] == "EXPRESS"
        [logging] = made["logging_configuration"]
        assert (logging["level"], logging["include_execution_data"]) == ("ERROR", False)

    def test_logging_tracing_and_policy_statements(self, attributes):
        made = attributes("observed", "state_machine[0].aws_sfn_state_machine.this")
        [logging] = made["logging_configuration"]
        assert (logging["level"], logging["include_execution_data"]) == ("ALL", True)
        assert made["tracing_configuration"] == [{"enabled": True}]
        group = attributes("observed", "state_machine[0].aws_cloudwatch_log_group.this[0]")
        assert (group["name"], group["retention_in_days"]) == ("/aws/vendedlogs/states/observed", 7)
        policy = json.loads(attributes("observed", "state_machine[0].aws_iam_role_policy.execution[0]")["policy"])
        # No test sees what these two are for: the local sandbox delivers no logs and traces nothing. They are what the
        # CDK of AWS grants for the same settings; none of the actions takes a resource.
        assert policy["Statement"][:2] == [
            {"Sid": sid, "Effect": "Allow", "Action": [f"{service}:{name}" for name in names], "Resource": "*"}
            for sid, service, names in (("DeliverLogs", "logs", LOG_DELIVERY), ("Trace", "xray", TRACING))
        ]
        [charge] = policy["Statement"][2:]
        assert charge == {
            "Sid": "Charge",
            "Effect": "Allow",
            "Action": ["lambda:InvokeFunction"],
            "Resource": ["arn:aws:lambda:::function:charge"],
            "Condition": {"StringEquals": {"aws:ResourceTag/Team": ["orders"]}},
        }

    def test_without_any_of_them_the_role_has_no_policy(self, addresses):
        assert not [address for address in addresses("defaults") if "aws_iam_role_policy.execution" in address]

    def test_only_this_accounts_state_machines_may_use_the_role(self, attributes):
        role = attributes("defaults", "state_machine[0].aws_iam_role.execution")
        [statement] = json.loads(role["assume_role_policy"])["Statement"]
        assert statement["Principal"] == {"Service": "states.amazonaws.com"}
        assert set(statement["Condition"]) == {"ArnLike", "StringEquals"}


class TestRoutes:
    @pytest.mark.contract("route.default")
    def test_the_default_is_post_execution(self, addresses):
        assert 'rest_api[0].aws_api_gateway_method.this["POST /execution"]' in addresses("defaults")

    def test_the_resource_tree_has_every_path_once(self, attributes, addresses):
        tree = {
            address.split('"')[1]: attributes("routed", address)["path_part"]
            for address in addresses("routed")
            if ".aws_api_gateway_resource." in address
        }
        assert tree == {
            "/1": "1", "/1/2": "2", "/1/2/3": "3", "/1/2/3/4": "4", "/1/2/3/4/5": "5", "/1/2/3/4/5/6": "6",
            "/1/{}": "{x}", "/1/{}/3": "3",
            "/named": "named", "/other": "other", "/other/{}": "{name}", "/own": "own",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("route", "action"),
        [
            ("POST /", "StartExecution"),
            ("GET /other/{name}", "DescribeExecution"),
            ("DELETE /other/{name}", "StopExecution"),
        ],
    )
    def test_the_integration_calls_the_action(self, attributes, route, action):
        planned = integration(attributes, "routed", route)
        assert planned["uri"].startswith("arn:aws:apigateway:")
        assert planned["uri"].endswith(f":states:action/{action}")
        assert (planned["type"], planned["integration_http_method"]) == ("AWS", "POST")
        assert re.fullmatch(r"arn:aws:iam::\d{12}:\${stageVariables\.invokeRole}", planned["credentials"])
        assert planned["passthrough_behavior"] == "NEVER"

    def test_the_timeout(self, attributes):
        assert integration(attributes, "routed", "POST /1/2/3/4/5/6")["timeout_milliseconds"] == 50
        assert integration(attributes, "routed", "POST /")["timeout_milliseconds"] == 29000

    def test_the_input(self, attributes):
        assert "$util.escapeJavaScript($body)" in template(attributes, "routed", "POST /")
        assert '$executionInput = "{}"' in template(attributes, "routed", "POST /1/2/3/4/5/6")
        assert f'$machine = "{MACHINE}"' in template(attributes, "routed", "PUT /1/{x}/3")

    def test_the_name(self, attributes):
        assert "$executionName = $context.extendedRequestId.replaceAll(" in template(attributes, "routed", "POST /")
        assert '$executionName = ""' in template(attributes, "routed", "POST /1/2/3/4/5/6")
        assert "$!input.path('$.order.items[0].id')" in template(attributes, "routed", "ANY /named")

    @pytest.mark.contract("input.request_templates")
    def test_own_templates_replace_the_generated_ones(self, attributes):
        assert integration(attributes, "routed", "PATCH /own")["request_templates"] == {"text/plain": "{}"}

    @pytest.mark.contract("target.module", "target.route", "target.stage")
    def test_the_target(self, attributes):
        assert f'"stateMachineArn": "{MACHINE}"' in template(attributes, "existing", "POST /execution")
        assert f'$machine = "{OTHER}"' in template(attributes, "routed", "GET /other/{name}")
        assert '"stateMachineArn": "$stageVariables.stateMachineArn"' in template(
            attributes, "staged", "POST /execution"
        )
        assert f'"stateMachineArn": "{OTHER}-own"' in template(attributes, "staged", "POST /own")
        assert f'"stateMachineArn": "{MACHINE}:PROD"' in template(attributes, "alias", "POST /execution")


def method(attributes, route: str) -> dict:
    return attributes("guarded", f'rest_api[0].aws_api_gateway_method.this["{route}"]')


class TestRequestValidation:
    def test_every_content_type_of_the_route_has_the_model(self, attributes):
        assert method(attributes, "POST /schema")["request_models"] == {"application/json": "PostSchema"}
        model = attributes("guarded", 'rest_api[0].aws_api_gateway_model.this["POST /schema"]')
        assert (model["name"], json.loads(model["schema"])) == ("PostSchema", {"type": ["object", "null"]})

    def test_two_paths_of_the_same_words_have_two_models(self, attributes):
        names = {
            method(attributes, f"POST {path}")["request_models"]["application/json"]
            for path in ("/sche/ma", "/sche-ma")
        }
        assert len(names) == 2
        assert all(name.startswith("PostScheMa") and name.isalnum() for name in names)

    def test_required_parameters(self, attributes):
        assert method(attributes, "POST /schema")["request_parameters"] == {"method.request.header.X-Tenant": True}
        assert method(attributes, "POST /query")["request_parameters"] == {"method.request.querystring.page": True}

    def test_a_validator_for_each_kind_of_check(self, attributes, addresses):
        kinds = {
            address.split('"')[1]: (planned["validate_request_body"], planned["validate_request_parameters"])
            for address in addresses("guarded")
            if ".aws_api_gateway_request_validator." in address
            for planned in [attributes("guarded", address)]
        }
        assert kinds == {"body": (True, False), "parameters": (False, True), "body and parameters": (True, True)}

    def test_without_any_check_there_is_none(self, addresses):
        assert not [address for address in addresses("routed") if "request_validator" in address or "_model" in address]


class TestAuthorization:
    @pytest.mark.parametrize(
        ("route", "authorization"),
        [
            ("POST /token", "CUSTOM"),
            ("POST /query", "CUSTOM"),
            ("POST /pool", "COGNITO_USER_POOLS"),
            ("POST /signed", "AWS_IAM"),
            ("POST /schema", "NONE"),
        ],
    )
    def test_the_method_says_who_decides(self, attributes, route, authorization):
        assert method(attributes, route)["authorization"] == authorization

    def test_keys_and_scopes(self, attributes):
        assert method(attributes, "POST /token")["api_key_required"] is True
        assert method(attributes, "POST /query")["api_key_required"] is False
        assert method(attributes, "POST /pool")["authorization_scopes"] == ["orders/write"]

    def test_authorizers_that_a_route_names(self, attributes, addresses):
        made = {
            address.split('"')[1]: attributes("guarded", address)
            for address in addresses("guarded")
            if ".aws_api_gateway_authorizer." in address
        }
        assert set(made) == {"pool-cognito_user_pools", "query-request", "token-token"}
        assert {key: authorizer["name"] for key, authorizer in made.items()} == {key: key for key in made}
        token = made["token-token"]
        assert token["authorizer_uri"].endswith(f":lambda:path/2015-03-31/functions/{FUNCTION}/invocations")
        assert token["identity_validation_expression"] == "^.+$"
        assert token["authorizer_result_ttl_in_seconds"] == 0
        assert made["query-request"]["identity_source"] == "method.request.querystring.who,context.identity.sourceIp"
        assert made["pool-cognito_user_pools"]["provider_arns"] == [POOL]


class TestWait:
    def test_one_function_for_all_routes(self, attributes, addresses):
        waiter = attributes("functions", "execution_waiter[0].module.function.aws_lambda_function.this")
        assert (waiter["function_name"], waiter["memory_size"]) == ("functions-waiter", 512)
        assert waiter["reserved_concurrent_executions"] == 10
        assert (waiter["architectures"], waiter["timeout"]) == (["x86_64"], 29)
        assert waiter["environment"][0]["variables"] == {"MAX_WAIT_MILLISECONDS": "25000"}
        role = attributes("functions", "execution_waiter[0].module.function.aws_iam_role.this")
        assert role["permissions_boundary"] == "arn:aws:iam::111122223333:policy/boundary"
        assert not [address for address in addresses("routed") if "execution_waiter" in address]

    @pytest.mark.parametrize(
        ("route", "milliseconds", "segments"), [("POST /wait", 25000, 1), ("POST /orders/{id}/wait", 2000, 3)]
    )
    def test_how_long_and_where_to_ask(self, attributes, route, milliseconds, segments):
        text = template(attributes, "functions", route)
        assert f'"waitMilliseconds": {milliseconds},' in text
        assert f"replaceAll('(/[^/]*){{{segments}}}$', '')" in text
        assert "/execution/{name}" in text

    def test_nowhere_to_ask(self, attributes):
        assert '"location"' not in template(attributes, "functions", "POST /other/wait")


class TestOffload:
    def test_a_function_and_a_bucket_for_each_route(self, attributes, addresses):
        functions = {
            address.split('"')[1]: attributes("functions", address)
            for address in addresses("functions")
            if address.startswith("payload_offload") and address.endswith("aws_lambda_function.this")
        }
        assert set(functions) == {"POST /offload", "POST /offload/own"}
        assert len({function["function_name"] for function in functions.values()}) == 2

    def test_its_settings(self, attributes):
        own = 'payload_offload["POST /offload/own"].'
        assert attributes("functions", f"{own}aws_s3_bucket.this")["force_destroy"] is True
        [rule] = attributes("functions", f"{own}aws_s3_bucket_lifecycle_configuration.this")["rule"]
        assert rule["expiration"][0]["days"] == 7


class TestStages:
    def test_the_default_is_alpha(self, attributes):
        assert attributes("defaults", f'{STAGE}["alpha"]')["stage_name"] == "alpha"

    @pytest.mark.contract("target.stage")
    def test_a_stages_own_state_machine_is_its_variable_and_the_others_have_the_default(self, attributes):
        variables = {stage: attributes("staged", f'{STAGE}["{stage}"]')["variables"] for stage in ("dev", "prod")}
        role = {"invokeRole": f"role/{attributes('staged', 'invoke_role.aws_iam_role.this')['name']}"}
        assert variables == {"dev": {"stateMachineArn": OTHER, **role}, "prod": {"stateMachineArn": MACHINE, **role}}

    def test_without_one_there_is_no_variable(self, attributes):
        assert set(attributes("existing", f'{STAGE}["alpha"]')["variables"]) == {"invokeRole"}

    def test_its_settings(self, attributes):
        stage = attributes("observed", f'{STAGE}["alpha"]')
        assert (stage["description"], stage["xray_tracing_enabled"]) == ("first", True)
        assert stage["variables"]["color"] == "blue"
        [settings] = attributes("observed", f'{METHOD_SETTINGS}["alpha"]')["settings"]
        assert (settings["throttling_burst_limit"], settings["throttling_rate_limit"]) == (5, 2.5)
        assert (settings["logging_level"], settings["metrics_enabled"]) == ("ERROR", True)
        assert settings["data_trace_enabled"] is False

    @pytest.mark.contract("invariant.6", "name.request_id.log")
    @pytest.mark.parametrize(
        ("engine", "case", "api"),
        [("resources", "observed", "rest_api[0]"), ("openapi", "observed_openapi", "openapi_api[0]")],
    )
    def test_the_logs_say_nothing_of_body_and_headers(self, attributes, engine, case, api):
        stage = f"{api}.module.deployment.aws_api_gateway_stage.this"
        method_settings = f"{api}.module.deployment.aws_api_gateway_method_settings.this"
        [settings] = attributes(case, f'{method_settings}["alpha"]')["settings"]
        assert (settings["logging_level"], settings["data_trace_enabled"]) == ("ERROR", False)
        [log] = attributes(case, f'{stage}["alpha"]')["access_log_settings"]
        assert log["destination_arn"] == "arn:aws:logs:eu-west-1:111122223333:log-group:access"
        assert {"$context.extendedRequestId", "$context.requestId"} <= set(json.loads(log["format"]).values())
        assert not [name for name in ("header", "body", "authoriz", "apiKey") if name in log["format"]]

    def test_without_settings_there_are_none(self, addresses):
        assert not [address for address in addresses("defaults") if "method_settings" in address]


class TestTheRest:
    def test_tags_description_endpoint_and_boundary(self, attributes):
        api = attributes("observed", "rest_api[0].aws_api_gateway_rest_api.this")
        assert (api["tags"], api["description"]) == ({"Team": "orders"}, "Orders by HTTP")
        assert api["endpoint_configuration"][0]["types"] == ["EDGE"]
        for role in ("invoke_role.aws_iam_role.this", "state_machine[0].aws_iam_role.execution"):
            assert attributes("observed", role)["permissions_boundary"] == "arn:aws:iam::111122223333:policy/boundary"
            assert attributes("observed", role)["tags"] == {"Team": "orders"}


class TestPermissions:
    def statements(self, attributes, case: str) -> dict[str, list[str]]:
        policy = json.loads(attributes(case, "invoke_role.aws_iam_role_policy.this")["policy"])
        assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}
        return {action: statement["Resource"] for statement in policy["Statement"] for action in statement["Action"]}

    def test_actions_on_the_same_resources_share_a_statement(self, attributes):
        policy = json.loads(attributes("routed", "invoke_role.aws_iam_role_policy.this")["policy"])
        assert sorted(statement["Action"] for statement in policy["Statement"]) == [
            ["states:DescribeExecution", "states:StopExecution"],
            ["states:StartExecution"],
        ]

    @pytest.mark.contract("invariant.1.exact")
    def test_each_action_on_its_targets(self, attributes):
        executions = OTHER.replace(":stateMachine:", ":execution:") + ":*"
        assert self.statements(attributes, "routed") == {
            "states:StartExecution": [MACHINE, OTHER],
            "states:DescribeExecution": [executions],
            "states:StopExecution": [executions],
        }

    def test_the_functions_of_authorizers_that_a_route_names(self, attributes):
        assert set(self.statements(attributes, "guarded")["lambda:InvokeFunction"]) == {FUNCTION, FUNCTION + ":PROD"}

    @pytest.mark.contract("invariant.1.exact")
    def test_every_stages_target(self, attributes):
        assert self.statements(attributes, "staged") == {"states:StartExecution": [OTHER, MACHINE, OTHER + "-own"]}

    def test_iam_knows_state_machines_without_their_alias(self, attributes):
        """https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html."""
        assert self.statements(attributes, "alias") == {
            "states:StartExecution": [MACHINE],
            "states:DescribeExecution": [MACHINE.replace(":stateMachine:", ":execution:") + ":*"],
        }

    def test_another_partition_stays_the_arns(self, attributes):
        assert self.statements(attributes, "china") == {
            "states:StartExecution": [MACHINE.replace("arn:aws:", "arn:aws-cn:")]
        }


@pytest.mark.parametrize(("region", "partition"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
def test_region_and_partition_are_the_providers(plan, configuration, region, partition):
    planned = plan(configuration({"elsewhere": CASES["defaults"]}), region=region)
    module = "module.elsewhere.module."
    uri = planned.after(f'{module}rest_api[0].aws_api_gateway_integration.this["POST /execution"]')["uri"]
    assert uri == f"arn:{partition}:apigateway:{region}:states:action/StartExecution"
    trust = planned.after(f"{module}state_machine[0].aws_iam_role.execution")["assume_role_policy"]
    assert f"arn:{partition}:states:{region}:" in trust
    assert planned.after(f"{module}invoke_role.aws_iam_role.this")["name"] == f"defaults-invoke-{region}"
