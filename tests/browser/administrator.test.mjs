// The whole story of one administrator: every kind of mistake, a closed tab, consent, a test, and nothing left to do.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DESK, PHONE, Person, SEND } from './person.mjs';
import { PRACA } from './product.mjs';
import { browser, product } from './stage.mjs';

const IN_A_YEAR = new Date(Date.now() + 365 * 24 * 3_600_000).toISOString().slice(0, 10);
const SECRET_ID = '0f3c1b52-7a9e-4d61-8c2f-b1a0d9e8c7f6';

/** What each language says at the end of the form, of a refused consent, of one that was granted, of a test, and of the end. */
const HEADINGS = {
  pl: ['Sprawdzono i\u00a0zapisano', 'Nie udzielono zgody', 'Udzielono zgody', 'Logowanie działa', 'Wszystko gotowe'],
  en: ['Checked and saved', 'Consent was not granted', 'Consent granted', 'Sign-in works', 'Everything is ready'],
};

/** Answers Microsoft's page of consent as the administrator, and is back with us. */
async function consents(person, decision) {
  await person.page.check('label:has(.tag:text("administrator")) [name=user]');
  await person.page.click(`[value=${decision}]`);
  await person.page.waitForURL(`${product.base}/**`);
}

for (const [language, scripts, screen] of [['pl', true, DESK], ['en', false, PHONE]]) {
  const how = `${language}-${scripts ? 'script' : 'plain'}`;
  test(`an administrator makes every mistake, closes the tab, comes back, consents, tests and leaves: ${how}`, async () => {
    const [stored, declined, granted, works, ready] = HEADINGS[language];
    const { client_id, tenant, client_secret } = PRACA;
    const scopes = ['openid', 'profile', 'offline_access', 'User.Read', 'OnlineMeetings.ReadWrite'];
    await product.simulate('POST', 'events', { event: 'withdraw_consent', client_id });
    const link = await product.intakeLink(how);
    const begin = async () => {
      const person = await Person.at(browser, { language, scripts, screen });
      await person.open(link);
      return person;
    };
    const heading = (person) => person.page.innerText('h1');

    let person = await begin();
    const mistakes = [
      // What the form itself sees.
      [{ client_id: tenant, tenant: client_id, client_secret }, ['tenant_and_client_id_swapped']],
      [{ client_id, tenant, client_secret: SECRET_ID }, ['secret_is_secret_id']],
      [{ client_secret, expires_on: '2020-01-31' }, ['expiry_in_the_past']],
      // What only Microsoft knows.
      [{ client_secret: 'rTx8Q~mistyped.Secret_For-Praca.Plus0000', expires_on: IN_A_YEAR }, ['secret_wrong']],
      [{ client_secret, client_id: client_id.replace(/^.{8}/, '00000001') }, ['app_not_found']],
    ];
    for (const [fields, codes] of mistakes) {
      await person.fill(fields);
      await person.page.click(SEND);
      await person.page.waitForFunction((wanted) => {
        const shown = [...document.querySelectorAll('[data-code]:not(template)')].map(({ dataset }) => dataset.code);
        return wanted.join() === [...new Set(shown)].join();
      }, codes);
    }
    await person.leave();

    // Another day, all begins anew with the same link.
    person = await begin();
    await person.fill({ client_id, tenant, client_secret, expires_on: IN_A_YEAR });
    assert.equal(await person.submit(), 200);
    assert.equal(await heading(person), stored);
    await person.leave();

    // The tab is closed; the link still tells what is missing, and refuses another form.
    person = await begin();
    assert.equal(await heading(person), stored);
    assert.equal(await person.page.locator('#hand-over').count(), 0);
    await person.opensTab('#consent');
    await consents(person, 'decline');
    assert.equal(await heading(person), declined);
    await person.looksAround(`administrator-${how}-1-declined`);
    await person.leave();

    person = await begin();
    await person.looksAround(`administrator-${how}-2-missing`);
    await person.opensTab('#consent');
    await consents(person, 'accept');
    assert.equal(await heading(person), granted);
    await product.simulate('POST', 'events', { event: 'grant_consent', client_id, scopes });
    await person.page.click('#test-sign-in');
    await person.page.check('[name=user] >> nth=0');
    await person.page.click('[value=accept]');
    await person.page.waitForURL(`${product.base}/**`);
    assert.equal(await heading(person), works);
    await person.leave();

    person = await begin();
    assert.equal(await heading(person), ready);
    await person.looksAround(`administrator-${how}-3-ready`);
    assert.equal((await product.call('GET', `/${how}`)).body.consent.state, 'granted');
    assert.deepEqual(person.complaints, []);
    await person.leave();
  });
}
