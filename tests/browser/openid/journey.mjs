// The product's journey, with an OpenID provider in Entra's place that is not our simulator.
//
// `node journey.mjs BINARY` (or TEAMS_CONNECT=BINARY).

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { Browser } from './browser.mjs';
import { Product } from './product.mjs';
import {
  CLIENT_ID, CLIENT_SECRET, CODE_LENGTH, PEOPLE, SCOPES, TENANT, listen, readIssuer, startGraph, startProvider,
} from './provider.mjs';

const COMPLETION_URL = 'http://127.0.0.1:9/interviews/connected?ats=1';
const LONGEST_JOURNEY = 180_000;

const binary = process.argv[2] ?? process.env.TEAMS_CONNECT;
if (!binary) {
  console.error('Usage: node journey.mjs BINARY');
  process.exit(2);
}

const port = await freePort();
const redirectUri = `http://localhost:${port}/oauth/callback`;
const entra = await startProvider({ redirectUri });
const graph = await startGraph(entra);
const folder = await mkdtemp(join(tmpdir(), 'teams-connect-openid-'));
const product = new Product({
  binary: resolve(binary), port, folder, completionUrl: COMPLETION_URL, login: entra.login, graph: graph.graph,
});
const credentials = { tenant: TENANT, client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
const wrong = { ...credentials, client_secret: 'xY1~not.the.secret_0123456789abcdefghijk' };
const [connection, meetings] = ['/acme/users/anna/connection', '/acme/users/anna/meetings'];
const counts = { passed: 0, failed: 0 };
const watchdog = setTimeout(() => {
  console.error('# the journey does not end');
  process.exit(1);
}, LONGEST_JOURNEY);

async function freePort() {
  const server = createServer();
  const { port: free } = new URL(await listen(server));
  await new Promise((closed) => server.close(closed));
  return Number(free);
}

/** One step: what the provider, Graph and the product did meanwhile is told when it stumbles. */
async function check(name, step) {
  const [answered, asked] = [entra.tokenAnswers.length, graph.asked.length];
  try {
    await step();
    counts.passed += 1;
    console.log(`ok ${counts.passed + counts.failed} - ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`not ok ${counts.passed + counts.failed} - ${name}`);
    const told = [
      ...error.message.split('\n'),
      ...entra.tokenAnswers.slice(answered).map(({ accessToken, ...answer }) => `token endpoint: ${JSON.stringify(answer)}`),
      ...graph.asked.slice(asked).map((answer) => `Graph: ${JSON.stringify(answer)}`),
      ...product.log.slice(-6).map((line) => `product: ${line}`),
    ];
    for (const line of told) console.log(`  # ${line}`);
  }
}

const expect = (answer, status) => {
  assert.equal(answer.status, status, `${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
/** What the token endpoint answered to this grant, from the `since`th answer on. */
const answers = (grant, since = 0) => entra.tokenAnswers.slice(since).filter((answer) => answer.grant === grant);
const codesOf = ({ findings = [] }) => findings.map(({ code }) => code);

/** From the connect link to the address with which the provider sends the browser back. */
async function signIn(customer, user, account, wish = {}) {
  const browser = new Browser();
  const { url } = expect(await product.call('POST', `/${customer}/users/${user}/connect-links`, wish), 201);
  const begun = await browser.request(url);
  assert.equal(begun.status, 303, begun.body);
  return { browser, authorize: new URL(begun.location), back: new URL(await browser.signIn(begun.location, account)) };
}

/** The parameters of the ATS's completion page, where the callback leads. */
async function completion({ browser, back }) {
  const answer = await browser.request(back.href);
  assert.equal(answer.status, 303, answer.body);
  assert.ok(answer.location.startsWith(`${COMPLETION_URL}&`), answer.location);
  const parameters = Object.fromEntries(new URL(answer.location).searchParams);
  delete parameters.ats;
  return parameters;
}

function order(key, path = meetings) {
  const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 86_400_000);
  const end = new Date(start.getTime() + 2_700_000);
  const body = { subject: 'Rozmowa: Ewa Lis', start: start.toISOString(), end: end.toISOString() };
  return product.call('POST', path, body, { 'idempotency-key': key });
}

/** The provider's own token endpoint, without the product. */
async function token(fields) {
  const form = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET, ...fields };
  const answer = await new Browser().submit(`${entra.login}/${TENANT}/oauth2/v2.0/token`, form);
  return { status: answer.status, body: JSON.parse(answer.body) };
}

try {
  await check('the provider is what discovery says, and keeps no keys where Entra does', async () => {
    const read = (url) => new Browser().request(url);
    const document = JSON.parse((await read(`${entra.login}/${TENANT}/v2.0/.well-known/openid-configuration`)).body);
    const base = `${entra.login}/${TENANT}`;
    assert.equal(document.issuer, `${base}/v2.0`);
    assert.equal(document.authorization_endpoint, `${base}/oauth2/v2.0/authorize`);
    assert.equal(document.token_endpoint, `${base}/oauth2/v2.0/token`);
    assert.equal(document.authorization_response_iss_parameter_supported, true);
    assert.equal((await read(`${base}/discovery/v2.0/keys`)).status, 404);
    assert.notEqual(document.jwks_uri, `${base}/discovery/v2.0/keys`);
    const { keys } = JSON.parse((await read(document.jwks_uri)).body);
    assert.deepEqual(keys.map(({ kty, alg }) => [kty, alg]), [['RSA', 'RS256']]);
  });

  await check('the provider takes the whole grant back when an old refresh token is shown again', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const authorize = new URL(`${entra.login}/${TENANT}/oauth2/v2.0/authorize`);
    authorize.search = new URLSearchParams({
      client_id: CLIENT_ID, response_type: 'code', redirect_uri: redirectUri, state: 's', nonce: 'n',
      scope: ['openid', 'profile', 'offline_access', ...SCOPES].join(' '),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    });
    const back = new URL(await new Browser().signIn(authorize.href, 'jan')).searchParams;
    assert.equal(back.get('iss'), `${entra.login}/${TENANT}/v2.0`);
    const code = { grant_type: 'authorization_code', code: back.get('code'), redirect_uri: redirectUri, code_verifier: verifier };
    const first = expect(await token(code), 200);
    const renew = (refresh_token) => token({ grant_type: 'refresh_token', refresh_token });
    const second = expect(await renew(first.refresh_token), 200);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(expect(await renew(first.refresh_token), 400).error, 'invalid_grant');
    assert.equal(expect(await renew(second.refresh_token), 400).error, 'invalid_grant');
  });

  await check('the product starts beside it', () => product.start());

  await check('a wrong secret is refused through the form and through the API, and nothing is stored', async () => {
    const { url } = expect(await product.call('POST', '/acme/intake-links', {}), 201);
    const page = await new Browser().submit(url, wrong);
    assert.equal(page.status, 422);
    assert.match(page.body, /data-code="credential_refused"/);
    const problem = expect(await product.call('PUT', '/acme/credentials', wrong), 422);
    assert.deepEqual([problem.code, ...codesOf(problem)], ['credentials_refused', 'credential_refused', 'expiry_unknown']);
    assert.deepEqual(answers('client_credentials').map(({ error }) => error), ['invalid_client', 'invalid_client']);
    expect(await product.call('GET', '/acme'), 404);
  });

  await check('the administrator hands over the credentials; that they could not be checked is told', async () => {
    const since = entra.tokenAnswers.length;
    const { url } = expect(await product.call('POST', '/acme/intake-links', {}), 201);
    const form = await new Browser().request(url);
    assert.ok(form.body.includes(redirectUri));
    const stored = await new Browser().submit(url, credentials);
    assert.equal(stored.status, 200, stored.body);
    assert.ok(!stored.body.includes(CLIENT_SECRET));
    const [probe] = answers('client_credentials', since);
    assert.notEqual(probe.error, 'invalid_client');
    const known = expect(await product.call('GET', '/acme'), 200);
    assert.deepEqual([known.tenant, known.client_id, known.verified_at], [TENANT, CLIENT_ID, null]);
    assert.deepEqual(codesOf(known), ['could_not_be_checked', 'expiry_unknown']);
  });

  let handle;
  await check('the recruiter signs in and comes back with iss; the code waits for the ATS', async () => {
    const since = entra.tokenAnswers.length;
    const sign = await signIn('acme', 'anna', 'anna');
    const asked = sign.authorize.searchParams;
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('prompt'), null);
    assert.equal(sign.back.searchParams.get('iss'), `${entra.login}/${TENANT}/v2.0`);
    const parameters = await completion(sign);
    assert.deepEqual(Object.keys(parameters), ['handle']);
    assert.equal(sign.back.searchParams.get('code').length, CODE_LENGTH);
    assert.ok(new URLSearchParams(parameters).toString().length < 500, 'whatever the code, the query is short');
    handle = parameters.handle;
    assert.equal(entra.tokenAnswers.length, since);
  });

  await check('the ATS completes the sign-in: the id_token is believed with the keys that discovery tells', async () => {
    const { state, account } = expect(await product.call('POST', connection, { handle }), 200);
    assert.equal(state, 'active');
    assert.deepEqual(account, { name: PEOPLE.anna.name, upn: PEOPLE.anna.preferred_username });
  });

  await check('the same handle again is refused before the code is', async () => {
    const since = entra.tokenAnswers.length;
    assert.equal(expect(await product.call('POST', connection, { handle }), 409).code, 'handle_used');
    assert.equal(entra.tokenAnswers.length, since);
  });

  let ordered;
  await check('an order makes a meeting', async () => {
    ordered = expect(await order('interview-1'), 201);
    assert.match(ordered.join_url, /^https:\/\/teams\.microsoft\.com\//);
    assert.equal(graph.meetings.size, 1);
  });

  await check('two renewals, one after the other: each refresh token was the newest', async () => {
    const since = entra.tokenAnswers.length;
    for (let time = 0; time < 2; time += 1) {
      const { state } = expect(await product.call('POST', `${connection}/refresh`), 200);
      assert.equal(state, 'active');
    }
    assert.deepEqual(answers('refresh_token', since).map(({ rotations }) => rotations), [1, 2]);
  });

  await check('four renewals at once, and one connection survives', async () => {
    const renewals = Array.from({ length: 4 }, () => product.call('POST', `${connection}/refresh`));
    for (const answer of await Promise.all(renewals)) expect(answer, 200);
    expect(await product.call('POST', `${connection}/refresh`), 200);
  });

  await check('the same order again is the same meeting', async () => {
    const again = expect(await order('interview-1'), 200);
    assert.deepEqual([again.id, again.join_url], [ordered.id, ordered.join_url]);
    assert.equal(graph.meetings.size, 1);
  });

  await check('access tokens that the provider takes back are renewed in the middle of an order', async () => {
    const since = entra.tokenAnswers.length;
    // All of them: the product may go on with any that it has kept.
    for (const { accessToken } of entra.tokenAnswers) {
      await (accessToken && (await entra.provider.AccessToken.find(accessToken)))?.destroy();
    }
    const asked = graph.asked.length;
    expect(await order('interview-2'), 201);
    // What this function had kept, perhaps what another had brought meanwhile, then what the provider gave anew.
    const statuses = graph.asked.slice(asked).map(({ status }) => status);
    assert.ok([[401, 201], [401, 401, 201]].some((expected) => `${expected}` === `${statuses}`), `${statuses}`);
    assert.equal(answers('refresh_token', since).length, 1);
  });

  await check('after a restart the stored refresh token is still the newest', async () => {
    await product.stop();
    await product.start();
    expect(await product.call('POST', `${connection}/refresh`), 200);
    const again = expect(await order('interview-1'), 200);
    assert.equal(again.join_url, ordered.join_url);
  });

  await check('an answer that names another issuer is refused, and its code is not redeemed', async () => {
    for (const iss of ['https://evil.example', `${entra.login}/${TENANT}/v2.0/`, `${entra.login}/${CLIENT_ID}/v2.0`]) {
      const since = entra.tokenAnswers.length;
      const { browser, back } = await signIn('acme', 'anna', 'anna');
      back.searchParams.set('iss', iss);
      const answer = await browser.request(back.href);
      assert.equal(answer.status, 400, `${iss}: ${answer.status} to ${answer.location}`);
      assert.equal(answer.location, null);
      assert.equal(entra.tokenAnswers.length, since);
    }
  });

  await check('a person who declines leaves an error of ours with the ATS', async () => {
    const sign = await signIn('acme', 'anna', '');
    assert.equal(sign.back.searchParams.get('error'), 'access_denied');
    assert.deepEqual(await completion(sign), { error: 'sign_in_declined' });
  });

  await check('another person cannot take the place of the first', async () => {
    const parameters = await completion(await signIn('acme', 'anna', 'jan'));
    assert.equal(expect(await product.call('POST', connection, parameters), 409).code, 'different_account');
    expect(await product.call('POST', `${connection}/refresh`), 200);
  });

  await check('credentials over the API, and a sign-in with a hint, which asks for no prompt', async () => {
    expect(await product.call('DELETE', '/acme'), 204);
    const stored = expect(await product.call('PUT', '/globex/credentials', credentials), 200);
    assert.equal(stored.findings[0].code, 'could_not_be_checked');
    const sign = await signIn('globex', 'j.kowalski', 'jan', { login_hint: PEOPLE.jan.preferred_username });
    assert.equal(sign.authorize.searchParams.get('prompt'), null);
    const jan = '/globex/users/j.kowalski/connection';
    const { account } = expect(await product.call('POST', jan, await completion(sign)), 200);
    assert.equal(account.upn, PEOPLE.jan.preferred_username);
    expect(await product.call('POST', `${jan}/refresh`), 200);
  });

  const trusting = { tenant: TENANT, client_id: CLIENT_ID, kind: 'federated' };
  await check('our issuer is what OpenID Connect Discovery wants, and its keys are two of RSA', async () => {
    expect(await product.call('DELETE', '/globex'), 204);
    const trust = expect(await product.call('POST', '/initech/federation'), 200);
    assert.deepEqual([trust.issuer, trust.audience], [product.base, 'api://AzureADTokenExchange']);
    const { issuer, jwks_uri } = (await readIssuer(trust.issuer)).serverMetadata();
    assert.equal(issuer, product.base);
    const { keys } = JSON.parse((await new Browser().request(jwks_uri)).body);
    assert.deepEqual(keys.map(({ kty, alg, use }) => [kty, alg, use]), [['RSA', 'RS256', 'sig'], ['RSA', 'RS256', 'sig']]);
    assert.ok(keys.every((key) => Object.keys(key).every((name) => ['kty', 'alg', 'use', 'kid', 'n', 'e'].includes(name))));
  });

  await check('an app that trusts another subject, audience or issuer is refused, and nothing is stored', async () => {
    const trust = expect(await product.call('POST', '/initech/federation'), 200);
    for (const [name, value] of Object.entries(trust)) {
      entra.trust = { ...trust, [name]: name === 'issuer' ? `${value}/` : value.toUpperCase() };
      const problem = expect(await product.call('PUT', '/initech/credentials', trusting), 422);
      assert.deepEqual(codesOf(problem), ['federation_refused'], name);
    }
    entra.trust = trust;
  });

  await check('without a secret: a sign-in, a renewal and a meeting by assertions that the provider lets in', async () => {
    const since = entra.tokenAnswers.length;
    const stored = expect(await product.call('PUT', '/initech/credentials', trusting), 200);
    assert.deepEqual(codesOf(stored), ['could_not_be_checked']);
    const parameters = await completion(await signIn('initech', 'anna', 'anna'));
    const anna = '/initech/users/anna/connection';
    assert.equal(expect(await product.call('POST', anna, parameters), 200).state, 'active');
    expect(await product.call('POST', `${anna}/refresh`), 200);
    expect(await order('interview-3', '/initech/users/anna/meetings'), 201);
    const granted = entra.tokenAnswers.slice(since).filter(({ error }) => !error).map(({ grant }) => grant);
    assert.deepEqual(granted, ['authorization_code', 'refresh_token']);
  });
} finally {
  await product.stop();
  await Promise.all([entra.close(), graph.close()]);
  await rm(folder, { recursive: true, force: true });
  clearTimeout(watchdog);
}

console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
