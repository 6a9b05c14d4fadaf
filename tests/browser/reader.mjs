// Whoever reads what was found: in both languages, with and without scripts, in a world where it is found.

import assert from 'node:assert/strict';

import { leak } from './canaries.mjs';
import { REFUSED, TESTED, WARNED, sentences } from './findings.mjs';
import { DESK, PHONE, Person } from './person.mjs';
import { KADRY, PRACA } from './product.mjs';
import { browser, product } from './stage.mjs';

const SAID = await sentences('findings.toml');
const SCHEMES = ['light', 'dark'];

/** What is good: the company's values, and the portal's period of a year. */
export const GOOD = { ...KADRY, expires_on: new Date(Date.now() + 365 * 24 * 3_600_000).toISOString().slice(0, 10) };

export const READERS = [['pl', true, DESK], ['en', true, PHONE], ['pl', false, PHONE], ['en', false, DESK]];

assert.ok(REFUSED.length + WARNED.length + TESTED.length > 20 && SAID.size > 50);

/** A world in which this is found, for as long as somebody looks. */
export async function where({ events = [], undo = [], faults = [], uris }, look) {
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
export async function assertSays(person, language, [place, region], code, name, index) {
  assert.deepEqual(await person.codes(), [code]);
  const text = await person.page.innerText(`${place}[data-code=${code}], ${place} [data-code=${code}]`);
  assert.ok(text.includes(SAID.get(code)[language]), `${code}: ${text}`);
  assert.equal(await person.page.getAttribute('html', 'lang'), language);
  await person.looksAround(name, [SCHEMES[index % SCHEMES.length]], region);
}

/** Lets somebody do something, and sees that the browser had nothing to complain about and was given no secret. */
export async function visit(who, act) {
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
