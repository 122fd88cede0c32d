// What the dialogs do.
import { get, post, remove } from './api.js';
import { showFieldsFor, values, withErrors } from './forms.js';
import * as view from './view.js';

const byId = (id) => document.getElementById(id);

let faultsWanted = 0;
let faultsShown = null;
let faultsText = '';

// Ends when what was asked for last is shown.
export function showFaults() {
  faultsShown = readFaults();
  return faultsShown;
}

async function readFaults() {
  faultsWanted += 1;
  const wanted = faultsWanted;
  const [{ faults }, { outcomes }] = await Promise.all([get('simulator/faults'), get('simulator/outcomes')]);
  if (wanted !== faultsWanted) {
    await faultsShown;
    return;
  }
  const text = JSON.stringify([faults, outcomes]);
  // What stays as it is keeps its buttons, which somebody may be about to press.
  if (text !== faultsText) {
    faultsText = text;
    listFaults([...faults.map(view.fault), ...outcomes.map(view.outcome)]);
  }
}

function listFaults(rows) {
  const focused = document.activeElement.dataset.remove;
  byId('fault-list').replaceChildren(...rows);
  if (focused) {
    byId('fault-list').querySelector(`[data-remove="${CSS.escape(focused)}"]`)?.focus();
  }
  byId('fault-count').textContent = rows.length;
  byId('fault-count').hidden = rows.length === 0;
}

let faultsPlanned = false;

// Many callbacks may come at once.
export function showFaultsSoon() {
  if (!faultsPlanned) {
    faultsPlanned = true;
    setTimeout(() => {
      faultsPlanned = false;
      showFaults();
    }, 200);
  }
}

const part = (percent) => (percent ? Number(percent) / 100 : null);

function showFieldsOfFault() {
  const [target, kind] = byId('faults').elements.what.value.split(' ');
  showFieldsFor(byId('faults'), target, kind);
}

function listAccounts(form) {
  const select = form.elements.account_sid;
  const chosen = select.value;
  select.replaceChildren(...[...byId('account').options].map((option) => option.cloneNode(true)));
  select.value = chosen;
}

function wireFaults() {
  const dialog = byId('faults-dialog');
  const what = byId('faults').elements.what;
  what.append(...Object.entries(view.FAULTS).map(([value, label]) => view.element('option', { value }, label)));
  what.addEventListener('change', showFieldsOfFault);
  showFieldsOfFault();
  byId('open-faults').addEventListener('click', () => {
    showFaults();
    [byId('faults'), byId('outcomes')].forEach(listAccounts);
    dialog.showModal();
  });
  byId('faults').addEventListener('submit', withErrors(dialog, async () => {
    const { what: rule, seconds, late, share, ...given } = values(byId('faults'));
    const [target, kind] = rule.split(' ');
    const delay = kind === 'delay' ? seconds || 0 : late;
    await post('simulator/faults', { target, kind, ...given, delay: delay ? `PT${delay}S` : null, share: part(share) });
    await showFaults();
  }));
  byId('outcomes').addEventListener('submit', withErrors(dialog, async () => {
    const { share, ...given } = values(byId('outcomes'));
    await post('simulator/outcomes', { ...given, probability: part(share) });
    await showFaults();
  }));
  byId('fault-list').addEventListener('click', withErrors(dialog, async (event) => {
    const path = event.target.dataset.remove;
    if (path) {
      await remove(`simulator/${path}`).catch((failure) => {
        // One that has worn off meanwhile is gone as well.
        if (failure.status !== 404) {
          throw failure;
        }
      });
      await showFaults();
      (byId('fault-list').querySelector('button') || byId('clear-faults')).focus();
    }
  }));
  byId('clear-faults').addEventListener('click', withErrors(dialog, async () => {
    await Promise.all([remove('simulator/faults'), remove('simulator/outcomes')]);
    await showFaults();
  }));
}

// What it says beside its text is meant only where that's shown.
function showFieldsOfPhone() {
  showFieldsFor(byId('inbound'), byId('inbound-more').open ? byId('inbound').elements.kind.value : '');
}

function wireInbound({ chosenPhone, partner, write, choosePhone }) {
  const form = byId('inbound');
  byId('open-inbound').addEventListener('click', async () => {
    const { from, to } = form.elements;
    const phone = chosenPhone();
    if (phone) {
      from.value = phone;
      to.value = '';
    }
    // Who types on sees where, however long the answer takes.
    byId('inbound-dialog').showModal();
    if (phone) {
      const { number } = await partner(phone);
      if (from.value === phone && !to.value) {
        to.value = number || '';
      }
    }
  });
  form.elements.kind.addEventListener('change', showFieldsOfPhone);
  byId('inbound-more').addEventListener('toggle', showFieldsOfPhone);
  showFieldsOfPhone();
  form.addEventListener('submit', withErrors(byId('inbound-dialog'), async () => {
    const { kind, ...written } = values(form);
    // A button's text is the message's, too.
    await write(written.button_text ? { body: written.button_text, ...written } : written);
    form.reset();
    byId('inbound-more').open = false;
    showFieldsOfPhone();
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
    byId('reset-dialog').close();
    await post('simulator/reset');
  });
  wireInbound(actions);
  wireFaults();
}
