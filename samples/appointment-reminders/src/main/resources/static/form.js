// The form. What is wrong stands beside its field, in the application's own words.

import { call } from './call.js';
import { later } from './words.js';

const form = document.querySelector('#form');
const outcome = document.querySelector('#outcome');
const button = form.querySelector('button');

export function startForm() {
  form.addEventListener('submit', submit);
  form.addEventListener('change', showAction);
  // The browser may have kept what was chosen.
  showAction();
}

/** Times to begin with, kept where someone has chosen another. */
export function suggestTimes(now) {
  for (const [name, days, hour] of [['startsAt', 2, '09:00'], ['remindAt', 1, '08:00']]) {
    const input = form.elements[name];
    input.min = now.slice(0, 16);
    input.value ||= `${later(now, days)}T${hour}`;
  }
}

const isLater = () => form.elements.action.value === 'remind-later';

function showAction() {
  document.querySelector('#later').hidden = !isLater();
  button.textContent = isLater() ? 'Schedule reminder' : 'Send reminder';
}

async function submit(event) {
  event.preventDefault();
  if (button.ariaBusy === 'true') {
    return;
  }
  button.ariaBusy = 'true';
  showOutcome('');
  showProblems({});
  try {
    const { action, ...fields } = Object.fromEntries(new FormData(form));
    Object.keys(fields).forEach((name) => { fields[name] = fields[name].trim() || null; });
    if (!isLater()) {
      delete fields.remindAt;
    }
    const appointment = await call(`api/appointments/${action}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
    });
    const taken = isLater() ? 'waits for its time' : 'is on its way';
    showOutcome(`The reminder of ${appointment.name} ${taken}.`
      + ' The calendar shows what becomes of it.', 'good');
    form.elements.name.value = '';
    form.elements.phone.value = '';
    form.elements.name.focus();
  } catch (failure) {
    const others = showProblems(failure.errors ?? {});
    // What stands beside a field needn't be said twice.
    showOutcome(failure.errors ? others.join(' ') : failure.message, 'bad');
    form.querySelector('[aria-invalid]')?.focus();
  } finally {
    button.ariaBusy = 'false';
  }
}

function showOutcome(text, tone = '') {
  outcome.textContent = text;
  outcome.dataset.tone = tone;
}

/** Shows each problem beside its field, and returns those that have no field here. */
function showProblems(errors) {
  const others = { ...errors };
  for (const place of form.querySelectorAll('.problem')) {
    const input = place.parentElement.querySelector('input');
    place.textContent = errors[input.name] ?? '';
    delete others[input.name];
    if (place.textContent) {
      input.setAttribute('aria-invalid', 'true');
    } else {
      input.removeAttribute('aria-invalid');
    }
  }
  return Object.values(others);
}
