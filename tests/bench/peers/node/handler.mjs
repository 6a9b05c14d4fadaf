// The same order of a meeting, as the pages of msal-node and of the AWS SDK teach it.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const { MICROSOFT_LOGIN_URL, MICROSOFT_GRAPH_URL, SECRET_PREFIX, AUTHORITY_METADATA } = process.env;
const SCOPES = ["https://graph.microsoft.com/OnlineMeetings.ReadWrite", "https://graph.microsoft.com/User.Read"];
const KEPT_MS = 60_000;

// Outside of the handler, so that later invocations find them.
const secrets = new SecretsManagerClient({});
const kept = new Map();

async function secret(name) {
  const before = kept.get(name);
  if (before && Date.now() - before.at < KEPT_MS) return before.value;
  const answer = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
  const value = JSON.parse(answer.SecretString);
  kept.set(name, { at: Date.now(), value });
  return value;
}

// MSAL keeps accounts and tokens in a text of its own, which its page on caching tells to put where the secrets are.
function cacheIn(name, connection) {
  return {
    beforeCacheAccess: async (context) => context.tokenCache.deserialize(connection.cache),
    afterCacheAccess: async (context) => {
      if (!context.cacheHasChanged) return;
      const { client, ...changed } = { ...connection, cache: context.tokenCache.serialize() };
      await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: JSON.stringify(changed) }));
      connection.cache = changed.cache;
    },
  };
}

function client(connection, cachePlugin) {
  return new ConfidentialClientApplication({
    auth: {
      clientId: connection.client_id,
      clientSecret: connection.client_secret,
      authority: `${MICROSOFT_LOGIN_URL}/${connection.tenant}`,
      // MSAL has both documents of Microsoft's own hosts built in; these stand for them.
      knownAuthorities: [new URL(MICROSOFT_LOGIN_URL).host],
      authorityMetadata: AUTHORITY_METADATA,
    },
    cache: { cachePlugin },
  });
}

async function accessToken(name, connection) {
  connection.client ??= client(connection, cacheIn(name, connection));
  const [account] = await connection.client.getTokenCache().getAllAccounts();
  const { accessToken } = await connection.client.acquireTokenSilent({ account, scopes: SCOPES });
  return accessToken;
}

function admitted(keys, authorization = "") {
  const presented = createHash("sha256").update(authorization.replace(/^Bearer /, "")).digest();
  return keys.some((key) => timingSafeEqual(Buffer.from(key.sha256, "hex"), presented));
}

const answer = (statusCode, body) => ({
  statusCode,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
  isBase64Encoded: false,
});

export async function handler(event) {
  const [, customer, user] = event.rawPath.match(/^\/v1\/customers\/([^/]+)\/users\/([^/]+)\/meetings$/);
  const name = `${SECRET_PREFIX}/customers/${customer}/users/${user}/connection`;
  const [{ keys }, connection] = await Promise.all([secret(`${SECRET_PREFIX}/api-keys`), secret(name)]);
  if (!admitted(keys, event.headers.authorization)) return answer(401, { code: "unauthorized" });

  const order = JSON.parse(event.body);
  const key = event.headers["idempotency-key"];
  const created = await fetch(`${MICROSOFT_GRAPH_URL}/v1.0/me/onlineMeetings/createOrGet`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await accessToken(name, connection)}`,
      "content-type": "application/json",
      "accept-language": "en",
    },
    body: JSON.stringify({
      externalId: createHmac("sha256", key).update(`${customer}/${user}`).digest("hex"),
      subject: order.subject,
      startDateTime: new Date(order.start).toISOString(),
      endDateTime: new Date(order.end).toISOString(),
    }),
  });
  const meeting = await created.json();
  if (!created.ok) return answer(502, { code: meeting.error.code });
  const { id, joinWebUrl, subject, startDateTime, endDateTime } = meeting;
  const outcome = created.status === 201 ? "created" : "existing";
  return answer(created.status, {
    outcome, id, join_url: joinWebUrl, subject, start: startDateTime, end: endDateTime,
  });
}

// What the sign-in of the recruiter left behind: MSAL's cache, with tokens bought by `refreshToken`.
export async function signedIn(connection, refreshToken) {
  const app = client(connection);
  await app.acquireTokenByRefreshToken({ refreshToken, scopes: SCOPES, forceCache: true });
  return { ...connection, cache: app.getTokenCache().serialize() };
}
