"""What Schemathesis cannot make up: links, handles, times that are to come, somebody to delete. It loads this file."""

import atexit
import functools
import itertools
import json
import os
from collections import Counter

import requests
import schemathesis
from ats import CREDENTIALS, OTHER_ADMINISTRATOR, OTHER_CREDENTIALS, Ats, interview, last_segment
from deployment import API_KEY

ATS = Ats(os.environ["CONTRACT_BASE"], API_KEY)
CUSTOMER, USER, COLLEAGUE = "kadry", "anna", "jan"
# Whoever is deleted is another one, who is there again before the next deletion.
SPARE = "spare"

# Whether these make sense, no schema says; of an order they are half the time as they were made up.
BEYOND_ANY_SCHEMA = ("attendees", "co_organizers", "presenter_addresses", "template", "time_zone")

answered: Counter[tuple[str, int]] = Counter()
explained: dict[str, bool] = {}
turns: Counter[str] = Counter()
days = itertools.cycle(range(2, 400))
orders = itertools.count()
# A vault that is written a lot keeps few sign-ins a day for each recruiter.
recruiters = map("recruiter-{}".format, itertools.count())


def intake_form(case):
    case.path_parameters = {**case.path_parameters, "link": ATS.intake_link(CUSTOMER)}


def filled_form(case):
    intake_form(case)
    case.body = dict(CREDENTIALS)


def credentials(case):
    case.path_parameters = {"customer": CUSTOMER}
    case.body = dict(CREDENTIALS)


def support_link(case):
    case.path_parameters = {**case.path_parameters, "link": ATS.support_link()}


def support_link_to_a_customer(case):
    case.path_parameters = {"link": ATS.support_link(), "customer": CUSTOMER}


def kit(case):
    case.path_parameters = {"link": ATS.intake_link(CUSTOMER), "file": "teams-connect.sh"}


def certificate(case):
    case.path_parameters = {"link": ATS.link_with_certificate(CUSTOMER)}


def sign_in_test(case):
    case.path_parameters = {"link": ATS.sign_in_test(CUSTOMER)}


def connect_link(case):
    case.path_parameters = {"link": ATS.connect_link(CUSTOMER, USER)}


def sign_in(case):
    query, cookie = ATS.answered_sign_in(CUSTOMER, next(recruiters))
    case.query = query
    case.headers["Cookie"] = cookie


def handle(case):
    user = next(recruiters)
    case.path_parameters = {"customer": CUSTOMER, "user": user}
    case.body = {"handle": ATS.handle(CUSTOMER, user)}


def times(case):
    """Keeps the options that were made up, whatever they are."""
    case.path_parameters = {"customer": CUSTOMER, "user": USER}
    if isinstance(case.body, dict):
        made_up = {name: value for name, value in case.body.items() if name not in BEYOND_ANY_SCHEMA}
        case.body = made_up | interview(next(days))


def new_order(case):
    times(case)
    case.headers["Idempotency-Key"] = f"order-{next(orders)}"


def meeting(case):
    case.path_parameters = {"customer": CUSTOMER, "user": USER, "id": kept_meeting()}


@functools.cache
def kept_meeting() -> str:
    return ATS.order(CUSTOMER, USER, "kept", interview())["id"]


def changed_meeting(case):
    times(case)
    meeting(case)


def meeting_of_its_own(case):
    made = ATS.order(CUSTOMER, USER, f"made-{next(orders)}", interview(next(days)))
    case.path_parameters = {"customer": CUSTOMER, "user": USER, "id": made["id"]}


def meeting_for_a_colleague(case):
    meeting_of_its_own(case)
    case.body = {"to_user": COLLEAGUE}


def invitation_of_a_meeting(case):
    meeting(case)
    if "time_zone" in (case.query or {}):
        case.query = {**case.query, "time_zone": "Europe/Warsaw"}


def link_to_join(case):
    made = ATS.order(CUSTOMER, USER, f"joined-{next(orders)}", interview(next(days)))
    case.path_parameters = {"link": last_segment(made["link"])}


def somebody_to_disconnect(case):
    ATS.configure(SPARE, OTHER_CREDENTIALS)
    user = next(recruiters)
    ATS.connect(SPARE, user, OTHER_ADMINISTRATOR)
    case.path_parameters = {"customer": SPARE, "user": user}


def somebody_to_offboard(case):
    ATS.configure(SPARE, OTHER_CREDENTIALS)
    case.path_parameters = {"customer": SPARE}


# By the names of operations. A deletion is furnished always, the others every other time.
FURNISHED = {
    "showIntakeForm": intake_form,
    "submitIntakeForm": filled_form,
    "showSupportPage": support_link,
    "showSupportCustomer": support_link_to_a_customer,
    "handOverCredentials": credentials,
    "downloadKit": kit,
    "makeCertificate": intake_form,
    "makeFederatedTrust": intake_form,
    "downloadCertificate": certificate,
    "openConnectLink": connect_link,
    "explainSignInError": connect_link,
    "openSignInTest": sign_in_test,
    "returnFromMicrosoft": sign_in,
    "returnFromMicrosoftAsBefore": sign_in,
    "completeConnection": handle,
    "orderMeeting": new_order,
    "readMeeting": meeting,
    "changeMeeting": changed_meeting,
    "cancelMeeting": meeting_of_its_own,
    "handOverMeeting": meeting_for_a_colleague,
    "readInvitation": invitation_of_a_meeting,
    "joinMeeting": link_to_join,
    "disconnect": somebody_to_disconnect,
    "offboardCustomer": somebody_to_offboard,
}


@schemathesis.hook
def before_call(context, case, kwargs):
    name = case.operation.definition.raw.get("operationId")
    furnish = FURNISHED.get(name)
    mode = case.meta.generation.mode if case.meta else None
    # A deletion of somebody whom others need is never sent as it was made up.
    deletes = case.method.upper() == "DELETE"
    if furnish is None or not (deletes or (mode is not None and mode.is_positive)):
        return
    turns[name] += 1
    if deletes or turns[name] % 2:
        furnish(case)


@schemathesis.hook
def after_call(context, case, response):
    name = case.operation.definition.raw.get("operationId")
    if case.method.upper() == case.operation.method.upper():
        answered[name, response.status_code] += 1


@schemathesis.check
def problem_is_explained(ctx, response, case):
    """Every problem says what RFC 9457 asks for, agrees with its status, and its type leads to a page about it."""
    if not response.headers.get("content-type", [""])[0].startswith("application/problem+json"):
        # Where an operation says nothing of security, it needs a key, as the whole document says.
        guarded = "security" not in case.operation.definition.raw
        assert response.status_code < 400 or not guarded, f"{response.status_code} is no problem document"
        return
    problem = response.json()
    assert problem["status"] == response.status_code, f"the document says {problem['status']}"
    assert problem["type"].endswith(f"/problems/{problem['code']}"), problem["type"]
    kind = problem["type"]
    if kind not in explained:
        explained[kind] = requests.get(kind, timeout=30).status_code == 200
    assert explained[kind], f"{kind} leads nowhere"


@atexit.register
def tell():
    by_operation: dict[str, dict[int, int]] = {}
    for (name, status), times_ in sorted(answered.items()):
        by_operation.setdefault(name, {})[status] = times_
    with open(os.environ["CONTRACT_COUNTS"], "w") as file:
        json.dump({"answered": by_operation, "explained": sorted(explained)}, file)
