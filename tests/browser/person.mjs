// A person in front of Chromium: with or without scripts, on a desk or with a phone, in a language.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const SCHEMES = ['light', 'dark'];
const PATIENCE = 30_000;
const HIGHEST_PICTURE = 16_384;

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 320, height: 640 };
/** The button of the form. */
export const SEND = '#hand-over > [type=submit]';
export const SCREENSHOTS = resolve('screenshots');

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const openBrowser = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export class Person {
  #context;

  #scripts;

  /** What the browser complained about, and where it asked for something. */
  complaints = [];

  asked = new Set();

  /** Everything that was shown, kept or said: pages with their headers and as they stand, addresses, storage, console. */
  shown = [];

  /** Everything that was sent back in forms. */

  sent = [];

  static async at(browser, { language = 'en', scripts = true, screen = DESK, permissions = [] } = {}) {
    const person = new Person();
    person.#scripts = scripts;
    person.#context = await browser.newContext({
      locale: { pl: 'pl-PL', en: 'en-GB' }[language] ?? language,
      javaScriptEnabled: scripts,
      viewport: screen,
      acceptDownloads: true,
      permissions,
    });
    person.#context.setDefaultTimeout(PATIENCE);
    person.page = await person.#context.newPage();
    person.watch(person.page);
    person.#context.on('page', (page) => person.watch(page));
    return person;
  }

  /** Follows a link that opens in a new tab, and goes on there. */
  async opensTab(link) {
    const [tab] = await Promise.all([this.page.waitForEvent('popup'), this.page.click(link)]);
    await tab.waitForLoadState();
    this.page = tab;
  }

  watch(page) {
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) this.asked.add(new URL(request.url()).origin);
      if (request.method() === 'POST') this.sent.push(request.postData());
    });
    page.on('response', async (response) => {
      const text = await response.text().catch(() => '');
      this.shown.push(response.url(), JSON.stringify(response.headers()), text);
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      this.shown.push(message.text());
      // That an answer is a 422 or a 410 is no complaint.
      const isComplaint = ['error', 'warning'].includes(message.type()) && !/status of 4\d\d/.test(message.text());
      if (isComplaint) this.complaints.push(message.text());
    });
  }

  async leave() {
    await this.#context.close();
  }

  open(url) {
    return this.page.goto(url);
  }

  async fill(fields) {
    for (const [name, value] of Object.entries(fields)) await this.page.fill(`#${name}`, value);
  }

  /** Sends the form and waits for what comes of it: another page. */
  async submit() {
    const [answer] = await Promise.all([
      this.page.waitForResponse((response) => response.request().method() === 'POST'),
      this.page.click(SEND),
    ]);
    await this.page.waitForLoadState();
    await this.remembers();
    return answer.status();
  }

  /** Keeps what the page has become, and what the browser keeps beside it. */
  async remembers() {
    const { page } = this;
    const kept = await page.evaluate(() => [JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.title]);
    this.shown.push(page.url(), await page.content(), JSON.stringify(await this.#context.cookies()), ...kept);
  }

  /** What has the focus, by its id. */
  focused() {
    return this.page.evaluate(() => document.activeElement.id);
  }

  /** The codes of what is told to be wrong, beside the fields and above them. */
  async codes() {
    const codes = await this.page.locator('[data-code]:not(template)').evaluateAll((all) => all.map(({ dataset }) => dataset.code));
    return [...new Set(codes)];
  }

  /**
   * Nobody is kept out, in either colour scheme, and nothing lies beyond the edge of the screen. A picture is kept. Of a
   * long page that others examined, a region suffices.
   */
  async looksAround(name, schemes = SCHEMES, region = undefined) {
    // Chromium paints no page that is behind another tab, and a picture of it is waited for without end.
    await this.page.bringToFront();
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.remembers();
    const edge = await this.page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(edge[0] <= edge[1], `${name}: ${edge[0]} px are too wide for ${edge[1]}`);
    // In Polish no line ends with a single letter.
    const loose = await this.page.evaluate(() => {
      const skipped = 'script, style, code, pre, template, .value, [lang=en]';
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (document.documentElement.lang === 'pl' && walker.nextNode()) {
        const { currentNode } = walker;
        if (!currentNode.parentElement.closest(skipped)) found.push(...(currentNode.data.match(/(?<![\p{L}\p{N}’])[aiouwz] \S+/giu) ?? []));
      }
      return found;
    });
    assert.deepEqual(loose, [], `${name}: single letters`);
    const examined = this.#scripts ? this.page : await this.#copy();
    for (const colorScheme of schemes) {
      await examined.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = `${SCREENSHOTS}/${name}-${colorScheme}.png`;
      // A higher picture takes longer than anybody waits, and shows the same again and again.
      const fullPage = await examined.evaluate((most) => document.documentElement.scrollHeight < most, HIGHEST_PICTURE);
      await (region ? examined.locator(region).screenshot({ path }) : examined.screenshot({ path, fullPage }));
      await examined.evaluate(axe);
      const { violations, passes } = await examined.evaluate((part) => window.axe.run(part ?? document), region);
      const told = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
      assert.deepEqual(told, [], `${name}, ${colorScheme}`);
      assert.ok(passes.length > 10, `${name}: hardly anything was looked at`);
    }
    if (examined !== this.page) await examined.context().close();
  }

  /** The page as it stands, where axe's own script may run. */
  async #copy() {
    const html = (await this.page.content()).replace(/<script>.*<\/script>/s, '');
    const page = await this.#context.browser().newPage({ viewport: this.page.viewportSize() });
    await page.setContent(html);
    return page;
  }
}
