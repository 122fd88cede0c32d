'use strict';

const find = (selector, within = document) => within.querySelector(selector);
const list = find('#list');
const rows = new Map();

const sentiments = { delivered: 'good', read: 'good', failed: 'bad', undelivered: 'bad', canceled: 'off' };

// Times are the practice's: a wall clock's, in no need of a zone.
function inWords(time) {
  return new Date(time).toLocaleString([], {
    weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',
  });
}

function shift(time, days, hour) {
  const date = new Date(time.slice(0, 10) + 'T12:00');
  date.setDate(date.getDate() + days);
  const two = (number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(hour)}:00`;
}

// The list

function show(appointment) {
  let row = rows.get(appointment.reference);
  if (!row) {
    row = find('#row').content.firstElementChild.cloneNode(true);
    row.dataset.id = appointment.id;
    find('.cancel', row).addEventListener('click', () => cancel(appointment));
    const older = [...list.children].find((other) => Number(other.dataset.id) < appointment.id);
    list.insertBefore(row, older ?? null);
    rows.set(appointment.reference, row);
    find('#none').hidden = true;
  }
  const status = appointment.messageStatus ?? 'no answer yet';
  const error = appointment.errorCode ? ` · ${appointment.errorCode}` : '';
  if (row.dataset.status && row.dataset.status !== status) {
    find('#news').textContent = `Reminder of ${appointment.name}: ${status}${error}`;
  }
  row.dataset.status = status;
  find('.name', row).textContent = appointment.name;
  find('.phone', row).textContent = appointment.phone;
  find('.times', row).textContent = inWords(appointment.startsAt)
    + (appointment.remindAt ? `, reminder ${inWords(appointment.remindAt)}` : '');
  find('.status', row).textContent = status + error;
  find('.status', row).dataset.sentiment = sentiments[status] ?? 'open';
  find('.follow-up', row).textContent = appointment.followUp ?? '';
  const button = find('.cancel', row);
  const cancelable = status === 'scheduled';
  if (!cancelable && document.activeElement === button) {
    row.focus();
  }
  button.hidden = !cancelable;
  button.setAttribute('aria-label', `Cancel the reminder of ${appointment.name}`);
}

async function cancel(appointment) {
  const button = find('.cancel', rows.get(appointment.reference));
  const problem = find('#list-problem');
  problem.hidden = true;
  // Not disabled, or it would lose the focus; the row changes when the report has come.
  if (button.ariaBusy === 'true') {
    return;
  }
  button.ariaBusy = 'true';
  try {
    await call(`api/appointments/${appointment.reference}/reminder`, { method: 'DELETE' });
  } catch (failure) {
    problem.textContent = `${appointment.name}: ${failure.message}`;
    problem.hidden = false;
  } finally {
    button.ariaBusy = 'false';
  }
}

// The forms

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  const button = find('button', form);
  showOutcome(form, '', true);
  showProblems(form, {});
  button.disabled = true;
  try {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim() || null]));
    const appointment = await call(`api/appointments/${form.dataset.action}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
    });
    show(appointment);
    const taken = appointment.remindAt ? 'is scheduled' : 'is on its way';
    showOutcome(form, `The reminder of ${appointment.name} ${appointment.messageSid ? taken : 'got no answer yet'}.`
      + ' The list shows what becomes of it.', true);
    form.elements.name.value = '';
    form.elements.phone.value = '';
    form.elements.name.focus();
  } catch (failure) {
    const others = showProblems(form, failure.errors ?? {});
    // What stands beside a field needn't be said twice.
    showOutcome(form, failure.errors ? others.join(' ') : failure.message, false);
    find('[aria-invalid]', form)?.focus();
  } finally {
    button.disabled = false;
  }
}

function showOutcome(form, text, good) {
  const outcome = find('.outcome', form);
  outcome.textContent = text;
  outcome.hidden = !text;
  outcome.dataset.sentiment = good ? 'good' : 'bad';
}

/** Shows each problem beside its field, and returns those that have no field here. */
function showProblems(form, errors) {
  const others = { ...errors };
  for (const input of form.querySelectorAll('input')) {
    const text = errors[input.name];
    delete others[input.name];
    input.parentElement.querySelector('.problem')?.remove();
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
    if (text) {
      const place = document.createElement('span');
      place.className = 'problem';
      place.id = `${form.dataset.action}-${input.name}`;
      place.textContent = text;
      input.after(place);
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', place.id);
    }
  }
  return Object.values(others);
}

// The server

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error('The application doesn’t answer. Is it running?');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw Object.assign(new Error(body.detail ?? `The application answered ${response.status}.`), { errors: body.errors });
  }
  return body;
}

async function load() {
  const [practice, appointments] = await Promise.all([call('api/practice'), call('api/appointments')]);
  const link = find('#local-api');
  link.hidden = !practice.localApi;
  link.href = practice.localApi ?? '';
  for (const input of document.querySelectorAll('input[type=datetime-local]')) {
    input.min = practice.now.slice(0, 16);
    input.value ||= input.name === 'startsAt' ? shift(practice.now, 2, 9) : shift(practice.now, 1, 8);
  }
  showTime(practice);
  list.replaceChildren();
  rows.clear();
  appointments.forEach(show);
  find('#none').hidden = appointments.length > 0;
}

function showTime(practice) {
  find('#now').textContent = `${inWords(practice.now)} (${practice.zone})`;
}

// The clock may have been moved, so the page asks and doesn't count on its own.
setInterval(() => call('api/practice').then(showTime, () => {}), 5000);

document.querySelectorAll('form').forEach((form) => form.addEventListener('submit', submit));

const changes = new EventSource('api/appointments/changes');
const connection = find('#connection');
changes.onopen = () => {
  connection.textContent = 'live';
  // Whatever changed while nobody listened.
  load().catch((failure) => { connection.textContent = failure.message; });
};
changes.onerror = () => { connection.textContent = 'reconnecting …'; };
changes.onmessage = (message) => show(JSON.parse(message.data));
