"""The role of a state machine in the sandbox: what its tasks may do, and how they fail when they may not."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from sandbox_server import PASS, REGION, World, allow, ended, policy, running, trust

ACCOUNT = "310000000001"
NAMES = (f"m{number}" for number in itertools.count())
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
CHILD = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:child"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:q"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/items"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
ITEM = {"TableName": "items", "Item": {"k": {"S": "v"}}}
ENTRY = {"Source": "s", "DetailType": "d", "Detail": {}}
OBJECT = {"Bucket": "objects", "Key": "o"}
SEND = {"QueueUrl": f"http://sqs/{ACCOUNT}/q", "MessageBody": "m"}
STATES = "arn:aws:states:::"
NOTHING = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}  # a policy has to have a statement


@pytest.fixture(scope="module")
def world():
    """An account with one of everything that the tasks below work on."""
    with running() as server:
        world = World(server, ACCOUNT)
        world.machine("child", PASS)
        world.function("f", "def handler(event, context):\n    return event\n")
        server.client("sqs", ACCOUNT).create_queue(QueueName="q")
        server.client("sns", ACCOUNT).create_topic(Name="t")
        server.client("dynamodb", ACCOUNT).create_table(
            TableName="items",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        s3 = server.client("s3", ACCOUNT)
        s3.create_bucket(Bucket="objects", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="objects", Key="o", Body=b"o")
        without_tls = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::objects/*"}
        condition = {"Bool": {"aws:SecureTransport": "false"}}
        s3.put_bucket_policy(Bucket="objects", Policy=policy([{**without_tls, "Condition": condition}]))
        yield world


@pytest.fixture
def run(world):
    """Run an execution of these states, the first of which is the first; returns its description."""

    def run(role: str | None = None, kind: str = "STANDARD", **states) -> dict:
        definition = {"StartAt": next(iter(states)), "States": states}
        machine = world.machine(next(NAMES), definition, kind, role)
        return ended(world.sfn, world.sfn.start_execution(stateMachineArn=machine)["executionArn"])

    world.permit("states", policy([NOTHING]))
    return run


def task(resource: str, parameters: dict | None = None, **members) -> dict:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters or {}, "End": True, **members}


INVOKE = task(f"{STATES}lambda:invoke", {"FunctionName": "f", "Payload": {}})

# Integration, parameters => what it needs, and how it is refused: the error, the SDK's name of the service, the status.
TASKS = {
    (f"{STATES}lambda:invoke", "f"): (
        {"FunctionName": "f"},
        [("lambda:InvokeFunction", FUNCTION)],
        ("Lambda.AWSLambdaException", "Lambda", 403),
    ),
    (f"{STATES}lambda:invoke", "arn"): (
        {"FunctionName": f"{FUNCTION}:$LATEST"},
        [("lambda:InvokeFunction", f"{FUNCTION}:$LATEST")],
        ("Lambda.AWSLambdaException", "Lambda", 403),
    ),
    (FUNCTION, ""): ({}, [("lambda:InvokeFunction", FUNCTION)], ("Lambda.AWSLambdaException", "Lambda", 403)),
    (f"{STATES}states:startExecution", ""): (
        {"StateMachineArn": CHILD},
        [("states:StartExecution", CHILD)],
        ("StepFunctions.AWSStepFunctionsException", "Sfn", 400),
    ),
    (f"{STATES}states:startExecution.sync:2", ""): (
        {"StateMachineArn": CHILD},
        [("states:StartExecution", CHILD)],
        ("StepFunctions.AWSStepFunctionsException", "Sfn", 400),
    ),
    (f"{STATES}sqs:sendMessage", ""): (SEND, [("sqs:SendMessage", QUEUE)], ("SQS.AmazonSQSException", "Sqs", 403)),
    (f"{STATES}sns:publish", ""): (
        {"TopicArn": TOPIC, "Message": "m"},
        [("sns:Publish", TOPIC)],
        ("SNS.AuthorizationErrorException", "Sns", 403),
    ),
    (f"{STATES}dynamodb:putItem", ""): (
        ITEM,
        [("dynamodb:PutItem", TABLE)],
        ("DynamoDB.AmazonDynamoDBException", "DynamoDb", 400),
    ),
    (f"{STATES}events:putEvents", ""): (
        {"Entries": [ENTRY, {**ENTRY, "EventBusName": "other"}]},
        [("events:PutEvents", BUS), ("events:PutEvents", BUS.replace("default", "other"))],
        ("EventBridge.AccessDeniedException", "EventBridge", 400),
    ),
    (f"{STATES}aws-sdk:sfn:startExecution", ""): (
        {"StateMachineArn": CHILD},
        [("states:StartExecution", CHILD)],
        ("Sfn.SfnException", "Sfn", 400),
    ),
    (f"{STATES}aws-sdk:dynamodb:transactWriteItems", ""): (
        {"TransactItems": [{"Put": ITEM}, {"Delete": {"TableName": "items", "Key": {"k": {"S": "w"}}}}]},
        [("dynamodb:PutItem", TABLE), ("dynamodb:DeleteItem", TABLE)],
        ("DynamoDb.DynamoDbException", "DynamoDb", 400),
    ),
    (f"{STATES}aws-sdk:dynamodb:batchWriteItem", ""): (
        {"RequestItems": {"items": [{"PutRequest": {"Item": ITEM["Item"]}}]}},
        [("dynamodb:BatchWriteItem", TABLE)],
        ("DynamoDb.DynamoDbException", "DynamoDb", 400),
    ),
    (f"{STATES}aws-sdk:eventbridge:putEvents", ""): (
        {"Entries": [{**ENTRY, "Detail": "{}"}]},
        [("events:PutEvents", BUS)],
        ("EventBridge.AccessDeniedException", "EventBridge", 400),
    ),
    (f"{STATES}aws-sdk:sqs:sendMessage", ""): (SEND, [("sqs:SendMessage", QUEUE)], ("Sqs.SqsException", "Sqs", 403)),
    (f"{STATES}aws-sdk:sns:publish", ""): (
        {"TopicArn": TOPIC, "Message": "m"},
        [("sns:Publish", TOPIC)],
        ("Sns.AuthorizationErrorException", "Sns", 403),
    ),
    (f"{STATES}aws-sdk:s3:headObject", ""): (
        OBJECT,
        [("s3:GetObject", "arn:aws:s3:::objects/o")],
        ("S3.S3Exception", "S3", 403),
    ),
    (f"{STATES}aws-sdk:s3:copyObject", ""): (
        {"Bucket": "objects", "Key": "copy", "CopySource": "objects/o"},
        [("s3:PutObject", "arn:aws:s3:::objects/copy"), ("s3:GetObject", "arn:aws:s3:::objects/o")],
        ("S3.S3Exception", "S3", 403),
    ),
    (f"{STATES}aws-sdk:lambda:getFunction", ""): (
        {"FunctionName": "f"},
        [("lambda:GetFunction", FUNCTION)],
        ("Lambda.LambdaException", "Lambda", 403),
    ),
}


@pytest.mark.parametrize(("resource", "which"), TASKS, ids=[f"{resource}-{which}" for resource, which in TASKS])
class TestEachIntegration:
    @pytest.fixture
    def sent(self, run, resource, which):
        return lambda: run(T=task(resource, TASKS[resource, which][0]))

    def test_needs_its_actions_on_its_resources(self, world, sent, resource, which):
        _, demands, (error, name, status) = TASKS[resource, which]
        statements = [{"Effect": "Allow", "Action": action, "Resource": arn} for action, arn in demands]
        for missing, (action, arn) in enumerate(demands):
            world.permit("states", policy([NOTHING, *statements[:missing], *statements[missing + 1 :]]))
            refused = sent()
            assert (refused["status"], refused["error"]) == ("FAILED", error)
            session = rf"arn:aws:sts::{ACCOUNT}:assumed-role/states/\w{{32}}"
            assert re.fullmatch(
                rf"User: {session} is not authorized to perform: {action} on resource: {re.escape(arn)} because no "
                rf"identity-based policy allows the {action} action "
                rf"\(Service: {name}, Status Code: {status}, Request ID: [\w-]{{36}}\)",
                refused["cause"],
            ), refused["cause"]

    def test_and_no_more(self, world, sent, resource, which):
        statements = [
            {"Effect": "Allow", "Action": action, "Resource": arn} for action, arn in TASKS[resource, which][1]
        ]
        world.permit("states", policy(statements))
        assert sent()["status"] == "SUCCEEDED"


class TestRefusal:
    @pytest.mark.parametrize(
        "resource", [f"{STATES}lambda:invoke.waitForTaskToken", f"{STATES}sqs:sendMessage.waitForTaskToken"]
    )
    def test_of_a_task_that_would_wait_for_its_token(self, run, resource):
        assert run(T=task(resource, {"FunctionName": "f", **SEND}))["status"] == "FAILED"

    def test_of_a_task_with_a_time_limit(self, run):
        assert run(T={**INVOKE, "TimeoutSeconds": 5})["error"] == "Lambda.AWSLambdaException"

    @pytest.mark.parametrize("error", ["Lambda.AWSLambdaException", "States.TaskFailed", "States.ALL"])
    def test_can_be_caught(self, run, error):
        description = run(
            T={**INVOKE, "Catch": [{"ErrorEquals": [error], "Next": "P"}]}, P={"Type": "Pass", "End": True}
        )
        assert json.loads(description["output"])["Error"] == "Lambda.AWSLambdaException"

    def test_can_be_retried(self, world, run):
        retry = {"ErrorEquals": ["Lambda.AWSLambdaException"], "IntervalSeconds": 1, "MaxAttempts": 1}
        arn = run(T={**INVOKE, "Retry": [retry]})["executionArn"]
        events = [event["type"] for event in world.sfn.get_execution_history(executionArn=arn)["events"]]
        assert events.count("TaskFailed") == 2

    @pytest.mark.parametrize("mode", ["Parallel", "INLINE", "DISTRIBUTED"])
    def test_in_a_branch(self, world, run, mode):
        """And the branch runs where the role allows its task."""
        branch = {"StartAt": "T", "States": {"T": INVOKE}}
        config = {"Mode": mode, "ExecutionType": "STANDARD"} if mode == "DISTRIBUTED" else {"Mode": mode}
        processor = {"ProcessorConfig": config, **branch}
        state = {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": processor, "End": True}
        if mode == "Parallel":
            state = {"Type": "Parallel", "Branches": [branch], "End": True}
        states = {"P": {"Type": "Pass", "Result": {"items": [1]}, "Next": "S"}, "S": state}
        error = "States.ExceedToleratedFailureThreshold" if mode == "DISTRIBUTED" else "Lambda.AWSLambdaException"
        assert run(**states)["error"] == error
        world.permit("states", allow("lambda:InvokeFunction", FUNCTION))
        assert run(**states)["status"] == "SUCCEEDED"

    def test_in_an_express_execution(self, world, run):
        machine = world.machine(next(NAMES), {"StartAt": "T", "States": {"T": INVOKE}}, "EXPRESS")
        answer = world.call("StartSyncExecution", json.dumps({"stateMachineArn": machine}))
        assert answer.json()["error"] == "Lambda.AWSLambdaException"


class TestPolicies:
    def test_an_explicit_deny_wins(self, world, run):
        deny = {"Effect": "Deny", "Action": "lambda:*", "Resource": FUNCTION}
        world.permit("states", policy([{"Effect": "Allow", "Action": "*", "Resource": "*"}, deny]))
        assert "with an explicit deny in an identity-based policy (" in run(T=INVOKE)["cause"]

    def test_a_boundary_limits_it(self, world, run):
        boundary = world.iam.create_policy(PolicyName="b", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        role = world.role("bound", trust("states.amazonaws.com"), allow("lambda:*"))
        world.iam.put_role_permissions_boundary(RoleName="bound", PermissionsBoundary=boundary)
        cause = run(role, T=INVOKE)["cause"]
        assert "because no permissions boundary allows the lambda:InvokeFunction action (" in cause

    def test_the_resources_own_policy_may_allow_it_and_deny_it(self, world, run):
        sqs, role = world.server.client("sqs", ACCOUNT), world.role("named", trust("states.amazonaws.com"))
        queue = sqs.create_queue(QueueName="named")["QueueUrl"]
        send = task(f"{STATES}sqs:sendMessage", {"QueueUrl": queue, "MessageBody": "m"})
        statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": "sqs:SendMessage", "Resource": "*"}
        assert run(role, T=send)["status"] == "FAILED"
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy([statement])})
        assert run(role, T=send)["status"] == "SUCCEEDED"
        world.permit("named", allow("sqs:SendMessage"))
        denied = policy([{**statement, "Effect": "Deny"}])
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": denied})
        assert "with an explicit deny in a resource-based policy (" in run(role, T=send)["cause"]

    def test_a_version_is_started_with_the_permission_for_its_state_machine(self, world, run):
        machine = world.machine(next(NAMES), PASS)
        version = world.sfn.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
        world.permit("states", allow("states:StartExecution", machine))
        for resource in ("states:startExecution", "aws-sdk:sfn:startExecution"):
            assert run(T=task(f"{STATES}{resource}", {"StateMachineArn": version}))["status"] == "SUCCEEDED"


class TestTrust:
    def cause(self, role):
        return f"The principal states.amazonaws.com is not authorized to assume the provided role. (role: {role})"

    def refused(self, run, role):
        description = run(role, T=INVOKE)
        assert (description["error"], description["cause"]) == ("States.TaskFailed", self.cause(role))

    def test_one_that_trusts_somebody_else(self, world, run):
        self.refused(run, world.role("foreign", trust("lambda.amazonaws.com"), allow("*")))

    @pytest.mark.parametrize(("source", "good"), [("stateMachine:*", True), ("stateMachine:other", False)])
    def test_its_conditions_count(self, world, run, source, good):
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:{source}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "states.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnLike": {"aws:SourceArn": arn}, "StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
        role = world.role(f"careful-{good}", policy([statement]), allow("lambda:InvokeFunction"))
        if good:
            assert run(role, T=INVOKE)["status"] == "SUCCEEDED"
        else:
            self.refused(run, role)

    def test_one_that_is_gone_is_missed_by_the_first_task_that_needs_it(self, world):
        role = world.role("gone", trust("states.amazonaws.com"))
        machines = [world.machine(next(NAMES), PASS, role=role)]
        machines.append(world.machine(next(NAMES), {"StartAt": "T", "States": {"T": INVOKE}}, role=role))
        world.iam.delete_role(RoleName="gone")
        executions = [world.sfn.start_execution(stateMachineArn=machine)["executionArn"] for machine in machines]
        passed, failed = (ended(world.sfn, arn) for arn in executions)
        assert passed["status"] == "SUCCEEDED"
        assert failed["cause"] == self.cause(role)


class TestWhoseRole:
    def test_the_one_it_was_started_with(self, world, run):
        world.permit("states", allow("lambda:InvokeFunction"))
        states = {"W": {"Type": "Wait", "Seconds": 1, "Next": "T"}, "T": INVOKE}
        machine = world.machine(next(NAMES), {"StartAt": "W", "States": states})
        arn = world.sfn.start_execution(stateMachineArn=machine)["executionArn"]
        other = world.role("other", trust("states.amazonaws.com"))
        world.sfn.update_state_machine(stateMachineArn=machine, roleArn=other)
        assert ended(world.sfn, arn)["status"] == "SUCCEEDED"
        later = world.sfn.start_execution(stateMachineArn=machine)["executionArn"]
        assert ended(world.sfn, later)["status"] == "FAILED"

    def test_a_nested_execution_has_its_own(self, world, run):
        role = world.role("nested", trust("states.amazonaws.com"), allow("sqs:SendMessage"))
        send = task(f"{STATES}sqs:sendMessage", SEND)
        child = world.machine(next(NAMES), {"StartAt": "T", "States": {"T": send}}, role=role)
        nested = task(f"{STATES}states:startExecution.sync:2", {"StateMachineArn": child})
        world.permit("states", allow("states:StartExecution"))
        assert run(N=nested)["status"] == "SUCCEEDED"
        del nested["End"]
        assert run(N={**nested, "Next": "T"}, T=send)["error"] == "SQS.AmazonSQSException"


class TestCredentials:
    """A task may act as another role, also of another account, that lets the state machine's role in.

    Source: "Accessing resources in other AWS accounts from Step Functions", developer guide.
    """

    @pytest.fixture
    def other(self, world):
        return World(world.server, "310000000002")

    def target(self, other, name, principal):
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
        return other.role(name, policy([statement]), allow("sqs:SendMessage"))

    def test_of_another_account(self, world, other, run):
        queue = other.server.client("sqs", other.account).create_queue(QueueName="far")["QueueUrl"]
        role = self.target(other, "target", world.states_role)
        send = task(f"{STATES}sqs:sendMessage", {"QueueUrl": queue, "MessageBody": "m"}, Credentials={"RoleArn": role})
        assert run(T=send)["error"] == "States.TaskFailed"
        world.permit("states", allow("sts:AssumeRole", role))
        assert run(T=send)["status"] == "SUCCEEDED"
        stranger = self.target(other, "stranger", f"arn:aws:iam::{other.account}:root")
        world.permit("states", allow("sts:AssumeRole"))
        assert run(T={**send, "Credentials": {"RoleArn": stranger}})["error"] == "States.TaskFailed"

    def test_of_the_same_account(self, world, run):
        role = self.target(world, "sender", world.states_role)
        assert run(T=task(f"{STATES}sqs:sendMessage", SEND, Credentials={"RoleArn": role}))["status"] == "SUCCEEDED"


class TestLogsOfAFunction:
    """Lambda writes them with the function's role."""

    ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")

    def streams(self, world):
        logs = world.server.client("logs", ACCOUNT)
        if not logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/f")["logGroups"]:
            return 0
        return len(logs.describe_log_streams(logGroupName="/aws/lambda/f")["logStreams"])

    def written(self, world, *actions):
        before = self.streams(world)
        world.permit("function", allow(list(actions), f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f:*"))
        answer = world.server.client("lambda", ACCOUNT).invoke(FunctionName="f", Payload=b"1")
        assert answer["Payload"].read() == b"1"
        return self.streams(world) > before

    def test_need_each_permission_and_the_first_one_for_a_new_group(self, world):
        for missing in self.ACTIONS:
            assert not self.written(world, *(action for action in self.ACTIONS if action != missing)), missing
        assert self.written(world, *self.ACTIONS)
        assert self.written(world, *self.ACTIONS[1:])
        assert not self.written(world, *self.ACTIONS[2:])

    def test_a_role_that_lambda_cannot_assume_writes_none(self, world):
        world.iam.update_assume_role_policy(RoleName="function", PolicyDocument=trust("ec2.amazonaws.com"))
        try:
            assert not self.written(world, *self.ACTIONS)
        finally:
            world.iam.update_assume_role_policy(RoleName="function", PolicyDocument=trust("lambda.amazonaws.com"))


@pytest.mark.parametrize(("region", "status"), [(REGION, "SUCCEEDED"), ("us-west-1", "FAILED")])
def test_a_trust_policy_may_name_the_regions_service(world, run, region, status):
    # Stacks of AWS CDK that ran on AWS: localstack/localstack tests v4.14.0, v2/scenarios/test_sfn_scenarios.py.
    role = world.role(f"trusts-{region}", trust(f"states.{region}.amazonaws.com"), allow("lambda:InvokeFunction"))
    assert run(role, T=INVOKE)["status"] == status
