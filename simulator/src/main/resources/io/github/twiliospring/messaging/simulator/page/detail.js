// From data to elements: one message or one request, whole.
import { curl, isWhole } from './copy.js';
import { anchor, withLinks } from './links.js';
import { element, isInbound, time, tone } from './view.js';

const FAULT_OF_REQUEST = {
  status: 'answered by a fault',
  delay: 'answered late by a fault',
  'reset-before': 'connection reset by a fault, nothing done',
  'reset-after': 'connection reset by a fault, after it was done',
  truncate: 'answer broken off by a fault',
  hang: 'never answered, by a fault',
};

function facts(pairs) {
  const list = element('dl');
  for (const [name, value] of pairs) {
    if (value !== null && value !== undefined && value !== '' && value !== false) {
      list.append(element('dt', {}, name), element('dd', {}, value instanceof Node ? value : String(value)));
    }
  }
  return list;
}

function lines(values) {
  return Object.entries(values).map(([name, value]) => `${name}: ${value}`).join('\n');
}

function decoded(form) {
  return [...new URLSearchParams(form)].map(([name, value]) => `${name}: ${value}`).join('\n');
}

function copyButton(label, text) {
  const button = element('button', { type: 'button', 'data-curl': '' }, label);
  button.copied = text;
  return button;
}

function attempt(one) {
  const result = one.failure || `HTTP ${one.status}`;
  return element('div', {},
    element('p', { className: one.retry_kind ? 'bad' : 'good' }, `Attempt ${one.number}: ${result} (${one.took_ms} ms)`),
    one.body ? element('pre', {}, one.body) : null);
}

function callback(one) {
  const tones = { delivered: 'good', failed: 'bad' };
  const last = one.attempts[one.attempts.length - 1];
  const cause = one.state === 'failed' && last ? `: ${last.failure || `HTTP ${last.status}`}` : '';
  const body = element('div', {}, facts([['URL', one.url], ['At', time(one.created_at)], ['Note', one.note]]));
  one.attempts.forEach((each) => body.append(attempt(each)));
  body.append(element('pre', {}, lines(one.headers)), element('pre', {}, lines(one.parameters)),
    element('button', { type: 'button', 'data-replay': one.id }, 'Send again'));
  return element('details', { 'data-key': one.id },
    element('summary', {}, `${one.reports} `,
      element('span', { className: tones[one.state] || 'wait' },
        `${one.state}, ${one.attempts.length} ${one.attempts.length === 1 ? 'attempt' : 'attempts'}${cause}`)),
    body);
}

export function pathOf(request) {
  return request.path.replace(/^\/2010-04-01\/Accounts\/AC[0-9a-fA-F]{32}(?=\/)/, '');
}

export function isTrouble(request) {
  return Boolean(request.fault) || request.response.status >= 400;
}

function refusal(request) {
  try {
    const { code, message } = JSON.parse(request.response.body);
    return code && message ? `${code}: ${message}` : '';
  } catch (error) {
    return '';
  }
}

// How a call ended, in a person's words.
export function ending(request) {
  return [request.response.status || 'no answer', request.fault && FAULT_OF_REQUEST[request.fault],
    !request.fault && request.response.status >= 400 && refusal(request)].filter(Boolean).join(', ');
}

function raw(one) {
  return [
    element('pre', {}, `${one.method} ${one.path}${one.query ? `?${one.query}` : ''}\n${lines(one.headers)}`),
    one.body ? element('pre', {}, decoded(one.body)) : null,
    one.response.body ? element('pre', {}, one.response.body) : null,
    isWhole(one) ? copyButton('Copy as curl', curl(one)) : null,
  ].filter(Boolean);
}

function request(one) {
  return element('details', { 'data-key': `request-${one.number}` },
    element('summary', {}, `${one.method} ${pathOf(one)} `,
      element('span', { className: isTrouble(one) ? 'bad' : 'good' }, ending(one))),
    element('div', {}, ...raw(one)));
}

export function requestDetail(one) {
  const account = one.path.match(/AC[0-9a-fA-F]{32}/);
  return [
    element('h2', {}, `${one.method} ${pathOf(one)}`),
    facts([
      ['At', time(one.at)], ['Answer', element('span', { className: isTrouble(one) ? 'bad' : 'good' }, ending(one))],
      ['Account', account && account[0]],
      ['Message', one.message_sid && element('button', { type: 'button', className: 'link', 'data-message': one.message_sid }, one.message_sid)],
    ]),
    ...raw(one),
  ];
}

const named = (character) => `${character} (U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')})`;

function segments(message) {
  const { text } = message;
  if (message.num_media !== '0' || text.encoding === 'GSM-7') {
    return message.num_segments;
  }
  const fewer = text.smart_segments < text.segments ? `; ${text.smart_segments} with SmartEncoded` : '';
  return `${message.num_segments}, as UCS-2${fewer}`;
}

// One mark for neighbours, so that what's drawn from several characters stays whole.
function marked(text, outside) {
  const nodes = [];
  let run = '';
  let marking = false;
  const end = () => {
    if (run) {
      nodes.push(marking ? element('mark', { title: [...new Set(run)].map(named).join(', ') }, run) : run);
    }
    run = '';
  };
  for (const character of text) {
    if (outside.has(character) !== marking) {
      end();
      marking = !marking;
    }
    run += character;
  }
  end();
  return nodes;
}

// Only where there's more to see than in the bubble: links, and characters that make the text dearer.
function textOf(message) {
  const { text } = message;
  const plain = message.num_media !== '0' || text.encoding === 'GSM-7';
  const outside = new Set(plain ? [] : text.outside);
  const nodes = withLinks(message.body, (part) => marked(part, outside));
  if (!nodes.some((node) => node instanceof Node)) {
    return [];
  }
  const names = text.outside.slice(0, 8).map(named).join(', ');
  return [element('p', { className: 'text', dir: 'auto' }, ...nodes), ...(plain ? [] : [element('p', { className: 'note' },
    `Not in GSM-7: ${names}${text.outside.length > 8 ? ' …' : ''}. A segment holds 70 characters then, rather than 160.`)])];
}

function variablesOf(json) {
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(JSON.parse(json)).map(([name, value]) => `${name} = ${text(value)}`).join('\n');
}

// Each click with the callback that reported it: of those at one instant, the first with the first.
function clicksOf(message) {
  const reports = message.callbacks.filter((one) => one.reports === 'clicked');
  return message.links.flatMap((link) => link.last_clicks.map((at) => {
    const found = reports.findIndex((one) => one.created_at === at && one.parameters.link === link.link);
    const [report] = found < 0 ? [] : reports.splice(found, 1);
    return { at, what: 'clicked', className: 'good', more: `${link.link} · ${report ? `callback ${report.state}` : 'not reported'}` };
  }));
}

function timelineOf(message) {
  const changes = message.history.map(({ at, status, error_code: code }) => (
    { at, what: status + (code ? ` ${code}` : ''), className: tone(status) }));
  return element('ol', { className: 'timeline' }, ...[...changes, ...clicksOf(message)]
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(({ at, what, className, more }) => element('li', {},
      element('span', { className }, what), element('span', { className: 'when' }, time(at)),
      more ? element('div', { className: 'note' }, more) : null)));
}

function link(one) {
  const times = one.clicks === 1 ? 'once' : `${one.clicks} times`;
  // Whatever name this page has come by.
  return element('li', {}, anchor(new URL(one.code, document.baseURI).href, one.shortened), ` leads to ${one.link}, ${one.clicks === 0 ? 'not followed yet' : `followed ${times}`}`);
}

export function detail(message) {
  return [
    element('h2', {}, isInbound(message) ? `From ${message.from}` : `To ${message.to}`),
    ...textOf(message),
    facts([
      ['SID', message.sid], ['From', message.from], ['To', message.to], ['Service', message.messaging_service_sid],
      ...Object.entries(message.extras),
      ['Created', time(message.created_at)], ['Scheduled for', message.send_at && time(message.send_at)],
      ['Went out', !isInbound(message) && message.sent_at && time(message.sent_at)],
      ['Segments', segments(message)],
      ['Price', message.price && `${message.price} ${message.price_unit}`], ['Error', message.error_message],
      ['Template', message.content_sid && element('button', { type: 'button', className: 'link', 'data-template': message.content_sid }, message.content_sid)],
      ['Variables', message.content_variables && variablesOf(message.content_variables)],
      ['Feedback', message.feedback], ['Callback', message.status_callback], ['Account', message.account_sid],
    ]),
    element('h3', {}, 'Timeline'), timelineOf(message),
    ...(message.links.length > 0 ? [element('h3', {}, `Shortened links (${message.links.length})`),
      element('ul', { className: 'short-links' }, ...message.links.map(link))] : []),
    element('h3', {}, `Callbacks (${message.callbacks.length})`), ...message.callbacks.map(callback),
    element('h3', {}, `Requests (${message.requests.length})`), ...message.requests.map(request),
  ];
}

const FOCUSABLE = 'summary, button, a';
const identity = (one) => [one.closest('details')?.dataset.key, one.closest('.text') && 'text', one.localName, one.href, ...Object.keys(one.dataset)].join(' ');

// Shows something else in the detail, or the same anew: then what's open stays open, and the focus where it was.
export function fill(target, key, parts) {
  const same = target.shown === key;
  const open = new Set([...target.querySelectorAll('details[open]')].map((one) => one.dataset.key));
  const focused = target.contains(document.activeElement) && document.activeElement !== target && identity(document.activeElement);
  target.shown = key;
  target.replaceChildren(...parts);
  target.querySelectorAll('details').forEach((one) => { one.open = same && open.has(one.dataset.key); });
  if (focused) {
    ([...target.querySelectorAll(FOCUSABLE)].find((one) => identity(one) === focused) || target).focus();
  }
  if (!same) {
    target.parentElement.scrollTop = 0;
  }
}
