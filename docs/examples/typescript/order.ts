// Orders a meeting, and goes on until the answer is final. Needs Node.js 20 and nothing else.

interface Meeting {
  outcome: 'created' | 'existing';
  id: string;
  join_url: string;
}

interface Problem {
  outcome: 'pending_reauth' | 'customer_blocked' | 'retry_later' | 'rejected';
  code: string;
  detail: string;
  retryable: boolean;
  mend?: { method: string; url: string };
}

const { TEAMS_CONNECT_URL, API_KEY } = process.env;
const KEY = { Authorization: `Bearer ${API_KEY}` };
const TRIES = 5;

async function order(customer: string, user: string, interview: string, body: object): Promise<Meeting | Problem> {
  for (let attempt = 1; ; attempt += 1) {
    // The key names the interview, not the attempt: however often this is repeated, there is one meeting.
    const answer = await fetch(`${TEAMS_CONNECT_URL}/v1/customers/${customer}/users/${user}/meetings`, {
      method: 'POST',
      headers: { ...KEY, 'Idempotency-Key': interview, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined); // A lost answer is repeated like one that says so.
    if (answer?.ok) return await answer.json() as Meeting;
    const problem = await answer?.json() as Problem | undefined;
    if (problem && (!problem.retryable || attempt === TRIES)) return problem;
    if (attempt === TRIES) throw new Error('Teams Connect does not answer');
    const seconds = Number(answer?.headers.get('Retry-After') ?? 5);
    await new Promise((resume) => { setTimeout(resume, seconds * 1000); });
  }
}

const [customer = '', user = '', interview = '', body = '{}'] = process.argv.slice(2);
const result = await order(customer, user, interview, JSON.parse(body));
if ('join_url' in result) {
  console.log(result.outcome, result.id, result.join_url);
} else if (result.mend) {
  // `pending_reauth`: a link for the recruiter. `customer_blocked`: one for the customer's administrator.
  const link = await fetch(result.mend.url, { method: result.mend.method, headers: KEY });
  console.log(result.outcome, result.code, (await link.json() as { url: string }).url);
} else {
  // `rejected`: correct the order. `retry_later`: it still did not succeed.
  console.log(result.outcome, result.code, result.detail);
}
