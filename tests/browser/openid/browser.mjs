// A browser that follows nothing by itself: it keeps cookies by origin and path, and shows every answer.

const PATIENCE = 30_000;

export class Browser {
  #cookies = [];

  async request(url, init = {}) {
    const { origin, pathname } = new URL(url);
    const sent = this.#cookies.filter((cookie) => cookie.origin === origin && pathname.startsWith(cookie.path));
    const headers = { 'accept-language': 'en', ...init.headers };
    if (sent.length) headers.cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) });
    for (const line of response.headers.getSetCookie()) this.#keep(origin, line);
    const location = response.headers.get('location');
    const body = await response.text();
    return { status: response.status, headers: response.headers, body, location: location && new URL(location, url).href };
  }

  submit(url, fields) {
    return this.request(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Signs in at the provider: what it sends the browser back with. */
  async signIn(authorize, account) {
    const page = await this.#moved(authorize);
    const resumed = await this.submit(page, { account });
    return this.#moved(resumed.location ?? fail(resumed));
  }

  async #moved(url) {
    const answer = await this.request(url);
    return answer.location ?? fail(answer);
  }

  #keep(origin, line) {
    const [pair, ...attributes] = line.split(/;\s*/);
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const attribute = (wanted) => attributes.map((text) => text.split('=')).find(([key]) => key.toLowerCase() === wanted)?.[1];
    const path = attribute('path') ?? '/';
    this.#cookies = this.#cookies.filter((cookie) => cookie.origin !== origin || cookie.name !== name || cookie.path !== path);
    const expires = attribute('expires');
    const gone = attribute('max-age') === '0' || (expires && Date.parse(expires) <= Date.now());
    if (!gone) this.#cookies.push({ origin, name, value, path });
  }
}

function fail({ status, body }) {
  throw new Error(`no redirect but ${status}: ${body.slice(0, 300)}`);
}
