// The calls of the API, the refused ones among them.
import { get } from './api.js';
import { now } from './clock.js';
import { ending, isTrouble, pathOf, requestDetail } from './detail.js';
import { PagedList } from './list.js';
import { draw, element, moment } from './view.js';

const byId = (id) => document.getElementById(id);

// What a list needs to know of an entry; a request never changes.
const entry = (request) => ({ ...request, sid: String(request.number), version: 0 });

async function read(parameters) {
  const answer = await get(`simulator/requests?${new URLSearchParams(parameters)}`);
  return { messages: answer.requests.reverse().map(entry), more: answer.more };
}

function resultOf(request) {
  if (request.fault) {
    return 'fault';
  }
  return isTrouble(request) ? 'refused' : 'answered';
}

function parametersOf(request) {
  const form = new URLSearchParams(request.body || request.query);
  return [form.get('To'), form.get('Body')].filter(Boolean).join(' · ').slice(0, 200);
}

function row(request, chosen, today) {
  return element('li', {},
    element('button', {
      type: 'button', tabIndex: -1, 'data-key': request.sid, 'data-request': request.sid, 'aria-current': String(chosen),
    },
    element('span', { className: 'number' }, `${request.method} ${pathOf(request)}`),
    element('span', { className: 'when' }, moment(request.at, today, true)),
    element('span', { className: 'last' },
      element('span', { className: isTrouble(request) ? 'bad' : 'good' }, ending(request)),
      parametersOf(request) ? ' · ' : '', element('bdi', {}, parametersOf(request)))));
}

export class RequestLog {
  // changed: called after every change of the list
  constructor(changed) {
    this.list = new PagedList(read, (request) => request.sid, changed);
    this.chosen = null;
    this.unseen = 0;
  }

  get open() {
    return document.body.dataset.list === 'requests';
  }

  filter() {
    const account = byId('account').value;
    const query = byId('search').value.trim();
    const result = byId('result').value;
    const parameters = Object.entries({ account_sid: account, q: query, result }).filter(([, value]) => value);
    const decoded = (form) => [...new URLSearchParams(form)].flat().join(' ');
    return {
      parameters: Object.fromEntries(parameters),
      accepts: (request) => (!account || request.path.includes(account)) && (!result || resultOf(request) === result)
        && (!query || `${request.method} ${request.path} ${decoded(request.query)} ${decoded(request.body)} ${request.response.body}`
          .toLowerCase().includes(query.toLowerCase())),
    };
  }

  async refresh() {
    if (this.open) {
      this.unseen = 0;
      await this.list.refresh(this.filter());
    }
  }

  put(request) {
    if (this.open) {
      this.list.put(entry(request));
    } else if (isTrouble(request)) {
      this.unseen += 1;
    }
  }

  clear() {
    this.chosen = null;
    this.unseen = 0;
    this.list.clear();
  }

  detail() {
    const request = this.list.all().find((one) => one.sid === this.chosen);
    return request ? requestDetail(request) : null;
  }

  render() {
    byId('trouble').hidden = this.unseen === 0;
    byId('trouble').textContent = this.unseen;
    byId('trouble').title = 'refused, or hit by a fault';
    if (this.open) {
      const rows = this.list.all();
      draw(byId('requests'), [], rows, (request) => request.sid === this.chosen, now(), row);
      const filtered = Object.keys(this.list.filter.parameters).length > 0;
      byId('no-requests').hidden = rows.length > 0 || filtered || !this.list.loaded;
      byId('nothing-found').hidden = rows.length > 0 || !filtered || !this.list.loaded;
    }
    byId('more-requests').hidden = !this.open || !this.list.more;
  }
}
