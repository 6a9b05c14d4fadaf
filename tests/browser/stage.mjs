// What every file of tests needs: the product, and a browser for the people in front of it.

import { after, afterEach, before } from 'node:test';

import { openBrowser } from './person.mjs';
import { Product } from './product.mjs';

export let product;
export let browser;

before(async () => {
  [product, browser] = await Promise.all([Product.start(process.env.TEAMS_CONNECT), openBrowser()]);
});
afterEach(() => product.offboardAll());
after(async () => {
  await browser?.close();
  await product?.stop();
});
