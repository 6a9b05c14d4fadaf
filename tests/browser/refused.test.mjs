// An administrator whose values Microsoft does not take.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { REFUSED } from './findings.mjs';
import { GOOD, READERS, assertSays, visit, where } from './reader.mjs';
import { product } from './stage.mjs';

for (const [language, scripts, screen] of READERS) {
  const how = `${language}-${scripts ? 'script' : 'plain'}`;
  const who = { language, scripts, screen };

  test(`a refusal is read first, by the eye and by the ear: ${how}`, () => visit(who, async (person) => {
    for (const [index, finding] of REFUSED.entries()) {
      const { code, fields, wish, before } = finding;
      const customer = `${how}-${code}`;
      if (before) await product.call('PUT', `/${customer}/credentials`, GOOD);
      await person.open(await product.intakeLink(customer, wish));
      await person.fill({ ...GOOD, ...fields });
      await where(finding, async () => assert.equal(await person.submit(), 422, code));
      await person.page.waitForFunction(() => document.activeElement.id === 'faults');
      await assertSays(person, language, ['#faults', '#check'], code, `${how}-refused-${code}`, index);
      if (before) await product.offboardAll();
    }
  }));
}
