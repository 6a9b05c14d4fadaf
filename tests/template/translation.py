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


def translated(template: dict) -> dict:
    """What `sam deploy` hands to CloudFormation, with places in a bucket instead of what was built."""
    template = copy.deepcopy(template)
    for name, function in functions(template).items():
        function["Properties"]["CodeUri"] = f"s3://built/{name}.zip"
    return transform(template, {}, NoManagedPolicies())
