// The pages with the face of an ATS: whatever its colour, everything can be read in both colour schemes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser, PHONE, Person } from './person.mjs';
import { KADRY, Product } from './product.mjs';

const NAME = 'Kadry & <Synowie> „Zażółć gęślą jaźń” ATS 2026';
const LOGO = 'https://cdn.ats.example/logo.svg';
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#777"/></svg>';
/** One too light and one too dark to be read on any page, and what lies between. */
const COLOURS = ['#ffffff', '#000000', '#ffd400'];

const facedWith = (colour) => ({
  ATS_NAME: NAME,
  ATS_LOGO_URL: LOGO,
  ATS_ACCENT: colour,
  ATS_SUPPORT_URL: 'https://ats.example/help',
  ATS_PRIVACY_URL: 'https://ats.example/privacy',
});

/** How a colour is written by the browser. */
const written = (colour) => `rgb(${colour.match(/[0-9a-f]{2}/g).map((channel) => parseInt(channel, 16)).join(', ')})`;

COLOURS.forEach((colour, number) => {
  const language = number % 2 ? 'en' : 'pl';
  test(`every page in ${colour}`, async () => {
    const [product, browser] = await Promise.all([Product.start(process.env.TEAMS_CONNECT, facedWith(colour)), openBrowser()]);
    try {
      const person = await Person.at(browser, { language, ...(number === 2 && { screen: PHONE }) });
      const { page } = person;
      await page.route(LOGO, (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }));
      const seen = async (name) => {
        const header = await page.innerText('header');
        assert.ok(header.includes(NAME), `${name}: ${header}`);
        assert.ok(await page.locator('.logo').evaluate(({ naturalWidth }) => naturalWidth > 0), `${name}: no logo`);
        assert.ok(await page.getAttribute('.logo', 'alt'));
        const links = await page.locator('footer a').evaluateAll((all) => all.map(({ href }) => href));
        assert.deepEqual(links, ['https://ats.example/help', 'https://ats.example/privacy'], name);
        await person.looksAround(`branding-${number}-${name}`);
      };

      const link = await product.intakeLink('kadry', { customer_name: 'Kadry Polska', requested_by: 'Anna Nowak' });
      await person.open(link);
      await page.fill('#client_id', 'Teams Connect');
      await person.fill({ tenant: KADRY.tenant, client_secret: 'abc*****' });
      await person.submit().catch(() => {});
      const button = await page.locator('#hand-over > [type=submit]').evaluate((one) => getComputedStyle(one).backgroundColor);
      assert.equal(button, written(colour));
      await seen('form');
      await person.open(link);
      for (const [name, value] of Object.entries(KADRY)) await page.fill(`#${name}`, value);
      assert.equal(await person.submit(), 200);
      const widths = await page.locator('ul.status li > span:last-child').evaluateAll((all) => all.map(({ offsetWidth }) => offsetWidth));
      assert.ok(widths.length > 2 && widths.every((width) => width > 100), `the status can be read: ${widths}`);
      await seen('receipt');
      const { body } = await product.call('POST', '/kadry/users/anna/connect-links', {});
      await person.open(`${body.help_url}?code=50011`);
      await seen('help');
      await person.open(`${product.base}/connect/spent`);
      await seen('spent-link');
      await person.open(`${product.base}/oauth/callback?code=x&state=y`);
      await seen('sign-in-error');
      const support = await product.supportLink();
      await person.open(support);
      await seen('support');
      await page.goto(`${support}/customers/kadry`);
      await seen('support-customer');
      await person.open(`${product.base}/problems/secret_expired`);
      await seen('code');
      await person.open(`${product.base}/docs`);
      await seen('docs');
      await person.open(product.console);
      await seen('console');
      assert.deepEqual(person.complaints, []);
      assert.deepEqual([...person.asked].sort(), [product.base, new URL(LOGO).origin].sort());
    } finally {
      await browser.close();
      await product.stop();
    }
  });
});
