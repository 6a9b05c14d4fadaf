// Checks and buttons that need a script. The form works without them, and the server repeats every check.
(() => {
  'use strict';

  const element = (id) => document.getElementById(id);
  const form = element('hand-over');
  const told = element('told');

  // --- the same checks as the server's, with its codes; the messages are in the page

  const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const PLACEHOLDER = /^[0-]+$|^[f-]+$/i;
  const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;
  const EVERY_TENANT = ['common', 'organizations', 'consumers'];
  const PERSONAL_ACCOUNTS = '9188040d-6c67-4c5b-b112-36a304b66dad';
  const SHORT_NAME = /^[a-z0-9-]{1,27}$/i;
  const OF_CHINA = ['portal.azure.cn', 'microsoftonline.cn', 'chinacloudapi.cn', '.onmschina.cn'];
  const FOR_CUSTOMERS = ['b2clogin.com', 'ciamlogin.com'];
  const OF_MICROSOFT = ['00000003-0000-0000-c000-000000000000', '04b07795-8ddb-461a-bbee-02f9e1bf7b46'];
  const LONGEST_SECRET = 512;
  const MAILBOX = /^[^\s\p{Cc}<>()[\],;:\\"@]{1,64}@(.*)$/u;
  const LONGEST_CONTACT = 254;

  /** Invisible characters and typographic hyphens, which copying adds to a value. */
  const INVISIBLE = '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff';
  const HYPHEN = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
  const visible = (text) => text.replace(new RegExp(`[${INVISIBLE}]`, 'g'), '').replace(HYPHEN, '-').trim();
  const tidy = (text) => text.replace(new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, 'g'), '');
  const isGuid = (text) => GUID.test(text) && !PLACEHOLDER.test(text);

  const checks = {
    client_id(value) {
      const text = visible(value);
      if (!text) return 'client_id_missing';
      if (!isGuid(text)) return 'client_id_malformed';
      if (text.toLowerCase() === visible(element('tenant').value).toLowerCase()) return 'client_id_is_tenant';
      return OF_MICROSOFT.includes(text.toLowerCase()) ? 'client_id_is_microsofts' : undefined;
    },
    tenant(value) {
      const text = visible(value);
      const lower = text.toLowerCase();
      if (!text) return 'tenant_missing';
      if (EVERY_TENANT.includes(lower)) return 'tenant_is_every_tenant';
      if (lower === PERSONAL_ACCOUNTS) return 'tenant_is_personal';
      if (GUID.test(text)) return isGuid(text) ? undefined : 'tenant_malformed';
      if (OF_CHINA.some((place) => lower.includes(place))) return 'tenant_in_china';
      if (FOR_CUSTOMERS.some((place) => lower.includes(place))) return 'tenant_is_for_customers';
      if (text.includes('/')) return 'tenant_is_url';
      if (text.includes('@')) return 'tenant_is_email';
      if (DOMAIN.test(text)) return undefined;
      return SHORT_NAME.test(text) ? 'tenant_is_short_name' : 'tenant_malformed';
    },
    client_secret(value) {
      const text = tidy(value);
      if (!text) return 'secret_missing';
      if (GUID.test(text)) return 'secret_is_secret_id';
      if (text.includes('***') || /^[*•]+$/.test(text)) return 'secret_is_masked';
      const long = new TextEncoder().encode(text).length > LONGEST_SECRET;
      if (long || /^(-----BEGIN|eyJ|\{|https?:\/\/)/.test(text)) return 'secret_malformed';
      return /^[!-~]+$/.test(text) && !/["'`]/.test(text) ? undefined : 'secret_has_strange_characters';
    },
    expires_on(value, { min, validity }) {
      if (validity.badInput) return 'expiry_malformed';
      return value && value < min ? 'expiry_in_the_past' : undefined;
    },
    contact(value) {
      const text = visible(value);
      const [, domain = ''] = text.match(MAILBOX) || [];
      return !text || (DOMAIN.test(domain) && [...text].length <= LONGEST_CONTACT) ? undefined : 'contact_malformed';
    },
  };

  /** Shows the problem of a field. Returns whether the field has none. */
  function judge(input) {
    const code = checks[input.name](input.value, input);
    const place = element(`${input.name}-fault`);
    const sentence = code && document.querySelector(`template[data-code="${code}"]`);
    place.replaceChildren();
    input.removeAttribute('aria-invalid');
    if (!sentence) return true;
    const fault = document.createElement('p');
    fault.dataset.code = code;
    fault.append(sentence.content.cloneNode(true));
    place.append(fault);
    input.setAttribute('aria-invalid', 'true');
    return false;
  }

  // A sentence that appears while a button is pressed moves it away from the pointer, and the click is lost.
  let isPressed = false;
  document.addEventListener('pointerdown', () => { isPressed = true; }, true);
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => { isPressed = false; }, true);
  const afterPress = (act) => (isPressed ? document.addEventListener('pointerup', () => setTimeout(act), { once: true }) : act());

  const inputs = Object.keys(checks).map(element);
  /** Without a secret its fields are not checked. */
  const isAsked = (input) => !input.closest('.of-secret') || (form.elements.kind?.value || 'client_secret') === 'client_secret';
  for (const input of inputs) {
    // Typing removes a problem but shows none.
    input.addEventListener('change', () => afterPress(() => input.value && judge(input)));
    input.addEventListener('input', () => inputs.filter((one) => one.hasAttribute('aria-invalid')).forEach(judge));
  }

  const submit = form.querySelector('[type=submit]');
  const invitation = submit.textContent;
  form.addEventListener('submit', (event) => {
    const wrong = inputs.filter((input) => isAsked(input) && !judge(input));
    if (wrong.length) {
      event.preventDefault();
      // The summary is of what was sent before.
      element('faults')?.remove();
      wrong[0].focus();
      told.textContent = element(`${wrong[0].name}-fault`).textContent;
    } else if (submit.getAttribute('aria-busy')) {
      event.preventDefault();
    } else {
      submit.setAttribute('aria-busy', 'true');
      submit.textContent = form.dataset.checking;
    }
  });
  // After the browser's back button the form is as before.
  window.addEventListener('pageshow', () => {
    submit.removeAttribute('aria-busy');
    submit.textContent = invitation;
  });

  // --- buttons that only a script can serve

  for (const button of document.querySelectorAll('[data-copies]')) {
    const label = button.textContent;
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(element(button.dataset.copies).textContent);
      button.textContent = button.dataset.copied;
      button.classList.add('done');
      told.textContent = button.dataset.copied;
    });
    button.addEventListener('blur', () => {
      button.textContent = label;
      button.classList.remove('done');
    });
  }

  const [secret, reveal] = [element('client_secret'), element('reveal')];
  const [show, hide] = [reveal.textContent, reveal.dataset.hide];
  reveal.hidden = false;
  reveal.addEventListener('click', () => {
    const shown = secret.type === 'password';
    secret.type = shown ? 'text' : 'password';
    reveal.textContent = shown ? hide : show;
  });

  const lifetimes = document.querySelector('.lifetimes');
  lifetimes.hidden = false;
  lifetimes.addEventListener('click', ({ target }) => {
    if (!target.dataset.date) return;
    element('expires_on').value = target.dataset.date;
    judge(element('expires_on'));
  });

  element('swap')?.addEventListener('click', (event) => {
    event.preventDefault();
    const [first, second] = [element('client_id'), element('tenant')];
    [first.value, second.value] = [second.value, first.value];
    element('faults').remove();
    [first, second].forEach(judge);
    secret.focus();
  });

  // --- the customer's own app in the portal, once its id is known

  const clientId = element('client_id');
  function pointToApp() {
    const id = visible(clientId.value);
    if (!isGuid(id)) return;
    for (const link of document.querySelectorAll('[data-blade]')) {
      link.href = link.href.replace(/[^/]*$/, id.toLowerCase());
      link.parentElement.hidden = false;
    }
  }
  clientId.addEventListener('input', pointToApp);

  // --- the other language keeps the values, but not the secret

  const KEPT = 'typed';
  const harmless = inputs.filter((input) => input.type !== 'password');
  document.querySelector('.languages').addEventListener('click', () => {
    sessionStorage.setItem(KEPT, JSON.stringify(harmless.map((input) => input.value)));
  });
  const typed = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  sessionStorage.removeItem(KEPT);
  typed.forEach((value, index) => { harmless[index].value ||= value; });
  pointToApp();

  // --- the current step

  const steps = new Map([...document.querySelectorAll('.steps a')].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
      for (const link of steps.values()) link.removeAttribute('aria-current');
      steps.get(target.id).setAttribute('aria-current', 'step');
    }
  }, { rootMargin: '-15% 0px -70%' });
  for (const id of steps.keys()) if (id !== 'check') seen.observe(element(id));

  element('faults')?.focus();
})();
