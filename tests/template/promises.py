#!/usr/bin/env python3
"""What `operator check` compares a deployment with: of the translated template the resources whose settings AWS tells, and
the parameters and conditions that they depend on.

`promises.py` prints it, `promises.py --write` puts it beside the command; `./run FOLDER --plan` has what it needs.
"""

import copy
import json
import sys

import documents
from plan import written
from translation import translated

PROMISES = documents.ROOT / "infra/operator/src/check/promises.json"
# The kinds that are looked at, and what is not told as the template has it: the zip, the text of a version, the routes.
KINDS = {
    "AWS::Lambda::Function": {"Code", "Description"},
    "AWS::Lambda::Alias": set(),
    "AWS::Lambda::EventInvokeConfig": set(),
    "AWS::Lambda::EventSourceMapping": set(),
    "AWS::Scheduler::Schedule": set(),
    "AWS::CloudWatch::Alarm": set(),
    "AWS::SQS::Queue": set(),
    "AWS::ApiGatewayV2::Api": {"Body"},
    "AWS::ApiGatewayV2::Stage": set(),
    "AWS::ApiGatewayV2::DomainName": set(),
    "AWS::ApiGatewayV2::ApiMapping": set(),
}
# What CloudFormation fills in where a template is silent, and somebody may have switched off by hand.
FILLED_IN = {
    "AWS::CloudWatch::Alarm": {"ActionsEnabled": True},
    "AWS::Scheduler::Schedule": {"State": "ENABLED"},
}
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"


def promised(one: dict) -> dict:
    """A resource, without what cannot be asked for."""
    kind, properties = one["Type"], copy.deepcopy(one["Properties"])
    if kind == "AWS::ApiGatewayV2::Api":
        (switch,) = [server[ENDPOINT] for server in properties["Body"]["servers"] if ENDPOINT in server]
        properties["DisableExecuteApiEndpoint"] = switch["disableExecuteApiEndpoint"]
    told = {name: value for name, value in properties.items() if name not in KINDS[kind] | {"Tags"}}
    condition = {"Condition": one["Condition"]} if "Condition" in one else {}
    return {"Type": kind, **condition, "Properties": FILLED_IN.get(kind, {}) | told}


def with_plain_names(node):
    """References to versions, without the digits that SAM makes of the content."""
    match node:
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return {"Fn::GetAtt": [written(name), attribute]}
        case dict():
            return {key: with_plain_names(value) for key, value in node.items()}
        case list():
            return [with_plain_names(one) for one in node]
    return node


def text(template: dict) -> str:
    """The whole document, a line for each resource."""
    made = translated(template)
    parts = {
        "Parameters": {name: str(one.get("Default", "")) for name, one in made["Parameters"].items()},
        "Mappings": made["Mappings"],
        "Conditions": made["Conditions"],
        "Resources": {
            name: with_plain_names(promised(one)) for name, one in made["Resources"].items() if one["Type"] in KINDS
        },
    }
    tables = []
    for title, table in parts.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(table.items()))
        tables.append(f" {json.dumps(title)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(tables) + "\n}\n"


def main() -> None:
    """Prints or writes."""
    made = text(documents.template())
    if sys.argv[1:] == ["--write"]:
        PROMISES.write_text(made)
    else:
        print(made, end="")


if __name__ == "__main__":
    main()
