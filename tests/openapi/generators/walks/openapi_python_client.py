"""The whole journey by the client that openapi-python-client generates."""

import os
import sys
from typing import TypeVar

from teams_connect import AuthenticatedClient
from teams_connect.api.connections import complete_connection, order_connect_link
from teams_connect.api.customers import (
    hand_over_credentials,
    list_customers,
    offboard_customer,
    order_intake_link,
)
from teams_connect.api.meetings import cancel_meeting, change_meeting, order_meeting, read_invitation, read_meeting
from teams_connect.models import (
    Completion,
    ConnectLinkOrder,
    Credentials,
    Language,
    Lobby,
    MeetingChange,
    MeetingOrder,
    Presenters,
    Problem,
)
from teams_connect.types import UNSET, Unset

USER = "anna"
T = TypeVar("T")


def walk(client: AuthenticatedClient, customer: str) -> None:
    credentials = Credentials(
        tenant=os.environ["TENANT"], client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"]
    )
    say("configured", good(hand_over_credentials.sync(customer, client=client, body=credentials)).customer)
    say("intake", good(order_intake_link.sync(customer, client=client, body=None)).url)
    wish = ConnectLinkOrder(language=Language.PL)
    say("connect", good(order_connect_link.sync(customer, USER, client=client, body=wish)).url)
    connection = good(complete_connection.sync(customer, USER, client=client, body=Completion(handle=input())))
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
    meeting = good(order_meeting.sync(customer, USER, client=client, body=order, idempotency_key="interview-1"))
    say(meeting.outcome.value, meeting.id)
    again = good(order_meeting.sync(customer, USER, client=client, body=order, idempotency_key="interview-1"))
    say(again.outcome.value, again.id)
    read = good(read_meeting.sync(customer, USER, meeting.id, client=client))
    lobby, presenters = read.settings.lobby, read.settings.presenters
    assert isinstance(lobby, Lobby) and isinstance(presenters, Presenters)
    say("read", lobby.value, presenters.value, ",".join(read.presenter_addresses))
    change = MeetingChange(subject="Rozmowa: Zażółć Gęślą")
    changed = good(change_meeting.sync(customer, USER, meeting.id, client=client, body=change))
    say(changed.outcome.value, changed.subject)
    invitation = good(read_invitation.sync(customer, USER, meeting.id, client=client, language=Language.PL))
    say("invitation", invitation.payload.read().decode().split("\r\n")[0])
    cancel_meeting.sync(customer, USER, meeting.id, client=client)
    say("cancelled")
    answer = read_meeting.sync_detailed(customer, USER, meeting.id, client=client)
    problem = answer.parsed
    if isinstance(problem, Problem):
        say("problem", answer.status_code.value, problem.code, problem.outcome.value, problem.retryable)
    say("listed", customer in listed(client))
    refusal = offboard_customer.sync(customer, client=client)
    assert not isinstance(refusal, Problem)
    say("offboarded")


def listed(client: AuthenticatedClient) -> list[str]:
    found: list[str] = []
    following: str | Unset = UNSET
    while True:
        page = good(list_customers.sync(client=client, page=following))
        found += [one.customer for one in page.customers]
        if not page.next_page:
            return found
        following = page.next_page


def good(answer: T | Problem | None) -> T:
    """What was answered, which must be a success."""
    assert answer is not None and not isinstance(answer, Problem), answer
    return answer


def say(*words: object) -> None:
    print(*words, flush=True)


with AuthenticatedClient(base_url=os.environ["TEAMS_CONNECT_URL"], token=os.environ["API_KEY"]) as client:
    walk(client, sys.argv[1])
