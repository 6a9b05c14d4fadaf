"""The ATS: calls with an API key; and the browser of a recruiter who signs in at the simulator."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import requests

ANNA = "anna.nowak@kadry.example"
ADMINISTRATOR = "administrator@kadry.example"
JAN = "jan.kowalski@kadry.example"
# Of the simulator's invented company; nothing outside of it knows them.
CREDENTIALS = {
    "tenant": "6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60",
    "client_id": "3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34",
    "client_secret": "kPz8Q~Simulated.Secret_For-Kadry.Polska0",
}
# Another company's: no two customers work with one app. Its administrator consents for herself when she signs in.
OTHER_CREDENTIALS = {
    "tenant": "a90b3e57-d8c1-4e26-8f7a-52c6d1b0e483",
    "client_id": "51f8d0b6-7c3e-4a95-92e4-d6a80b1c7f2e",
    "client_secret": "rTx8Q~Simulated.Secret_For-Praca.Plus000",
}
OTHER_ADMINISTRATOR = "administrator@praca.example"
PATIENCE = 30


class Ats:
    def __init__(self, base: str, key: str):
        self.base, self.key = base, key

    def call(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        authorization = {"Authorization": f"Bearer {self.key}"}
        url = f"{self.base}{path}"
        return requests.request(
            method, url, json=body, headers=authorization | named, timeout=PATIENCE, allow_redirects=False
        )

    def expect(self, status: int, method: str, path: str, body: object = None, **headers: str) -> dict:
        answer = self.call(method, path, body, **headers)
        if answer.status_code != status:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else {}

    def configure(self, customer: str, credentials: dict = CREDENTIALS) -> None:
        received = self.expect(200, "PUT", f"/v1/customers/{customer}/credentials", credentials)
        # Recruiters may not consent for themselves.
        administrator = ADMINISTRATOR if credentials is CREDENTIALS else OTHER_ADMINISTRATOR
        answer = {"user": administrator, "decision": "accept"}
        requests.post(received["consent_url"], data=answer, timeout=PATIENCE, allow_redirects=False)

    def sign_in_test(self, customer: str) -> str:
        received = self.expect(200, "PUT", f"/v1/customers/{customer}/credentials", CREDENTIALS)
        return last_segment(received["test_sign_in_url"])

    def order(self, customer: str, user: str, key: str, body: dict) -> dict:
        path = f"/v1/customers/{customer}/users/{user}/meetings"
        return self.expect(201, "POST", path, body, idempotency_key=key)

    def intake_link(self, customer: str) -> str:
        return last_segment(self.expect(201, "POST", f"/v1/customers/{customer}/intake-links", {})["url"])

    def support_link(self) -> str:
        return last_segment(self.expect(201, "POST", "/v1/support-links", {})["url"])

    def link_with_certificate(self, customer: str) -> str:
        self.expect(200, "POST", f"/v1/customers/{customer}/certificate")
        return self.intake_link(customer)

    def connect_link(self, customer: str, user: str) -> str:
        return last_segment(self.expect(201, "POST", f"/v1/customers/{customer}/users/{user}/connect-links", {})["url"])

    def answered_sign_in(self, customer: str, user: str, account: str = ANNA) -> tuple[dict[str, str], str]:
        """What Microsoft sends back to us for a recruiter who signed in, and the cookie of her browser."""
        return self.answered_sign_in_at(self.connect_link(customer, user), account)

    def answered_sign_in_at(self, link: str, account: str) -> tuple[dict[str, str], str]:
        begun = self.call("GET", f"/connect/{link}")
        answer = {"user": account, "decision": "accept"}
        signed_in = requests.post(begun.headers["Location"], data=answer, timeout=PATIENCE, allow_redirects=False)
        query = parse_qs(urlsplit(signed_in.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}, begun.headers["Set-Cookie"].split(";")[0]

    def handle(self, customer: str, user: str, account: str = ANNA) -> str:
        return self.handle_at(self.connect_link(customer, user), account)

    def handle_at(self, link: str, account: str) -> str:
        """What the browser brings to the ATS's completion page."""
        query, cookie = self.answered_sign_in_at(link, account)
        url = f"{self.base}/oauth/callback"
        returned = requests.get(
            url, params=query, headers={"Cookie": cookie}, timeout=PATIENCE, allow_redirects=False
        )
        return parse_qs(urlsplit(returned.headers["Location"]).query)["handle"][0]

    def connect(self, customer: str, user: str, account: str = ANNA) -> None:
        path = f"/v1/customers/{customer}/users/{user}/connection"
        self.expect(200, "POST", path, {"handle": self.handle(customer, user, account)})


def last_segment(url: str) -> str:
    return url.rsplit("/", 1)[1]


def interview(days: int = 7) -> dict[str, str]:
    """An order for an interview in some days."""
    start = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)
    end = start + timedelta(minutes=45)
    return {"subject": "Interview: Adam Wiśniewski", "start": written(start), "end": written(end)}


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
