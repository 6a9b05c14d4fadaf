"""What PowerShell's module Microsoft.Graph offers to the kit's script, on a directory that lies in a file, and the few
types and commands of PowerShell itself. Parameters that are not named here are unknown ones."""

import sys
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from directory import TENANT, written


class Thrown(Exception):
    """`throw`, or an error that ends a statement."""


class Moment:
    """[datetime]"""

    def __init__(self, value):
        self.value = value

    @property
    def Date(self):
        return Moment(self.value.replace(hour=0, minute=0, second=0, microsecond=0))

    def ToUniversalTime(self):
        return Moment(self.value.astimezone(timezone.utc))

    def AddDays(self, days):
        return Moment(self.value + timedelta(days=days))

    def ToString(self, form):
        assert form == "yyyy-MM-dd", form
        return self.value.strftime("%Y-%m-%d")


class Certificate:
    """[System.Security.Cryptography.X509Certificates.X509Certificate2]"""

    def __init__(self, path):
        try:
            certificate = x509.load_pem_x509_certificate(Path(path).read_bytes())
        except ValueError:
            raise Thrown("Cannot find the requested object.") from None
        self.NotBefore = Moment(certificate.not_valid_before_utc.astimezone())
        self.NotAfter = Moment(certificate.not_valid_after_utc.astimezone())
        self.RawData = certificate.public_bytes(Encoding.DER)


TYPES = {"System.Security.Cryptography.X509Certificates.X509Certificate2": Certificate}


def sent(value):
    """As the module sends it: names begin with a small letter, bytes are Base64."""
    match value:
        case dict():
            return {name[0].lower() + name[1:]: sent(each) for name, each in value.items()}
        case list():
            return [sent(each) for each in value]
        case bytes():
            return b64encode(value).decode()
        case Moment():
            return written(value.value)
    return value


class Module:
    """Microsoft.Graph. Each command takes the parameters that are named here, and returns what it puts out."""

    def __init__(self, directory):
        self.directory = directory
        self.scopes = None

    def connect_mggraph(self, scopes, nowelcome=False):
        self.scopes = scopes

    def get_mgcontext(self):
        return [{"tenantId": TENANT}]

    def get_mgapplication(self, filter=None, applicationid=None, property=None, all=False):
        found = self.directory.list("applications", filter) if filter else [self.directory.get("applications", applicationid)]
        if property:
            return [{property[0].lower() + property[1:]: app[property[0].lower() + property[1:]]} for app in found]
        hidden = [{**app, "keyCredentials": [{**key, "key": None} for key in app["keyCredentials"]]} for app in found]
        return hidden

    def new_mgapplication(self, **settings):
        known = {"displayname": "displayName", "signinaudience": "signInAudience", "web": "web", "requiredresourceaccess": "requiredResourceAccess"}
        return [self.directory.create_application({known[name]: sent(value) for name, value in settings.items()})]

    def update_mgapplication(self, applicationid, web=None, requiredresourceaccess=None, keycredentials=None):
        change = {"web": web, "requiredResourceAccess": requiredresourceaccess, "keyCredentials": keycredentials}
        self.directory.update_application(applicationid, {name: sent(value) for name, value in change.items() if value is not None})

    def get_mgapplicationowner(self, applicationid, all=False):
        return [{"additionalProperties": owner} for owner in self.directory.get("applications", applicationid)["owners"]]

    def get_mgapplicationfederatedidentitycredential(self, applicationid, filter=None, all=False):
        found = self.directory.get("applications", applicationid)["federatedIdentityCredentials"]
        return [own for own in found if not filter or filter == f"name eq '{own['name']}'"]

    def new_mgapplicationfederatedidentitycredential(self, applicationid, **body):
        return [self.directory.add_federated(applicationid, sent(body))]

    def update_mgapplicationfederatedidentitycredential(self, applicationid, federatedidentitycredentialid, **body):
        self.directory.update_federated(applicationid, federatedidentitycredentialid, sent(body))

    def add_mgapplicationpassword(self, applicationid, passwordcredential):
        return [self.directory.add_password(applicationid, sent(passwordcredential))]

    def get_mgserviceprincipal(self, filter):
        return self.directory.list("servicePrincipals", filter)

    def new_mgserviceprincipal(self, appid):
        return [self.directory.create_principal(appid)]

    def get_mgoauth2permissiongrant(self, filter):
        return self.directory.list("oauth2PermissionGrants", filter)

    def new_mgoauth2permissiongrant(self, clientid, resourceid, consenttype, scope):
        return [self.directory.create_grant({"clientId": clientid, "resourceId": resourceid, "consentType": consenttype, "scope": scope})]

    def update_mgoauth2permissiongrant(self, oauth2permissiongrantid, scope):
        self.directory.update_grant(oauth2permissiongrantid, {"scope": scope})

    def set_strictmode(self, version):
        assert version == "Latest"

    def write_output(self, *lines):
        return [line for each in lines for line in (each if isinstance(each, list) else [each])]

    def write_warning(self, text):
        print(f"WARNING: {text}", file=sys.stderr)

    def read_host(self, prompt):
        line = sys.stdin.readline()
        return [line.rstrip("\n")]

    def start_sleep(self, seconds):
        pass

    def resolve_path(self, path):
        if not Path(path).exists():
            raise Thrown(f"Cannot find path '{path}' because it does not exist.")
        return [{"path": str(Path(path).resolve())}]

    def get_date(self):
        return [Moment(datetime.now().astimezone())]
