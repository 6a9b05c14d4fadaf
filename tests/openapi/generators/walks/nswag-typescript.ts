// The whole journey by the client that NSwag generates in TypeScript.
import * as api from './client/client.js';
import { customer, handle, say, setting, user } from './about.js';

const headers = { Authorization: `Bearer ${setting('API_KEY')}` };
const http = { fetch: (url: RequestInfo, init?: RequestInit) => fetch(url, { ...init, headers: { ...init?.headers, ...headers } }) };
const client = new api.TeamsConnectClient(setting('TEAMS_CONNECT_URL'), http);

const credentials = new api.Credentials({
  tenant: setting('TENANT'),
  client_id: setting('CLIENT_ID'),
  client_secret: setting('CLIENT_SECRET'),
});
say('configured', (await client.handOverCredentials(customer, undefined, credentials)).customer);
say('intake', (await client.orderIntakeLink(customer, undefined, undefined)).url);
const wish = new api.ConnectLinkOrder({ language: api.Language.Pl });
say('connect', (await client.orderConnectLink(customer, user, undefined, wish)).url);
const completion = new api.Completion({ handle: await handle() });
const connection = await client.completeConnection(customer, user, undefined, completion);
say('connected', connection.state, connection.account.upn);

const order = new api.MeetingOrder({
  subject: 'Rozmowa: Adam Wiśniewski',
  start: setting('START'),
  end: setting('END'),
  attendees: ['adam@example.org'],
  lobby: api.Lobby.Invited,
  presenters: api.Presenters.Named,
  presenter_addresses: [setting('PRESENTER')],
});
const meeting = await client.orderMeeting(customer, user, 'interview-1', undefined, order);
say(meeting.outcome, meeting.id);
const again = await client.orderMeeting(customer, user, 'interview-1', undefined, order);
say(again.outcome, again.id);
const read = await client.readMeeting(customer, user, meeting.id, undefined);
say('read', read.settings.lobby, read.settings.presenters, read.presenter_addresses);
const change = new api.MeetingChange({ subject: 'Rozmowa: Zażółć Gęślą' });
const changed = await client.changeMeeting(customer, user, meeting.id, undefined, undefined, change);
say(changed.outcome, changed.subject);
const language = api.Language.Pl;
const none = undefined;
const invitation = await client.readInvitation(customer, user, meeting.id, none, language, none, none, none, none, none);
say('invitation', (await invitation.data.text()).split('\r\n')[0]);
await client.cancelMeeting(customer, user, meeting.id, undefined, undefined);
say('cancelled');
try {
  await client.readMeeting(customer, user, meeting.id, undefined);
} catch (refusal) {
  if (!(refusal instanceof api.Problem)) throw refusal;
  say('problem', refusal.status, refusal.code, refusal.outcome, refusal.retryable);
}

const found: string[] = [];
let next: string | undefined;
do {
  const page = await client.listCustomers(none, next, none, none, none, none, none, none, none);
  found.push(...page.customers.map((one) => one.customer));
  next = page.next_page;
} while (next);
say('listed', found.includes(customer));
await client.offboardCustomer(customer, undefined);
say('offboarded');
