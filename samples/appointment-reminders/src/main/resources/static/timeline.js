// What happened to one reminder, oldest first.

import { errorInWords, shortDay, statusInWords, toTheSecond, tone } from './words.js';

/** Adds the steps that are new, and fills in the answer to the first. */
export function showTimeline(list, { name, steps }) {
  list.setAttribute('aria-label', `Timeline of ${name}`);
  steps.forEach((step, index) => {
    const item = list.children[index] ?? list.appendChild(newItem());
    const before = steps[index - 1];
    const sameDay = before?.notedAt.slice(0, 10) === step.notedAt.slice(0, 10);
    item.dataset.tone = tone(step.status);
    item.querySelector('.label').textContent = statusInWords(step.status);
    const time = item.querySelector('time');
    time.textContent = (sameDay ? '' : `${shortDay(step.notedAt)}, `) + toTheSecond(step.notedAt);
    time.dateTime = step.notedAt;
    item.title = errorInWords(step);
  });
}

function newItem() {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.className = 'label';
  item.append(label, ' ', document.createElement('time'));
  return item;
}
