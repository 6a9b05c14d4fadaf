// The whole journey by the types that openapi-typescript generates, and openapi-fetch.
import createClient from 'openapi-fetch';
import type { components, paths } from './client/schema.js';
import { customer, handle, say, setting, user } from './about.js';

type Answer<T> = { data?: T; error?: unknown };

/** What was answered, which must be a success. */
function good<T>(answer: Answer<T>): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const authorization = { Authorization: `Bearer ${setting('API_KEY')}` };
const client = createClient<paths>({ baseUrl: setting('TEAMS_CONNECT_URL'), headers: authorization });
const path = { customer, user };

const credentials = { tenant: setting('TENANT'), client_id: setting('CLIENT_ID'), client_secret: setting('CLIENT_SECRET') };
const of = { params: { path: { customer } } };
say('configured', good(await client.PUT('/v1/customers/{customer}/credentials', { ...of, body: credentials })).customer);
say('intake', good(await client.POST('/v1/customers/{customer}/intake-links', of)).url);
const link = await client.POST('/v1/customers/{customer}/users/{user}/connect-links', {
  params: { path },
  body: { language: 'pl' },
});
say('connect', good(link).url);
const connection = good(await client.POST('/v1/customers/{customer}/users/{user}/connection', {
  params: { path },
  body: { handle: await handle() },
}));
say('connected', connection.state, connection.account.upn);

const body: components['schemas']['MeetingOrder'] = {
  subject: 'Rozmowa: Adam Wiśniewski',
  start: setting('START'),
  end: setting('END'),
  attendees: ['adam@example.org'],
  lobby: 'invited',
  presenters: 'named',
  presenter_addresses: [setting('PRESENTER')],
};
const order = { params: { path, header: { 'Idempotency-Key': 'interview-1' } }, body };
const meeting = good(await client.POST('/v1/customers/{customer}/users/{user}/meetings', order));
say(meeting.outcome, meeting.id);
const again = good(await client.POST('/v1/customers/{customer}/users/{user}/meetings', order));
say(again.outcome, again.id);
const params = { path: { ...path, id: meeting.id } };
const read = good(await client.GET('/v1/customers/{customer}/users/{user}/meetings/{id}', { params }));
say('read', read.settings.lobby, read.settings.presenters, read.presenter_addresses);
const changed = good(await client.PATCH('/v1/customers/{customer}/users/{user}/meetings/{id}', {
  params,
  body: { subject: 'Rozmowa: Zażółć Gęślą' },
}));
say(changed.outcome, changed.subject);
const invitation = good(await client.GET('/v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics', {
  params: { ...params, query: { language: 'pl' } },
  parseAs: 'text',
}));
say('invitation', invitation.split('\r\n')[0]);
const cancelled = await client.DELETE('/v1/customers/{customer}/users/{user}/meetings/{id}', { params });
if (!cancelled.error) say('cancelled');
const { error, response } = await client.GET('/v1/customers/{customer}/users/{user}/meetings/{id}', { params });
if (error) say('problem', response.status, error.code, error.outcome, error.retryable);

const found: string[] = [];
let next: string | undefined;
do {
  const page = good(await client.GET('/v1/customers', { params: { query: next === undefined ? {} : { page: next } } }));
  found.push(...page.customers.map((one) => one.customer));
  next = page.next_page ?? undefined;
} while (next !== undefined);
say('listed', found.includes(customer));
const offboarded = await client.DELETE('/v1/customers/{customer}', of);
if (!offboarded.error) say('offboarded');
