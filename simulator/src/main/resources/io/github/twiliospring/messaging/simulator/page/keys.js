// Everything by keyboard.
import { element } from './view.js';

const byId = (id) => document.getElementById(id);

// A key presses the first of these elements that's there, or goes into it.
const SHORTCUTS = [
  ['/', 'Search', 'list', '#search'],
  ['g', 'Choose an account', 'list', '#account'],
  ['p', 'List phones', 'list', '#show-phones'],
  ['r', 'List requests', 'list', '#show-requests'],
  ['a', 'Answer as the chosen phone', 'thread', '#answer:not([hidden]) textarea'],
  ['c', 'Copy the latest code', 'thread', '#code:not([hidden]) #copy-code'],
  ['s', 'Send the last callback again', null, '#detail details[open] [data-replay]', '#detail details:has(+ h3) [data-replay]'],
  ['u', 'Copy the request as curl', null, '#detail details[open] [data-curl]', '#detail [data-curl]'],
  ['o', 'Open the first link of the message', null, '#detail .text a'],
  ['w', 'Write as a phone', null, '#open-inbound'],
  ['t', 'Templates and links', null, '#open-templates'],
  ['f', 'Faults', null, '#open-faults'],
  ['x', 'Reset, after a question', null, '#open-reset'],
  ['1', 'One minute on', null, '[data-advance="PT1M"]'],
  ['2', 'A quarter of an hour on', null, '[data-advance="PT15M"]'],
  ['3', 'One hour on', null, '[data-advance="PT1H"]'],
  ['4', 'One day on', null, '[data-advance="P1D"]'],
  ['?', 'This page', null, '#open-shortcuts'],
];

const MOVES = [
  ['↑ ↓', 'In a list, one back or on (also Page Up, Page Down, Home, End)'],
  ['← →', 'From list to conversation to message, and back'],
  ['Esc', 'Back, or close'],
];

// Browsers that keep nothing forget the choice with the page.
let on = true;
try {
  on = localStorage.getItem('shortcuts') !== 'off';
} catch (error) {
  // Not allowed.
}

function switchOn(value) {
  on = value;
  try {
    localStorage.setItem('shortcuts', value ? 'on' : 'off');
  } catch (error) {
    // Not allowed.
  }
}

function press([, , view, ...selectors], show) {
  const target = selectors.map((selector) => document.querySelector(selector)).find(Boolean);
  if (!target) {
    return;
  }
  if (view) {
    show(view);
  }
  if (target.matches('input, select, textarea')) {
    target.focus();
    // What's typed replaces what was sought before.
    if (target.type === 'search') {
      target.select();
    }
  } else {
    target.click();
  }
}

function explain() {
  byId('shortcuts').replaceChildren(...[...MOVES, ...SHORTCUTS].flatMap(([keys, what]) => [
    element('dt', {}, element('kbd', {}, keys)), element('dd', {}, what)]));
  SHORTCUTS.forEach(([key, , , selector]) => {
    const target = document.querySelector(selector.replaceAll(':not([hidden])', ''));
    if (target) {
      target.setAttribute('aria-keyshortcuts', key);
      target.title = `${target.title || ''} (${key})`.trim();
    }
  });
}

const STEPS = {
  ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, PageDown: (at) => at + 10, PageUp: (at) => at - 10, Home: () => 0, End: (at, last) => last,
};

function stopOf(list) {
  return list.querySelector('[data-key][tabindex="0"]');
}

// follow: whether what's moved to is chosen as well; to: where the arrows to both sides lead
function wireList(list, follow, left, right) {
  list.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll('[data-key]')];
    const at = items.indexOf(event.target);
    const step = STEPS[event.key];
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (step) {
      event.preventDefault();
      const to = Math.min(Math.max(step(at, items.length - 1), 0), items.length - 1);
      items[at].tabIndex = -1;
      items[to].tabIndex = 0;
      items[to].focus();
      if (to === 0) {
        list.scrollTop = 0;
      }
      if (to !== at && follow()) {
        items[to].click();
      }
    } else if (event.key === 'ArrowLeft' && left) {
      left();
    } else if (event.key === 'ArrowRight' && right) {
      event.preventDefault();
      right();
    }
  });
}

// show: brings a pane to the front where there's room for one only
export function wireKeys(show) {
  const wide = window.matchMedia('(min-width: 62.01rem)');
  const go = (view, target) => {
    const found = target();
    if (found) {
      show(view);
      found.focus();
    }
  };
  const toList = () => go('list', () => stopOf(byId(document.body.dataset.list)));
  const toThread = () => go('thread', () => stopOf(byId('bubbles')));
  const toDetail = () => go('detail', () => byId('detail'));
  wireList(byId('phones'), () => wide.matches, null, toThread);
  wireList(byId('requests'), () => wide.matches, null, toDetail);
  wireList(byId('bubbles'), () => wide.matches, toList, toDetail);
  byId('detail').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') {
      (document.body.dataset.list === 'requests' ? toList : toThread)();
    }
  });
  byId('open-shortcuts').addEventListener('click', () => byId('shortcuts-dialog').showModal());
  byId('shortcuts-on').checked = on;
  byId('shortcuts-on').addEventListener('change', (event) => switchOn(event.target.checked));
  explain();
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Escape') {
      show(document.body.dataset.view === 'detail' && document.body.dataset.list === 'phones' ? 'thread' : 'list');
    }
    const shortcut = SHORTCUTS.find(([key]) => key === event.key);
    if (shortcut && on && !event.repeat && !event.target.matches('input:not([type="checkbox"]), textarea, select')) {
      event.preventDefault();
      press(shortcut, show);
    }
  });
}
