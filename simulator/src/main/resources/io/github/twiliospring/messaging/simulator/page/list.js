// Lists that are read by pages, the newest first, while what they hold goes on changing. Whatever comes, and in
// whatever order, the newer version of a message wins.

const PAGE = 100;

// So many entries a browser still draws at once; the server has the others.
const MOST = 10_000;

class Entries {
  constructor(filter, keyOf) {
    this.filter = filter;
    this.keyOf = keyOf;
    this.byKey = new Map();
    this.bySid = new Map();
    this.gone = new Set();
    // How far the pages have got: what's older may have gaps. Unknown before the first one.
    this.end = null;
    this.more = false;
  }

  // Returns whether something is missing now that only the server knows.
  put(message) {
    const shown = this.bySid.get(message.sid);
    if (this.gone.has(message.sid) || (shown && shown.version > message.version)) {
      return false;
    }
    const accepted = this.filter.accepts(message);
    const moved = shown && (!accepted || this.keyOf(shown) !== this.keyOf(message));
    if (moved) {
      this.drop(shown);
    }
    const known = this.byKey.get(this.keyOf(message));
    if (accepted && (!known || known.number <= message.number)) {
      if (known) {
        this.bySid.delete(known.sid);
      }
      this.byKey.set(this.keyOf(message), message);
      this.bySid.set(message.sid, message);
    }
    return Boolean(moved);
  }

  remove(sid) {
    this.gone.add(sid);
    const shown = this.bySid.get(sid);
    if (shown) {
      this.drop(shown);
    }
    return Boolean(shown);
  }

  drop(message) {
    this.byKey.delete(this.keyOf(message));
    this.bySid.delete(message.sid);
  }

  add(page) {
    page.messages.forEach((message) => this.put(message));
    this.more = page.more;
    this.end = page.more ? page.messages[page.messages.length - 1].number : 0;
  }

  // Leaves the oldest to the server where too much has come.
  trim() {
    if (this.byKey.size > MOST && this.end !== null) {
      const kept = this.all().slice(0, MOST - MOST / 10);
      this.end = kept[kept.length - 1].number;
      this.more = true;
      [...this.byKey.values()].filter((message) => message.number < this.end).forEach((message) => this.drop(message));
    }
  }

  all() {
    return [...this.byKey.values()].filter((message) => this.end === null || message.number >= this.end)
      .sort((one, other) => other.number - one.number);
  }
}

export class PagedList {
  // read: from the parameters of a request to a promise of {messages, more}; keyOf: of all messages with one key,
  // only the latest is an entry; changed: called after every change
  constructor(read, keyOf, changed) {
    this.read = read;
    this.keyOf = keyOf;
    this.changed = changed;
    this.filter = { parameters: {}, accepts: () => true };
    this.clear();
  }

  clear() {
    this.shown = new Entries(this.filter, this.keyOf);
    this.coming = null;
  }

  get loaded() {
    return this.shown.end !== null;
  }

  get more() {
    return this.shown.more;
  }

  all() {
    return this.shown.all();
  }

  // Reads as much as is shown anew, or the first page by another filter. What's shown stays until the answer is
  // there, and what happens meanwhile isn't lost.
  async refresh(filter = this.filter) {
    const least = filter === this.filter ? this.shown.byKey.size : 0;
    const coming = new Entries(filter, this.keyOf);
    this.filter = filter;
    this.coming = coming;
    const page = await this.read({ ...filter.parameters, limit: Math.max(PAGE, least) });
    if (this.coming === coming) {
      coming.add(page);
      this.shown = coming;
      this.coming = null;
      this.changed();
    }
  }

  async readMore() {
    const list = this.shown;
    if (!list.more || list.reading) {
      return;
    }
    list.reading = true;
    try {
      list.add(await this.read({ ...list.filter.parameters, limit: PAGE, before: list.end }));
    } finally {
      list.reading = false;
    }
    this.changed();
  }

  put(message) {
    return this.each((list) => {
      const missing = list.put(message);
      list.trim();
      return missing;
    });
  }

  remove(sid) {
    return this.each((list) => list.remove(sid));
  }

  each(action) {
    const missing = [this.shown, this.coming].filter(Boolean).map(action).some(Boolean);
    this.changed();
    return missing;
  }
}
