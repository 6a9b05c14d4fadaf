// The product as `cargo run` starts it, with its simulator of Microsoft, and the ATS that orders links.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const API_KEY = 'tc_browser_0123456789abcdef0123456789abcdef';

/** What the simulator knows of the company Kadry Polska; the product prints it when it starts. */
export const KADRY = {
  tenant: '6f1c2a9e-4b7d-4c3a-9d52-1e8b7a4c5d60',
  client_id: '3d9a7c51-2e84-4f6b-8a17-c0b5d2e96f34',
  client_secret: 'kPz8Q~Simulated.Secret_For-Kadry.Polska0',
};

/** And of the company Praca Plus. */
export const PRACA = {
  tenant: 'a90b3e57-d8c1-4e26-8f7a-52c6d1b0e483',
  client_id: '51f8d0b6-7c3e-4a95-92e4-d6a80b1c7f2e',
  client_secret: 'rTx8Q~Simulated.Secret_For-Praca.Plus000',
};

export class Product {
  #child;

  #folder;

  /** Who was invited to hand over an app since the last time that all were offboarded. */
  customers = new Set();

  /** Everything that it logged. */
  log = '';

  /** Starts it on ports that are free, with further settings, and waits until it says that it is ready. */
  static async start(binary, settings = {}) {
    const product = new Product();
    product.#folder = await mkdtemp(join(tmpdir(), 'teams-connect-browser-'));
    product.#child = spawn(binary, [], {
      // Nothing of the surroundings: a setting that lies about there would change what is proved.
      env: { PATH: process.env.PATH, HOME: product.#folder, DATA_DIR: product.#folder, PORT: '0', SIMULATOR_PORT: '0', API_KEY, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = product.#child;
    process.once('exit', () => child.kill('SIGKILL'));
    const ready = new Promise((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          product.log += text;
          if (product.log.includes('Ctrl-C')) resolve();
        });
      }
    });
    const ended = once(child, 'exit').then(([code]) => { throw new Error(`ended with ${code}: ${product.log}`); });
    ended.catch(() => {});
    await Promise.race([ready, ended]);
    product.base = /^ +API +(\S+)\/v1$/m.exec(product.log)[1];
    product.console = /^ +Console +(\S+)$/m.exec(product.log)[1];
    product.microsoft = /simulator at (\S+)/.exec(product.log)[1];
    // As in a company whose administrator has consented: recruiters may not consent for themselves.
    const scopes = ['openid', 'profile', 'offline_access', 'User.Read', 'OnlineMeetings.ReadWrite'];
    await product.simulate('POST', 'events', { event: 'grant_consent', client_id: KADRY.client_id, scopes });
    // What it prints on purpose for whoever tries it out; the rest is its log.
    product.log = '';
    return product;
  }

  async stop() {
    if (this.#child.exitCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A call of the ATS. */
  async call(method, path, body) {
    const answer = await fetch(`${this.base}/v1/customers${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : undefined };
  }

  /** Something happens at the company, or Microsoft begins to fail: a request to the simulator's control routes. */
  async simulate(method, path, body) {
    const answer = await fetch(`${this.microsoft}/control/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  }

  /** A link for the administrator of this customer. */
  async intakeLink(customer, wish = {}) {
    this.customers.add(customer);
    return (await this.call('POST', `/${customer}/intake-links`, wish)).body.url;
  }

  /** The link for a recruiter of a customer who handed over the app of Kadry Polska, and its help page. */
  async connectLink(customer) {
    this.customers.add(customer);
    await this.call('PUT', `/${customer}/credentials`, KADRY);
    return (await this.call('POST', `/${customer}/users/anna/connect-links`, {})).body;
  }

  /** A customer hands over an app. */
  async configure(customer, app) {
    this.customers.add(customer);
    await this.call('PUT', `/${customer}/credentials`, app);
  }

  /** A link to the page for support. */
  async supportLink() {
    const answer = await fetch(`${this.base}/v1/support-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}` },
    });
    return (await answer.json()).url;
  }

  /** What Microsoft has registered for every app: this product's redirect URI, or another that leads elsewhere. */
  async register(redirectUri) {
    const answer = await fetch(`${this.microsoft}/control/redirect-uris`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [redirectUri] }),
    });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
  }

  /** What an administrator does in the portal with a certificate. */
  async uploadCertificate(file) {
    const answer = await fetch(`${this.microsoft}/control/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'register_certificate', client_id: KADRY.client_id, file }),
    });
    if (answer.status !== 200) throw new Error(await answer.text());
  }

  /** An app belongs to one customer: whoever comes next can hand it over only when the former is gone. */
  async offboardAll() {
    for (const customer of this.customers) await this.call('DELETE', `/${customer}`);
    this.customers.clear();
  }
}
