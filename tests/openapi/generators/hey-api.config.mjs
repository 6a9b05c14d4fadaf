// hey-api: the client of `fetch`, for modules as Node.js has them.
export default {
  input: process.env.DOCUMENT,
  output: { path: 'client', module: { extension: '.js' } },
  plugins: ['@hey-api/client-fetch', '@hey-api/sdk', '@hey-api/typescript'],
};
