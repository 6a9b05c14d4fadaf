//! Two invented companies, for demonstrations and tests.

use jiff::{SignedDuration, Timestamp};
use uuid::{Uuid, uuid};

use crate::directory::{Directory, MfaChallenge, SimulatedApp, SimulatedClientSecret, SimulatedTenant, SimulatedUser};

/// Tenant id of "Kadry Polska".
pub const KADRY_TENANT: Uuid = uuid!("6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60");
/// Verified domain of "Kadry Polska".
pub const KADRY_DOMAIN: &str = "kadry.example";
/// Application (client) id at "Kadry Polska".
pub const KADRY_CLIENT_ID: Uuid = uuid!("3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34");
/// Object id of that registration, which is not the client id.
pub const KADRY_OBJECT_ID: Uuid = uuid!("b84e6d0f-91c3-47a2-b5d8-07f3a6c2e159");
/// Client secret of "Kadry Polska", in Entra's format.
pub const KADRY_SECRET: &str = "kPz8Q~Simulated.Secret_For-Kadry.Polska0";
/// The "Secret ID" beside it, which is not the value.
pub const KADRY_SECRET_ID: Uuid = uuid!("e27c5b90-6a1d-4d8e-a3f4-95b0c7d8e612");
/// Tenant id of "Praca Plus".
pub const PRACA_TENANT: Uuid = uuid!("a90b3e57-d8c1-4e26-8f7a-52c6d1b0e483");
/// Verified domain of "Praca Plus".
pub const PRACA_DOMAIN: &str = "praca.example";
/// Application (client) id at "Praca Plus".
pub const PRACA_CLIENT_ID: Uuid = uuid!("51f8d0b6-7c3e-4a95-92e4-d6a80b1c7f2e");
/// Object id of that registration.
pub const PRACA_OBJECT_ID: Uuid = uuid!("0c6e9f14-b527-4d3a-86d1-e9a4f7b3c058");
/// Client secret of "Praca Plus".
pub const PRACA_SECRET: &str = "rTx8Q~Simulated.Secret_For-Praca.Plus000";
/// The "Secret ID" beside it.
pub const PRACA_SECRET_ID: Uuid = uuid!("7d41a8c3-0f9b-4c6e-b1d7-3e5a92f8c046");

/// A recruiter at "Kadry Polska".
pub const ANNA: &str = "anna.nowak@kadry.example";
/// Another recruiter at "Kadry Polska".
pub const JAN: &str = "jan.kowalski@kadry.example";
/// The administrator of "Kadry Polska".
pub const ADMIN: &str = "administrator@kadry.example";
/// The service account of the applicant tracking system.
pub const SERVICE_ACCOUNT: &str = "elevato@kadry.example";
/// A user without a Teams licence.
pub const UNLICENSED: &str = "piotr.zielinski@kadry.example";
/// A disabled user.
pub const DISABLED: &str = "maria.lewandowska@kadry.example";
/// A guest from another organisation.
pub const GUEST: &str = "ewa.partner_agencja.example#EXT#@kadry.example";
/// A recruiter at "Praca Plus".
pub const PRACA_RECRUITER: &str = "tomasz.wojcik@praca.example";
/// The administrator of "Praca Plus".
pub const PRACA_ADMIN: &str = "administrator@praca.example";

impl Directory {
    /// "Kadry Polska" and "Praca Plus", their applications expecting these redirect URIs.
    ///
    /// Only administrators may consent, as Microsoft's managed policy has it for online meetings (MC1163922).
    /// Secrets are valid until the end of 2099, so that moving the clock by a year or two does
    /// not expire them.
    #[must_use]
    pub fn demo(redirect_uris: &[String]) -> Self {
        Self { tenants: vec![kadry(redirect_uris), praca(redirect_uris)], loop_detection: false }
    }

    /// The same, after each administrator has consented for everybody.
    #[must_use]
    pub fn consented(mut self) -> Self {
        for app in self.tenants.iter_mut().flat_map(|tenant| &mut tenant.apps) {
            app.organisation_consent = app.permissions.iter().cloned().collect();
        }
        self
    }
}

fn kadry(redirect_uris: &[String]) -> SimulatedTenant {
    SimulatedTenant {
        id: KADRY_TENANT,
        display_name: "Kadry Polska".to_owned(),
        domains: vec![KADRY_DOMAIN.to_owned(), "kadrypolska.onmicrosoft.example".to_owned()],
        cloud: None,
        blocked: false,
        graph_disabled: false,
        require_admin_consent: true,
        approval_page_returns: true,
        allowed_issuers: None,
        audio_conferencing: true,
        users: vec![
            user(uuid!("11a5c0de-0001-4a01-8001-a1b2c3d4e501"), ANNA, "Anna Nowak", "Starsza rekruterka"),
            user(uuid!("11a5c0de-0002-4a02-8002-a1b2c3d4e502"), JAN, "Jan Kowalski", "Rekruter"),
            SimulatedUser {
                admin: true,
                ..user(
                    uuid!("11a5c0de-0003-4a03-8003-a1b2c3d4e503"),
                    ADMIN,
                    "Katarzyna Wiśniewska",
                    "Administratorka IT",
                )
            },
            user(uuid!("11a5c0de-0004-4a04-8004-a1b2c3d4e504"), SERVICE_ACCOUNT, "Elevato", "Konto usługi"),
            SimulatedUser {
                licensed: false,
                ..user(
                    uuid!("11a5c0de-0005-4a05-8005-a1b2c3d4e505"),
                    UNLICENSED,
                    "Piotr Zieliński",
                    "Specjalista ds. kadr",
                )
            },
            SimulatedUser {
                enabled: false,
                ..user(uuid!("11a5c0de-0006-4a06-8006-a1b2c3d4e506"), DISABLED, "Maria Lewandowska", "Rekruterka")
            },
            SimulatedUser {
                guest: true,
                licensed: false,
                ..user(uuid!("11a5c0de-0007-4a07-8007-a1b2c3d4e507"), GUEST, "Ewa Dąbrowska", "Agencja partnerska")
            },
        ],
        apps: vec![app(KADRY_CLIENT_ID, KADRY_OBJECT_ID, secret(KADRY_SECRET, KADRY_SECRET_ID), redirect_uris)],
    }
}

fn praca(redirect_uris: &[String]) -> SimulatedTenant {
    SimulatedTenant {
        id: PRACA_TENANT,
        display_name: "Praca Plus".to_owned(),
        domains: vec![PRACA_DOMAIN.to_owned()],
        cloud: None,
        blocked: false,
        graph_disabled: false,
        require_admin_consent: true,
        approval_page_returns: true,
        allowed_issuers: None,
        audio_conferencing: false,
        users: vec![
            user(uuid!("22b6d1ef-0001-4b01-9001-b2c3d4e5f601"), PRACA_RECRUITER, "Tomasz Wójcik", "Rekruter"),
            SimulatedUser {
                admin: true,
                ..user(
                    uuid!("22b6d1ef-0002-4b02-9002-b2c3d4e5f602"),
                    PRACA_ADMIN,
                    "Agnieszka Kamińska",
                    "Administratorka IT",
                )
            },
        ],
        apps: vec![app(PRACA_CLIENT_ID, PRACA_OBJECT_ID, secret(PRACA_SECRET, PRACA_SECRET_ID), redirect_uris)],
    }
}

fn user(oid: Uuid, upn: &str, name: &str, job_title: &str) -> SimulatedUser {
    SimulatedUser {
        oid,
        upn: upn.to_owned(),
        name: name.to_owned(),
        job_title: job_title.to_owned(),
        language: "pl-PL".to_owned(),
        licensed: true,
        enabled: true,
        guest: false,
        admin: false,
        mfa: MfaChallenge::None,
        sign_in_frequency: None,
        revocations: 0,
    }
}

fn secret(value: &str, id: Uuid) -> SimulatedClientSecret {
    SimulatedClientSecret {
        value: value.to_owned(),
        id,
        // 2099-12-31; written as a distance because a constructor from a number can fail.
        expires: Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(4_102_358_400)).unwrap_or(Timestamp::MAX),
    }
}

fn app(client_id: Uuid, object_id: Uuid, secret: SimulatedClientSecret, redirect_uris: &[String]) -> SimulatedApp {
    SimulatedApp {
        client_id,
        object_id,
        name: "Teams Connect".to_owned(),
        redirect_uris: redirect_uris.to_vec(),
        spa_redirect_uris: Vec::new(),
        secrets: vec![secret],
        certificates: Vec::new(),
        federated_credentials: Vec::new(),
        permissions: vec![
            "openid".to_owned(),
            "profile".to_owned(),
            "offline_access".to_owned(),
            "User.Read".to_owned(),
            "OnlineMeetings.ReadWrite".to_owned(),
        ],
        own_signing_key: false,
        enabled: true,
        enterprise_app: true,
        public_client: false,
        requires_assignment: false,
        assigned: std::collections::BTreeSet::new(),
        organisation_consent: std::collections::BTreeSet::new(),
        user_consents: std::collections::BTreeMap::new(),
    }
}
