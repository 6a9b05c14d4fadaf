// A recruiter stands on Microsoft's page, which sends nobody back, and looks up what its number means.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person } from './person.mjs';
import { KADRY } from './product.mjs';
import { browser, product } from './stage.mjs';

const FIELD = '#code';
const EXPLAIN = 'form[method=get] [type=submit]';
/** The way to the other language. */
const SWITCH = 'nav a[hreflang]';
const BLADE = 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Authentication/appId/';

const WORDS = {
  pl: {
    what: 'Identyfikator URI przekierowania nie jest zarejestrowany',
    who: 'administrator Microsoft Entra w\u00a0Twojej firmie',
    declined: 'Logowanie anulowano albo uprawnienia czekają na zgodę administratora',
    unknown: 'Tego numeru nie znamy',
    unreadable: 'W\u00a0tym tekście nie ma numeru błędu',
    broken: 'Ten link do połączenia konta nie działa.',
    other: 'English',
  },
  en: {
    what: 'The redirect URI is not registered',
    who: 'your company\'s Microsoft Entra administrator',
    declined: 'The sign-in was cancelled, or the permissions are waiting for an administrator\'s approval',
    unknown: 'We do not know this number',
    unreadable: 'There is no error number in this text',
    broken: 'This link does not work.',
    other: 'Polski',
  },
};

/** Clicks and waits for the next page. */
const follow = (page, what) => Promise.all([page.waitForEvent('load'), page.click(what)]);

/** Enters something and waits for the page about it. */
async function look(page, typed) {
  await page.fill(FIELD, typed);
  await follow(page, EXPLAIN);
}

for (const [language, scripts, screen] of [['pl', true, PHONE], ['en', true, DESK], ['pl', false, DESK], ['en', false, PHONE]]) {
  const how = `${language}-${scripts ? 'script' : 'plain'}-${screen === PHONE ? 'phone' : 'desk'}`;
  test(`from a number to what is forwarded: ${how}`, async () => {
    const person = await Person.at(browser, { language, scripts, screen });
    const { page } = person;
    const words = WORDS[language];
    const link = await product.connectLink(`help-${how}`);
    await person.open(link.help_url);
    assert.equal(await page.getAttribute('html', 'lang'), language);
    await person.looksAround(`help-${how}-1-numbers`);

    await look(page, 'AADSTS50011: The redirect URI does not match.');
    assert.equal(await page.innerText('h1'), words.what);
    assert.ok((await page.innerText('main')).includes(words.who));
    assert.equal(await page.innerText('#redirect-uri'), `${product.base}/oauth/callback`);
    assert.equal(await page.getAttribute('#place', 'href'), BLADE + KADRY.client_id);
    assert.equal(await page.getAttribute('#again', 'href'), link.url);
    const message = await page.innerText('#message');
    for (const part of ['AADSTS50011', `${product.base}/oauth/callback`, KADRY.client_id, KADRY.tenant, BLADE]) {
      assert.ok(message.includes(part), part);
    }
    assert.ok(message.split('\n').length > 5, 'each in a line of its own');
    const mail = new URL(await page.getAttribute('a[href^=mailto]', 'href'));
    assert.equal(mail.searchParams.get('body').replaceAll('\r\n', '\n'), message);
    await person.looksAround(`help-${how}-2-redirect-uri`);

    await follow(page, SWITCH);
    assert.match(page.url(), /code=AADSTS50011/);
    assert.equal(await page.innerText(SWITCH), WORDS[language === 'pl' ? 'en' : 'pl'].other);
    await follow(page, SWITCH);

    await look(page, '65004');
    assert.equal(await page.innerText('h1'), words.declined);
    assert.equal(await page.locator('#message').count(), 1, 'it may be for the administrator');
    await look(page, 'AADSTS99123');
    assert.equal(await page.innerText('h1'), words.unknown);
    await person.looksAround(`help-${how}-3-unknown`);
    await look(page, '<b>nothing</b>');
    assert.deepEqual([await page.innerText('h1'), await page.inputValue(FIELD)], [words.unreadable, '<b>nothing</b>']);
    await person.looksAround(`help-${how}-4-unreadable`);

    await page.click('summary:has(#numbers)');
    await follow(page, 'a[href*="code=50105"]');
    assert.match(await page.innerText('main'), /AADSTS50105/);
    await person.open(`${product.base}/connect/v4.local.forged/help?code=50011`);
    const text = await page.innerText('main');
    assert.ok(text.includes(words.broken) && !text.includes(KADRY.client_id));
    await person.looksAround(`help-${how}-5-forged`);
    assert.deepEqual(person.complaints, []);
    assert.deepEqual([...person.asked], [product.base]);
    await person.leave();
  });
}

test('what stands on Microsoft’s page is pasted as it is, and a click selects what is forwarded', async () => {
  const person = await Person.at(browser, { language: 'pl' });
  const { page } = person;
  const link = await product.connectLink('help-stranded');
  await product.register('https://elsewhere.example/callback');
  try {
    await person.open(link.url);
  } finally {
    await product.register(`${product.base}/oauth/callback`);
  }
  assert.equal(new URL(page.url()).origin, product.microsoft);
  const told = await page.innerText('body');
  assert.match(told, /AADSTS50011/);

  await person.open(link.help_url);
  await page.focus(FIELD);
  await page.keyboard.insertText(told);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  assert.equal(await page.innerText('h1'), WORDS.pl.what);
  const correlation = /Correlation ID: (\S+)/.exec(told)[1];
  assert.ok((await page.innerText('#message')).includes(correlation), told);
  await page.click('#message');
  const selected = await page.evaluate(() => window.getSelection().toString());
  assert.equal(selected.trim(), await page.innerText('#message'));

  await follow(page, '#again');
  assert.equal(new URL(page.url()).origin, product.microsoft);
  await page.locator('[name=user]').first().waitFor();
  await person.leave();
});
