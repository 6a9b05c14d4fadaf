"""The Runtime API, in as few lines as it takes: less than AWS's own runtime for Python does."""

import http.client
import json
import os
import sys
import traceback

from handler import handler, signed_in

PATH = "/2018-06-01/runtime/invocation"


def serve():
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def call(method, path, body=None):
        api.request(method, f"{PATH}/{path}", body)
        response = api.getresponse()
        return response.headers, response.read()

    while True:
        headers, event = call("GET", "next")
        request = headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            call("POST", f"{request}/response", json.dumps(handler(json.loads(event))))
        except Exception as error:
            told = {"errorType": type(error).__name__, "errorMessage": traceback.format_exc()}
            call("POST", f"{request}/error", json.dumps(told))


if sys.argv[1:2] == ["sign-in"]:
    print(json.dumps(signed_in(json.loads(sys.argv[2]), sys.argv[3])))
else:
    serve()
