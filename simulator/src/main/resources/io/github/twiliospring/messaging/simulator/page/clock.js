// The simulated present.
import { post } from './api.js';

const byId = (id) => document.getElementById(id);
let clock = null;

export function now() {
  const passed = !clock || clock.manual ? 0 : Date.now() - clock.seenAt;
  return clock ? new Date(new Date(clock.now).getTime() + passed) : new Date();
}

function tick() {
  if (clock) {
    const present = now();
    byId('now').textContent = present.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
    byId('now').dateTime = present.toISOString();
    byId('now').title = present.toISOString();
  }
}

export function showClock(told) {
  clock = { ...told, seenAt: Date.now() };
  byId('clock-kind').textContent = clock.manual ? 'stands still' : 'runs';
  tick();
}

export function wireClock() {
  document.querySelectorAll('[data-advance]').forEach((button) => button.addEventListener('click',
    () => post('simulator/clock/advance', { duration: button.dataset.advance })));
  setInterval(tick, 1000);
}
