// What only Microsoft knows of an app, and the ways to it: what is typed, what happens at the company and is undone
// afterwards, how Microsoft fails. The sentences are those of tests/journeys/inputs/findings.toml.

import { readFile } from 'node:fs/promises';

import { KADRY, PRACA } from './product.mjs';

const { tenant, client_id } = KADRY;
const CLOUDS = { us: 'https://login.microsoftonline.us', china: 'https://login.partner.microsoftonline.cn' };

const moves = (cloud) => [{ event: 'move_to_cloud', tenant, login: CLOUDS[cloud] }];
const fails = (operation, error, code) => [{ operation, effect: { entra_error: { error, code } } }];

/** The form comes back with it. */
export const REFUSED = [
  { code: 'tenant_not_found', fields: { tenant: 'nowhere.example' } },
  { code: 'tenant_in_china', events: moves('china'), undo: moves() },
  { code: 'tenant_in_another_cloud', events: moves('us'), undo: moves() },
  { code: 'tenant_and_client_id_swapped', fields: { tenant: client_id, client_id: tenant } },
  { code: 'tenant_unexpected', wish: { expected_domain: 'praca.example' } },
  { code: 'tenant_differs', before: true, fields: PRACA },
  { code: 'app_not_found', fields: { client_id: 'b84e6d0f-91c3-47a2-b5d8-07f3a6c2e159' } },
  { code: 'app_of_another_tenant', faults: fails('token:client_credentials', 'unauthorized_client', 650059) },
  { code: 'app_disabled', events: [{ event: 'disable_app', client_id }], undo: [{ event: 'enable_app', client_id }] },
  {
    code: 'app_is_public_client',
    events: [{ event: 'set_public_client', client_id, public: true }],
    undo: [{ event: 'set_public_client', client_id, public: false }],
  },
  { code: 'secret_wrong', fields: { client_secret: 'kPz8Q~wrong.Secret_For-Kadry.Polska0000x' } },
  {
    code: 'secret_expired',
    events: [{ event: 'expire_secret', client_id }],
    undo: [{ event: 'replace_secret', client_id, value: KADRY.client_secret }],
  },
  {
    code: 'credential_refused',
    faults: [{
      operation: 'token:client_credentials',
      effect: { answer: { status: 401, headers: { 'content-type': 'application/json' }, body: '{"error":"invalid_client"}' } },
    }],
  },
];

/** The receipt warns of it. */
export const WARNED = [
  { code: 'redirect_uri_missing', uris: ['https://elsewhere.example/callback'] },
  { code: 'redirect_uri_unchecked', faults: [{ operation: 'authorize', effect: { answer: { status: 200, body: '<html>' } } }] },
  { code: 'could_not_be_checked', faults: fails('token:client_credentials', 'unsupported_grant_type', 70003) },
  { code: 'expires_soon', fields: { expires_on: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10) } },
  { code: 'expiry_unknown', fields: { expires_on: '' } },
];

/** The test of a sign-in ends with it. */
export const TESTED = [
  { code: 'teams_licence_missing', account: 'piotr.zielinski@kadry.example' },
  { code: 'sign_in_declined', decision: 'decline' },
  { code: 'consent_missing', faults: fails('token:authorization_code', 'invalid_grant', 65001) },
  { code: 'admin_approval_needed', faults: fails('authorize:decision', 'consent_required', 90094) },
  { code: 'mfa_needed', faults: fails('token:authorization_code', 'interaction_required', 50076) },
  { code: 'blocked_by_policy', faults: fails('authorize:decision', 'access_denied', 53003) },
  {
    code: 'redirect_uri_is_spa',
    events: [{ event: 'register_as_spa', client_id, spa: true }],
    undo: [{ event: 'register_as_spa', client_id, spa: false }],
  },
  {
    code: 'graph_disabled',
    events: [{ event: 'disable_graph', tenant, disabled: true }],
    undo: [{ event: 'disable_graph', tenant, disabled: false }],
  },
];

/** The sentences of all findings, by code and language. */
export async function sentences(path) {
  const table = await readFile(path, 'utf8');
  const rows = table.matchAll(/^code = (".*")$[^[]*?^pl = (".*")$\s*^en = (".*")$/gm);
  return new Map([...rows].map(([, ...row]) => row.map((text) => JSON.parse(text))).map(([code, pl, en]) => [code, { pl, en }]));
}
