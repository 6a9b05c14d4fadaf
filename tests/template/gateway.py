"""Rules about the door: the routes, who may ask for them how often, and what is written about that."""

import json
import re

import documents
from permissions import functions, text
from rulebook import of_type, rule

INTEGRATIONS = "#/components/x-amazon-apigateway-integrations/"
METHODS = {"get", "put", "post", "delete", "patch"}
# What a browser asks for and no route has. It is no route of the README: its answer is a 404.
UNKNOWN = ("intake", "GET /{proxy+}")
ATS, ANYBODY = ("ThrottlingRate", "ThrottlingBurst"), ("AnonymousThrottlingRate", "AnonymousThrottlingBurst")


def body_of(template: dict) -> dict:
    """The OpenAPI document that API Gateway imports."""
    return template["Resources"]["Api"]["Properties"].get("DefinitionBody", {})


def routes_of(template: dict) -> list[tuple[str, str]]:
    """`(function, "METHOD /path")` of the template."""
    found = []
    for path, operations in body_of(template).get("paths", {}).items():
        for method, operation in operations.items():
            if method != "parameters":
                to = operation.get("x-amazon-apigateway-integration", {}).get("$ref", "")
                found.append((to.removeprefix(INTEGRATIONS), f"{method.upper()} {path}"))
    return found


@rule
def routes_are_those_of_the_readme(template: dict) -> list[str]:
    told, made = documents.routes() | {UNKNOWN}, routes_of(template)
    of_all = {route for function, route in told if function == "all"}
    faults = [
        f"{route} of {function} is not in the template"
        for function, route in sorted(told - set(made))
        if function != "all"
    ]
    faults += [f"{route} must be at one function" for route in of_all if [made_ for _, made_ in made].count(route) != 1]
    faults += [
        f"{route}: nobody has the name {function}" for function, route in made if function not in functions(template)
    ]
    return faults + [
        f"{route} of {function} is not in README.md"
        for function, route in made
        if (function, route) not in told and route not in of_all
    ]


@rule
def no_route_takes_what_is_not_named(template: dict) -> list[str]:
    wild = [
        f"{route} of {function}"
        for function, route in routes_of(template)
        if route.split()[0].lower() not in METHODS or "$default" in route or "+}" in route
        if (function, route) != UNKNOWN
    ]
    other = of_type(template, "AWS::ApiGatewayV2::Route", "AWS::Serverless::Api", "AWS::Lambda::Url")
    urls = [
        name for name, one in functions(template).items() if one["Properties"].keys() & {"FunctionUrlConfig", "Events"}
    ]
    return wild + [f"{name} is another door" for name in [*other, *urls]]


@rule
def the_import_of_the_api_cannot_fail_on_a_remark(template: dict) -> list[str]:
    """SAM writes `servers` for DisableExecuteApiEndpoint, without a `url`. Of that the import complains, and with
    FailOnWarnings a complaint is an API that is not created (serverless-application-model, 2424).
    """
    faults = []
    for name, one in of_type(template, "AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api").items():
        properties = one["Properties"]
        if properties.get("FailOnWarnings"):
            faults.append(f"{name} is not created where its import is remarked upon")
        servers = properties.get("DefinitionBody", properties.get("Body", {})).get("servers", [])
        if not servers or not all(server.get("url") for server in servers):
            faults.append(f"{name} has servers without a url")
    return faults


@rule
def the_access_log_has_no_path_and_no_query(template: dict) -> list[str]:
    log = template["Resources"]["Api"]["Properties"].get("AccessLogSettings", {})
    # Without the last three nobody can tell why API Gateway answered 5xx by itself.
    fields = {"requestId", "routeKey", "status", "responseLatency", "identity.sourceIp"}
    fields |= {"integration.status", "error.message", "integrationErrorMessage"}
    told = set(re.findall(r"\$context\.([A-Za-z.]+)", log.get("Format", "")))
    faults = [f"the access log has {sorted(told)}"] if told != fields else []
    try:
        json.loads(log.get("Format", ""))
    except ValueError:
        faults.append("a line of the access log is not JSON")
    return faults


@rule
def what_the_gateway_turns_away_is_counted_and_has_an_alarm(template: dict) -> list[str]:
    log = template["Resources"]["Api"]["Properties"].get("AccessLogSettings", {}).get("Format", "{}")
    fields = {value: name for name, value in json.loads(log).items()}
    counted = {
        each["MetricName"]
        for one in of_type(template, "AWS::Logs::MetricFilter").values()
        for each in one["Properties"]["MetricTransformations"]
        if one["Properties"]["LogGroupName"] == {"Ref": "AccessLog"}
        and one["Properties"]["FilterPattern"]
        == f'{{ $.{fields.get("$context.status")} = "429" && $.{fields.get("$context.integration.status")} = "-" }}'
    }
    alarmed = {one["Properties"].get("MetricName") for one in of_type(template, "AWS::CloudWatch::Alarm").values()}
    return [] if counted & alarmed else ["nobody is told when API Gateway answers 429"]


@rule
def a_domain_closes_the_default_endpoint(template: dict) -> list[str]:
    closed = template["Resources"]["Api"]["Properties"].get("DisableExecuteApiEndpoint")
    faults = (
        []
        if closed == {"Fn::If": ["HasDomain", True, False]}
        else ["the default endpoint stays open beside the domain"]
    )
    for name, one in of_type(template, "AWS::ApiGatewayV2::DomainName").items():
        if any(each.get("SecurityPolicy") != "TLS_1_2" for each in one["Properties"]["DomainNameConfigurations"]):
            faults.append(f"{name} takes old TLS")
        if one.get("Condition") != "HasDomain":
            faults.append(f"{name} is there without a domain")
    return faults


def limits(settings: dict) -> tuple[str, str]:
    """The parameters that a throttle is set by."""
    return tuple(text(settings.get(f"Throttling{name}Limit", "")).strip("${}") for name in ("Rate", "Burst"))


@rule
def strangers_do_not_empty_the_buckets_of_the_ats(template: dict) -> list[str]:
    """Routes without settings of their own share those of the stage; API Gateway refuses settings of a route that is
    not there.
    """
    properties, parameters = template["Resources"]["Api"]["Properties"], template["Parameters"]
    own = properties.get("RouteSettings", {})
    anonymous = {route for _, route in routes_of(template) if not route.split()[1].startswith("/v1/")}
    faults = [f"{route}: who may ask for it how often" for route in sorted(own.keys() ^ anonymous)]
    faults += [f"{route} has another throttle" for route, one in own.items() if limits(one) != ANYBODY]
    if limits(properties.get("DefaultRouteSettings", {})) != ATS:
        faults.append("the routes of the ATS are not throttled")
    return faults + [
        f"strangers have as much as the ATS: {one}"
        for one, other in zip(ANYBODY, ATS, strict=True)
        if parameters[one]["Default"] >= parameters[other]["Default"]
    ]


@rule
def only_the_api_calls_a_function(template: dict) -> list[str]:
    wanted = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*/*"
    permissions = of_type(template, "AWS::Lambda::Permission").values()
    called = [text(one["Properties"]["FunctionName"]) for one in permissions]
    faults = (
        []
        if sorted(called) == sorted(f"${{{name.title()}.Alias}}" for name in functions(template))
        else [f"callers of {called}"]
    )
    return faults + [
        "somebody else may call a function"
        for one in permissions
        if (one["Properties"]["Principal"], text(one["Properties"].get("SourceArn", "")))
        != ("apigateway.amazonaws.com", wanted)
    ]
