// What the dialogs do.
import { get, post, remove } from './api.js';
import * as view from './view.js';

const byId = (id) => document.getElementById(id);

export async function showFaults() {
  const [faults, outcomes] = await Promise.all([get('simulator/faults'), get('simulator/outcomes')]);
  const rows = [...faults.faults.map(view.fault), ...outcomes.outcomes.map(view.outcome)];
  byId('fault-list').replaceChildren(...rows);
  byId('fault-count').textContent = rows.length;
  byId('fault-count').hidden = rows.length === 0;
}

function withErrors(dialog, action) {
  return async (event) => {
    event.preventDefault();
    const error = dialog.querySelector('.error');
    error.hidden = true;
    try {
      await action();
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    }
  };
}

// What's hidden isn't meant.
function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => value !== ''
    && !form.elements[name].closest('[hidden]')));
}

function showFieldsOfFault() {
  const kind = byId('faults').elements.what.value.split(' ')[1];
  byId('faults').querySelectorAll('[data-for]').forEach((field) => { field.hidden = field.dataset.for !== kind; });
}

function wireFaults() {
  const dialog = byId('faults-dialog');
  const what = byId('faults').elements.what;
  what.append(...Object.entries(view.FAULTS).map(([value, label]) => view.element('option', { value }, label)));
  what.addEventListener('change', showFieldsOfFault);
  showFieldsOfFault();
  byId('open-faults').addEventListener('click', () => {
    showFaults();
    dialog.showModal();
  });
  byId('faults').addEventListener('submit', withErrors(dialog, async () => {
    const given = values(byId('faults'));
    const [target, kind] = given.what.split(' ');
    const delay = kind === 'delay' ? { delay: `PT${given.seconds || 0}S` } : {};
    const { status, times } = given;
    await post('simulator/faults', { target, kind, ...delay, ...(status && { status }), ...(times && { times }) });
    await showFaults();
  }));
  byId('outcomes').addEventListener('submit', withErrors(dialog, async () => {
    await post('simulator/outcomes', values(byId('outcomes')));
    await showFaults();
  }));
  byId('fault-list').addEventListener('click', async (event) => {
    const path = event.target.dataset.remove;
    if (path) {
      // One that has worn off meanwhile is gone as well.
      await remove(`simulator/${path}`).catch(() => {});
      await showFaults();
      (byId('fault-list').querySelector('button') || byId('clear-faults')).focus();
    }
  });
  byId('clear-faults').addEventListener('click', async () => {
    await Promise.all([remove('simulator/faults'), remove('simulator/outcomes')]);
    await showFaults();
  });
}

function wireInbound({ chosenPhone, partner, write, choosePhone }) {
  byId('open-inbound').addEventListener('click', async () => {
    const form = byId('inbound');
    if (chosenPhone()) {
      form.elements.from.value = chosenPhone();
      form.elements.to.value = (await partner(chosenPhone())).number || '';
    }
    byId('inbound-dialog').showModal();
  });
  byId('inbound').addEventListener('submit', withErrors(byId('inbound-dialog'), async () => {
    const written = values(byId('inbound'));
    await write(written);
    byId('inbound').reset();
    byId('inbound-dialog').close();
    choosePhone(written.from);
  }));
}

// actions: chosenPhone(), partner(phone), write(message), choosePhone(phone)
export function wireDialogs(actions) {
  document.querySelectorAll('[data-close]').forEach((button) => button.addEventListener('click',
    () => button.closest('dialog').close()));
  byId('open-reset').addEventListener('click', () => byId('reset-dialog').showModal());
  byId('reset').addEventListener('click', async () => {
    await post('simulator/reset');
    byId('reset-dialog').close();
  });
  wireInbound(actions);
  wireFaults();
}
