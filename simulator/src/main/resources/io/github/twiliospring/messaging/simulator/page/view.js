// From data to elements: what the lists show. Everything that comes from outside is set as text, never as markup.
import { anchor, linksOf } from './links.js';
import { placeholder } from './media.js';

const GOOD = new Set(['delivered', 'read', 'received']);
const BAD = new Set(['failed', 'undelivered']);

// So many of a message's links are below its bubble.
const LINKS = 3;

// What can go wrong, by what the control API calls it.
export const FAULTS = {
  'api status': 'API answers a status',
  'api delay': 'API answers late',
  'api reset-before': 'Connection reset before the message exists',
  'api reset-after': 'Connection reset after the message exists',
  'api truncate': 'API answer breaks off',
  'api hang': 'API never answers',
  'callbacks delay': 'Callbacks are late',
  'callbacks duplicate': 'Callbacks come twice',
  'callbacks reorder': 'Callbacks are overtaken',
  'callbacks drop': 'Callbacks are lost',
};

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== 'list') {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function tone(status) {
  if (GOOD.has(status)) {
    return 'good';
  }
  return BAD.has(status) ? 'bad' : 'wait';
}

export function isInbound(message) {
  return message.direction === 'inbound';
}

function timeElement(iso, format) {
  return element('time', { dateTime: iso, title: iso }, format(new Date(iso)));
}

export function time(iso) {
  return timeElement(iso, (date) => date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' }));
}

// The time of day, with the day where it isn't today; one of the two where there's room for no more.
export function moment(iso, today, short) {
  return timeElement(iso, (date) => {
    const clock = { hour: '2-digit', minute: '2-digit' };
    const day = { day: 'numeric', month: 'short', ...(date.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }) };
    if (date.toDateString() === today.toDateString()) {
      return date.toLocaleTimeString([], clock);
    }
    return short ? date.toLocaleDateString([], day) : date.toLocaleString([], { ...day, ...clock });
  });
}

export function statusText(message) {
  const code = message.error_code ? ` ${message.error_code}` : '';
  return `${message.status}${code}`;
}

// Moves no element that's in its place already.
export function arrange(container, elements) {
  let next = container.firstChild;
  elements.forEach((one) => {
    if (one === next) {
      next = next.nextSibling;
    } else {
      container.insertBefore(one, next);
    }
  });
  while (next) {
    const left = next;
    next = next.nextSibling;
    left.remove();
  }
}

function keepFocus(container, change) {
  const { activeElement } = document;
  const inside = container.contains(activeElement) ? activeElement : null;
  const key = inside && inside.dataset.key;
  change();
  if (key && document.activeElement !== inside) {
    container.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }
}

// One entry of a list is on the way of the tabulator, the arrows lead to the others.
function setStop(container) {
  const focused = container.contains(document.activeElement) && document.activeElement.closest('[data-key]');
  const wanted = focused || container.querySelector('[aria-current="true"]') || container.querySelector('[data-key]');
  const former = container.querySelector('[data-key][tabindex="0"]');
  if (former && former !== wanted) {
    former.tabIndex = -1;
  }
  if (wanted) {
    wanted.tabIndex = 0;
  }
}

// An element stays as long as it shows the same.
export function draw(container, before, messages, isChosen, today, make) {
  const former = container.drawn || new Map();
  const day = today.toDateString();
  container.drawn = new Map(messages.map((message) => {
    const known = former.get(message.sid);
    const chosen = isChosen(message);
    const same = known && known.version === message.version && known.chosen === chosen && known.day === day;
    return [message.sid, same ? known : { version: message.version, chosen, day, element: make(message, chosen, today) }];
  }));
  const elements = [...container.drawn.values()].map((one) => one.element);
  keepFocus(container, () => arrange(container, [...before, ...elements]));
  setStop(container);
}

export function older() {
  return element('li', { className: 'older' }, element('button', { type: 'button' }, 'Earlier messages'));
}

export function wentOut(message) {
  return message.sent_at || message.created_at;
}

// What stands for a message that has no text.
function unsaid({ extras, num_media: media }) {
  if (extras.Latitude) {
    return [`Place ${extras.Latitude}, ${extras.Longitude}`, extras.Label, extras.Address].filter(Boolean).join('\n');
  }
  return media === '0' ? '(no text)' : '';
}

export function phoneRow(last, chosen, today) {
  // A row is a line: nobody sees the rest.
  const text = (last.body || unsaid(last) || `${last.num_media} media`).slice(0, 200);
  return element('li', {},
    element('button', {
      type: 'button', tabIndex: -1, 'data-key': last.phone, 'data-phone': last.phone, 'aria-current': String(chosen),
    },
    element('span', { className: 'number' }, last.phone),
    element('span', { className: 'when' }, moment(wentOut(last), today, true)),
    element('span', { className: 'last' },
      element('span', { className: tone(last.status) }, statusText(last)), ' · ', element('bdi', {}, text))));
}

export function bubble(message, chosen, today) {
  const planned = message.status === 'scheduled';
  const button = element('button', {
    type: 'button',
    tabIndex: -1,
    className: `bubble${planned ? ' planned' : ''}`,
    'data-key': message.sid,
    'data-sid': message.sid,
    'aria-current': String(chosen),
    dir: 'auto',
  });
  message.media_urls.forEach((url) => button.append(placeholder(url), element('span', { className: 'media' }, url)));
  button.append(message.body || unsaid(message));
  const meta = element('span', { className: 'meta' },
    element('span', { className: tone(message.status) }, statusText(message)), ' · ',
    planned ? element('span', {}, 'for ', moment(message.send_at, today)) : moment(wentOut(message), today));
  // A button holds no links. By keyboard they are in the message's detail.
  const links = linksOf(message.body).slice(0, LINKS).map((url) => {
    const link = anchor(url, `↗ ${url.replace(/^https?:\/\//, '')}`);
    link.tabIndex = -1;
    link.title = `Open ${url}`;
    return link;
  });
  return element('li', { className: isInbound(message) ? 'answer' : 'arrival' }, button, meta,
    links.length > 0 ? element('span', { className: 'links' }, ...links) : null);
}

const percent = (share) => `${Math.round(share * 1e4) / 100} %`;

function rule(text, path) {
  return element('li', {}, `${text} `, element('button', { type: 'button', 'data-remove': path, 'aria-label': `Remove: ${text}` }, 'Remove'));
}

export function fault(one) {
  const more = [one.status, one.retry_after && `Retry-After ${one.retry_after}`, one.delay_ms ? `${one.delay_ms / 1000} s` : null,
    one.method, one.account_sid, one.share < 1 ? `${percent(one.share)} of them` : null].filter(Boolean).join(', ');
  const many = one.times < 0 ? 'always' : `next ${one.times}`;
  return rule(`${FAULTS[`${one.target} ${one.kind}`]}${more ? ` (${more})` : ''}, ${many}`, `faults/${one.id}`);
}

export function outcome(one) {
  const share = one.probability < 1 ? `${percent(one.probability)} of ` : '';
  const many = one.times < 0 ? 'always' : `next ${one.times}`;
  return rule(`${one.status}${one.error_code ? ` ${one.error_code}` : ''}: ${share}${one.about}, ${many}`, `outcomes/${one.id}`);
}
