// An administrator hands over the credentials of the company's app.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { leak } from './canaries.mjs';
import { MISTAKES } from './mistakes.mjs';
import { DESK, PHONE, Person, SEND } from './person.mjs';
import { KADRY } from './product.mjs';
import { browser, product } from './stage.mjs';

/** The portal's period of a year, so that there is nothing to warn of. */
const IN_A_YEAR = new Date(Date.now() + 365 * 24 * 3_600_000).toISOString().slice(0, 10);
const WRONG_SECRET = 'kPz8Q~wrong.Secret_For-Kadry.Polska0000x';
/** A link takes no more forms in a short time than somebody fills in. */
const TRIES_OF_A_LINK = 8;
const SECRETS = [KADRY.client_secret, WRONG_SECRET];

/** What a reader of each language must find: the portal's own words, and ours. */
const WORDS = {
  pl: {
    portal: ['Rejestracje aplikacji', 'Certyfikaty i\u00a0klucze tajne', 'Uprawnienia interfejsu API', 'Wyrażam zgodę administratora'],
    wrong: 'Microsoft odrzucił tę wartość klucza tajnego.',
    done: 'Sprawdzono i\u00a0zapisano',
    state: ['Microsoft przyjmuje dane', 'Nie wiadomo jeszcze, czy administrator udzielił zgody', 'Nikt jeszcze nie przetestował'],
  },
  en: {
    portal: ['App registrations', 'Certificates & secrets', 'API permissions', 'Grant admin consent'],
    wrong: 'Microsoft rejected this secret.',
    done: 'Checked and saved',
    state: ['Microsoft accepts', 'We do not know yet whether an administrator has granted consent', 'Nobody has tested'],
  },
};

/** Lets somebody do something, and sees that the browser had nothing to complain about and met nobody else. */
async function visit(who, act) {
  const person = await Person.at(browser, who);
  try {
    await act(person);
    assert.deepEqual(person.complaints, []);
    assert.deepEqual([...person.asked], [product.base]);
    await person.remembers();
    assert.equal(leak(person.shown, SECRETS), undefined, 'a secret came back');
    assert.equal(leak([product.log], SECRETS), undefined, 'a secret was logged');
    assert.ok(product.log.includes('/intake/{link}'), 'nothing was logged');
  } finally {
    await person.leave();
  }
}

for (const [language, scripts, screen] of [['pl', true, DESK], ['en', true, PHONE], ['pl', false, PHONE], ['en', false, DESK]]) {
  const how = `${language}-${scripts ? 'script' : 'plain'}-${screen === PHONE ? 'phone' : 'desk'}`;
  test(`from the link to the receipt, with a mistake on the way: ${how}`, () => visit({ language, scripts, screen }, async (person) => {
    const { page } = person;
    const words = WORDS[language];
    const link = await product.intakeLink(how);
    await person.open(link);
    assert.equal(await page.getAttribute('html', 'lang'), language);
    const text = await page.innerText('main');
    for (const word of [...words.portal, `${product.base}/oauth/callback`, 'OnlineMeetings.ReadWrite']) {
      assert.ok(text.includes(word), word);
    }
    await person.looksAround(`${how}-1-form`);

    await person.fill({ ...KADRY, client_secret: WRONG_SECRET, expires_on: IN_A_YEAR });
    assert.equal(await person.submit(), 422);
    assert.deepEqual(await person.codes(), ['secret_wrong']);
    assert.ok((await page.innerText('#faults')).includes(words.wrong));
    assert.deepEqual([await page.inputValue('#tenant'), await page.inputValue('#client_secret')], [KADRY.tenant, '']);
    await person.looksAround(`${how}-2-refused`);

    await person.fill({ client_secret: KADRY.client_secret });
    assert.equal(await person.submit(), 200);
    assert.ok((await page.innerText('h1')).includes(words.done));
    await person.looksAround(`${how}-3-receipt`);
    assert.equal((await product.call('GET', `/${how}`)).body.client_id, KADRY.client_id);

    await person.open(link);
    assert.ok((await page.innerText('h1')).includes(words.done));
    const state = (await page.innerText('.status')).replaceAll('\u00a0', ' ');
    const { width } = await page.locator('.status li > span').nth(1).boundingBox();
    assert.ok(width > 100, `${width} px: nobody can read how things stand`);
    for (const sentence of words.state) assert.ok(state.includes(sentence), state);
    await person.looksAround(`${how}-4-status`);
  }));
}

test('after the receipt: consent for the company, then a sign-in that is only a test', async () => {
  const person = await Person.at(browser, { language: 'pl' });
  const link = await product.intakeLink('next-steps');
  await person.open(link);
  await person.fill({ ...KADRY, expires_on: IN_A_YEAR });
  assert.equal(await person.submit(), 200);

  await person.opensTab('#consent');
  await person.page.check('label:has(.tag:text("administrator")) [name=user]');
  await person.page.click('[value=accept]');
  await person.page.waitForURL(`${product.base}/**`);
  assert.equal(await person.page.innerText('h1'), 'Udzielono zgody');
  await person.looksAround('pl-consent-granted');

  await person.page.click('#test-sign-in');
  await person.page.check('[name=user] >> nth=0');
  await person.page.click('[value=accept]');
  await person.page.waitForURL(`${product.base}/**`);
  assert.equal(await person.page.innerText('h1'), 'Logowanie działa');
  await person.looksAround('pl-sign-in-works');
  const ticks = () => person.page.locator('.checks li').evaluateAll((all) => all.map((one) => one.innerText));
  assert.equal((await ticks()).length, 2, 'signed in, licence');

  // Back at the link, another day.
  await person.open(link);
  assert.equal(await person.page.innerText('h1'), 'Wszystko gotowe');
  await person.looksAround('pl-everything-is-ready');

  const { body } = await product.call('PUT', '/next-steps/credentials', { ...KADRY, expires_on: IN_A_YEAR });
  await person.open(`${body.test_sign_in_url}?meeting=yes`);
  await person.page.check('[name=user] >> nth=0');
  await person.page.click('[value=accept]');
  await person.page.waitForURL(`${product.base}/**`);
  const told = await ticks();
  assert.equal(told.length, 3);
  assert.ok(told.every((tick) => /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/.test(tick)), `${told}`);
  assert.match(told[2], /Spotkanie próbne zostało utworzone i\susunięte/);
  await person.looksAround('pl-sign-in-and-meeting');
  assert.deepEqual(person.complaints, []);
  assert.deepEqual([...person.asked].sort(), [product.base, product.microsoft].sort());
  await person.leave();
});

test('a renewal asks for the new secret alone', () => visit({ language: 'en' }, async (person) => {
  const { page } = person;
  const values = { ...KADRY, expires_on: IN_A_YEAR };
  await person.open(await product.intakeLink('renewal'));
  await person.fill(values);
  assert.equal(await person.submit(), 200);

  await person.open(await product.intakeLink('renewal'));
  assert.equal(await page.innerText('h1'), 'Renew the client secret of your Teams app');
  assert.deepEqual([await page.inputValue('#tenant'), await page.inputValue('#client_id')], [KADRY.tenant, KADRY.client_id]);
  assert.ok(await page.isVisible('[data-blade=Credentials]'));
  assert.ok(!(await page.isVisible('#register')));
  await person.looksAround('en-renewal');
  await page.click('.whole summary');
  await page.locator('#register').waitFor();
  await person.fill({ client_secret: KADRY.client_secret, expires_on: IN_A_YEAR });
  assert.equal(await person.submit(), 200);
}));

for (const [language, scripts, screen] of [['pl', true, PHONE], ['en', false, DESK]]) {
  const how = `${language}-${scripts ? 'script' : 'plain'}-certificate`;
  test(`a certificate in place of a secret: ${how}`, () => visit({ language, scripts, screen }, async (person) => {
    const { page } = person;
    await person.open(await product.intakeLink(how));
    assert.ok(!(await page.isVisible('#kind')), 'there is nothing to choose yet');
    await page.click('#certificate summary');
    await page.click('#certificate [type=submit]');
    const offered = page.locator('#certificate a[download]');
    await offered.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), offered.click()]);
    assert.equal(download.suggestedFilename(), 'teams-connect.cer');
    const file = await readFile(await download.path(), 'utf8');
    assert.ok(file.startsWith('-----BEGIN CERTIFICATE-----'));
    assert.ok(await page.isChecked('#kind') && !(await page.isVisible('#client_secret')), 'a secret is not asked for');
    await person.looksAround(`${how}-1-form`);

    await person.fill({ client_id: KADRY.client_id, tenant: KADRY.tenant });
    assert.equal(await person.submit(), 422);
    assert.deepEqual(await person.codes(), ['certificate_not_registered']);
    await person.looksAround(`${how}-2-refused`);
    await product.uploadCertificate(file);
    assert.equal(await person.submit(), 200);
    const thumbprint = new X509Certificate(file).fingerprint.replaceAll(':', '');
    assert.ok((await page.innerText('#kept ~ dl')).includes(thumbprint));
    await person.looksAround(`${how}-3-receipt`);

    await person.open(await product.intakeLink(how));
    assert.ok((await page.innerText('h1')).includes({ pl: 'Odnów certyfikat', en: 'Renew the certificate' }[language]));
    assert.ok(await page.isVisible('#certificate [type=submit]'));
    await person.looksAround(`${how}-4-renewal`);
    // Whoever changes her mind takes a secret.
    await page.click('#certificate [type=submit]');
    await page.locator('[name=kind][value=client_secret]').check();
    await person.fill({ client_secret: KADRY.client_secret, expires_on: IN_A_YEAR });
    assert.equal(await person.submit(), 200);
    assert.equal((await product.call('GET', `/${how}`)).body.kind, 'client_secret');
  }));
}

test('the language is the browser’s, and the switch changes it and keeps what was typed', () => visit({ language: 'de-DE' }, async (person) => {
  const { page } = person;
  await page.goto(await product.intakeLink('switch'));
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await person.fill(KADRY);
  // Not even while it is seen is it kept.
  await page.click('#reveal');
  await page.click('.languages a[lang=pl]');
  await page.waitForURL(/language=pl/);
  assert.equal(await page.getAttribute('html', 'lang'), 'pl');
  assert.equal(await page.getAttribute('.languages a[lang=pl]', 'aria-current'), 'true');
  const kept = await Promise.all(Object.keys(KADRY).map((name) => page.inputValue(`#${name}`)));
  assert.deepEqual(kept, [KADRY.tenant, KADRY.client_id, ''], 'all but the secret');
}));

test('a keyboard suffices', () => visit({ language: 'pl' }, async (person) => {
  const { page } = person;
  const { keyboard } = page;
  const tabTo = async (id) => {
    for (let presses = 0; (await person.focused()) !== id; presses += 1) {
      assert.ok(presses < 60, `the keyboard does not reach ${id}`);
      await keyboard.press('Tab');
    }
  };
  await page.goto(await product.intakeLink('keyboard'));
  await keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await keyboard.press('Enter');
  await tabTo('client_id');
  await keyboard.type(KADRY.client_id);
  await tabTo('tenant');
  await keyboard.type(KADRY.tenant);
  await tabTo('client_secret');
  await keyboard.press('Enter');
  // Nothing was sent: one is led to the field, whose fault is read out with it.
  assert.deepEqual([await person.focused(), await person.codes(), person.sent], ['client_secret', ['secret_missing'], []]);
  const read = await page.getAttribute('#client_secret', 'aria-describedby');
  assert.ok((await page.innerText(`#${read}`)).includes('Brakuje'));

  await keyboard.type(WRONG_SECRET);
  await Promise.all([page.waitForResponse((answer) => answer.status() === 422), keyboard.press('Enter')]);
  await page.waitForFunction(() => document.activeElement.id === 'faults');
  await tabTo('client_secret');
  await keyboard.type(KADRY.client_secret);
  await Promise.all([page.waitForResponse((answer) => answer.status() === 200), keyboard.press('Enter')]);
  await page.waitForFunction((done) => document.querySelector('h1').innerText.includes(done), WORDS.pl.done);
}));

test('the script sees each mistake as the server does, and says the same', async () => {
  await visit({ language: 'pl' }, (quick) => visit({ language: 'pl', scripts: false }, async (slow) => {
    for (const [index, [field, value, code]] of MISTAKES.entries()) {
      if (index % TRIES_OF_A_LINK === 0) {
        const link = await product.intakeLink('mistakes');
        await Promise.all([quick.open(link), slow.open(link)]);
      }
      const fields = { ...KADRY, expires_on: IN_A_YEAR, [field]: value };
      const place = `#${field}-fault`;
      await quick.fill(fields);
      await quick.page.click(SEND);
      await quick.page.locator(`${place} [data-code=${code}]`).waitFor();
      assert.deepEqual([await quick.codes(), quick.sent], [[code], []], `${field}: ${value}`);
      assert.equal(await quick.page.getAttribute(`#${field}`, 'aria-invalid'), 'true');
      await slow.fill(fields);
      assert.equal(await slow.submit(), 422);
      assert.deepEqual(await slow.codes(), [code], `${field}: ${value}`);
      assert.equal(await quick.page.innerText(place), await slow.page.innerText(place));
    }
  }));
  assert.equal((await product.call('GET', '/mistakes')).status, 404);
});

test('a fault goes as soon as it is mended', () => visit({}, async (person) => {
  await person.open(await product.intakeLink('mended'));
  await person.fill({ ...KADRY, tenant: 'common' });
  await person.page.click(SEND);
  assert.deepEqual(await person.codes(), ['tenant_is_every_tenant']);
  await person.fill({ tenant: KADRY.tenant });
  assert.deepEqual(await person.codes(), []);
}));

test('the redirect URI is copied as it must be registered', () => visit({ permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page }) => {
  await page.goto(await product.intakeLink('copy'));
  await page.click('[data-copies=redirect-uri]');
  await page.locator('.copy.done').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${product.base}/oauth/callback`);
  assert.equal(await page.innerText('#told'), 'Copied');
}));

test('the customer’s own app is linked once its id is known', () => visit({}, async (person) => {
  const { page } = person;
  await person.open(await product.intakeLink('links'));
  const links = page.locator('[data-blade]');
  assert.deepEqual(await links.evaluateAll((all) => all.map((link) => link.checkVisibility())), [false, false, false]);
  await person.fill({ client_id: KADRY.client_id });
  for (const blade of ['Overview', 'CallAnAPI', 'Credentials']) {
    const link = page.locator(`[data-blade=${blade}]`);
    await link.waitFor();
    const place = `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/${blade}/appId/`;
    assert.equal(await link.getAttribute('href'), place + KADRY.client_id);
  }
}));

test('a period of the portal fills in the day on which the secret ends', () => visit({}, async ({ page }) => {
  await page.goto(await product.intakeLink('period'));
  await page.click('.lifetimes button:nth-child(2)');
  const [day, today] = [await page.inputValue('#expires_on'), await page.getAttribute('#expires_on', 'min')];
  assert.equal(Date.parse(day) - Date.parse(today), 365 * 24 * 3_600_000);
}));

test('the secret is seen only while somebody wants to see it', () => visit({}, async (person) => {
  const { page } = person;
  await person.open(await product.intakeLink('reveal'));
  const kind = () => page.getAttribute('#client_secret', 'type');
  assert.equal(await kind(), 'password');
  await page.click('#reveal');
  assert.equal(await kind(), 'text');
  await page.click('#reveal');
  assert.equal(await kind(), 'password');
}));

test('the kit is saved, in both languages, and the link still works', () => visit({ language: 'pl' }, async ({ page }) => {
  const link = await product.intakeLink('kit');
  await mkdir('kit', { recursive: true });
  for (const language of ['pl', 'en']) {
    await page.goto(`${link}?language=${language}`);
    const files = page.locator('.files a');
    assert.equal(await files.count(), 3);
    for (const file of await files.all()) {
      const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
      assert.equal(await download.failure(), null);
      await download.saveAs(`kit/${language}/${download.suggestedFilename()}`);
    }
  }
  // From then on the page shows what the app must trust, and so do the files.
  await page.click('#federation summary');
  await page.click('form[action*="/federation"] button');
  for (const language of ['pl', 'en']) {
    await page.goto(`${link}?language=${language}`);
    const [issuer, subject] = [await page.innerText('#issuer'), await page.innerText('#subject')];
    for (const file of await page.locator('.files a').all()) {
      const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
      const saved = `kit/${language}/federated/${download.suggestedFilename()}`;
      await download.saveAs(saved);
      const text = await readFile(saved, 'utf8');
      assert.ok(text.includes(issuer) && text.includes(subject), saved);
    }
  }
}));

test('swapped ids are named by their letters and put right by one button, with a script and without', async () => {
  for (const scripts of [true, false]) {
    await visit({ language: 'pl', scripts }, async (person) => {
      const { page } = person;
      await person.open(await product.intakeLink(`swapped-${scripts}`));
      await person.fill({ ...KADRY, client_id: KADRY.tenant, tenant: KADRY.client_id });
      assert.equal(await person.submit(), 422);
      assert.deepEqual(await person.codes(), ['tenant_and_client_id_swapped']);
      assert.match(await page.innerText('#tenant-fault'), /polu\sA\s.*aplikacji.*polu\sB\s.*katalogu/);
      await page.click('#swap');
      await page.waitForFunction((id) => document.querySelector('#client_id').value === id, KADRY.client_id);
      assert.equal(await page.inputValue('#tenant'), KADRY.tenant);
      if (scripts) assert.deepEqual([await person.focused(), await person.codes()], ['client_secret', []]);
      await person.fill({ client_secret: KADRY.client_secret, expires_on: IN_A_YEAR });
      assert.equal(await person.submit(), 200);
    });
    await product.offboardAll();
  }
});

test('the summary of problems is in the order of the fields', () => visit({ scripts: false }, async (person) => {
  await person.open(await product.intakeLink('order'));
  await person.fill({ expires_on: '2020-01-31' });
  assert.equal(await person.submit(), 422);
  const targets = await person.page.locator('#faults a').evaluateAll((links) => links.map((link) => link.hash));
  assert.deepEqual(targets, ['#client_id', '#tenant', '#client_secret', '#expires_on']);
}));

for (const screen of [{ width: 1366, height: 650 }, { width: 360, height: 640 }]) {
  test(`whatever the problems, the button can be scrolled to: ${screen.width}`, () => visit({ screen }, async (person) => {
    const { page } = person;
    await person.open(await product.intakeLink(`reach-${screen.width}`));
    const reach = async () => {
      // By the wheel alone, from the top of the page to its end.
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.mouse.move(...(screen.width > 1000 ? [1100, 300] : [180, 300]));
      for (let turns = 0; turns < 80; turns += 1) {
        const seen = await page.evaluate((send) => {
          const { top, bottom, left, width } = document.querySelector(send).getBoundingClientRect();
          const at = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
          return top >= 0 && bottom <= window.innerHeight && Boolean(at?.closest(send));
        }, SEND);
        if (seen) return true;
        await page.mouse.wheel(0, 120);
        await page.waitForTimeout(30);
      }
      return false;
    };
    await page.click(SEND);
    await page.locator('#client_secret-fault [data-code]').waitFor();
    assert.ok(await reach(), 'with the script’s problems');
    await person.fill({ ...KADRY, client_id: KADRY.tenant, tenant: KADRY.client_id, expires_on: IN_A_YEAR });
    assert.equal(await person.submit(), 422);
    assert.ok(await reach(), 'with the server’s');
    await page.click(SEND);
  }));
}

test('nothing is promised that does not happen', async () => {
  for (const language of ['pl', 'en']) {
    await visit({ language }, async (person) => {
      await person.open(await product.intakeLink(`promise-${language}`));
      const text = await person.page.innerText('main');
      assert.doesNotMatch(text, /przypomnimy|remind|Nikt go|Nobody will see/);
      assert.match(text, /Nie pokazuje go żadna strona ani odpowiedź tego systemu|No page or response of this system ever shows it/);
    });
  }
});

test('the keyboard is at the first field after three stops', () => visit({ language: 'pl' }, async (person) => {
  const { page } = person;
  await page.goto(await product.intakeLink('stops'));
  for (let stops = 1; ; stops += 1) {
    assert.ok(stops <= 3, 'more stops than three');
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement.hash)) === '#client_id') break;
  }
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'client_id');
}));

test('an id fits into its field on a phone, and buttons have an outline in forced colours', () => visit({ screen: { width: 360, height: 640 } }, async (person) => {
  const { page } = person;
  await person.open(await product.intakeLink('narrow'));
  await person.fill({ client_id: KADRY.client_id, tenant: KADRY.tenant });
  for (const field of ['client_id', 'tenant']) {
    const [content, room] = await page.$eval(`#${field}`, (input) => [input.scrollWidth, input.clientWidth]);
    assert.ok(content <= room, `${field}: ${content} px in ${room}`);
  }
  await page.emulateMedia({ forcedColors: 'active' });
  const widths = await page.locator('button:visible').evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).borderTopWidth)));
  assert.ok(widths.length > 2 && widths.every((width) => width >= 1), `${widths}`);
}));

test('an expiry that the portal writes for never is taken and shown as never', () => visit({}, async (person) => {
  const { page } = person;
  await person.open(await product.intakeLink('never'));
  const mark = (text) => `\u2066${text.replaceAll('-', '\u2011')}\u2069`;
  await person.fill({ client_id: mark(KADRY.client_id), tenant: mark(KADRY.tenant), client_secret: `\u200e${KADRY.client_secret}\u2060`, expires_on: '2299-12-31' });
  assert.equal(await person.submit(), 200);
  assert.match(await page.innerText('#kept ~ dl'), /Expires\s+never/);
}));
