"""The template as CloudFormation gets it: translated by SAM's own library, without AWS."""

import copy
import os

# The translator asks for a region, though it calls nobody.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.translator.transform import transform  # noqa: E402

from permissions import functions  # noqa: E402


class NoManagedPolicies:
    """The template uses none, so nothing has to be fetched."""

    def load(self) -> dict:
        return {}


def operations(body: dict) -> dict[str, dict]:
    """The operations of the API by `METHOD /path`, each with its integration in place of the reference to it."""
    integrations = body["components"]["x-amazon-apigateway-integrations"]
    return {
        f"{method.upper()} {path}": one
        | {
            "x-amazon-apigateway-integration": integrations[
                one["x-amazon-apigateway-integration"]["$ref"].rsplit("/", 1)[1]
            ]
        }
        for path, methods in body["paths"].items()
        for method, one in methods.items()
        if method != "parameters"
    }


def translated(template: dict, parameters: dict | None = None) -> dict:
    """What `sam deploy` hands to CloudFormation, with places in a bucket instead of what was built."""
    template = copy.deepcopy(template)
    for name, function in functions(template).items():
        function["Properties"]["CodeUri"] = f"s3://built/{name}.zip"
    return transform(template, parameters or {}, NoManagedPolicies())
