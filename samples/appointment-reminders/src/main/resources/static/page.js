'use strict';

const list = document.getElementById('appointments');
const form = document.getElementById('form');
const connection = document.getElementById('connection');
const rows = new Map();

const time = (instant) => new Date(instant).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
const kind = { delivered: 'good', read: 'good', failed: 'bad', undelivered: 'bad', canceled: 'off' };

function show(appointment) {
  let row = rows.get(appointment.id);
  if (!row) {
    row = document.createElement('li');
    row.innerHTML = '<div><div class="who"></div><div class="when"></div></div><div class="status"></div>'
      + '<button type="button" class="second">Cancel reminder</button>';
    row.querySelector('button').addEventListener('click', () => cancel(appointment.id));
    rows.set(appointment.id, row);
  }
  row.dataset.startsAt = appointment.startsAt;
  row.dataset.status = appointment.messageStatus;
  row.querySelector('.who').textContent = appointment.customer;
  row.querySelector('.when').textContent = time(appointment.startsAt)
    + (appointment.reminderAt ? ', reminder at ' + time(appointment.reminderAt) : '');
  const status = row.querySelector('.status');
  status.textContent = appointment.messageStatus + (appointment.errorCode ? ' (' + appointment.errorCode + ')' : '');
  status.className = 'status ' + (kind[appointment.messageStatus] || '');
  const button = row.querySelector('button');
  button.hidden = appointment.messageStatus !== 'scheduled';
  button.setAttribute('aria-label', 'Cancel reminder for ' + appointment.customer);
  const after = [...list.children].find((other) => other !== row && other.dataset.startsAt > appointment.startsAt);
  list.insertBefore(row, after || null);
  document.getElementById('empty').hidden = true;
}

function showFaults(faults) {
  document.querySelectorAll('.fault').forEach((place) => {
    place.textContent = faults[place.dataset.for] || '';
  });
}

async function answerOf(response) {
  const body = await response.json().catch(() => ({}));
  return response.ok ? { appointment: body } : { faults: body.error ? { message: body.error } : body };
}

async function cancel(id) {
  const { appointment, faults } = await answerOf(await fetch('api/appointments/' + id + '/cancel', { method: 'POST' }));
  if (appointment) {
    show(appointment);
  }
  showFaults(faults || {});
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const instant = (name) => data.get(name) ? new Date(data.get(name)).toISOString() : null;
  const schedule = event.submitter && event.submitter.value === 'schedule';
  if (schedule && !data.get('reminderAt')) {
    showFaults({ reminderAt: 'is missing' });
    return;
  }
  const { appointment, faults } = await answerOf(await fetch('api/appointments', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ customer: data.get('customer'), phone: data.get('phone'), startsAt: instant('startsAt'),
      reminderAt: schedule ? instant('reminderAt') : null }),
  }));
  showFaults(faults || {});
  if (appointment) {
    show(appointment);
    form.reset();
  }
});

async function load() {
  (await (await fetch('api/appointments')).json()).forEach(show);
}

const events = new EventSource('api/appointments/events');
events.onopen = () => { connection.textContent = 'live'; load(); };
events.onerror = () => { connection.textContent = 'reconnecting …'; };
events.onmessage = (event) => show(JSON.parse(event.data));
