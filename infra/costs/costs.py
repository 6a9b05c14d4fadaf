#!/usr/bin/env python3
"""What Teams Connect costs on AWS a month: the table of the operator's guide.

`costs.py` prints it, `costs.py --write` puts it into the guide. Prices are in prices.toml, what they are multiplied
with in assumptions.toml.
"""

import math
import sys
import textwrap
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
GUIDE = HERE.parent / "README.md"
GIGABYTE = 1e9
MONTH_SECONDS = 730 * 3600


def read(name: str) -> dict:
    """One of the two files."""
    return tomllib.loads((HERE / name).read_text())


def secrets_of(recruiters: int, of_a_customer: int, assumed: dict) -> tuple[int, int]:
    """How many secrets there are, and how many of them hold connections."""
    customers, packed = math.ceil(recruiters / of_a_customer), assumed["secrets"]
    beyond = max(0, of_a_customer - packed["recruiters_of_a_first_node"])
    nodes = customers * (1 + math.ceil(beyond / packed["recruiters_of_a_further_node"]))
    return customers + nodes + min(customers, packed["claims"]) + assumed["deployment"]["own_secrets"], nodes


def calls(recruiters: int, of_a_customer: int, assumed: dict) -> dict[str, float]:
    """How often Secrets Manager is asked in a month."""
    packed, meeting, other = assumed["secrets"], assumed["meeting"], assumed["other_request"]
    secrets, nodes = secrets_of(recruiters, of_a_customer, assumed)
    meetings = recruiters * assumed["month_of_a_recruiter"]["meetings"]
    others = recruiters * assumed["month_of_a_recruiter"]["other_requests"]
    routine = 0 if recruiters >= packed["none_from"] else packed["routine_writes_a_day"] * packed["working_days"]
    of_meetings = min(nodes * routine, meetings * meeting["renewals"])
    sweeps, changes = nodes * packed["sweeps"], recruiters * packed["changes"]
    events = recruiters * assumed["event"]["of_a_recruiter"]
    schedule, checks = assumed["schedule"], checks_of(recruiters, of_a_customer, assumed)
    return {
        "reads": meetings * meeting["reads"]
        + others * other["reads"]
        + 3 * sweeps
        + recruiters * schedule["uses"] * schedule["reads_of_a_use"]
        + checks * schedule["reads_of_a_check"]
        + events * assumed["event"]["reads"],
        "writes": of_meetings + sweeps + changes,
        # What a check found is noted beside the app, upon what is there.
        "tags": sweeps + changes + checks,
        "descriptions": others * other["descriptions"] + checks,
        "lists": assumed["schedule"]["runs"] * pages_of_a_run(secrets, assumed["schedule"]),
    }


def checks_of(recruiters: int, of_a_customer: int, assumed: dict) -> float:
    """How many apps the schedule checks in a month."""
    return math.ceil(recruiters / of_a_customer) * assumed["schedule"]["checks"]


def pages_of_a_run(secrets: int, schedule: dict) -> int:
    """What a run lists: one slice, and the others too while all are few."""
    all_pages = secrets / schedule["secrets_of_a_page"]
    return max(math.ceil(all_pages / schedule["slices"]), min(80, math.ceil(all_pages)))


def polls(event: dict) -> float:
    """How often Lambda asks the queue of events in a month, while there are none."""
    return event["pollers"] * MONTH_SECONDS / event["poll_seconds"]


def costs(recruiters: int, of_a_customer: int, prices: dict, assumed: dict) -> dict[str, float]:
    """The price of each part for a month."""
    secrets, _ = secrets_of(recruiters, of_a_customer, assumed)
    requests = recruiters * sum(assumed["month_of_a_recruiter"].values())
    runs, pages = assumed["schedule"]["runs"], pages_of_a_run(secrets, assumed["schedule"])
    asked = calls(recruiters, of_a_customer, assumed)

    uses = recruiters * assumed["schedule"]["uses"]
    run_seconds = pages * assumed["schedule"]["page_seconds"]
    seconds = requests * assumed["request"]["seconds"] + runs * run_seconds
    seconds += uses * assumed["schedule"]["refresh_seconds"]
    seconds += checks_of(recruiters, of_a_customer, assumed) * assumed["schedule"]["check_seconds"]
    event = assumed["event"]
    events = recruiters * event["of_a_recruiter"]
    batches = events / event["batch"]
    seconds += batches * event["seconds"]
    gigabyte_seconds = seconds * assumed["deployment"]["memory_megabytes"] / 1024
    log_gigabytes = (requests + batches) * assumed["request"]["log_bytes"] / GIGABYTE

    manager, watch, own = prices["secrets_manager"], prices["cloudwatch"], assumed["deployment"]
    return {
        "Secrets Manager: secrets kept": secrets * manager["secret_month"],
        "Secrets Manager: calls": sum(asked.values()) * manager["call"],
        # A read decrypts, a write asks for a data key.
        "KMS": own["keys"] * prices["kms"]["key_month"] 
        + (asked["reads"] + asked["writes"]) * prices["kms"]["request"],
        "Lambda": (requests + runs + batches) * prices["lambda"]["request"]
        + gigabyte_seconds * prices["lambda"]["gigabyte_second"],
        "API Gateway": requests * prices["http_api"]["request"],
        "EventBridge Scheduler": runs * prices["scheduler"]["invocation"],
        "Queue of events": (polls(event) + events * event["queue_requests"]) * prices["sqs"]["request"],
        "Logs": log_gigabytes * (watch["log_gigabyte"] + watch["log_gigabyte_month"] * own["log_months"]),
        "Alarms, metrics, dashboard": own["alarm_metrics"] * watch["alarm_metric_month"]
        + own["metrics"] * watch["metric_month"]
        + own["dashboards"] * watch["dashboard_month"],
        "Data to the internet": (requests + events)
        * assumed["request"]["answer_bytes"]
        / GIGABYTE
        * prices["transfer"]["gigabyte"],
    }


def table(prices: dict, assumed: dict) -> str:
    """The table, and in words what it rests on."""
    sizes = assumed["recruiters"]
    usual = assumed["recruiters_of_a_customer"]
    columns = [costs(size, usual, prices, assumed) for size in sizes]
    spaced = [f"{size:,}".replace(",", " ") for size in sizes]
    lines = [
        "| part | " + " | ".join(f"{size} recruiters" for size in spaced) + " |",
        "|---|" + "---:|" * len(sizes),
        *(f"| {part} | " + " | ".join(f"{column[part]:.2f}" for column in columns) + " |" for part in columns[0]),
        "| **together** | " + " | ".join(f"**{sum(column.values()):.2f}**" for column in columns) + " |",
        "| for each recruiter | "
        + " | ".join(f"{sum(column.values()) / size:.3f}" for column, size in zip(columns, sizes, strict=True))
        + " |",
        *(
            f"| the same with {other} recruiters a customer | "
            + " | ".join(f"{sum(costs(size, other, prices, assumed).values()) / size:.3f}" for size in sizes)
            + " |"
            for other in assumed["other_customers"]
        ),
        "| secrets | "
        + " | ".join(f"{secrets_of(size, usual, assumed)[0]:,}".replace(",", " ") for size in sizes)
        + " |",
    ]
    month, request = assumed["month_of_a_recruiter"], assumed["request"]
    words = (
        f"US dollars a month, list prices of {prices['region']} as of {prices['as_of']}, without free tiers and taxes. "
        f"Assumed: {assumed['recruiters_of_a_customer']} recruiters a customer; {month['meetings']} meetings and "
        f"{month['other_requests']} other requests a recruiter; every meeting refreshes a token; API keys are read "
        f"from the vault for every request; {request['seconds']} s a request at "
        f"{assumed['deployment']['memory_megabytes']} MB; "
        f"{request['log_bytes']} bytes of log a request, kept for {assumed['deployment']['log_months']} months; "
        f"{assumed['schedule']['runs']} runs of the schedule, which check each customer's app daily and use each refresh "
        "token weekly; a receiver of events, and "
        f"{assumed['event']['of_a_recruiter']} event a recruiter. Not counted: a hosted zone, mail of alarms, a second "
        "trail of CloudTrail."
    )
    lines += ["", *textwrap.wrap(words, 120)]
    return "\n".join(lines) + "\n"


def with_table(guide: str, made: str) -> str:
    """The guide with the table between its marks."""
    before, rest = guide.split("<!-- costs -->\n")
    _, after = rest.split("<!-- /costs -->")
    return f"{before}<!-- costs -->\n{made}<!-- /costs -->{after}"


def main() -> None:
    """Prints or writes."""
    made = table(read("prices.toml"), read("assumptions.toml"))
    if sys.argv[1:] == ["--write"]:
        GUIDE.write_text(with_table(GUIDE.read_text(), made))
    else:
        print(made, end="")


if __name__ == "__main__":
    main()
