// The calendar: days, and in each its appointments by time.

import { call } from './call.js';
import { showTimeline } from './timeline.js';
import { day, dayAndTime, errorInWords, later, statusInWords, toTheMinute, tone } from './words.js';

const find = (selector, within = document) => within.querySelector(selector);
const days = find('#days');
const cards = new Map();
let today = '';

export function showAll(appointments) {
  const known = new Set(appointments.map((appointment) => appointment.reference));
  for (const [reference, card] of cards) {
    if (!known.has(reference)) {
      const of = card.closest('.day');
      card.remove();
      cards.delete(reference);
      if (!find('li', of)) {
        of.remove();
      }
    }
  }
  appointments.forEach(show);
  find('#none').hidden = appointments.length > 0;
}

export function show(appointment) {
  find('#none').hidden = true;
  const card = cards.get(appointment.reference) ?? newCard(appointment);
  const { messageStatus, name, remindAt, startsAt, steps } = appointment;
  const failed = steps.findLast((step) => step.errorCode) ?? {};
  if (card.dataset.status !== undefined && card.dataset.status !== (messageStatus ?? '')) {
    find('#news').textContent = ['Reminder of', `${name}:`, statusInWords(messageStatus), errorInWords(failed)].join(' ');
  }
  card.dataset.status = messageStatus ?? '';
  card.dataset.tone = tone(messageStatus);
  find('.start', card).textContent = toTheMinute(startsAt);
  find('.start', card).dateTime = startsAt;
  find('.name', card).textContent = name;
  find('.digits', card).textContent = appointment.phone;
  find('.badge', card).textContent = statusInWords(messageStatus);
  const plan = document.createElement(messageStatus === 'canceled' ? 's' : 'span');
  plan.textContent = remindAt ? `Reminder for ${dayAndTime(remindAt)}` : 'Reminder at once';
  find('.plan', card).replaceChildren(plan);
  find('.meaning', card).textContent = errorInWords(failed);
  find('.follow-up', card).textContent = appointment.followUp ?? '';
  showTimeline(find('.timeline', card), appointment);
  showChange(card, messageStatus === 'waiting' && Boolean(remindAt), appointment);
}

export function showToday(now) {
  if (today !== now.slice(0, 10)) {
    today = now.slice(0, 10);
    [...days.children].forEach(showNear);
  }
}

function showNear(section) {
  const tomorrow = today && later(today, 1);
  find('.near', section).textContent = { [today]: 'Today', [tomorrow]: 'Tomorrow' }[section.dataset.key] ?? '';
}

function newCard(appointment) {
  const card = find('#appointment').content.firstElementChild.cloneNode(true);
  // Those at the same time stand as they came.
  card.dataset.key = `${appointment.startsAt} ${String(appointment.id).padStart(12, '0')}`;
  find('.cancel', card).addEventListener('click', () => change(appointment, find('.cancel', card), { method: 'DELETE' }));
  find('.move', card).addEventListener('click', () => change(appointment, find('.move', card), {
    method: 'PUT', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ remindAt: find('.move-to', card).value || null }),
  }));
  insert(find('ul', dayOf(appointment.startsAt)), card);
  cards.set(appointment.reference, card);
  return card;
}

function dayOf(time) {
  const date = time.slice(0, 10);
  let section = [...days.children].find((each) => each.dataset.key === date);
  if (!section) {
    section = find('#day').content.firstElementChild.cloneNode(true);
    section.dataset.key = date;
    find('.date', section).textContent = day(time);
    find('h3', section).id = `day-${date}`;
    section.setAttribute('aria-labelledby', `day-${date}`);
    showNear(section);
    insert(days, section);
  }
  return section;
}

function insert(parent, child) {
  const next = [...parent.children].find((each) => each.dataset.key > child.dataset.key);
  parent.insertBefore(child, next ?? null);
}

function showChange(card, waits, { name, remindAt }) {
  const controls = find('.change', card);
  if (!waits && controls.contains(document.activeElement)) {
    // The focus doesn't go with what is hidden.
    card.focus();
  }
  controls.hidden = !waits;
  find('.cancel', card).setAttribute('aria-label', `Cancel reminder of ${name}`);
  find('.move', card).setAttribute('aria-label', `Move reminder of ${name}`);
  const time = find('.move-to', card);
  time.setAttribute('aria-label', `New time of the reminder of ${name}`);
  if (time !== document.activeElement) {
    time.value = remindAt ?? '';
  }
}

async function change({ name, reference }, button, options) {
  const refused = find('#refused');
  refused.hidden = true;
  // Not disabled, or it would lose the focus; the card changes when the change has come.
  if (button.ariaBusy === 'true') {
    return;
  }
  button.ariaBusy = 'true';
  try {
    await call(`api/appointments/${encodeURIComponent(reference)}/reminder`, options);
  } catch (failure) {
    refused.textContent = `${name}: ${[failure.message, ...Object.values(failure.errors ?? {})].join(' ')}`;
    refused.hidden = false;
  } finally {
    button.ariaBusy = 'false';
  }
}
