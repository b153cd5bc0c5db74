"""The optimized integrations of AWS: services, their actions, and how each can go on after the service's answer.

AWS, "Integrating optimized services with Step Functions" (docs.aws.amazon.com, read 2026-11) and the page of each
service there.
"""

from __future__ import annotations

from sfn_harness.stepfunctions.resources import Pattern

_RESPONSE = frozenset({Pattern.RESPONSE})
_JOB = _RESPONSE | {Pattern.SYNC}
_CALLBACK = _RESPONSE | {Pattern.CALLBACK}
_BOTH = _JOB | _CALLBACK

OPTIMIZED: dict[str, dict[str, frozenset[Pattern]]] = {
    "apigateway": {"invoke": _CALLBACK},
    "athena": {
        "getQueryExecution": _RESPONSE,
        "getQueryResults": _RESPONSE,
        "startQueryExecution": _JOB,
        "stopQueryExecution": _RESPONSE,
    },
    "batch": {"submitJob": _JOB},
    "bedrock": {"createModelCustomizationJob": _JOB, "invokeModel": _CALLBACK},
    "codebuild": {
        "batchDeleteBuilds": _RESPONSE,
        "batchGetReports": _RESPONSE,
        "deleteBuildBatch": _RESPONSE,
        "retryBuildBatch": _JOB,
        "startBuild": _JOB,
        "startBuildBatch": _JOB,
        "stopBuild": _RESPONSE,
        "stopBuildBatch": _RESPONSE,
    },
    "databrew": {"startJobRun": _JOB},
    "dynamodb": {"deleteItem": _RESPONSE, "getItem": _RESPONSE, "putItem": _RESPONSE, "updateItem": _RESPONSE},
    "ecs": {"runTask": _BOTH},
    "eks": {
        "call": _CALLBACK,
        "createCluster": _BOTH,
        "createFargateProfile": _BOTH,
        "createNodegroup": _BOTH,
        "deleteCluster": _BOTH,
        "deleteFargateProfile": _BOTH,
        "deleteNodegroup": _BOTH,
        "runJob": _BOTH,
    },
    "elasticmapreduce": {
        "addStep": _JOB,
        "cancelStep": _RESPONSE,
        "createCluster": _JOB,
        "modifyInstanceFleetByName": _RESPONSE,
        "modifyInstanceGroupByName": _RESPONSE,
        "setClusterTerminationProtection": _RESPONSE,
        "terminateCluster": _JOB,
    },
    "emr-containers": {"createVirtualCluster": _RESPONSE, "deleteVirtualCluster": _JOB, "startJobRun": _JOB},
    "emr-serverless": {
        "cancelJobRun": _JOB,
        "createApplication": _JOB,
        "deleteApplication": _JOB,
        "startApplication": _JOB,
        "startJobRun": _JOB,
        "stopApplication": _JOB,
    },
    "events": {"putEvents": _CALLBACK},
    "glue": {"startJobRun": _JOB},
    "http": {"invoke": _RESPONSE},
    "lambda": {"invoke": _CALLBACK},
    "mediaconvert": {"createJob": _JOB},
    "sagemaker": {
        "createEndpoint": _RESPONSE,
        "createEndpointConfig": _RESPONSE,
        "createHyperParameterTuningJob": _JOB,
        "createLabelingJob": _JOB,
        "createModel": _RESPONSE,
        "createProcessingJob": _JOB,
        "createTrainingJob": _JOB,
        "createTransformJob": _JOB,
        "updateEndpoint": _RESPONSE,
    },
    "sns": {"publish": _CALLBACK},
    "sqs": {"sendMessage": _CALLBACK},
    "states": {"startExecution": _BOTH | {Pattern.SYNC_2}},
}

# Parameters without which AWS refuses the definition, as measured there (badmintoncryer/cdk-preflight, rule
# pf-sfn-asl-integration-parameters, 2026-09-05). A state that names none of the others is refused when it runs.
REQUIRED: dict[tuple[str, str], tuple[str, ...]] = {
    ("dynamodb", "getItem"): ("TableName", "Key"),
    ("dynamodb", "putItem"): ("TableName", "Item"),
    ("ecs", "runTask"): ("TaskDefinition",),
    ("events", "putEvents"): ("Entries",),
    ("glue", "startJobRun"): ("JobName",),
    ("lambda", "invoke"): ("FunctionName",),
    ("sns", "publish"): ("Message",),
    ("sqs", "sendMessage"): ("QueueUrl", "MessageBody"),
    ("states", "startExecution"): ("StateMachineArn",),
}

# What a distributed Map state reads its items from, and writes its results to.
READERS = frozenset({("s3", "getObject"), ("s3", "listObjectsV2")})
WRITERS = frozenset({("s3", "putObject")})
