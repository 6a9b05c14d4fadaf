"""Rules about events: they wait in a queue until the ATS has them, and nothing of that is there where nobody listens."""

import documents
from permissions import functions, listed, statements, text
from rollout import resolution
from rulebook import of_type, rule

ASKS = "HasWebhook"
QUEUES = {"Events", "DeadLetters"}


@rule
def events_are_tried_for_a_day_and_then_kept(template: dict) -> list[str]:
    receives, seconds = documents.backoff()
    queue, dead = (template["Resources"].get(name, {}).get("Properties", {}) for name in ("Events", "DeadLetters"))
    redrive, faults = queue.get("RedrivePolicy", {}), []
    if text(redrive.get("deadLetterTargetArn", "")) != "${DeadLetters.Arn}":
        faults.append("an event that was given up is lost")
    if redrive.get("maxReceiveCount") != receives:
        faults.append(f"the code takes an event {receives} times, and the queue gives it {redrive}")
    # What a process left that died comes again after this time, each time.
    left = receives * queue.get("VisibilityTimeout", 30)
    if queue.get("MessageRetentionPeriod", 345_600) < seconds + left:
        faults.append("the queue forgets an event before it is given up")
    if dead.get("MessageRetentionPeriod", 345_600) <= queue.get("MessageRetentionPeriod", 345_600):
        faults.append("dead letters are forgotten at once: they count from the day of the event")
    # "Using Lambda with Amazon SQS": less, and a second process takes what a first one is still at work with.
    if queue.get("VisibilityTimeout", 30) < 6 * functions(template)["refresh"]["Properties"]["Timeout"]:
        faults.append("an event comes again while its delivery goes on")
    encrypted = [one.get("SqsManagedSseEnabled") is True for one in (queue, dead)]
    return faults if all(encrypted) else [*faults, "a queue is not encrypted"]


@rule
def refresh_is_handed_events_and_says_which_it_delivered(template: dict) -> list[str]:
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping")
    faults = [] if set(mappings) == {"EventDelivery"} else [f"events are taken by {sorted(mappings)}"]
    for name, one in mappings.items():
        properties = one["Properties"]
        if text(properties["EventSourceArn"]) != "${Events.Arn}" or text(properties["FunctionName"]) != "${Refresh.Alias}":
            faults.append(f"{name} leads elsewhere")
        if properties.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            faults.append(f"{name}: one event that fails makes all of its batch come again")
        # A batch that waits for being full would hold events back.
        if properties.get("BatchSize") != 10 or "MaximumBatchingWindowInSeconds" in properties:
            faults.append(f"{name} takes another number of events")
        if "MaximumConcurrency" not in properties.get("ScalingConfig", {}):
            faults.append(f"{name} may take all of the account's concurrency")
        if properties.get("Enabled") != {"Fn::If": ["IsStopped", False, True]}:
            faults.append(f"{name} uses up attempts while the functions are stopped")
    return faults


@rule
def nothing_of_events_is_there_without_a_receiver(template: dict) -> list[str]:
    alarms = {
        name
        for name, one in of_type(template, "AWS::CloudWatch::Alarm").items()
        if one["Properties"].get("MetricName") == "EventsRefused" or references_a_queue(one["Properties"])
    }
    wanted = QUEUES | alarms | {"EventDelivery"}
    made = {name for name, one in template["Resources"].items() if one.get("Condition") == ASKS}
    faults = [f"{name} is not there exactly with a receiver" for name in sorted(wanted ^ made)]
    if len(alarms) != 3:
        faults.append(f"somebody is told by {sorted(alarms)} alone")
    for receiver in ("", "https://ats.example/events"):
        resolved = resolution(template, {"WebhookUrl": receiver})
        shared = template["Globals"]["Function"]["Environment"]["Variables"]
        queue = "<Events>" if receiver else ""
        if resolved.of(shared).get("EVENT_QUEUE_URL") != queue:
            faults.append(f"the functions send to another queue than {queue}")
        for name, function in functions(template).items():
            own = resolved.of(function["Properties"].get("Environment", {}).get("Variables", {}))
            if own.get("WEBHOOK_URL") != (receiver if name == "refresh" else None):
                faults.append(f"{name} has another receiver than {receiver}")
            role = resolved.of(template["Resources"][function["Properties"]["Role"]["Fn::GetAtt"][0]])
            sends = any("<Events.Arn>" in listed(one["Resource"]) for one in statements(role))
            if sends is not bool(receiver):
                faults.append(f"{name}: its role does not follow the parameter")
    return faults


def references_a_queue(properties: dict) -> bool:
    """Whether an alarm is about one of the two queues."""
    return any(f"${{{queue}.QueueName}}" == text(one["Value"]) for one in properties.get("Dimensions", []) for queue in QUEUES)
