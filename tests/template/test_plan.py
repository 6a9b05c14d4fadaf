"""The plan of a deployment is the one that the template makes."""

import pytest

import documents
import plan
from broken import broken, properties
from plan import Plan, costs


@pytest.fixture(scope="module")
def made() -> Plan:
    return Plan(documents.template())


def test_the_page_is_what_its_program_writes(made):
    assert plan.PLAN.read_text() == made.text(), "tests/template/run --plan"


def test_every_resource_has_a_row(made):
    rows = {line.split("`")[1] for line in made.text().splitlines() if line.startswith("| `")}
    assert {plan.written(name) for name in made.resources} <= rows
    assert len(made.resources) > 80


def test_what_is_idle_costs_what_the_table_of_costs_says_without_recruiters(made):
    counted_without_requests = 1
    prices, assumed = costs.read("prices.toml"), costs.read("assumptions.toml")
    silent = (assumed["deployment"]["metrics"] - counted_without_requests) * prices["cloudwatch"]["metric_month"]
    idle = sum(made.idle(name) for name in made.resources)
    assert idle == pytest.approx(sum(costs.costs(0, 20, prices, assumed).values()) - silent)


def test_the_plan_says_who_reads_which_key(made):
    assert made.who("SealingKey") == "callback: `GetSecretValue`"
    assert made.who("IntakeKey") == "intake: `GetSecretValue`; refresh: `GetSecretValue`"
    assert made.who("NextStepsKey") == "callback: `GetSecretValue`; intake: `GetSecretValue`"
    assert made.who("SupportKey") == "refresh: `GetSecretValue`"
    assert made.who("LinkKey") == "meetings: `GetSecretValue`"
    assert made.who("WebhookKey") == "refresh: `GetSecretValue`"
    assert "customers/*/app" in made.text()
    assert "intake: `GetSecretValue`" not in made.who(f"{plan.STACK}/customers/*/app")


@pytest.mark.parametrize(
    "how",
    [
        lambda template: template["Resources"]["IntakeLog"].pop("DeletionPolicy"),
        lambda template: properties(template, "Intake").update(Role={"Fn::GetAtt": ["RefreshRole", "Arn"]}),
        lambda template: properties(template, "ServerErrors").update(AlarmDescription="Something"),
        lambda template: template["Resources"].pop("Dashboard"),
        lambda template: properties(template, "AlarmTopicPolicy")["PolicyDocument"]["Statement"][0].update(
            Action="sns:Subscribe"
        ),
    ],
    ids=["a log that goes", "another's role", "another purpose", "a resource less", "another action"],
)
def test_another_template_has_another_plan(made, how):
    assert Plan(broken(how)).text() != made.text()


def test_a_kind_that_nobody_placed_is_noticed():
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"Description": "x"}}
    with pytest.raises(ValueError, match="no section"):
        Plan(broken(lambda template: template["Resources"].update(Table=table))).text()
