// A developer looks something up, or somebody follows a link that leads nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person } from './person.mjs';
import { browser, product } from './stage.mjs';

// Long enough to be examined in one colour scheme alone; the colours are those of the other pages.
const DOCS = ['docs', '/docs', 200, ['dark']];
const PAGES = [
  ['code', '/problems/secret_wrong', 200],
  ['no-code', '/problems/nothing_of_that_name', 404],
  ['forged-link', '/intake/v4.local.forged', 410],
  ['no-sign-in', '/oauth/callback?code=x&state=y', 400],
];

// The reference is long, and the same in both languages but for its headings.
for (const [language, screen, pages] of [['pl', PHONE, [DOCS, ...PAGES]], ['en', DESK, PAGES]]) {
  test(`the pages beside the journey keep nobody out: ${language}`, async () => {
    const person = await Person.at(browser, { language, screen });
    for (const [name, path, status, schemes] of pages) {
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
