// The whole journey by the client that hey-api generates.
import { client } from './client/client.gen.js';
import * as api from './client/sdk.gen.js';
import type { CustomerPage, MeetingOrder } from './client/types.gen.js';
import { customer, handle, say, setting, user } from './about.js';

client.setConfig({ baseUrl: setting('TEAMS_CONNECT_URL'), auth: setting('API_KEY'), throwOnError: true });
const throwOnError = true;
const path = { customer, user };

const credentials = { tenant: setting('TENANT'), client_id: setting('CLIENT_ID'), client_secret: setting('CLIENT_SECRET') };
const known = await api.handOverCredentials({ path: { customer }, body: credentials, throwOnError });
say('configured', known.data.customer);
say('intake', (await api.orderIntakeLink({ path: { customer }, throwOnError })).data.url);
say('connect', (await api.orderConnectLink({ path, body: { language: 'pl' }, throwOnError })).data.url);
const connection = (await api.completeConnection({ path, body: { handle: await handle() }, throwOnError })).data;
say('connected', connection.state, connection.account.upn);

const headers = { 'Idempotency-Key': 'interview-1' };
const body: MeetingOrder = {
  subject: 'Rozmowa: Adam Wiśniewski',
  start: setting('START'),
  end: setting('END'),
  attendees: ['adam@example.org'],
  lobby: 'invited',
  presenters: 'named',
  presenter_addresses: [setting('PRESENTER')],
};
const meeting = (await api.orderMeeting({ path, headers, body, throwOnError })).data;
say(meeting.outcome, meeting.id);
const again = (await api.orderMeeting({ path, headers, body, throwOnError })).data;
say(again.outcome, again.id);
const which = { ...path, id: meeting.id };
const read = (await api.readMeeting({ path: which, throwOnError })).data;
say('read', read.settings.lobby, read.settings.presenters, read.presenter_addresses);
const change = { subject: 'Rozmowa: Zażółć Gęślą' };
const changed = (await api.changeMeeting({ path: which, body: change, throwOnError })).data;
say(changed.outcome, changed.subject);
const invitation = (await api.readInvitation({ path: which, query: { language: 'pl' }, parseAs: 'blob', throwOnError })).data;
say('invitation', (await (invitation as Blob).text()).split('\r\n')[0]);
await api.cancelMeeting({ path: which, throwOnError });
say('cancelled');
const { error, response } = await api.readMeeting({ path: which, throwOnError: false });
if (error) say('problem', response?.status, error.code, error.outcome, error.retryable);

const found: string[] = [];
let page: CustomerPage | undefined;
do {
  const query = page?.next_page ? { page: page.next_page } : {};
  page = (await api.listCustomers({ query, throwOnError })).data;
  found.push(...page.customers.map((one) => one.customer));
} while (page.next_page);
say('listed', found.includes(customer));
await api.offboardCustomer({ path: { customer }, throwOnError });
say('offboarded');
