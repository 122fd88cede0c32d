// Content templates, and where followed links are reported.
import { get, post } from './api.js';
import { values, withErrors } from './forms.js';
import { element } from './view.js';

const byId = (id) => document.getElementById(id);
const DIGITS = [...'0123456789abcdef'];
let known = [];
let reported = '';

const account = () => byId('account').value;
const ofAccount = () => (account() ? { account_sid: account() } : {});

function newSid() {
  return `HX${[...crypto.getRandomValues(new Uint8Array(32))].map((byte) => DIGITS[byte % 16]).join('')}`;
}

function asLines(variables) {
  return Object.entries(variables).map(([name, value]) => `${name} = ${value}`).join('\n');
}

function fromLines(text) {
  return Object.fromEntries(text.split('\n').filter((line) => line.trim()).map((line) => {
    const [name, ...value] = line.split('=');
    return [name.trim(), value.join('=').trim()];
  }));
}

function row(template) {
  return element('li', {},
    element('div', {},
      element('strong', {}, template.sid),
      element('div', { className: 'said', dir: 'auto' }, template.body || '(no text)'),
      template.media_urls.length > 0 ? element('div', { className: 'note' }, template.media_urls.join('\n')) : null,
      Object.keys(template.variables).length > 0 ? element('div', { className: 'note' }, asLines(template.variables)) : null),
    element('button', { type: 'button', 'data-change': template.sid, 'aria-label': `Change ${template.sid}` }, 'Change'));
}

async function show() {
  const query = new URLSearchParams(ofAccount());
  const [templates, links] = await Promise.all([get(`simulator/templates?${query}`), get(`simulator/links?${query}`)]);
  known = templates.templates;
  byId('template-list').replaceChildren(...known.map(row));
  byId('no-templates').hidden = known.length > 0;
  byId('templates-of').textContent = account() ? `Of ${account()}` : 'Of the account from the start';
  reported = links.click_callback || '';
  byId('click-callback').elements.click_callback.value = reported;
}

function fill(template) {
  const { elements } = byId('template');
  elements.sid.value = template.sid;
  elements.body.value = template.body;
  elements.variables.value = asLines(template.variables);
  elements.media_url.value = template.media_urls.join('\n');
  byId('template-form').open = true;
  elements.body.focus();
}

function empty() {
  byId('template').reset();
  byId('template').elements.sid.value = newSid();
}

// sid: a template to begin at
export async function openTemplates(sid) {
  empty();
  byId('template-form').open = false;
  byId('templates-said').textContent = '';
  await show();
  byId('templates-dialog').showModal();
  byId('template-list').querySelector(`[data-change="${CSS.escape(sid || '')}"]`)?.focus();
}

export function wireTemplates() {
  const dialog = byId('templates-dialog');
  byId('open-templates').addEventListener('click', () => openTemplates());
  byId('template-list').addEventListener('click', (event) => {
    const template = known.find((one) => one.sid === event.target.dataset.change);
    if (template) {
      fill(template);
    }
  });
  byId('template').addEventListener('submit', withErrors(dialog, async () => {
    const { variables = '', media_url: media = '', ...given } = values(byId('template'));
    await post('simulator/templates', {
      ...given, ...ofAccount(), variables: fromLines(variables), media_url: media.split('\n').map((url) => url.trim()).filter(Boolean),
    });
    empty();
    byId('template-form').open = false;
    byId('template-form').querySelector('summary').focus();
    byId('templates-said').textContent = `${given.sid} is registered.`;
    await show();
  }));
  byId('click-callback').addEventListener('submit', withErrors(dialog, async () => {
    const url = byId('click-callback').elements.click_callback.value.trim();
    // What is shown has no password: saved again it would be lost.
    if (url !== reported) {
      await post('simulator/links', { click_callback: url, ...ofAccount() });
    }
    await show();
    byId('templates-said').textContent = reported ? `Followed links are reported to ${reported}.` : 'Followed links are reported to nobody.';
  }));
}
