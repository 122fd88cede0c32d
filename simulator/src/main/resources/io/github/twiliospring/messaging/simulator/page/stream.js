// What happens, as the server tells it, on a connection that's made anew where it ends or falls silent.
import { limits } from './api.js';

let stream = null;
let silence = null;

function hangUp() {
  clearTimeout(silence);
  stream?.close();
  stream = null;
}

// handlers: what's done with the data of an event, by its type; missed(): more has happened than this page was told;
// showConnection(live)
function listen(handlers, missed, showConnection) {
  hangUp();
  if (document.hidden) {
    return;
  }
  const events = new EventSource('simulator/events');
  stream = events;
  const callAgainAfter = (wait) => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      showConnection(false);
      listen(handlers, missed, showConnection);
    }, wait);
  };
  let last = 0;
  const on = (type, handler) => events.addEventListener(type, (event) => {
    const number = Number(event.lastEventId);
    if (type !== 'hello' && number > last + 1) {
      // More has happened than this page could keep up with.
      missed();
    }
    last = number;
    callAgainAfter(limits.silence);
    handler(JSON.parse(event.data));
  });
  on('hello', ({ beat_ms: beat }) => {
    // One beat may be late.
    limits.silence = 2.5 * beat;
    callAgainAfter(limits.silence);
    showConnection(true);
  });
  on('beat', () => {});
  Object.entries(handlers).forEach(([type, handler]) => on(type, handler));
  events.onerror = () => {
    showConnection(false);
    // A browser gives up by itself where the answer is no stream, and may wait for ever where there's none.
    callAgainAfter(6000);
  };
  callAgainAfter(limits.silence);
}

// Browsers allow a host six connections at once, for all tabs together: one that nobody sees has none.
export function wireStream(handlers, missed, showConnection) {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      hangUp();
    } else if (!stream) {
      listen(handlers, missed, showConnection);
    }
  });
  listen(handlers, missed, showConnection);
}
