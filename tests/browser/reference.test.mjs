// A developer looks something up, or somebody follows a link that leads nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person } from './person.mjs';
import { browser, product } from './stage.mjs';

const PAGES = [
  ['home', '/', 200],
  ['nowhere', '/nowhere', 404],
  ['docs', '/docs', 200],
  ['guide', '/docs/recruiters', 200],
  ['quickstart', '/docs/quickstart', 200, ['light']],
  ['search', '/docs/search?q=idempotency', 200],
  ['code', '/problems/secret_wrong', 200],
  ['no-code', '/problems/nothing_of_that_name', 404],
  ['no-guide', '/docs/nothing', 404],
  ['forged-link', '/intake/v4.local.forged', 410],
  ['no-sign-in', '/oauth/callback?code=x&state=y', 400],
];

for (const [language, screen] of [['pl', PHONE], ['en', DESK]]) {
  test(`the pages beside the journey keep nobody out: ${language}`, async () => {
    const person = await Person.at(browser, { language, screen });
    for (const [name, path, status, schemes] of PAGES) {
      const answer = await person.open(`${product.base}${path}`);
      assert.equal(answer.status(), status, path);
      assert.equal(await person.page.getAttribute('html', 'lang'), language, path);
      await person.looksAround(`${language}-${name}`, schemes);
    }
    assert.deepEqual(person.complaints, []);
    assert.deepEqual([...person.asked], [product.base]);
    await person.leave();
  });
}

// Long enough to be examined once; the colours are those of the other pages, and both languages have the same parts.
test('the reference keeps nobody out', async () => {
  const person = await Person.at(browser, { language: 'pl' });
  await person.open(`${product.base}/docs/reference`);
  await person.looksAround('pl-reference', ['dark']);
  await person.page.setViewportSize(PHONE);
  const edge = await person.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(edge <= PHONE.width, `${edge} px are too wide`);
  assert.deepEqual(person.complaints, []);
  assert.deepEqual([...person.asked], [product.base]);
  await person.leave();
});

const found = (person) => person.page.locator('#found li:visible a').allTextContents();

test('the documentation is searched as one types, and a copy that is confirmed still does', async () => {
  const person = await Person.at(browser, { language: 'pl' });
  for (const _ of ['fetched', 'confirmed']) {
    await person.open(`${product.base}/docs`);
    // Without the letters that the text has.
    await person.page.fill('#q', 'wiele naraz');
    await person.page.press('#q', 'Enter');
    await person.page.waitForURL(/search/);
    assert.equal((await found(person))[0], 'Wiele naraz');
    await person.page.fill('#q', 'spoznione powtorzenie');
    assert.deepEqual(await found(person), ['Zamów spotkanie']);
    await person.page.fill('#q', 'readInvitation');
    assert.equal((await found(person))[0], 'GET /v1/customers/{customer}/users/{user}/meetings/{id}/invitation.ics');
    await person.page.fill('#q', 'qwertyuiop');
    assert.deepEqual(await found(person), []);
    assert.equal(await person.page.textContent('#told'), 'Znaleziono: 0');
  }
  await person.page.fill('#q', 'consent_missing');
  await person.page.click('#found li:visible a');
  assert.match(person.page.url(), /\/problems\/consent_missing|\/docs\/recruiters/);
  assert.deepEqual(person.complaints, []);
  await person.leave();
});

test('without a script the search shows everything that there is', async () => {
  const person = await Person.at(browser, { language: 'en', scripts: false });
  await person.open(`${product.base}/docs/search?q=consent`);
  assert.ok((await found(person)).length > 150);
  assert.match(await person.page.textContent('noscript'), /Ctrl\+F/);
  await person.looksAround('search-without-script');
  await person.leave();
});
