"""Orders a meeting, and goes on until the answer is final. Needs Python 3.10 and nothing else."""

import json
import os
import random
import sys
import time
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

URL, API_KEY = os.environ["TEAMS_CONNECT_URL"], os.environ["API_KEY"]
TRIES, LONGEST_WAIT, PATIENCE = 5, 30, 30


def read(status: int, reason: str, text: bytes) -> dict:
    """Before the product stand a gateway and perhaps a proxy. Their answers are not ours, whatever their body is."""
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if isinstance(body, dict) and (status < 400 or "code" in body):
        return body
    retryable = status == 429 or status >= 500
    outcome = "retry_later" if retryable else "rejected"
    return {"outcome": outcome, "code": f"status_{status}", "detail": reason, "retryable": retryable}


def wait(attempt: int, told: str | None) -> float:
    """As long as we are told, or twice as long each time; and some chance, so that not all come back at once."""
    if told is not None and told.isdigit():
        return int(told) + random.random()
    return min(LONGEST_WAIT, 2**attempt) * (0.5 + random.random() / 2)


def call(method: str, url: str, headers: dict[str, str], body: str | None = None) -> dict:
    request = Request(url, body.encode() if body else None, {"Authorization": f"Bearer {API_KEY}"} | headers, method=method)
    for attempt in range(1, TRIES + 1):
        told = None
        result = {"outcome": "retry_later", "code": "no_answer", "detail": "", "retryable": True}
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                return read(answer.status, answer.reason, answer.read())
        except HTTPError as answer:
            told = answer.headers.get("Retry-After")
            result = read(answer.code, answer.reason, answer.read())
        # A lost answer is repeated like one that asks for it.
        except OSError:
            pass
        if not result["retryable"]:
            break
        if attempt < TRIES:
            time.sleep(wait(attempt, told))
    return result


def main(customer: str, user: str, interview: str, body: str) -> None:
    recruiter = f"{URL}/v1/customers/{quote(customer)}/users/{quote(user)}"
    # The key names the interview, not the attempt: however often this is repeated, there is one meeting.
    headers = {"Idempotency-Key": interview, "Content-Type": "application/json"}
    result = call("POST", f"{recruiter}/meetings", headers, body)
    if "link" in result:
        print(result["outcome"], result["id"], result["link"])
    elif "mend" in result:
        # `pending_reauth`: a link for the recruiter. `customer_blocked`: one for the customer's administrator.
        mend = result["mend"]
        link = call(mend["method"], mend["url"], {"Content-Type": "application/json"}, json.dumps(mend.get("body") or {}))
        print(result["outcome"], result["code"], link.get("url") or link["code"])
    else:
        # `rejected`: correct the order. `retry_later`: it still did not succeed.
        print(result["outcome"], result["code"], result["detail"])


main(*sys.argv[1:])
