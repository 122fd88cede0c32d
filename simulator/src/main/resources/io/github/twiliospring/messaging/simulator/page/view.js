// From data to elements. Everything that comes from outside is set as text, never as markup.

const GOOD = new Set(['delivered', 'read', 'received']);
const BAD = new Set(['failed', 'undelivered']);

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

export function time(iso, withDate) {
  const date = new Date(iso);
  const text = withDate
    ? date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' })
    : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return element('time', { dateTime: iso, title: iso }, text);
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

export function older() {
  return element('li', { className: 'older' }, element('button', { type: 'button' }, 'Earlier messages'));
}

export function phoneRow(last, chosen) {
  const text = last.body || (last.num_media !== '0' ? `${last.num_media} media` : 'no text');
  return element('li', {},
    element('button', { type: 'button', 'data-phone': last.phone, 'aria-current': String(chosen) },
      element('span', { className: 'number' }, last.phone),
      element('span', { className: 'when' }, time(last.created_at)),
      element('span', { className: 'last' },
        element('span', { className: tone(last.status) }, statusText(last)), ` · ${text}`)));
}

export function bubble(message, chosen) {
  const planned = message.status === 'scheduled';
  const button = element('button', {
    type: 'button',
    className: `bubble${planned ? ' planned' : ''}`,
    'data-sid': message.sid,
    'aria-current': String(chosen),
  }, message.body || (message.num_media === '0' ? '(no text)' : ''));
  message.media_urls.forEach((url) => button.append(element('span', { className: 'media' }, `📎 ${url}`)));
  const meta = element('span', { className: 'meta' },
    element('span', { className: tone(message.status) }, statusText(message)), ' · ',
    planned ? element('span', {}, 'for ', time(message.send_at, true)) : time(message.created_at));
  return element('li', { className: isInbound(message) ? 'answer' : 'arrival' }, button, meta);
}

function facts(pairs) {
  const list = element('dl');
  for (const [name, value] of pairs) {
    if (value !== null && value !== undefined && value !== '') {
      list.append(element('dt', {}, name), element('dd', {}, String(value)));
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

function attempt(one) {
  const result = one.failure || `HTTP ${one.status}`;
  return element('div', {},
    element('p', { className: one.retry_kind ? 'bad' : 'good' }, `Attempt ${one.number}: ${result} after ${one.took_ms} ms`),
    one.body ? element('pre', {}, one.body) : null);
}

function callback(one) {
  const tones = { delivered: 'good', failed: 'bad' };
  const body = element('div', {}, facts([['URL', one.url], ['At', one.created_at], ['Note', one.note]]));
  one.attempts.forEach((each) => body.append(attempt(each)));
  body.append(element('pre', {}, lines(one.headers)), element('pre', {}, lines(one.parameters)),
    element('button', { type: 'button', 'data-replay': one.id }, 'Send again'));
  return element('details', { 'data-key': one.id },
    element('summary', {}, `${one.reports} `,
      element('span', { className: tones[one.state] || 'wait' }, `${one.state}, ${one.attempts.length} ${one.attempts.length === 1 ? 'attempt' : 'attempts'}`)),
    body);
}

function request(one) {
  return element('details', { 'data-key': `request-${one.number}` },
    element('summary', {}, `${one.method} ${one.path} `,
      element('span', { className: one.response.status < 400 ? 'good' : 'bad' },
        `${one.response.status || 'no answer'}${one.fault ? ` (fault: ${one.fault})` : ''}`)),
    element('div', {},
      element('pre', {}, `${one.method} ${one.path}${one.query ? `?${one.query}` : ''}\n${lines(one.headers)}`),
      one.body ? element('pre', {}, decoded(one.body)) : null,
      one.response.body ? element('pre', {}, one.response.body) : null));
}

export function detail(message) {
  const timeline = element('ol', { className: 'timeline' });
  for (const change of message.history) {
    timeline.append(element('li', {},
      element('span', { className: tone(change.status) }, change.status + (change.error_code ? ` ${change.error_code}` : '')),
      element('span', { className: 'when' }, time(change.at, true))));
  }
  const parts = [
    element('h2', {}, isInbound(message) ? `From ${message.from}` : `To ${message.to}`),
    facts([
      ['SID', message.sid], ['From', message.from], ['To', message.to], ['Service', message.messaging_service_sid],
      ['Scheduled for', message.send_at], ['Segments', message.num_segments],
      ['Price', message.price && `${message.price} ${message.price_unit}`], ['Error', message.error_message],
      ['Template', message.content_sid], ['Feedback', message.feedback], ['Callback', message.status_callback],
      ['Account', message.account_sid],
    ]),
    element('h3', {}, 'Timeline'), timeline,
    element('h3', {}, `Callbacks (${message.callbacks.length})`), ...message.callbacks.map(callback),
    element('h3', {}, `Requests (${message.requests.length})`), ...message.requests.map(request),
  ];
  return parts;
}

export function fault(one) {
  const many = one.times < 0 ? 'all' : `next ${one.times}`;
  const more = [one.status, one.delay_ms ? `${one.delay_ms} ms` : null].filter(Boolean).join(', ');
  return element('li', {}, `${one.target}: ${one.kind}${more ? ` (${more})` : ''}, ${many}`);
}

export function outcome(one) {
  return element('li', {}, `deliveries: ${one.status}${one.error_code ? ` ${one.error_code}` : ''}, ${one.times < 0 ? 'all that match' : `next ${one.times}`}`);
}
