// The product as a process, and the ATS that calls it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { Browser } from './browser.mjs';

const API_KEY = 'tc_openid_0123456789abcdef0123456789abcdef';
const START_TIME = 30_000;
const LOG_LINES = 40;

export class Product {
  #settings;

  #child;

  #log = [];

  constructor({ binary, port, folder, completionUrl, login, graph }) {
    this.binary = binary;
    this.base = `http://localhost:${port}`;
    // Nothing of the surroundings: a setting that lies about there would change what is proved.
    this.#settings = {
      PATH: process.env.PATH,
      HOME: folder,
      RUST_LOG: process.env.RUST_LOG ?? 'info',
      PORT: String(port),
      DATA_DIR: folder,
      API_KEY,
      ATS_COMPLETION_URL: completionUrl,
      MICROSOFT_LOGIN_URL: login,
      MICROSOFT_GRAPH_URL: graph,
    };
  }

  async start() {
    this.#child = spawn(this.binary, [], { env: this.#settings, stdio: ['ignore', 'pipe', 'pipe'] });
    const child = this.#child;
    process.once('exit', () => child.kill('SIGKILL'));
    const failed = once(child, 'error').then(([error]) => { throw error; });
    failed.catch(() => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#log.push(...text.split('\n').filter(Boolean));
        this.#log.splice(0, this.#log.length - LOG_LINES);
      });
    }
    await Promise.race([failed, this.#ready()]);
  }

  async #ready() {
    for (const end = Date.now() + START_TIME; Date.now() < end; await sleep(100)) {
      if (this.#child.exitCode !== null) throw new Error(`the product ended with ${this.#child.exitCode}`);
      const answer = await fetch(`${this.base}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error('the product does not answer /healthz');
  }

  async stop() {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const killed = sleep(8_000, undefined, { ref: false }).then(() => this.#child.kill('SIGKILL'));
    await Promise.race([ended, killed.then(() => ended)]);
  }

  /** The last lines that it logged. */
  get log() {
    return [...this.#log];
  }

  /** A call of the ATS. */
  async call(method, path, body, headers = {}) {
    const { status, body: answer } = await new Browser().request(`${this.base}/v1/customers${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
    });
    return { status, body: answer ? JSON.parse(answer) : undefined };
  }
}
