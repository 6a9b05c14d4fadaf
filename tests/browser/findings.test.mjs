// What an administrator gets to read when Microsoft says no: in both languages, with and without scripts.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { leak } from './canaries.mjs';
import { REFUSED, TESTED, WARNED, sentences } from './findings.mjs';
import { DESK, PHONE, Person } from './person.mjs';
import { KADRY, PRACA } from './product.mjs';
import { browser, product } from './stage.mjs';

const SAID = await sentences('findings.toml');
const IN_A_YEAR = new Date(Date.now() + 365 * 24 * 3_600_000).toISOString().slice(0, 10);
const SCHEMES = ['light', 'dark'];
/** Whoever reads. */
const READERS = [['pl', true, DESK], ['en', true, PHONE], ['pl', false, PHONE], ['en', false, DESK]];

assert.ok(REFUSED.length + WARNED.length + TESTED.length > 20 && SAID.size > 50);

/** A world in which this is found, for as long as somebody looks. */
async function where({ events = [], undo = [], faults = [], uris }, look) {
  const own = [`${product.base}/oauth/callback`];
  try {
    for (const event of events) await product.simulate('POST', 'events', event);
    for (const fault of faults) await product.simulate('POST', 'faults', fault);
    if (uris) await product.simulate('PUT', 'redirect-uris', { redirect_uris: uris });
    await look();
  } finally {
    await product.simulate('DELETE', 'faults');
    for (const event of undo) await product.simulate('POST', 'events', event);
    if (uris) await product.simulate('PUT', 'redirect-uris', { redirect_uris: own });
  }
}

/** One code is shown, in one sentence, and nobody is kept from reading it. */
async function assertSays(person, language, place, code, name, index) {
  assert.deepEqual(await person.codes(), [code]);
  const text = await person.page.innerText(`${place}[data-code=${code}], ${place} [data-code=${code}]`);
  assert.ok(text.includes(SAID.get(code)[language]), `${code}: ${text}`);
  assert.equal(await person.page.getAttribute('html', 'lang'), language);
  await person.looksAround(name, [SCHEMES[index % SCHEMES.length]]);
}

async function visit(who, act) {
  const person = await Person.at(browser, who);
  try {
    await act(person);
    const secrets = [KADRY, PRACA, ...REFUSED.map(({ fields }) => fields)].map((fields) => fields?.client_secret).filter(Boolean);
    assert.equal(leak([...person.shown, product.log], secrets), undefined, 'a secret came back');
    assert.deepEqual(person.complaints, []);
  } finally {
    await person.leave();
  }
}

for (const [language, scripts, screen] of READERS) {
  const how = `${language}-${scripts ? 'script' : 'plain'}`;
  const who = { language, scripts, screen };
  const good = { ...KADRY, expires_on: IN_A_YEAR };

  test(`a refusal is read first, by the eye and by the ear: ${how}`, () => visit(who, async (person) => {
    for (const [index, finding] of REFUSED.entries()) {
      const { code, fields, wish, before } = finding;
      const customer = `${how}-${code}`;
      if (before) await product.call('PUT', `/${customer}/credentials`, good);
      await person.open(await product.intakeLink(customer, wish));
      await person.fill({ ...good, ...fields });
      await where(finding, async () => assert.equal(await person.submit(), 422, code));
      await person.page.waitForFunction(() => document.activeElement.id === 'faults');
      await assertSays(person, language, '#faults', code, `${how}-refused-${code}`, index);
      if (before) await product.offboardAll();
    }
  }));

  test(`a warning stands on the receipt: ${how}`, () => visit(who, async (person) => {
    for (const [index, finding] of WARNED.entries()) {
      const { code, fields } = finding;
      await person.open(await product.intakeLink(`${how}-${code}`));
      await person.fill({ ...good, ...fields });
      await where(finding, async () => assert.equal(await person.submit(), 200, code));
      await assertSays(person, language, 'main .alert', code, `${how}-warned-${code}`, index);
      await product.offboardAll();
    }
  }));

  test(`the test of a sign-in names what stands in its way: ${how}`, () => visit(who, async (person) => {
    const { page } = person;
    const receipt = await product.call('PUT', `/${how}-tested/credentials`, good);
    product.customers.add(`${how}-tested`);
    for (const [index, finding] of TESTED.entries()) {
      const { code, account = 'anna.nowak@kadry.example', decision = 'accept' } = finding;
      await where(finding, async () => {
        await person.open(receipt.body.test_sign_in_url);
        await page.check(`[name=user][value="${account}"]`);
        await page.click(`[value=${decision}]`);
        await page.waitForURL(`${product.base}/oauth/callback**`);
      });
      await person.remembers();
      await assertSays(person, language, 'main .alert', code, `${how}-tested-${code}`, index);
    }
  }));
}
