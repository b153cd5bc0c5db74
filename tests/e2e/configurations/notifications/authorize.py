"""A Lambda authorizer as a user would write it: lets in who sends the right token."""


def handler(event, _context):
    effect = "Allow" if event["queryStringParameters"]["token"] == "soup" else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "guest", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
