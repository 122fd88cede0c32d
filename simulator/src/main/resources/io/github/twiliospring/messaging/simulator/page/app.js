// What the page knows, and what its controls do.
import { get, post, remove } from './api.js';
import * as view from './view.js';

const byId = (id) => document.getElementById(id);
const messages = new Map();
const state = { phone: null, sid: null, clock: null };

// Rendering

let renderPlanned = false;

function renderSoon() {
  if (!renderPlanned) {
    renderPlanned = true;
    requestAnimationFrame(() => {
      renderPlanned = false;
      render();
    });
  }
}

function visible() {
  const account = byId('account').value;
  const query = byId('search').value.trim().toLowerCase();
  return [...messages.values()].filter((message) => (!account || message.account_sid === account)
    && (!query || `${message.sid} ${message.from} ${message.to} ${message.body}`.toLowerCase().includes(query)));
}

function keepFocus(container, change) {
  const { activeElement } = document;
  const inside = container.contains(activeElement) ? activeElement : null;
  const key = inside && (inside.dataset.phone || inside.dataset.sid);
  change();
  if (key) {
    container.querySelector(`[data-phone="${CSS.escape(key)}"], [data-sid="${CSS.escape(key)}"]`)?.focus();
  }
}

function render() {
  const shown = visible();
  const phones = new Map();
  shown.forEach((message) => phones.set(view.phoneOf(message), message));
  const rows = [...phones].sort((one, other) => (one[1].created_at < other[1].created_at ? 1 : -1));
  keepFocus(byId('phones'), () => byId('phones').replaceChildren(
    ...rows.map(([phone, last]) => view.phoneRow(phone, last, phone === state.phone))));
  byId('no-phones').hidden = rows.length > 0;

  const thread = shown.filter((message) => view.phoneOf(message) === state.phone);
  const bubbles = byId('bubbles');
  const atEnd = bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < 40;
  keepFocus(bubbles, () => bubbles.replaceChildren(
    ...thread.map((message) => view.bubble(message, message.sid === state.sid))));
  if (atEnd) {
    bubbles.scrollTop = bubbles.scrollHeight;
  }
  byId('thread-title').textContent = state.phone || 'Choose a phone';
  byId('answer').hidden = !state.phone;
}

let detailWanted = 0;

async function renderDetail() {
  detailWanted += 1;
  const wanted = detailWanted;
  const target = byId('detail');
  if (!state.sid) {
    target.replaceChildren(view.element('p', { className: 'empty' },
      'Choose a message to see its timeline, its callbacks and its raw requests.'));
    return;
  }
  try {
    const message = await get(`simulator/messages/${state.sid}`);
    if (wanted === detailWanted) {
      const open = new Set([...target.querySelectorAll('details[open]')].map((one) => one.dataset.key));
      target.replaceChildren(...view.detail(message));
      target.querySelectorAll('details').forEach((one) => { one.open = open.has(one.dataset.key); });
    }
  } catch (error) {
    target.replaceChildren(view.element('p', { className: 'empty' }, 'This message is gone.'));
  }
}

function show(name) {
  document.body.dataset.view = name;
}

function choosePhone(phone) {
  state.phone = phone;
  show('thread');
  render();
  byId('bubbles').scrollTop = byId('bubbles').scrollHeight;
}

function chooseMessage(sid) {
  state.sid = sid;
  show('detail');
  render();
  renderDetail();
}

// The clock

function showClock(clock) {
  state.clock = { ...clock, seenAt: Date.now() };
  byId('clock-kind').textContent = clock.manual ? 'stands still' : 'runs';
  tick();
}

function tick() {
  if (state.clock) {
    const passed = state.clock.manual ? 0 : Date.now() - state.clock.seenAt;
    const now = new Date(new Date(state.clock.now).getTime() + passed);
    byId('now').textContent = now.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
    byId('now').dateTime = now.toISOString();
    byId('now').title = now.toISOString();
  }
}

// Data

async function load() {
  const [clock, accounts, all] = await Promise.all(
    [get('simulator/clock'), get('simulator/accounts'), get('simulator/messages?limit=1000')]);
  messages.clear();
  all.messages.reverse().forEach((message) => messages.set(message.sid, message));
  accounts.accounts.forEach((account) => addAccount(account.account_sid));
  showClock(clock);
  render();
  renderDetail();
  showFaults();
}

function addAccount(sid) {
  const select = byId('account');
  if (![...select.options].some((option) => option.value === sid)) {
    select.append(view.element('option', { value: sid }, sid));
  }
}

async function showFaults() {
  const [faults, outcomes] = await Promise.all([get('simulator/faults'), get('simulator/outcomes')]);
  const rows = [...faults.faults.map(view.fault), ...outcomes.outcomes.map(view.outcome)];
  byId('fault-list').replaceChildren(...rows);
  byId('fault-count').textContent = rows.length;
  byId('fault-count').hidden = rows.length === 0;
}

function listen() {
  const events = new EventSource('simulator/events');
  const on = (type, handler) => events.addEventListener(type, (event) => handler(JSON.parse(event.data)));
  on('hello', () => {
    byId('connection').textContent = 'live';
    byId('connection').classList.add('live');
    load();
  });
  on('message', (message) => {
    if (!messages.has(message.sid)) {
      addAccount(message.account_sid);
      byId('announcer').textContent = `Message ${view.isInbound(message) ? 'from' : 'to'} ${view.phoneOf(message)}`;
    }
    messages.set(message.sid, message);
    renderSoon();
    if (message.sid === state.sid) {
      renderDetail();
    }
  });
  on('callback', (callback) => callback.message_sid === state.sid && renderDetail());
  on('request', (request) => {
    if (request.message_sid === state.sid) {
      renderDetail();
    }
    if (request.method === 'DELETE' && request.response.status === 204 && !request.path.includes('/Media/')) {
      messages.delete(request.message_sid);
      renderSoon();
    }
    if (request.fault) {
      showFaults();
    }
  });
  on('clock', showClock);
  on('reset', () => {
    state.phone = null;
    state.sid = null;
    show('list');
    load();
  });
  events.onerror = () => {
    byId('connection').textContent = 'connecting…';
    byId('connection').classList.remove('live');
  };
}

// Controls

function withErrors(container, action) {
  return async (event) => {
    event.preventDefault();
    const error = container.querySelector('.error');
    try {
      await action(event);
      error.hidden = true;
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    }
  };
}

function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
}

function wire() {
  byId('phones').addEventListener('click', (event) => {
    const row = event.target.closest('[data-phone]');
    if (row) {
      choosePhone(row.dataset.phone);
    }
  });
  byId('bubbles').addEventListener('click', (event) => {
    const chosen = event.target.closest('[data-sid]');
    if (chosen) {
      chooseMessage(chosen.dataset.sid);
    }
  });
  byId('detail').addEventListener('click', async (event) => {
    const { replay } = event.target.dataset;
    if (replay) {
      await post(`simulator/callbacks/${replay}/replay`);
      renderDetail();
    }
  });
  document.querySelectorAll('[data-advance]').forEach((button) => button.addEventListener('click',
    () => post('simulator/clock/advance', { duration: button.dataset.advance })));
  document.querySelectorAll('[data-back]').forEach((button) => button.addEventListener('click',
    () => show(button.dataset.back)));
  document.querySelectorAll('[data-close]').forEach((button) => button.addEventListener('click',
    () => button.closest('dialog').close()));
  byId('reset').addEventListener('click', () => post('simulator/reset'));
  byId('account').addEventListener('change', render);
  byId('search').addEventListener('input', render);
  byId('open-inbound').addEventListener('click', () => {
    const form = byId('inbound');
    if (state.phone) {
      form.elements.from.value = state.phone;
      form.elements.to.value = numberFor(state.phone) || '';
    }
    byId('inbound-dialog').showModal();
  });
  byId('open-faults').addEventListener('click', () => {
    showFaults();
    byId('faults-dialog').showModal();
  });
  byId('inbound').addEventListener('submit', withErrors(byId('inbound-dialog'), async () => {
    const written = values(byId('inbound'));
    await write(written);
    byId('inbound').reset();
    byId('inbound-dialog').close();
    choosePhone(written.from);
  }));
  byId('answer').addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = byId('answer-body').value;
    byId('answer-body').value = '';
    await write({ from: state.phone, to: numberFor(state.phone), body });
  });
  byId('answer-body').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId('answer').requestSubmit();
    }
  });
  byId('faults').addEventListener('submit', withErrors(byId('faults-dialog'), async () => {
    const given = values(byId('faults'));
    const [target, kind] = given.what.split(' ');
    const fault = { target, kind };
    if (kind === 'status') {
      fault.status = given.status;
    }
    if (kind === 'delay') {
      fault.delay = `PT${given.seconds || 0}S`;
    }
    if (given.times) {
      fault.times = given.times;
    }
    await post('simulator/faults', fault);
    await showFaults();
  }));
  byId('outcomes').addEventListener('submit', withErrors(byId('faults-dialog'), async () => {
    await post('simulator/outcomes', values(byId('outcomes')));
    await showFaults();
  }));
  byId('clear-faults').addEventListener('click', async () => {
    await Promise.all([remove('simulator/faults'), remove('simulator/outcomes')]);
    await showFaults();
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.matches('input, textarea, select');
    if (event.key === '/' && !typing) {
      event.preventDefault();
      show('list');
      byId('search').focus();
    }
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
      show(document.body.dataset.view === 'detail' ? 'thread' : 'list');
    }
  });
}

function conversation(phone) {
  return [...messages.values()].filter((message) => view.phoneOf(message) === phone);
}

function numberFor(phone) {
  const last = conversation(phone).reverse().find((message) => view.isInbound(message) || message.from);
  if (!last) {
    return null;
  }
  return view.isInbound(last) ? last.to : last.from;
}

async function write(message) {
  const latest = conversation(message.from).pop();
  const account = (latest && latest.account_sid) || byId('account').value;
  return post('simulator/inbound', account ? { ...message, account_sid: account } : message);
}

byId('base-url').textContent = window.location.origin;
wire();
listen();
setInterval(tick, 1000);
