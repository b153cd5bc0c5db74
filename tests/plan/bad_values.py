"""Module blocks with one wrong value each, and a part of the error that the plan must answer with.

Shape: name => (arguments of the root module, beside a working `name` and `state_machine`; part of the error). The
values are all different, so that each error can be told from the others in the output of one plan.
"""

MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:existing"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:authorize"
DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'


def route(key: str, **settings) -> dict:
    return {"routes": {key: settings}}


# Refused by the root module's own variables: `terraform validate` finds these, without credentials.
FOUND_BY_VALIDATE = {
    "name with a space": ({"name": "bad name"}, "name must be 1 to 40 characters of A-Z a-z 0-9 - _"),
    "name that starts with a digit": ({"name": "9lives"}, "name must be 1 to 40 characters of A-Z a-z 0-9 - _"),
    "name too long": ({"name": "n" * 41}, "name must be 1 to 40 characters of A-Z a-z 0-9 - _"),
    "an unknown engine": ({"engine": "steam"}, 'engine is "steam". Write "resources" or "openapi".'),
}

# Refused by the modules that the root module is made of: a plan finds these.
FOUND_BY_PLAN = {
    "both definition and arn": (
        {"state_machine": {"definition": DEFINITION, "arn": MACHINE}},
        "state_machine needs definition, from which the module makes it, or arn, of one that exists, and not both.",
    ),
    "neither definition nor arn": (
        {"state_machine": {"type": "STANDARD"}},
        "state_machine needs definition, from which the module makes it, or arn, of one that exists, and not both.",
    ),
    "an arn that is none": (
        {"state_machine": {"arn": "just-a-name"}},
        'state_machine.arn is "just-a-name", which is not a state machine\'s ARN. Write arn:<partition>:states:',
    ),
    "an execution's arn": (
        {"state_machine": {"arn": "arn:aws:states:eu-west-1:111122223333:execution:a:b"}},
        'state_machine.arn is "arn:aws:states:eu-west-1:111122223333:execution:a:b", which is not a state',
    ),
    "an unknown type": (
        {"state_machine": {"arn": MACHINE, "type": "FAST"}},
        'state_machine.type is "FAST". Write "STANDARD" or "EXPRESS".',
    ),
    "a stage's arn that is none": (
        {"stages": {"prod": {"state_machine_arn": "prod-machine"}}},
        'stages["prod"].state_machine_arn is "prod-machine", which is not a state machine\'s ARN',
    ),
    "the module's own stage variable": (
        {"stages": {"prod": {"variables": {"stateMachineArn": "x"}}}},
        "the stage variable stateMachineArn is the module's own. Write state_machine_arn = ... on the stage instead",
    ),
    "a definition that is not JSON": (
        {"state_machine": {"definition": "StartAt: A"}},
        "definition is not JSON. Pass the text of an Amazon States Language document",
    ),
    "a definition without StartAt": (
        {"state_machine": {"definition": '{"States": {"A": {}}}'}},
        "definition has no StartAt or no States",
    ),
    "a definition without States": (
        {"state_machine": {"definition": '{"StartAt": "A"}'}},
        "definition has no StartAt or no States",
    ),
    "a definition that starts nowhere": (
        {"state_machine": {"definition": '{"StartAt": "B", "States": {"A": {}}}'}},
        "definition: StartAt names no state",
    ),
    "an unknown log level": (
        {"state_machine": {"definition": DEFINITION, "logging": {"level": "LOUD"}}},
        "logging.level must be OFF, ERROR, FATAL or ALL",
    ),
    "an unknown effect": (
        {
            "state_machine": {
                "definition": DEFINITION,
                "policy_statements": [{"actions": ["s3:GetObject"], "resources": ["*"], "effect": "Maybe"}],
            }
        },
        "policy_statements: effect must be Allow or Deny",
    ),
    "a misspelt setting of a route": (
        route("POST /misspelt", authorisation="AWS_IAM"),
        'routes["POST /misspelt"] has no setting "authorisation". Write authorization or authorization_scopes.',
    ),
    "a route that is null": (
        {"routes": {"POST /null": None}},
        'routes: "POST /null" is null. Write its settings, or leave it out.',
    ),
    "no routes": ({"routes": {}}, "routes is empty, and an API needs a method."),
    "a route without a method": (
        route("/no-method"),
        '"/no-method" is not "<METHOD> <path>", a method in capitals and a path of letters',
    ),
    "a route without a path": (route("POST no-slash"), '"POST no-slash" is not "<METHOD> <path>"'),
    "a lower-case method": (route("post /lower"), '"post /lower" is not "<METHOD> <path>"'),
    "an unknown method": (route("FETCH /unknown"), '"FETCH /unknown" is not "<METHOD> <path>"'),
    "a slash at the end": (route("POST /slash/"), '"POST /slash/" is not "<METHOD> <path>"'),
    "two spaces": (route("POST  /spaces"), '"POST  /spaces" is not "<METHOD> <path>"'),
    "half a parameter": (route("POST /x{half}"), '"POST /x{half}" is not "<METHOD> <path>"'),
    "seven segments": (
        {"engine": "resources", **route("POST /1/2/3/4/5/6/7")},
        '"POST /1/2/3/4/5/6/7" has more than six path segments. Shorten the path',
    ),
    "an OPTIONS route of explicit resources": (
        {"engine": "resources", **route("OPTIONS /own")},
        '"OPTIONS /own": with explicit resources OPTIONS is the preflight',
    ),
    "a role that no stage variable can name": (
        {"engine": "resources", "names": {"invoke_role": "plus+role"}},
        ':role/plus+role", and a stage variable, which names the role, holds no other characters than',
    ),
    "a stage variable of the module's": (
        {"engine": "resources", "stages": {"alpha": {"variables": {"invokeRole": "mine"}}}},
        "stages: the stage variable invokeRole is this module's own",
    ),
    "a policy that could not be changed": (
        {"routes": {f"POST /{n}": {"state_machine_arn": f"{MACHINE}-{n:03}"} for n in range(80)}},
        "5,120 is the most that can be changed later",
    ),
    "two names for one parameter": (
        {"routes": {"POST /p/{one}": {}, "PUT /p/{two}": {}}},
        "/p/{one} and /p/{two} differ in the name of one parameter, and API Gateway takes one name in one place",
    ),
    "an unknown action": (
        route("POST /action", action="RunExecution"),
        '"POST /action" has the action "RunExecution". Write DescribeExecution, GetExecutionHistory,',
    ),
    "a schema that is no JSON": (
        route("POST /schema/text", body_schema="{"),
        '"POST /schema/text" has a body_schema that is not a JSON object. Write it as text, for example file(',
    ),
    "a schema of another draft": (
        route("POST /schema/const", body_schema='{"const": 1, "type": "string"}'),
        '"POST /schema/const" has const in body_schema, and API Gateway\'s models know the keywords of',
    ),
    "a method in lower case": (
        {"cors": {"origins": ["https://a.example"], "methods": ["post"]}},
        'cors.methods: "post" is not a method in capitals',
    ),
    "a header that no page can send": (
        {"cors": {"origins": ["https://a.example"], "headers": ["X Foo"]}},
        'cors: "X Foo" is not the name of a header. Write for example "X-Tenant".',
    ),
    "a nested schema of another draft": (
        route("POST /schema/nested", body_schema='{"properties": {"a": {"items": {"const": 1}}}}'),
        '"POST /schema/nested" has const in body_schema',
    ),
    "a schema's unknown type": (
        route("POST /schema/type", body_schema='{"properties": {"a": {"type": "objet"}}}'),
        '"POST /schema/type" has a body_schema with a type that JSON schema does not know. Write array, boolean,',
    ),
    "a number that is excluded": (
        route("POST /schema/number", body_schema='{"properties": {"a": {"exclusiveMinimum": 0}}}'),
        '"POST /schema/number" has a number for exclusiveMinimum or exclusiveMaximum in body_schema. Write { minimum',
    ),
    "a schema that names another draft": (
        route("POST /schema/draft", body_schema='{"$schema": "http://json-schema.org/draft-07/schema#"}'),
        '"POST /schema/draft" has http://json-schema.org/draft-07/schema# as $schema in body_schema',
    ),
    "a schema that is elsewhere": (
        route("POST /schema/remote", body_schema='{"properties": {"a": {"$ref": "https://example.com/a.json"}}}'),
        '"POST /schema/remote" has a body_schema with a $ref that API Gateway does not follow. Write "#/definitions',
    ),
    "a schema that is a list": (
        route("POST /schema/list", body_schema="[]"),
        '"POST /schema/list" has a body_schema that is not a JSON object',
    ),
    "a schema that requires nothing": (
        route("POST /schema/nothing", body_schema='{"required": [ ]}'),
        '"POST /schema/nothing" has a body_schema with required = [], which API Gateway refuses. Leave required out.',
    ),
    "a schema of a form": (
        route("POST /schema/form", body_schema="{}", form=True),
        '"POST /schema/form": body_schema is for a JSON body, and form = true, input = "none" or the action leaves',
    ),
    "a schema of a question": (
        route("GET /schema/{name}", action="DescribeExecution", body_schema="{}"),
        '"GET /schema/{name}": body_schema is for a JSON body',
    ),
    "a schema that refers": (
        {
            "engine": "openapi",
            **route("POST /schema/ref", body_schema='{"$ref": "#/definitions/a", "definitions": {"a": {}}}'),
        },
        '"POST /schema/ref" has a schema with $ref, definitions or a list of types',
    ),
    "a keyword that an import loses": (
        {
            "engine": "openapi",
            **route("POST /schema/lost", body_schema='{"minItems": 1, "properties": {"maxItems": {"maxItems": 2}}}'),
        },
        '"POST /schema/lost" (maxItems, minItems): API Gateway does not check these keywords',
    ),
    "a minimum that an import loses": (
        route("POST /schema/open", body_schema='{"properties": {"n": {"minimum": 0, "exclusiveMinimum": true}}}'),
        '"POST /schema/open" (exclusiveMinimum): API Gateway does not check',
    ),
    "a schema of two types": (
        {"engine": "openapi", **route("POST /schema/types", body_schema='{"type": ["string", "null"]}')},
        '"POST /schema/types" has a schema with $ref, definitions or a list of types',
    ),
    "a header that is none": (
        route("POST /header", required_headers=["X Tenant"]),
        '"POST /header": required_headers and required_query_strings are names of A-Z a-z 0-9 . _ $ -',
    ),
    "an authorizer that is not there": (
        route("POST /nobody", authorization="nobody"),
        '"POST /nobody" has the authorization "nobody". Write AWS_IAM, NONE, or the name of an authorizer that you',
    ),
    "scopes without a user pool": (
        route("POST /scopes", authorization="AWS_IAM", authorization_scopes=["orders/write"]),
        '"POST /scopes": authorization_scopes are for an authorizer of the type COGNITO_USER_POOLS. Name such',
    ),
    "scopes of a function": (
        {
            "authorizers": {"scoped": {"type": "TOKEN", "function_arn": FUNCTION}},
            **route("POST /scoped", authorization="scoped", authorization_scopes=["orders/write"]),
        },
        '"POST /scoped": authorization_scopes are for an authorizer of the type COGNITO_USER_POOLS',
    ),
    "an authorizer's name": (
        {"authorizers": {"AWS_IAM": {"type": "TOKEN", "function_arn": FUNCTION}}},
        '"AWS_IAM": an authorizer\'s name is 1 to 128 of A-Z a-z 0-9 - _ and starts with a letter. Write another name',
    ),
    "an authorizer of no type": (
        {"authorizers": {"guard": {"type": "DOG", "function_arn": FUNCTION}}},
        '"guard" has an unknown type. Write type = "TOKEN", "REQUEST" or "COGNITO_USER_POOLS".',
    ),
    "an authorizer without a function": (
        {"authorizers": {"alone": {"type": "TOKEN"}}},
        '"alone": TOKEN and REQUEST need function_arn, and COGNITO_USER_POOLS needs user_pool_arns.',
    ),
    "an authorizer without a pool": (
        {"authorizers": {"dry": {"type": "COGNITO_USER_POOLS"}}},
        '"dry": TOKEN and REQUEST need function_arn, and COGNITO_USER_POOLS needs user_pool_arns.',
    ),
    "an authorizer's function that is none": (
        {"authorizers": {"misnamed": {"type": "TOKEN", "function_arn": "authorize"}}},
        '"misnamed" has a function_arn that is not the ARN of a Lambda function.',
    ),
    "an identity source that is none": (
        {"authorizers": {"lost": {"type": "REQUEST", "function_arn": FUNCTION, "identity_sources": ["Authorization"]}}},
        '"lost" has identity_sources that name no part of the request. Write for example "method.request.header.Auth',
    ),
    "an answer that is kept for nobody": (
        {"authorizers": {"blind": {"type": "REQUEST", "function_arn": FUNCTION, "identity_sources": []}}},
        '"blind" has no identity_sources, by which API Gateway keeps a function\'s answer. Write ttl_seconds = 0',
    ),
    "an empty identity source": (
        {"authorizers": {"empty": {"type": "REQUEST", "function_arn": FUNCTION, "identity_sources": [""]}}},
        '"empty" has identity_sources that name no part of the request.',
    ),
    "two sources of a token": (
        {
            "authorizers": {
                "torn": {
                    "type": "TOKEN",
                    "function_arn": FUNCTION,
                    "identity_sources": ["method.request.header.A", "method.request.header.B"],
                }
            }
        },
        '"torn": TOKEN and COGNITO_USER_POOLS take their token from one header',
    ),
    "a pattern of no token": (
        {"authorizers": {"vague": {"type": "REQUEST", "function_arn": FUNCTION, "token_pattern": "x"}}},
        '"vague": token_pattern is for the type TOKEN',
    ),
    "an answer that is kept too long": (
        {"authorizers": {"stale": {"type": "TOKEN", "function_arn": FUNCTION, "ttl_seconds": 3601}}},
        '"stale" has ttl_seconds outside of API Gateway\'s limits. Write 0 to 3600',
    ),
    "a wait for another action": (
        route("GET /wait/{name}", action="DescribeExecution", wait=True),
        '"GET /wait/{name}": wait is for StartExecution with a generated template and without offload. Leave out wait',
    ),
    "a wait that passes through": (
        route("POST /wait/through", input="passthrough", wait=True),
        '"POST /wait/through": wait is for StartExecution with a generated template',
    ),
    "a wait and an offload": (
        route("POST /wait/offload", offload={}, wait=True),
        '"POST /wait/offload": wait is for StartExecution with a generated template and without offload',
    ),
    "a wait without time": (
        route("POST /wait/time", timeout_milliseconds=5000, wait=True),
        '"POST /wait/time": with wait, the function keeps 4 seconds of timeout_milliseconds for itself. Write 6000 to',
    ),
    "a wait for an EXPRESS execution": (
        {"state_machine": {"arn": MACHINE, "type": "EXPRESS"}, **route("POST /wait/express", wait=True)},
        '"POST /wait/express": wait is for executions of a STANDARD state machine. Write action =',
    ),
    "an offload of an envelope": (
        route("POST /offload/envelope", input="request", offload={}),
        '"POST /offload/envelope": offload is for StartExecution of a JSON body. Leave out offload, or the other',
    ),
    "an offload of a form": (
        route("POST /offload/form", form=True, offload={}),
        '"POST /offload/form": offload is for StartExecution of a JSON body',
    ),
    "an offload that expires at once": (
        route("POST /offload/days", offload={"expire_after_days": 0}),
        "expire_after_days is 0. Write a whole number of days from 1",
    ),
    "an offload over the limit": (
        route("POST /offload/inline", offload={"inline_max_bytes": 300000}),
        "inline_max_bytes is 300000. Write a whole number from 0",
    ),
    "a log that is kept for eight days": (
        {"functions": {"log_retention_in_days": 8}, **route("POST /wait/log", wait=True)},
        "log_retention_in_days is 8, a period that CloudWatch Logs does not know",
    ),
    "an unknown input": (
        route("POST /input", input="everything"),
        '"POST /input" has the input "everything". Write body, none, passthrough, request.',
    ),
    "an unknown name rule": (
        route("POST /name", execution_name="uuid"),
        '"POST /name" has the execution_name "uuid". Write request_id, idempotency_key, generated, or a JSONPath',
    ),
    "a JSONPath with a quote": (
        route("POST /quote", execution_name="$['a']"),
        '"POST /quote" has the execution_name "$[\'a\']". Write request_id, idempotency_key, generated, or a JSONPath',
    ),
    "an input that the action does not take": (
        route("GET /stray/{name}", action="DescribeExecution", input="none"),
        '"GET /stray/{name}": input, execution_name and form are for actions that start an execution. Leave them',
    ),
    "a name where the body brings one": (
        route("POST /two-names", input="passthrough", execution_name="generated"),
        '"POST /two-names": with input = "passthrough" the body is the whole request and brings the execution\'s name.',
    ),
    "a name from a body that is not used": (
        route("POST /no-body", input="none", execution_name="$.id"),
        '"POST /no-body": with input = "none" the execution\'s name can\'t come from the body',
    ),
    "a form where none is read": (
        route("GET /form/{name}", action="DescribeExecution", form=True),
        '"GET /form/{name}": input, execution_name and form are for actions that start an execution',
    ),
    "a form that is passed through": (
        route("POST /raw-form", input="passthrough", form=True),
        '"POST /raw-form": with input = "passthrough" the body is the whole request',
    ),
    "a name from deep in a form": (
        route("POST /deep-form", form=True, execution_name="$.a.b"),
        '"POST /deep-form" has the execution_name "$.a.b": a form has fields without members',
    ),
    "an envelope that is not used": (
        route("POST /no-envelope", request={"headers": ["X-Tenant"]}),
        '"POST /no-envelope": request chooses the members of an envelope, which this input does not have. Write',
    ),
    "a context key with a template in it": (
        route("POST /context", input="request", request={"context": ["a#end"]}),
        '"POST /context": request.context and request.authorizer hold keys of $context',
    ),
    "a header with a space": (
        route("POST /header", input="request", request={"headers": ["X Tenant"]}),
        '"POST /header": request.headers holds something that is not the name of a header.',
    ),
    "no parameter to get the history by": (
        route("GET /history", action="GetExecutionHistory"),
        '"GET /history" (GetExecutionHistory) needs the execution\'s name in the path',
    ),
    "waiting for a STANDARD execution": (
        route("POST /sync", action="StartSyncExecution"),
        '"POST /sync" (StartSyncExecution): only an EXPRESS state machine has this action. Make the state machine\'s',
    ),
    "an idempotency key for EXPRESS": (
        {"state_machine": {"arn": MACHINE, "type": "EXPRESS"}, **route("POST /key", execution_name="idempotency_key")},
        '"POST /key": execution_name = "idempotency_key" needs a STANDARD state machine',
    ),
    "no parameter to describe by": (
        route("GET /describe", action="DescribeExecution"),
        '"GET /describe" (DescribeExecution) needs the execution\'s name in the path. Write for example "GET /',
    ),
    "another parameter to stop by": (
        route("DELETE /stop/{id}", action="StopExecution"),
        '"DELETE /stop/{id}" (StopExecution) needs the execution\'s name in the path',
    ),
    "a route's arn that is none": (
        route("POST /arn", state_machine_arn="orders"),
        'routes["POST /arn"].state_machine_arn is "orders", which is not a state machine\'s ARN',
    ),
    "a route's unknown type": (
        route("POST /type", state_machine_type="FAST"),
        'routes["POST /type"].state_machine_type is "FAST". Write "STANDARD" or "EXPRESS".',
    ),
    "too short a timeout": (
        route("POST /short", timeout_milliseconds=49),
        '"POST /short" has the timeout_milliseconds 49. Write 50 to 300000, and over 29000 raise the account\'s quota',
    ),
    "too long a timeout": (
        route("POST /long", timeout_milliseconds=300001),
        '"POST /long" has the timeout_milliseconds 300001. Write 50 to 300000',
    ),
    "too long a timeout for an edge": (
        {"endpoint_type": "EDGE", **route("POST /edge", timeout_milliseconds=29001)},
        '"POST /edge" has the timeout_milliseconds 29001. Write 50 to 29000.',
    ),
    "a state machine of another region": (
        {"state_machine": {"arn": MACHINE.replace("eu-west-1", "eu-west-2")}},
        'state_machine.arn is "arn:aws:states:eu-west-2:111122223333:stateMachine:existing", and API Gateway calls',
    ),
    "a route's state machine of another region": (
        route("POST /region", state_machine_arn=MACHINE.replace("eu-west-1", "eu-west-3")),
        'routes["POST /region"].state_machine_arn is "arn:aws:states:eu-west-3:111122223333:stateMachine:existing",',
    ),
    "a stage's state machine of another region": (
        {"stages": {"far": {"state_machine_arn": MACHINE.replace("eu-west-1", "eu-north-1")}}},
        'stages["far"].state_machine_arn is "arn:aws:states:eu-north-1:111122223333:stateMachine:existing", and',
    ),
    "describing an EXPRESS execution": (
        {"state_machine": {"arn": MACHINE, "type": "EXPRESS"}, **route("GET /e/{name}", action="DescribeExecution")},
        '"GET /e/{name}" (DescribeExecution): only a STANDARD state machine has this action',
    ),
    "stopping an EXPRESS execution of a route's own": (
        route("DELETE /own/{name}", action="StopExecution", state_machine_arn=MACHINE, state_machine_type="EXPRESS"),
        '"DELETE /own/{name}" (StopExecution): only a STANDARD state machine has this action',
    ),
    "no stages": ({"stages": {}}, "stages is empty: without a stage nobody can call the API"),
    "a stage with a dot": ({"stages": {"v1.0": {}}}, '"v1.0": a stage\'s name is 1 to 128 of A-Z a-z 0-9 - _'),
    "an unknown execution log level": (
        {"stages": {"alpha": {"execution_log_level": "DEBUG"}}},
        "execution_log_level must be OFF, ERROR or INFO",
    ),
    "a stage variable's name": (
        {"stages": {"alpha": {"variables": {"a-b": "x"}}}},
        "a stage variable's name is 1 to 64 of A-Z a-z 0-9 _, and its value up to 512 of",
    ),
    "a stage variable's long name": (
        {"stages": {"alpha": {"variables": {"a" * 65: "x"}}}},
        "a stage variable's name is 1 to 64 of A-Z a-z 0-9 _, and its value up to 512 of",
    ),
    "a stage variable's long value": (
        {"stages": {"alpha": {"variables": {"a": "x" * 513}}}},
        "a stage variable's name is 1 to 64 of A-Z a-z 0-9 _, and its value up to 512 of",
    ),
    "a stage variable's value": (
        {"stages": {"alpha": {"variables": {"a": "x y"}}}},
        "a stage variable's name is 1 to 64 of A-Z a-z 0-9 _, and its value up to 512 of",
    ),
    "a role's name": (
        {"names": {"invoke_role": "no spaces"}},
        "name must be 1 to 64 characters of A-Z a-z 0-9 + = , . @ _ -",
    ),
    "a state machine's name": (
        {"names": {"state_machine": "no spaces"}, "state_machine": {"definition": DEFINITION}},
        "name must be 1 to 80 characters of A-Z a-z 0-9 - _",
    ),
    "an endpoint type": ({"endpoint_type": "LOCAL"}, "endpoint_type must be REGIONAL or EDGE"),
    "no origins": ({"cors": {"origins": []}}, "cors.origins is empty. Write at least one origin"),
    "an origin with a path": (
        {"cors": {"origins": ["https://a.example.com/"]}},
        'cors.origins: "https://a.example.com/": an origin is scheme, host and port, with nothing after them',
    ),
    "any origin and another": (
        {"cors": {"origins": ["*", "https://a.example.com"]}},
        'cors.origins: "*" already allows every origin. Write "*" alone, or name the origins.',
    ),
    "any origin with credentials": (
        {"cors": {"origins": ["*"], "credentials": True}},
        'cors: browsers refuse "*" together with credentials. Name the origins, headers and methods',
    ),
    "too long an age": (
        {"cors": {"origins": ["*"], "max_age_seconds": 86401}},
        "cors.max_age_seconds is outside of what browsers remember. Write 0 to 86400",
    ),
}
