"""Azure CLI 2.91 as far as the kit's script for Bash calls it, on a directory that lies in a file. It does what that
version does even where nobody would expect it: `ad app create` takes an app of the same name that is there already,
`ad app permission grant` deletes every grant of the app first, and a certificate without a date counts for one year."""

import json
import os
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import jmespath

from directory import TENANT, Directory, Refused, moment, now, written

FLAGS = {"--append", "--cert", "--only-show-errors", "--create-cert"}
GRAPH_URL = "https://graph.microsoft.com/"


class Usage(Exception):
    """az does not take this."""


def options(words):
    """`--name value…`, and flags. `--cert` is a flag of `credential list` and has a value elsewhere."""
    told, name = {}, None
    for word in words:
        if word.startswith("--"):
            name = word
            told[name] = []
        elif name is None:
            raise Usage(f"unrecognized arguments: {word}")
        else:
            told[name].append(word)
    for name, values in told.items():
        if not values and name not in FLAGS:
            raise Usage(f"argument {name}: expected at least one argument")
    return told


class Az:
    def __init__(self, directory, told):
        self.directory = directory
        self.told = told

    def one(self, name):
        values = self.told.get(name)
        if values and len(values) > 1:
            raise Usage(f"unrecognized arguments: {' '.join(values[1:])}")
        return values[0] if values else None

    def application(self):
        """By its application ID, else by its object ID."""
        found = self.directory.list("applications", f"appId eq '{self.one('--id')}'")
        return found[0] if found else self.directory.get("applications", self.one("--id"))

    def principal(self, name):
        found = self.directory.list("servicePrincipals", f"appId eq '{self.one(name)}'")
        return found[0] if found else self.directory.get("servicePrincipals", self.one(name))

    def account_show(self):
        if not os.environ.get("SIGNED_IN"):
            raise Refused("Please run 'az login' to setup account.")
        return {"tenantId": TENANT}

    def cloud_show(self):
        return {"endpoints": {"microsoftGraphResourceId": GRAPH_URL}}

    def ad_app_list(self):
        name = self.one("--display-name")
        return self.directory.list("applications", self.one("--filter") or (name and f"startswith(displayName,'{name}')"))

    def ad_app_create(self):
        name = self.one("--display-name")
        body = {
            "displayName": name,
            "signInAudience": self.one("--sign-in-audience"),
            "web": {"redirectUris": self.told.get("--web-redirect-uris", [])},
            "requiredResourceAccess": json.loads(self.one("--required-resource-accesses") or "[]"),
        }
        same = [app for app in self.ad_app_list() if app["displayName"] == name]
        if len(same) > 1:
            raise Refused("More than one application have the same display name, please remove them first.")
        if same:
            self.directory.update_application(same[0]["id"], body)
            return same[0]
        return self.directory.create_application(body)

    def ad_app_show(self):
        return self.application()

    def ad_app_update(self):
        self.directory.update_application(self.application()["id"], {"web": {"redirectUris": self.told["--web-redirect-uris"]}})

    def ad_app_owner_list(self):
        return self.application()["owners"]

    def ad_app_permission_list(self):
        return self.application()["requiredResourceAccess"]

    def ad_app_permission_add(self):
        """A permission that is there already stands there twice afterwards."""
        access = [dict(zip(("id", "type"), pair.split("="))) for pair in self.told["--api-permissions"]]
        known = self.application()["requiredResourceAccess"]
        for entry in known:
            if entry["resourceAppId"] == self.one("--api"):
                entry["resourceAccess"] += access
                return
        known.append({"resourceAppId": self.one("--api"), "resourceAccess": access})

    def ad_app_permission_listgrants(self):
        if self.one("--id"):
            return self.directory.list("oauth2PermissionGrants", f"clientId eq '{self.principal('--id')['id']}'")
        return self.directory.list("oauth2PermissionGrants", self.one("--filter"))

    def ad_app_permission_grant(self):
        client, resource = self.principal("--id")["id"], self.principal("--api")["id"]
        for grant in self.directory.list("oauth2PermissionGrants", f"clientId eq '{client}' and resourceId eq '{resource}'"):
            self.directory.delete_grant(grant["id"])
        scope = " ".join(self.told["--scope"])
        return self.directory.create_grant(
            {"clientId": client, "consentType": "AllPrincipals", "resourceId": resource, "scope": scope}
        )

    def ad_app_federatedcredential_list(self):
        return self.application()["federatedIdentityCredentials"]

    def ad_app_federatedcredential_create(self):
        return self.directory.add_federated(self.application()["id"], json.loads(self.one("--parameters")))

    def ad_app_federatedcredential_update(self):
        body = json.loads(self.one("--parameters"))
        self.directory.update_federated(self.application()["id"], self.one("--federated-credential-id"), body)

    def ad_app_credential_list(self):
        return self.application()["keyCredentials" if "--cert" in self.told else "passwordCredentials"]

    def ad_app_credential_reset(self):
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding
        from dateutil import parser

        application, start, end = self.application(), now(), self.one("--end-date")
        end = moment(parser.parse(end)) if end else start + timedelta(days=365)
        if "--append" not in self.told:
            application["passwordCredentials"].clear()
        if "--cert" not in self.told:
            credential = {"displayName": self.one("--display-name"), "endDateTime": written(end)}
            made = self.directory.add_password(application["id"], credential)
            return {"appId": application["appId"], "password": made["secretText"], "tenant": TENANT}
        certificate = x509.load_pem_x509_certificate(Path(self.one("--cert").removeprefix("@")).read_bytes())
        if certificate.not_valid_after_utc < end:
            end = certificate.not_valid_after_utc - timedelta(seconds=1)
        key = {
            "displayName": self.one("--display-name"),
            "key": b64encode(certificate.public_bytes(Encoding.DER)).decode(),
            "startDateTime": written(start),
            "endDateTime": written(end),
        }
        kept = application["keyCredentials"] if "--append" in self.told else []
        self.directory.update_application(application["id"], {"keyCredentials": [*kept, key]})
        return {"appId": application["appId"], "password": None, "tenant": TENANT}

    def ad_sp_list(self):
        return self.directory.list("servicePrincipals", self.one("--filter"))

    def ad_sp_show(self):
        return self.principal("--id")

    def ad_sp_create(self):
        return self.directory.create_principal(self.one("--id"))

    def rest(self):
        """Graph itself. Nobody but Graph is sent a token."""
        path, body = self.one("--url").removeprefix(f"{GRAPH_URL}v1.0/"), json.loads(self.one("--body"))
        kind, _, id = path.partition("/")
        match self.one("--method"), kind, id:
            case "post", "applications", "":
                return self.directory.create_application(body)
            case "post", "oauth2PermissionGrants", "":
                return self.directory.create_grant(body)
            case "patch", "oauth2PermissionGrants", id:
                return self.directory.update_grant(id, body)
        raise Refused(f"Resource not found for the segment '{path}'.")


def shown(value, told):
    """`--query` and `--output`, as the CLI applies them to what came out."""
    if told.get("--query"):
        value = jmespath.search(told["--query"][0], value)
    if value is None or told.get("--output") == ["none"]:
        return
    if told.get("--output") != ["tsv"]:
        print(json.dumps(value))
        return
    for line in value if isinstance(value, list) else [value]:
        print("\t".join(map(str, line)) if isinstance(line, list) else line)


def main(words):
    directory = Directory(Path(os.environ["DIRECTORY"]))
    length = next((place for place, word in enumerate(words) if word.startswith("--")), len(words))
    command = "_".join(words[:length]).replace("-", "")
    try:
        told = options(words[length:])
        if not hasattr(Az, command):
            raise Usage(f"'{' '.join(words[:length])}' is misspelled or not recognized by the system.")
        result = getattr(Az(directory, told), command)()
        directory.keep()
        shown(result, told)
    except Usage as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 2
    except Refused as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 3 if "does not exist" in str(error) else 1
    return 0


sys.exit(main(sys.argv[1:]))
