// What is found although the values were taken: on the receipt, and by the test of a sign-in.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TESTED, WARNED } from './findings.mjs';
import { GOOD, READERS, assertSays, visit, where } from './reader.mjs';
import { product } from './stage.mjs';

for (const [language, scripts, screen] of READERS) {
  const how = `${language}-${scripts ? 'script' : 'plain'}`;
  const who = { language, scripts, screen };

  test(`a warning stands on the receipt: ${how}`, () => visit(who, async (person) => {
    for (const [index, finding] of WARNED.entries()) {
      const { code, fields } = finding;
      await person.open(await product.intakeLink(`${how}-${code}`));
      await person.fill({ ...GOOD, ...fields });
      await where(finding, async () => assert.equal(await person.submit(), 200, code));
      await assertSays(person, language, ['main .alert'], code, `${how}-warned-${code}`, index);
      await product.offboardAll();
    }
  }));

  test(`the test of a sign-in names what stands in its way: ${how}`, () => visit(who, async (person) => {
    const { page } = person;
    product.customers.add(`${how}-tested`);
    for (const [index, finding] of TESTED.entries()) {
      const { code, account = 'anna.nowak@kadry.example', decision = 'accept' } = finding;
      // One link allows few tests in a short time.
      const receipt = await product.call('PUT', `/${how}-tested/credentials`, GOOD);
      await where(finding, async () => {
        await person.open(receipt.body.test_sign_in_url);
        await page.check(`[name=user][value="${account}"]`);
        await page.click(`[value=${decision}]`);
        await page.waitForURL(`${product.base}/oauth/callback**`);
      });
      await person.remembers();
      await assertSays(person, language, ['main .alert'], code, `${how}-tested-${code}`, index);
    }
  }));
}
