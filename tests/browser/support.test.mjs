// Somebody of support: who must act, what expires, what a number means, and a customer's page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person } from './person.mjs';
import { KADRY, PRACA } from './product.mjs';
import { browser, product } from './stage.mjs';

const WORDS = {
  pl: { expired: 'Klucz tajny klienta wygasł.', undated: 'Nie podano daty wygaśnięcia', mail: 'Dzień dobry,' },
  en: { expired: 'The client secret has expired.', undated: 'No expiry date was given', mail: 'Hello,' },
};

/** Clicks and waits for the next page. */
const follow = (page, what) => Promise.all([page.waitForEvent('load'), page.click(what)]);

for (const [language, scripts, screen] of [['pl', true, PHONE], ['en', true, DESK], ['pl', false, DESK], ['en', false, PHONE]]) {
  const how = `${language}-${scripts ? 'script' : 'plain'}-${screen === PHONE ? 'phone' : 'desk'}`;
  test(`from what is to fix to the ready message: ${how}`, async () => {
    const [blocked, undated] = [`blocked-${how}`, `undated-${how}`];
    await product.configure(blocked, KADRY);
    await product.configure(undated, PRACA);
    await product.simulate('POST', 'events', { event: 'expire_secret', client_id: KADRY.client_id });
    await product.call('POST', `/${blocked}/check`);
    const person = await Person.at(browser, { language, scripts, screen });
    const { page } = person;
    const words = WORDS[language];
    await person.open(await product.supportLink());
    assert.equal(await page.getAttribute('html', 'lang'), language);
    const section = (id) => page.innerText(`section[aria-labelledby=${id}]`);
    const toFix = await section('to-fix');
    assert.ok(toFix.includes(blocked) && toFix.includes(words.expired), toFix);
    assert.ok(!toFix.includes(undated), toFix);
    assert.ok((await section('ends')).includes(words.undated));
    await person.looksAround(`support-${how}-1-overview`);

    await page.fill('#q', 'AADSTS7000222');
    await follow(page, 'form [type=submit]');
    const results = await section('results');
    assert.ok(results.includes(blocked) && results.includes(words.expired) && !results.includes(undated), results);
    await person.looksAround(`support-${how}-2-search`);

    await follow(page, `a[href*="/customers/${blocked}"]`);
    assert.equal(await page.innerText('h1'), blocked);
    assert.equal(await page.locator('li[data-code=secret_expired]').count(), 1);
    await person.looksAround(`support-${how}-3-customer`);

    await follow(page, 'form[method=post] [type=submit]');
    const link = (await page.innerText('section[aria-labelledby=link] .value')).trim();
    const mail = await section('mail');
    assert.ok(mail.includes(words.mail) && mail.includes(link), mail);
    await person.looksAround(`support-${how}-4-link`);
    await person.open(link);
    assert.equal(await page.locator('#hand-over').count(), 1, 'the link opens the form');
    const { client_id, client_secret: value } = KADRY;
    await product.simulate('POST', 'events', { event: 'replace_secret', client_id, value });
  });
}

test('of five hundred customers the three that matter are on the first screen', async () => {
  const wanted = ['company-017', 'company-230', 'company-499'];
  const names = Array.from({ length: 500 }, (_, number) => `company-${String(number).padStart(3, '0')}`);
  const appOf = (name) => KADRY.client_id.replace(/^.{8}/, name.slice(-3).padStart(8, '0'));
  const store = async (name) => {
    await product.simulate('POST', 'events', { event: 'add_app', client_id: appOf(name), like: KADRY.client_id });
    const { status } = await product.call('PUT', `/${name}/credentials`, { ...KADRY, client_id: appOf(name) });
    assert.equal(status, 200, name);
  };
  while (names.length) await Promise.all(names.splice(-10).map(store));
  for (const name of wanted) {
    await product.simulate('POST', 'events', { event: 'expire_secret', client_id: appOf(name) });
    await product.call('POST', `/${name}/check`);
  }
  const person = await Person.at(browser, { language: 'pl' });
  await person.open(await product.supportLink());
  const found = person.page.locator('section[aria-labelledby=to-fix] a');
  assert.deepEqual((await found.allInnerTexts()).sort(), wanted);
  for (const link of await found.all()) {
    const { y, height } = await link.boundingBox();
    assert.ok(y + height < DESK.height, `${y}`);
  }
  await person.looksAround('support-five-hundred');
  assert.deepEqual(person.complaints, []);
});
