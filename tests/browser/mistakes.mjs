// Every mistake that can be seen in the form itself, and the code that it must have with a script and without.

import { KADRY } from './product.mjs';

const SECRET_ID = '91b6d20f-7c3e-4a58-b1d4-2f6e8a90c7d3';
const NIL = '00000000-0000-0000-0000-000000000000';

export const MISTAKES = [
  ['tenant', '', 'tenant_missing'],
  ['tenant', 'common', 'tenant_is_every_tenant'],
  ['tenant', 'Organizations', 'tenant_is_every_tenant'],
  ['tenant', '9188040d-6c67-4c5b-b112-36a304b66dad', 'tenant_is_personal'],
  ['tenant', 'kadry.partner.onmschina.cn', 'tenant_in_china'],
  ['tenant', 'https://kadry.b2clogin.com/', 'tenant_is_for_customers'],
  ['tenant', 'kadry.ciamlogin.com', 'tenant_is_for_customers'],
  ['tenant', 'https://portal.azure.com/#home', 'tenant_is_url'],
  ['tenant', 'login.microsoftonline.com/x', 'tenant_is_url'],
  ['tenant', 'anna@kadry.example', 'tenant_is_email'],
  ['tenant', 'kadry', 'tenant_is_short_name'],
  ['tenant', 'kadry polska', 'tenant_malformed'],
  ['tenant', 'kadry.example.', 'tenant_malformed'],
  ['tenant', '-kadry.example', 'tenant_malformed'],
  ['tenant', '127.0.0.1', 'tenant_malformed'],
  ['tenant', NIL, 'tenant_malformed'],
  ['client_id', '', 'client_id_missing'],
  ['client_id', 'Teams Connect', 'client_id_malformed'],
  ['client_id', NIL, 'client_id_malformed'],
  ['client_id', KADRY.tenant.toUpperCase(), 'client_id_is_tenant'],
  ['client_id', `\u200b${KADRY.tenant}`, 'client_id_is_tenant'],
  ['client_id', '00000003-0000-0000-c000-000000000000', 'client_id_is_microsofts'],
  ['client_secret', '', 'secret_missing'],
  ['client_secret', SECRET_ID, 'secret_is_secret_id'],
  ['client_secret', 'kPz********************', 'secret_is_masked'],
  ['client_secret', '••••••••', 'secret_is_masked'],
  ['client_secret', 'kPz8Q~ with blanks', 'secret_has_strange_characters'],
  ['client_secret', 'kPz8Q~\u200bhidden', 'secret_has_strange_characters'],
  ['client_secret', '"kPz8Q~quoted"', 'secret_has_strange_characters'],
  ['client_secret', 'eyJ0eXAiOiJKV1QifQ', 'secret_malformed'],
  ['client_secret', `kPz8Q~${'x'.repeat(512)}`, 'secret_malformed'],
  ['expires_on', '2020-01-31', 'expiry_in_the_past'],
  ['contact', 'it', 'contact_malformed'],
  ['contact', 'it@kadry', 'contact_malformed'],
  ['contact', 'IT <it@kadry.example>', 'contact_malformed'],
  ['contact', 'it@kadry.example, hr@kadry.example', 'contact_malformed'],
  ['contact', `${'ż'.repeat(65)}@kadry.example`, 'contact_malformed'],
  ['contact', `${'a'.repeat(64)}@${'b.'.repeat(92)}example`, 'contact_malformed'],
];
