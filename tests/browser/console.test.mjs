// The ATS and a recruiter, through the console page and Microsoft's pages, to a meeting.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person, SEND } from './person.mjs';
import { KADRY } from './product.mjs';
import { browser, product } from './stage.mjs';

/** Presses a button that opens another tab. */
async function inNewTab(page, button) {
  const [tab] = await Promise.all([page.context().waitForEvent('page'), page.click(button)]);
  await tab.waitForLoadState();
  return tab;
}

for (const [language, screen] of [['pl', DESK], ['en', PHONE]]) {
  test(`from the console to a meeting: ${language}`, async () => {
    const person = await Person.at(browser, { language, screen });
    const console = person.page;
    product.customers.add(`console-${language}`);
    await person.open(product.console);
    await console.fill('#customer', `console-${language}`);
    await console.click('#login [type=submit]');
    await person.looksAround(`console-${language}-1-begin`);

    await console.click('form[action="/console/intake-link"] [type=submit]');
    const intake = await inNewTab(console, '#open-intake');
    for (const [name, value] of Object.entries(KADRY)) await intake.fill(`#${name}`, value);
    // The tab stays open: Chromium may never answer whoever closes it while the receipt is on its way.
    await Promise.all([intake.waitForResponse((answer) => answer.status() === 200), intake.click(SEND)]);

    await console.click('form[action="/console/connect-link"] [type=submit]');
    const microsoft = await inNewTab(console, '#open-connect');
    assert.equal(new URL(microsoft.url()).origin, product.microsoft);
    await microsoft.check('[name=user] >> nth=0');
    await microsoft.click('[value=accept]');
    await microsoft.waitForURL(`${product.base}/console#complete`);
    person.page = microsoft;
    await person.looksAround(`console-${language}-2-signed-in`);

    await microsoft.click('form[action="/console/complete"] [type=submit]');
    await microsoft.locator('#complete [role=status]').waitFor();
    await microsoft.click('form[action="/console/meetings"] [type=submit]');
    await microsoft.locator('#join').waitFor();
    assert.match(await microsoft.getAttribute('#join', 'href'), /^https:\/\/teams\.microsoft\.com\//);
    await person.looksAround(`console-${language}-3-meeting`);
    assert.deepEqual(person.complaints, []);
    assert.deepEqual([...person.asked].sort(), [product.base, product.microsoft].sort());
    await person.leave();
  });
}
