// What the page knows, and how it follows what happens.
import { get, post } from './api.js';
import { now, showClock, wireClock } from './clock.js';
import { copy } from './copy.js';
import { detail, fill } from './detail.js';
import { showFaults, showFaultsSoon, wireDialogs } from './dialogs.js';
import { withErrors } from './forms.js';
import { wireKeys } from './keys.js';
import { PagedList } from './list.js';
import { RequestLog } from './log.js';
import { wireStream } from './stream.js';
import { openTemplates, wireTemplates } from './templates.js';
import * as view from './view.js';

const byId = (id) => document.getElementById(id);
const state = { phone: null, sid: null };
// What's being written as a phone, while another one is looked at.
const drafts = new Map();

// What's shown: each phone with its latest message, the messages of the chosen one, and the calls of the API.

const pages = (resource) => async (parameters) => {
  const answer = await get(`simulator/${resource}?${new URLSearchParams(parameters)}`);
  return { messages: answer[resource], more: answer.more };
};
const phones = new PagedList(pages('phones'), (message) => message.phone, () => renderSoon());
const thread = new PagedList(pages('messages'), (message) => message.sid, () => renderSoon());
const requests = new RequestLog(() => renderSoon());

function filter(phone) {
  const account = byId('account').value;
  const query = byId('search').value.trim();
  const wanted = query.toLowerCase();
  const parameters = Object.entries({ account_sid: account, q: query, phone }).filter(([, value]) => value);
  return {
    parameters: Object.fromEntries(parameters),
    accepts: (message) => (!account || message.account_sid === account) && (!phone || message.phone === phone)
      && (!wanted || `${message.sid} ${message.to} ${message.from || ''} ${message.body}`.toLowerCase().includes(wanted)),
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

const older = view.older();

function render() {
  requests.render();
  if (!requests.open) {
    const rows = phones.all();
    view.draw(byId('phones'), [], rows, (message) => message.phone === state.phone, now(), view.phoneRow);
    const filtered = Object.keys(phones.filter.parameters).length > 0;
    byId('no-phones').hidden = rows.length > 0 || filtered || !phones.loaded;
    byId('nothing-found').hidden = rows.length > 0 || !filtered || !phones.loaded;
  }
  byId('more-phones').hidden = requests.open || !phones.more;

  const bubbles = byId('bubbles');
  const atEnd = bubbles.scrollHeight - bubbles.scrollTop - bubbles.clientHeight < 40;
  const messages = state.phone ? thread.all() : [];
  view.draw(bubbles, thread.more ? [older] : [], [...messages].reverse(),
    (message) => message.sid === state.sid, now(), view.bubble);
  if (atEnd) {
    bubbles.scrollTop = bubbles.scrollHeight;
  }
  byId('thread-title').textContent = state.phone || 'Choose a phone';
  byId('answer').hidden = !state.phone;
  const code = messages.map((message) => message.code).find(Boolean);
  byId('code').hidden = !code;
  byId('code').querySelector('strong').textContent = code || '';
}

async function showEarlier() {
  const bubbles = byId('bubbles');
  await thread.readMore();
  const fromEnd = bubbles.scrollHeight - bubbles.scrollTop;
  render();
  bubbles.scrollTop = bubbles.scrollHeight - fromEnd;
}

const nothing = (text) => [view.element('p', { className: 'empty' }, text)];

let detailWanted = 0;

async function renderDetail() {
  detailWanted += 1;
  const wanted = detailWanted;
  const target = byId('detail');
  if (requests.open && requests.chosen) {
    fill(target, `request-${requests.chosen}`, requests.detail() || nothing('This request is gone.'));
  } else if (!state.sid) {
    fill(target, '', nothing('Choose a message to see its timeline, its callbacks and its raw requests.'));
  } else {
    const parts = await get(`simulator/messages/${state.sid}`)
      .then(detail, (failure) => (failure.status === 404 ? nothing('This message is gone.') : readAgain()));
    if (parts && wanted === detailWanted) {
      fill(target, state.sid, parts);
    }
  }
}

// Brings a pane to the front, where there's room for one only; who was in another one goes along.
function show(name) {
  document.body.dataset.view = name;
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body && activeElement.getClientRects().length === 0) {
    document.querySelector(`.pane.${name} .back`)?.focus();
  }
}

function list(name) {
  document.body.dataset.list = name;
  document.querySelectorAll('.tabs [data-list]').forEach((tab) => tab.setAttribute('aria-pressed', String(tab.dataset.list === name)));
  document.querySelector('.detail .back').textContent = name === 'requests' ? '‹ Requests' : '‹ Conversation';
  byId('nothing-found').hidden = true;
  byId('no-phones').hidden = true;
  byId('no-requests').hidden = true;
  find();
  renderDetail();
}

async function choosePhone(phone) {
  const another = state.phone !== phone;
  if (another) {
    drafts.set(state.phone, byId('answer-body').value);
    byId('answer-body').value = drafts.get(phone) || '';
    byId('answer').querySelector('.error').hidden = true;
  }
  state.phone = phone;
  show('thread');
  thread.filter = filter(phone);
  thread.clear();
  render();
  await thread.refresh();
  if (state.phone === phone) {
    const messages = thread.all();
    if (another || !messages.some((message) => message.sid === state.sid)) {
      state.sid = messages.length > 0 ? messages[0].sid : null;
      renderDetail();
    }
    render();
    byId('bubbles').scrollTop = byId('bubbles').scrollHeight;
  }
}

function chooseMessage(sid) {
  state.sid = sid;
  show('detail');
  render();
  renderDetail();
}

function chooseRequest(number) {
  requests.chosen = number;
  show('detail');
  render();
  renderDetail();
}

// From a request to what it was about.
async function chooseMessageOf(sid) {
  const message = await get(`simulator/messages/${sid}`).catch((failure) => {
    throw failure.status === 404 ? new Error('This message is gone.') : failure;
  });
  list('phones');
  await choosePhone(message.phone);
  chooseMessage(sid);
}

function forgetChoice() {
  drafts.set(state.phone, byId('answer-body').value);
  byId('answer-body').value = '';
  state.phone = null;
  state.sid = null;
  show('list');
  renderDetail();
}

// Data

async function read() {
  const reading = [phones.refresh(), requests.refresh(), state.phone && thread.refresh(), renderDetail(), showFaults()];
  const [clock, accounts] = await Promise.all([get('simulator/clock'), get('simulator/accounts'), ...reading]);
  accounts.accounts.forEach((account) => addAccount(account.account_sid));
  showClock(clock);
  if (state.phone && thread.loaded && thread.all().length === 0 && Object.keys(thread.filter.parameters).join() === 'phone') {
    // Reset while nobody listened.
    forgetChoice();
  }
  renderSoon();
}

let loadPlanned = false;

let loadWanted = false;

// One at a time: what's read may be much, and more may be missing before it's there.
function loadSoon() {
  loadWanted = true;
  if (!loadPlanned) {
    loadPlanned = true;
    setTimeout(async () => {
      loadWanted = false;
      await load();
      loadPlanned = false;
      if (loadWanted) {
        loadSoon();
      }
    }, 200);
  }
}

// Without a connection, the next one begins with that.
function readAgain() {
  if (byId('connection').classList.contains('live')) {
    loadSoon();
  }
}

function load() {
  return read().catch(readAgain);
}

async function find() {
  try {
    await Promise.all([phones.refresh(filter()), requests.refresh(), state.phone && thread.refresh(filter(state.phone))]);
  } catch {
    readAgain();
    return;
  }
  const shown = requests.open ? requests.list : phones;
  const found = shown.all().length;
  const [one, many] = requests.open ? ['request', 'requests'] : ['phone', 'phones'];
  byId('announcer').textContent = `${shown.more ? 'More than ' : ''}${found} ${found === 1 ? one : many}`;
}

function addAccount(sid) {
  const select = byId('account');
  if (![...select.options].some((option) => option.value === sid)) {
    select.append(view.element('option', { value: sid }, sid));
  }
}

function hearOf(message) {
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
}

function hearOfRequest(request) {
  requests.put(request);
  if (request.message_sid && request.message_sid === state.sid) {
    renderDetail();
  }
  renderSoon();
}

function hearOfReset({ account_sid: account }) {
  // Of another account, what's shown stays.
  if (account && state.phone && thread.all().every((message) => message.account_sid !== account)) {
    load();
    return;
  }
  forgetChoice();
  phones.clear();
  thread.clear();
  requests.clear();
  render();
  load();
}

function showConnection(live) {
  byId('connection').textContent = live ? 'live' : 'connecting…';
  byId('connection').classList.toggle('live', live);
}

function wireEvents() {
  wireStream({
    hello: load,
    message: hearOf,
    removed: ({ sid }) => {
      if (phones.remove(sid)) {
        loadSoon();
      }
      thread.remove(sid);
      if (sid === state.sid) {
        renderDetail();
      }
    },
    callback: (callback) => {
      if (callback.message_sid === state.sid) {
        renderDetail();
      }
    },
    request: hearOfRequest,
    rules: showFaultsSoon,
    clock: (clock) => {
      showClock(clock);
      renderSoon();
    },
    reset: hearOfReset,
  }, loadSoon, showConnection);
}

// Controls

// What a click failed with, where no dialog says it.
function wireFailures() {
  let shown = null;
  window.addEventListener('unhandledrejection', ({ reason }) => {
    clearTimeout(shown);
    byId('failure').textContent = reason.message;
    byId('failure').hidden = false;
    shown = setTimeout(() => { byId('failure').hidden = true; }, 10_000);
  });
}

async function copied(button, text) {
  await copy(text);
  byId('announcer').textContent = 'Copied';
  const { former = button.textContent } = button;
  button.former = former;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = former; }, 2000);
}

function wireLists() {
  const choosing = (container, key, choose) => byId(container).addEventListener('click', (event) => {
    const chosen = event.target.closest(`[data-${key}]`);
    if (chosen) {
      choose(chosen.dataset[key]);
    }
  });
  choosing('phones', 'phone', choosePhone);
  choosing('bubbles', 'sid', chooseMessage);
  choosing('requests', 'request', chooseRequest);
  document.querySelectorAll('.tabs [data-list]').forEach((tab) => tab.addEventListener('click', () => list(tab.dataset.list)));
  byId('account').addEventListener('change', find);
  byId('result').addEventListener('change', find);
  byId('search').addEventListener('input', find);
  byId('more-phones').addEventListener('click', () => phones.readMore());
  byId('more-requests').addEventListener('click', () => requests.list.readMore());
  older.querySelector('button').addEventListener('click', showEarlier);
  // Whoever scrolls as far as such a button wants what it shows.
  const observer = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting)
    .forEach((entry) => entry.target.click()));
  [byId('more-phones'), byId('more-requests'), older.querySelector('button')].forEach((button) => observer.observe(button));
}

function wireConversation() {
  byId('detail').addEventListener('click', async (event) => {
    const { replay, curl, message, template } = event.target.dataset;
    if (replay) {
      await post(`simulator/callbacks/${replay}/replay`);
      renderDetail();
    } else if (curl !== undefined) {
      copied(event.target, event.target.copied);
    } else if (message) {
      chooseMessageOf(message);
    } else if (template) {
      openTemplates(template);
    }
  });
  document.querySelectorAll('[data-back]').forEach((button) => button.addEventListener('click',
    () => show(requests.open ? 'list' : button.dataset.back)));
  byId('copy-code').addEventListener('click', () => copied(byId('copy-code'), byId('code').querySelector('strong').textContent));
  byId('answer').addEventListener('submit', withErrors(byId('answer'), async () => {
    const { phone } = state;
    const body = byId('answer-body').value;
    byId('answer-body').value = '';
    try {
      await write({ from: phone, to: (await partner(phone)).number, body });
    } catch (failure) {
      drafts.set(phone, body);
      if (state.phone === phone) {
        byId('answer-body').value = body;
      }
      throw failure;
    }
  }));
  byId('answer-body').addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId('answer').requestSubmit();
    }
  });
}

// Whom a phone talks with, whether that's shown or not.
async function partner(phone) {
  const account = byId('account').value;
  const { messages } = await get(`simulator/messages?${new URLSearchParams({ phone, limit: 20, ...(account && { account_sid: account }) })}`);
  const last = messages.find((message) => view.isInbound(message) || message.from);
  return {
    account: messages.length > 0 ? messages[0].account_sid : account,
    number: last && (view.isInbound(last) ? last.to : last.from),
  };
}

async function write(message) {
  if (!message.to) {
    throw new Error('Nobody to answer yet: a Messaging Service picks its sender when the message goes out');
  }
  const { account } = await partner(message.from);
  return post('simulator/inbound', account ? { ...message, account_sid: account } : message);
}

byId('base-url').textContent = window.location.origin;
wireFailures();
wireClock();
wireLists();
wireConversation();
wireDialogs({ chosenPhone: () => state.phone, partner, write, choosePhone });
wireTemplates();
wireKeys(show);
wireEvents();
