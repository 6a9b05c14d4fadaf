"""A directory of Microsoft Entra, as far as the files of the kit can meet one. Azure CLI's stand-in and PowerShell's both
act on it, and it refuses what Graph refuses. It lies in a file, since each command is a process of its own, and libraries
are loaded where they are needed, since there are many commands."""

import json
import re
from base64 import b64decode
from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid5

GRAPH = "00000003-0000-0000-c000-000000000000"
TENANT = "6f1c3e0a-2b4d-4c5e-9f7a-1b2c3d4e5f60"
CONDITION = re.compile(r"(?:(\w+) eq '([^']*)'|startswith\((\w+),'([^']*)'\))")


class Refused(Exception):
    """Graph said no."""


def now():
    return datetime.now(timezone.utc)


def moment(value):
    """A moment as Graph writes it, or as a caller wrote it."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def written(value):
    return moment(value).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Directory:
    def __init__(self, file):
        self.file = file
        if file.exists():
            self.held = json.loads(file.read_text())
        else:
            self.held = {"applications": [], "servicePrincipals": [], "oauth2PermissionGrants": [], "ids": 0, "policy": {}}
            self.make("servicePrincipals", {"appId": GRAPH, "displayName": "Microsoft Graph"})
            self.keep()

    def keep(self):
        self.file.write_text(json.dumps(self.held))

    def make(self, kind, thing):
        self.held["ids"] += 1
        made = {"id": str(uuid5(UUID(TENANT), str(self.held["ids"]))), **thing}
        self.held[kind].append(made)
        return made

    def list(self, kind, text=None):
        """OData's `eq` and `startswith`, which know no capitals."""
        found = self.held[kind]
        for one, value, beginning, prefix in CONDITION.findall(text or ""):
            if one:
                found = [thing for thing in found if str(thing.get(one, "")).lower() == value.lower()]
            else:
                found = [thing for thing in found if str(thing.get(beginning, "")).lower().startswith(prefix.lower())]
        if text and CONDITION.sub("", text).replace(" and ", ""):
            raise Refused(f"Invalid filter clause: {text}")
        return found

    def get(self, kind, id):
        for thing in self.held[kind]:
            if thing["id"] == id:
                return thing
        raise Refused(f"Resource '{id}' does not exist or one of its queried reference-property objects are not present.")

    def create_application(self, body):
        """A name is nobody's own: another app may have it already, and this is one more."""
        application = {
            "passwordCredentials": [], "keyCredentials": [], "federatedIdentityCredentials": [], "requiredResourceAccess": [],
            "owners": [{"displayName": "Administrator", "userPrincipalName": "admin@firma.example"}],
            "web": {"redirectUris": []}, "spa": {"redirectUris": []}, "publicClient": {"redirectUris": []},
            **body,
        }
        made = self.make("applications", application)
        made.setdefault("appId", str(uuid5(UUID(TENANT), "app" + made["id"])))
        return made

    def update_application(self, id, body):
        application = self.get("applications", id)
        keys = body.get("keyCredentials")
        if keys is not None:
            body = {**body, "keyCredentials": [self.key(application, key) for key in keys]}
        for name, value in body.items():
            if name == "web":
                application["web"].update(value)
            else:
                application[name] = value

    def key(self, application, key):
        """What is known already may come without its content. A date that is not named is for Entra to choose."""
        for known in application["keyCredentials"]:
            if key.get("keyId") == known.get("keyId"):
                return known
        from cryptography import x509

        self.check_policy("keyAddition", "keyDays", key)
        certificate = x509.load_der_x509_certificate(b64decode(key["key"]))
        end = moment(key.get("endDateTime") or certificate.not_valid_after_utc)
        if end > certificate.not_valid_after_utc:
            raise Refused("Key credential end date is invalid.")
        start = moment(key.get("startDateTime") or certificate.not_valid_before_utc)
        self.held["ids"] += 1
        kept = {"keyId": str(self.held["ids"]), "displayName": key.get("displayName"), "key": key["key"]}
        return {**kept, "startDateTime": written(start), "endDateTime": written(end)}

    def add_password(self, id, credential):
        application = self.get("applications", id)
        self.check_policy("passwordAddition", "passwordDays", credential)
        self.held["ids"] += 1
        end = credential.get("endDateTime") or now() + timedelta(days=730)
        kept = {"keyId": str(self.held["ids"]), "displayName": credential.get("displayName"), "endDateTime": written(end)}
        application["passwordCredentials"].append(kept)
        return {**kept, "secretText": "the-secret"}

    def add_federated(self, id, body):
        """With Microsoft's limits. A name cannot be changed later."""
        application = self.get("applications", id)
        known = application["federatedIdentityCredentials"]
        if not self.held["policy"].get("federation", True):
            raise Refused("Credential type not allowed as per assigned policy.")
        if not re.fullmatch(r"[A-Za-z0-9][\w-]{2,119}", body.get("name", ""), re.ASCII):
            raise Refused(f"Federated Identity Credential name '{body.get('name')}' is invalid.")
        if len(known) >= 20:
            raise Refused("The maximum number of federated identity credentials is reached.")
        if any(other["name"] == body["name"] for other in known):
            raise Refused("FederatedIdentityCredential with the same name already exists.")
        self.check_federated(known, body)
        self.held["ids"] += 1
        made = {"id": f"federated-{self.held['ids']}", **body}
        known.append(made)
        return made

    def update_federated(self, id, credential, body):
        known = self.get("applications", id)["federatedIdentityCredentials"]
        for own in known:
            if credential in (own["id"], own["name"]):
                self.check_federated([other for other in known if other is not own], {**own, **body})
                if "name" in body:
                    raise Refused("Property name is immutable.")
                own.update(body)
                return
        raise Refused(f"Resource '{credential}' does not exist or one of its queried reference-property objects are not present.")

    def check_federated(self, others, body):
        if set(body) - {"id"} != {"name", "issuer", "subject", "audiences"} or not all(body.values()):
            raise Refused("Federated Identity Credential from HTTP body has empty properties")
        if not isinstance(body["audiences"], list) or len(body["audiences"]) != 1:
            raise Refused("Federated identity credentials must have exactly one audience.")
        if any((other["issuer"], other["subject"]) == (body["issuer"], body["subject"]) for other in others):
            raise Refused("Issuer and subject combination already exists for this application.")

    def check_policy(self, addition, days, credential):
        """An application management policy of the tenant."""
        policy = self.held["policy"]
        if not policy.get(addition, True):
            raise Refused("Credential type not allowed as per assigned policy.")
        longest = policy.get(days)
        if longest and moment(credential["endDateTime"]) > now() + timedelta(days=longest):
            raise Refused("Credential lifetime exceeds the max value allowed as per assigned policy.")

    def create_principal(self, app_id):
        """A new app is not known everywhere at once."""
        if self.held["policy"].get("lag", 0) > 0:
            self.held["policy"]["lag"] -= 1
            self.keep()
            raise Refused(f"The appId '{app_id}' of the service principal does not reference a valid application object.")
        application = self.list("applications", f"appId eq '{app_id}'")[0]
        return self.make("servicePrincipals", {"appId": app_id, "displayName": application["displayName"]})

    def create_grant(self, body):
        self.check_consent()
        for grant in self.held["oauth2PermissionGrants"]:
            if all(grant.get(name) == body.get(name) for name in ("clientId", "resourceId", "consentType", "principalId")):
                raise Refused("Permission entry already exists.")
        return self.make("oauth2PermissionGrants", body)

    def update_grant(self, id, body):
        self.check_consent()
        self.get("oauth2PermissionGrants", id).update(body)

    def delete_grant(self, id):
        self.check_consent()
        self.held["oauth2PermissionGrants"].remove(self.get("oauth2PermissionGrants", id))

    def check_consent(self):
        if not self.held["policy"].get("consent", True):
            raise Refused("Insufficient privileges to complete the operation.")
