// An OpenID provider that nobody here wrote (npm `oidc-provider`), with the addresses of an Entra tenant and otherwise
// its own manners: it names itself in its authorization response (RFC 9207), keeps its keys at a path of its own that
// only discovery tells, demands PKCE, gives a new refresh token for each old one, and takes the whole grant back when
// an old one is shown again. Beside it the one operation of Graph that a meeting needs.
//
// By hand: `node provider.mjs http://localhost:8700/oauth/callback`.

import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Provider } from 'oidc-provider';
import { allowInsecureRequests, discovery } from 'openid-client';

export const TENANT = '3b1f8a52-7c64-4d0e-9b35-5e2f6a71c8d4';
export const CLIENT_ID = 'c5d2e9f0-18a7-4b36-8e4d-90f1a2b3c4d5';
export const CLIENT_SECRET = 'oP8~independent.provider_0123456789abcdef';
export const SCOPES = ['https://graph.microsoft.com/OnlineMeetings.ReadWrite', 'https://graph.microsoft.com/User.Read'];

/** How many characters a code has. */
export const CODE_LENGTH = 2_400;

/** The people of the tenant, by the name they sign in with. */
export const PEOPLE = {
  anna: {
    oid: '5a0c7e11-2f4b-4f0a-a1d9-3c6b8e2d7f01',
    name: 'Anna Zażółć-Nowak',
    preferred_username: 'anna@independent.example',
  },
  jan: {
    oid: '5a0c7e11-2f4b-4f0a-a1d9-3c6b8e2d7f02',
    name: 'Jan Kowalski',
    preferred_username: 'jan@independent.example',
  },
};

/** Listens on loopback; port 0 takes a free one. */
export async function listen(server, port = 0) {
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** Starts the provider: `login` is its origin, `tokenAnswers` what its token endpoint answered. */
export async function startProvider({ redirectUri, port = 0, accessTokenLife = 120 }) {
  const server = createServer();
  const login = await listen(server, port);
  const provider = new Provider(`${login}/${TENANT}/v2.0`, configuration(redirectUri, accessTokenLife));
  const tokenAnswers = [];
  const note = (ctx, error) => tokenAnswers.push({
    grant: ctx.oidc.params?.grant_type,
    scope: ctx.oidc.params?.scope,
    error: error?.error,
    detail: error?.error_detail ?? error?.error_description,
    rotations: ctx.oidc.entities?.RefreshToken?.rotations,
    accessToken: ctx.body?.access_token,
  });
  provider.on('grant.success', (ctx) => note(ctx));
  provider.on('grant.error', note);
  provider.on('server_error', (ctx, error) => console.error('# the provider failed:', ctx.path, error));

  const answer = provider.callback();
  const entra = { login, provider, tokenAnswers, trust: undefined, close: () => close(server) };
  server.on('request', async (request, response) => {
    const path = inTenant(request.url);
    if (path === undefined) return notFound(response);
    // The provider sees itself mounted below the tenant. Its issuer ends with /v2.0, as Entra's does, and so does the
    // address of its discovery document (OpenID Connect Discovery §4); its other addresses do not.
    request.originalUrl = `/${TENANT}${path}`;
    request.url = path;
    if (path.startsWith('/interaction/')) return interact(provider, request, response);
    if (path === '/oauth2/v2.0/token' && entra.trust && !await federated(entra.trust, request)) {
      response.writeHead(401, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      return response.end('{"error":"invalid_client"}');
    }
    return answer(request, response);
  });
  return entra;
}

/**
 * Whether the request has an assertion of the issuer that the app trusts. The provider itself takes assertions only of the
 * client's own (RFC 7523 §3, OpenID Connect Core §9), so it is told the secret, which the product does not know. Discovery and
 * keys are read by `openid-client` and `jose`.
 */
async function federated({ issuer, subject, audience }, request) {
  const form = new URLSearchParams(await text(request));
  request.body = Object.fromEntries(form);
  if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return false;
  try {
    const { jwks_uri } = (await readIssuer(issuer)).serverMetadata();
    await jwtVerify(form.get('client_assertion'), createRemoteJWKSet(new URL(jwks_uri)), {
      issuer, subject, audience, algorithms: ['RS256'], typ: 'JWT', maxTokenAge: '5m',
      requiredClaims: ['iss', 'sub', 'aud', 'jti', 'iat', 'nbf', 'exp'],
    });
  } catch (error) {
    return false;
  }
  delete request.body.client_assertion;
  delete request.body.client_assertion_type;
  request.body.client_secret = CLIENT_SECRET;
  return true;
}

/** What an issuer says of itself, as a library reads it that nobody here wrote. */
export function readIssuer(issuer) {
  return discovery(new URL(issuer), 'nobody', undefined, undefined, { execute: [allowInsecureRequests] });
}

function inTenant(url) {
  if (!url.startsWith(`/${TENANT}/`)) return undefined;
  const path = url.slice(TENANT.length + 1);
  const discovery = '/.well-known/openid-configuration';
  if (path === `/v2.0${discovery}`) return discovery;
  return path.startsWith('/.well-known/') ? undefined : path;
}

function configuration(redirectUri, accessTokenLife) {
  return {
    clients: [{
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    }],
    routes: { authorization: '/oauth2/v2.0/authorize', token: '/oauth2/v2.0/token' },
    scopes: ['openid', 'profile', 'offline_access', ...SCOPES],
    claims: { openid: ['sub', 'tid', 'oid'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => PEOPLE[id] && {
      accountId: id,
      claims: () => ({ sub: id, tid: TENANT, ...PEOPLE[id] }),
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // OpenID Connect Core §11 lets `offline_access` lapse without `prompt=consent`, and so does this provider. Like
    // Entra, it gives a refresh token all the same; the granted scope does not name `offline_access`, like Entra's.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    loadExistingGrant: consented,
    interactions: { url: (_ctx, interaction) => `/${TENANT}/interaction/${interaction.uid}` },
    features: { devInteractions: { enabled: false } },
    // As long as the longest codes of Entra that are reported; a character of an opaque token has six bits.
    formats: { bitsOfOpaqueRandomness: (_ctx, token) => (token.kind === 'AuthorizationCode' ? 6 * CODE_LENGTH : 256) },
    ttl: {
      AccessToken: accessTokenLife,
      AuthorizationCode: 300,
      Grant: 14 * 86_400,
      IdToken: 3_600,
      Interaction: 900,
      RefreshToken: 14 * 86_400,
      Session: 86_400,
    },
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: randomUUID() };
}

/** An administrator consented for everybody: whoever signs in is asked nothing more. */
async function consented(ctx) {
  const { client, session, provider, requestParamOIDCScopes } = ctx.oidc;
  if (!session.accountId) return undefined;
  const held = session.grantIdFor(client.clientId);
  const grant = (held && await provider.Grant.find(held))
    || new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  await grant.save();
  return grant;
}

/** The sign-in page: `account` is one of PEOPLE; anything else declines. */
async function interact(provider, request, response) {
  try {
    await provider.interactionDetails(request, response);
    if (request.method !== 'POST') {
      const buttons = Object.entries(PEOPLE).map(([id, { name }]) => `<button name="account" value="${id}">${name}</button>`);
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><title>Sign in</title><form method="post">${buttons.join('')}<button name="account" value="">Cancel</button></form>`);
      return;
    }
    const account = new URLSearchParams(await text(request)).get('account');
    const result = PEOPLE[account]
      ? { login: { accountId: account } }
      : { error: 'access_denied', error_description: 'the person declined' };
    await provider.interactionFinished(request, response, result);
  } catch (error) {
    response.statusCode = error.statusCode ?? 500;
    response.end(error.message);
  }
}

/** Starts the stand-in for Graph. Only a token that the provider issued and still knows opens it. */
export async function startGraph({ provider, port = 0 }) {
  const meetings = new Map();
  const asked = [];
  const server = createServer(async (request, response) => {
    const say = (status, body) => {
      asked.push({ path: request.url, status });
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'request-id': randomUUID() });
      response.end(JSON.stringify(body));
    };
    const refuse = (status, code) => say(status, { error: { code, message: code } });
    try {
      const token = await bearer(provider, request);
      if (!token) return refuse(401, 'InvalidAuthenticationToken');
      if (!SCOPES.every((scope) => token.scopes.has(scope))) return refuse(403, 'Forbidden');
      if (request.method !== 'POST' || request.url !== '/v1.0/me/onlineMeetings/createOrGet') return refuse(404, 'NotFound');
      if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return refuse(415, 'UnsupportedMediaType');
      const order = JSON.parse(await text(request));
      if (typeof order.externalId !== 'string' || !order.externalId) return refuse(400, 'BadRequest');
      const { oid } = PEOPLE[token.accountId];
      const key = `${oid} ${order.externalId}`;
      if (meetings.has(key)) return say(200, meetings.get(key));
      const thread = `19:meeting_${randomBytes(24).toString('base64url')}@thread.v2`;
      const context = encodeURIComponent(JSON.stringify({ Tid: TENANT, Oid: oid }));
      const meeting = {
        '@odata.context': `http://${request.headers.host}/v1.0/$metadata#users('${oid}')/onlineMeetings/$entity`,
        id: Buffer.from(`1*${oid}*0**${thread}`).toString('base64'),
        creationDateTime: new Date().toISOString(),
        startDateTime: order.startDateTime,
        endDateTime: order.endDateTime,
        subject: order.subject,
        externalId: order.externalId,
        joinWebUrl: `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(thread)}/0?context=${context}`,
        participants: {
          organizer: { upn: PEOPLE[token.accountId].preferred_username, role: 'presenter', identity: { user: { id: oid, tenantId: TENANT } } },
          attendees: [],
        },
      };
      meetings.set(key, meeting);
      return say(201, meeting);
    } catch (error) {
      return refuse(400, `BadRequest: ${error.message}`);
    }
  });
  const graph = await listen(server, port);
  return { graph, meetings, asked, close: () => close(server) };
}

/** RFC 6750 §2.1, looked up where it was made. */
async function bearer(provider, request) {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const found = token && await provider.AccessToken.find(token);
  return found?.isValid ? found : undefined;
}

function notFound(response) {
  response.statusCode = 404;
  response.end('Not Found');
}

function close(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const redirectUri = process.argv[2] ?? 'http://localhost:8700/oauth/callback';
  const { login, provider } = await startProvider({ redirectUri, port: 9100 });
  const { graph } = await startGraph({ provider, port: 9200 });
  console.log(`MICROSOFT_LOGIN_URL=${login} MICROSOFT_GRAPH_URL=${graph}`);
  console.log(`tenant ${TENANT}, client id ${CLIENT_ID}, client secret ${CLIENT_SECRET}, redirect URI ${redirectUri}`);
}
