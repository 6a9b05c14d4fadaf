"""The same order of a meeting, as the pages of MSAL for Python and of boto3 teach it."""

import datetime
import hashlib
import hmac
import json
import os
import re
import time

import boto3
import msal
import requests

LOGIN, GRAPH, PREFIX = (os.environ[name] for name in ("MICROSOFT_LOGIN_URL", "MICROSOFT_GRAPH_URL", "SECRET_PREFIX"))
SCOPES = ["https://graph.microsoft.com/OnlineMeetings.ReadWrite", "https://graph.microsoft.com/User.Read"]
KEPT_SECONDS = 60

# Outside of the handler, so that later invocations find them.
secrets = boto3.client("secretsmanager")
graph = requests.Session()
kept = {}


def secret(name):
    before = kept.get(name)
    if before and time.monotonic() - before[0] < KEPT_SECONDS:
        return before[1]
    value = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
    kept[name] = (time.monotonic(), value)
    return value


def client(connection, cache):
    return msal.ConfidentialClientApplication(
        connection["client_id"],
        client_credential=connection["client_secret"],
        authority=f"{LOGIN}/{connection['tenant']}",
        # Microsoft's own hosts are known to MSAL; another needs no such question either.
        instance_discovery=False,
        token_cache=cache,
    )


def access_token(name, connection):
    if "client" not in connection:
        cache = msal.SerializableTokenCache()
        cache.deserialize(connection["cache"])
        connection["client"] = client(connection, cache)
    app = connection["client"]
    (account,) = app.get_accounts()
    token = app.acquire_token_silent(SCOPES, account=account)["access_token"]
    if app.token_cache.has_state_changed:
        changed = {key: value for key, value in connection.items() if key != "client"}
        changed["cache"] = app.token_cache.serialize()
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(changed))
    return token


def admitted(keys, authorization):
    presented = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    return any(hmac.compare_digest(key["sha256"], presented) for key in keys)


def answer(status, body):
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body), "isBase64Encoded": False}


def utc(text):
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc).isoformat()


def handler(event):
    customer, user = re.fullmatch(r"/v1/customers/([^/]+)/users/([^/]+)/meetings", event["rawPath"]).groups()
    if not admitted(secret(f"{PREFIX}/api-keys")["keys"], event["headers"].get("authorization", "")):
        return answer(401, {"code": "unauthorized"})
    name = f"{PREFIX}/customers/{customer}/users/{user}/connection"
    token = access_token(name, secret(name))

    order = json.loads(event["body"])
    key = event["headers"]["idempotency-key"]
    created = graph.post(
        f"{GRAPH}/v1.0/me/onlineMeetings/createOrGet",
        headers={"authorization": f"Bearer {token}", "accept-language": "en"},
        json={
            "externalId": hmac.new(key.encode(), f"{customer}/{user}".encode(), hashlib.sha256).hexdigest(),
            "subject": order["subject"],
            "startDateTime": utc(order["start"]),
            "endDateTime": utc(order["end"]),
        },
        timeout=10,
    )
    meeting = created.json()
    if not created.ok:
        return answer(502, {"code": meeting["error"]["code"]})
    return answer(
        created.status_code,
        {
            "outcome": "created" if created.status_code == 201 else "existing",
            "id": meeting["id"],
            "join_url": meeting["joinWebUrl"],
            "subject": meeting["subject"],
            "start": meeting["startDateTime"],
            "end": meeting["endDateTime"],
        },
    )


def signed_in(connection, refresh_token):
    """What the sign-in of the recruiter left behind: MSAL's cache, with tokens bought by `refresh_token`."""
    cache = msal.SerializableTokenCache()
    bought = client(connection, cache).acquire_token_by_refresh_token(refresh_token, SCOPES)
    assert "access_token" in bought, bought
    return {**connection, "cache": cache.serialize()}
