// Orders a meeting, and goes on until the answer is final. Needs Node.js 20; `npx tsc` with
// typescript and @types/node compiles it, in a package of `"type": "module"`.

interface Meeting {
  outcome: 'created' | 'existing';
  id: string;
  link: string;
}

interface Problem {
  outcome: 'pending_reauth' | 'customer_blocked' | 'retry_later' | 'rejected';
  code: string;
  detail: string;
  retryable: boolean;
  mend?: { method: string; url: string; body?: object };
}

const { TEAMS_CONNECT_URL, API_KEY } = process.env;
const TRIES = 5;
const LONGEST_WAIT = 30;

// Before the product stand a gateway and perhaps a proxy. Their answers are not ours, whatever their body is.
async function read<T>(answer: Response): Promise<T | Problem> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (typeof body === 'object' && body !== null && (answer.ok || 'code' in body)) return body as T | Problem;
  const retryable = answer.status === 429 || answer.status >= 500;
  const outcome = retryable ? 'retry_later' : 'rejected';
  return { outcome, code: `status_${answer.status}`, detail: answer.statusText, retryable };
}

// As long as we are told, or twice as long each time; and some chance, so that not all come back at once.
function wait(attempt: number, answer: Response | undefined): number {
  const told = Number(answer?.headers.get('Retry-After') ?? NaN);
  return told >= 0 ? told + Math.random() : Math.min(LONGEST_WAIT, 2 ** attempt) * (0.5 + Math.random() / 2);
}

async function call<T>(method: string, url: string, headers: Record<string, string>, body?: string): Promise<T | Problem> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${API_KEY}`, ...headers },
      signal: AbortSignal.timeout(30_000),
      ...(body === undefined ? {} : { body }),
    }).catch(() => undefined); // A lost answer is repeated like one that asks for it.
    const result = answer && await read<T>(answer);
    const again = result === undefined || (typeof result === 'object' && result !== null && 'retryable' in result && result.retryable);
    if (result !== undefined && !(again && attempt < TRIES)) return result;
    if (attempt === TRIES) throw new Error('Teams Connect does not answer');
    await new Promise((resume) => { setTimeout(resume, wait(attempt, answer) * 1000); });
  }
}

const [customer = '', user = '', interview = '', body = '{}'] = process.argv.slice(2);
const recruiter = `/v1/customers/${encodeURIComponent(customer)}/users/${encodeURIComponent(user)}`;
// The key names the interview, not the attempt: however often this is repeated, there is one meeting.
const headers = { 'Idempotency-Key': interview, 'Content-Type': 'application/json' };
const result = await call<Meeting>('POST', `${TEAMS_CONNECT_URL}${recruiter}/meetings`, headers, body);
if ('link' in result) {
  console.log(result.outcome, result.id, result.link);
} else if (result.mend) {
  // `pending_reauth`: a link for the recruiter. `customer_blocked`: one for the customer's administrator.
  const link = await call<{ url: string }>(
    result.mend.method, result.mend.url, { 'Content-Type': 'application/json' }, JSON.stringify(result.mend.body ?? {}),
  );
  console.log(result.outcome, result.code, 'url' in link ? link.url : link.code);
} else {
  // `rejected`: correct the order. `retry_later`: it still did not succeed.
  console.log(result.outcome, result.code, result.detail);
}
