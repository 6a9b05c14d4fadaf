// The whole journey by the client that openapi-generator generates for `fetch`.
import { Configuration, ConnectionsApi, CustomersApi, MeetingsApi, ProblemFromJSON, ResponseError } from './client/index.js';
import type { CustomerPage, OrderMeetingRequest } from './client/index.js';
import { customer, handle, say, setting, user } from './about.js';

const configuration = new Configuration({ basePath: setting('TEAMS_CONNECT_URL'), accessToken: setting('API_KEY') });
const customers = new CustomersApi(configuration);
const connections = new ConnectionsApi(configuration);
const meetings = new MeetingsApi(configuration);

const credentials = {
  tenant: setting('TENANT'),
  clientId: setting('CLIENT_ID'),
  clientSecret: setting('CLIENT_SECRET'),
};
const known = await customers.handOverCredentials({ customer, credentials });
say('configured', known.customer);
say('intake', (await customers.orderIntakeLink({ customer })).url);
say('connect', (await connections.orderConnectLink({ customer, user, connectLinkOrder: { language: 'pl' } })).url);
const connection = await connections.completeConnection({ customer, user, completion: { handle: await handle() } });
say('connected', connection.state, connection.account.upn);

const order: OrderMeetingRequest = {
  customer,
  user,
  idempotencyKey: 'interview-1',
  meetingOrder: {
    subject: 'Rozmowa: Adam Wiśniewski',
    start: setting('START'),
    end: setting('END'),
    attendees: ['adam@example.org'],
    lobby: 'invited',
    presenters: 'named',
    presenterAddresses: [setting('PRESENTER')],
  },
};
const meeting = await meetings.orderMeeting(order);
say(meeting.outcome, meeting.id);
const again = await meetings.orderMeeting(order);
say(again.outcome, again.id);
const which = { customer, user, id: meeting.id };
const read = await meetings.readMeeting(which);
say('read', read.settings.lobby, read.settings.presenters, read.presenterAddresses);
const changed = await meetings.changeMeeting({ ...which, meetingChange: { subject: 'Rozmowa: Zażółć Gęślą' } });
say(changed.outcome, changed.subject);
const invitation = await meetings.readInvitation({ ...which, language: 'pl' });
say('invitation', (await invitation.text()).split('\r\n')[0]);
await meetings.cancelMeeting(which);
say('cancelled');
try {
  await meetings.readMeeting(which);
} catch (refusal) {
  if (!(refusal instanceof ResponseError)) throw refusal;
  const problem = ProblemFromJSON(await refusal.response.json());
  say('problem', refusal.response.status, problem.code, problem.outcome, problem.retryable);
}

const found: string[] = [];
let page: CustomerPage | undefined;
do {
  page = await customers.listCustomers(page?.nextPage ? { page: page.nextPage } : {});
  found.push(...page.customers.map((one) => one.customer));
} while (page.nextPage);
say('listed', found.includes(customer));
await customers.offboardCustomer({ customer });
say('offboarded');
