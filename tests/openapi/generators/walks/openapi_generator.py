"""The whole journey by the client that openapi-generator generates for Python."""

import os
import sys

from teams_connect import (
    ApiClient,
    Completion,
    Configuration,
    ConnectionsApi,
    ConnectLinkOrder,
    Credentials,
    CustomersApi,
    Language,
    Lobby,
    MeetingChange,
    MeetingOrder,
    MeetingsApi,
    Presenters,
    Problem,
)
from teams_connect.exceptions import ApiException

USER = "anna"


def walk(client: ApiClient, customer: str) -> None:
    customers, connections, meetings = CustomersApi(client), ConnectionsApi(client), MeetingsApi(client)
    credentials = Credentials(
        tenant=os.environ["TENANT"], client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"]
    )
    say("configured", customers.hand_over_credentials(customer, credentials).customer)
    say("intake", customers.order_intake_link(customer).url)
    wish = ConnectLinkOrder(language=Language.PL)
    say("connect", connections.order_connect_link(customer, USER, connect_link_order=wish).url)
    connection = connections.complete_connection(customer, USER, Completion(handle=input()))
    say("connected", connection.state.value, connection.account.upn)

    order = MeetingOrder(
        subject="Rozmowa: Adam Wiśniewski",
        start=os.environ["START"],
        end=os.environ["END"],
        attendees=["adam@example.org"],
        lobby=Lobby.INVITED,
        presenters=Presenters.NAMED,
        presenter_addresses=[os.environ["PRESENTER"]],
    )
    meeting = meetings.order_meeting(customer, USER, "interview-1", order)
    say(meeting.outcome.value, meeting.id)
    again = meetings.order_meeting(customer, USER, "interview-1", order)
    say(again.outcome.value, again.id)
    read = meetings.read_meeting(customer, USER, meeting.id)
    assert read.settings.lobby and read.settings.presenters
    say("read", read.settings.lobby.value, read.settings.presenters.value, ",".join(read.presenter_addresses))
    changed = meetings.change_meeting(customer, USER, meeting.id, MeetingChange(subject="Rozmowa: Zażółć Gęślą"))
    say(changed.outcome.value, changed.subject)
    invitation = meetings.read_invitation(customer, USER, meeting.id, language=Language.PL)
    say("invitation", bytes(invitation).decode().split("\r\n")[0])
    meetings.cancel_meeting(customer, USER, meeting.id)
    say("cancelled")
    try:
        meetings.read_meeting(customer, USER, meeting.id)
    except ApiException as refusal:
        problem = refusal.data
        assert isinstance(problem, Problem)
        say("problem", refusal.status, problem.code, problem.outcome.value, problem.retryable)
    say("listed", customer in listed(customers))
    customers.offboard_customer(customer)
    say("offboarded")


def listed(customers: CustomersApi) -> list[str]:
    found, page = [], customers.list_customers()
    found += [one.customer for one in page.customers]
    while page.next_page:
        page = customers.list_customers(page=page.next_page)
        found += [one.customer for one in page.customers]
    return found


def say(*words: object) -> None:
    print(*words, flush=True)


settings = Configuration(host=os.environ["TEAMS_CONNECT_URL"], access_token=os.environ["API_KEY"])
with ApiClient(settings) as client:
    walk(client, sys.argv[1])
