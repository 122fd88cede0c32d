// What the page knows, and what its controls do.
import { get, post, remove } from './api.js';
import { PagedList } from './list.js';
import * as view from './view.js';

const byId = (id) => document.getElementById(id);
const state = { phone: null, sid: null, clock: null };

// What's shown: each phone with its latest message, and the messages of the chosen one.

const pages = (resource) => async (parameters) => {
  const answer = await get(`simulator/${resource}?${new URLSearchParams(parameters)}`);
  return { messages: answer[resource], more: answer.more };
};
const phones = new PagedList(pages('phones'), (message) => message.phone, () => renderSoon());
const thread = new PagedList(pages('messages'), (message) => message.sid, () => renderSoon());

function filter(phone) {
  const account = byId('account').value;
  const query = byId('search').value.trim();
  const wanted = query.toLowerCase();
  const parameters = Object.entries({ account_sid: account, q: query, phone }).filter(([, value]) => value);
  return {
    parameters: Object.fromEntries(parameters),
    accepts: (message) => (!account || message.account_sid === account) && (!phone || message.phone === phone)
      && (!wanted || `${message.sid} ${message.to} ${message.from} ${message.body}`.toLowerCase().includes(wanted)),
  };
}

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

function keepFocus(container, change) {
  const { activeElement } = document;
  const inside = container.contains(activeElement) ? activeElement : null;
  const key = inside && (inside.dataset.phone || inside.dataset.sid);
  change();
  if (key && document.activeElement !== inside) {
    container.querySelector(`[data-phone="${CSS.escape(key)}"], [data-sid="${CSS.escape(key)}"]`)?.focus();
  }
}

// An element stays as long as it shows the same.
function draw(container, before, messages, isChosen, make) {
  const former = container.drawn || new Map();
  container.drawn = new Map(messages.map((message) => {
    const known = former.get(message.sid);
    const chosen = isChosen(message);
    const same = known && known.version === message.version && known.chosen === chosen;
    return [message.sid, same ? known : { version: message.version, chosen, element: make(message, chosen) }];
  }));
  const elements = [...container.drawn.values()].map((one) => one.element);
  keepFocus(container, () => view.arrange(container, [...before, ...elements]));
}

const older = view.older();

function render() {
  const rows = phones.all();
  draw(byId('phones'), [], rows, (message) => message.phone === state.phone, view.phoneRow);
  const filtered = Object.keys(phones.filter.parameters).length > 0;
  byId('no-phones').hidden = rows.length > 0 || filtered || !phones.loaded;
  byId('nothing-found').hidden = rows.length > 0 || !filtered || !phones.loaded;
  byId('more-phones').hidden = !phones.more;

  const bubbles = byId('bubbles');
  const atEnd = bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < 40;
  draw(bubbles, thread.more ? [older] : [], state.phone ? thread.all().reverse() : [],
    (message) => message.sid === state.sid, view.bubble);
  if (atEnd) {
    bubbles.scrollTop = bubbles.scrollHeight;
  }
  byId('thread-title').textContent = state.phone || 'Choose a phone';
  byId('answer').hidden = !state.phone;
}

async function showEarlier() {
  const bubbles = byId('bubbles');
  await thread.readMore();
  const fromEnd = bubbles.scrollHeight - bubbles.scrollTop;
  render();
  bubbles.scrollTop = bubbles.scrollHeight - fromEnd;
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

async function choosePhone(phone) {
  state.phone = phone;
  show('thread');
  thread.filter = filter(phone);
  thread.clear();
  render();
  await thread.refresh();
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
  const reading = [phones.refresh(), state.phone && thread.refresh(), renderDetail(), showFaults()];
  const [clock, accounts] = await Promise.all([get('simulator/clock'), get('simulator/accounts'), ...reading]);
  accounts.accounts.forEach((account) => addAccount(account.account_sid));
  showClock(clock);
}

let loadPlanned = false;

function loadSoon() {
  if (!loadPlanned) {
    loadPlanned = true;
    setTimeout(() => {
      loadPlanned = false;
      load();
    }, 200);
  }
}

async function find() {
  await Promise.all([phones.refresh(filter()), state.phone && thread.refresh(filter(state.phone))]);
  const found = phones.all().length;
  byId('announcer').textContent = `${phones.more ? 'More than ' : ''}${found} ${found === 1 ? 'phone' : 'phones'}`;
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
  let last = 0;
  const on = (type, handler) => events.addEventListener(type, (event) => {
    const number = Number(event.lastEventId);
    if (type !== 'hello' && number > last + 1) {
      // More has happened than this page could keep up with.
      loadSoon();
    }
    last = number;
    handler(JSON.parse(event.data));
  });
  on('hello', () => {
    byId('connection').textContent = 'live';
    byId('connection').classList.add('live');
    load();
  });
  on('message', (message) => {
    if (message.history.length === 1) {
      addAccount(message.account_sid);
      byId('announcer').textContent = `Message ${view.isInbound(message) ? 'from' : 'to'} ${message.phone}`;
    }
    if (phones.put(message)) {
      loadSoon();
    }
    thread.put(message);
    if (message.sid === state.sid) {
      renderDetail();
    }
  });
  on('removed', ({ sid }) => {
    if (phones.remove(sid)) {
      loadSoon();
    }
    thread.remove(sid);
    if (sid === state.sid) {
      renderDetail();
    }
  });
  on('callback', (callback) => callback.message_sid === state.sid && renderDetail());
  on('request', (request) => {
    if (request.message_sid === state.sid) {
      renderDetail();
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
    phones.clear();
    thread.clear();
    render();
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
  byId('account').addEventListener('change', find);
  byId('search').addEventListener('input', find);
  byId('more-phones').addEventListener('click', () => phones.readMore());
  older.querySelector('button').addEventListener('click', showEarlier);
  // Whoever scrolls as far as such a button wants what it shows.
  const observer = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting)
    .forEach((entry) => entry.target.click()));
  observer.observe(byId('more-phones'));
  observer.observe(older.querySelector('button'));
  byId('open-inbound').addEventListener('click', async () => {
    const form = byId('inbound');
    if (state.phone) {
      form.elements.from.value = state.phone;
      form.elements.to.value = (await partner(state.phone)).number || '';
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
    await write({ from: state.phone, to: (await partner(state.phone)).number, body });
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

// Whom a phone talks with, whether that's shown or not.
async function partner(phone) {
  const { messages } = await get(`simulator/messages?${new URLSearchParams({ phone, limit: 20 })}`);
  const last = messages.find((message) => view.isInbound(message) || message.from);
  return {
    account: messages.length > 0 ? messages[0].account_sid : byId('account').value,
    number: last && (view.isInbound(last) ? last.to : last.from),
  };
}

async function write(message) {
  const { account } = await partner(message.from);
  return post('simulator/inbound', account ? { ...message, account_sid: account } : message);
}

byId('base-url').textContent = window.location.origin;
wire();
listen();
setInterval(tick, 1000);
