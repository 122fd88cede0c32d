// Everything shown comes through one stream: all appointments first, then each change, and the time.

import { show, showAll, showToday } from './calendar.js';
import { startForm, suggestTimes } from './form.js';
import { dayAndTime } from './words.js';

const SILENCE = 5000;
const PAUSE = 3000;

const find = (selector) => document.querySelector(selector);
let heard = Date.now();
let stream;

function listen() {
  stream?.close();
  heard = Date.now();
  stream = new EventSource('api/appointments/changes');
  on('time', showPractice);
  on('all', (appointments) => {
    showAll(appointments);
    find('#loading').hidden = true;
    find('#calendar').ariaBusy = 'false';
  });
  on('change', show);
  stream.onerror = () => {
    showConnection(false);
    // The browser tries again by itself, unless it was refused.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(listen, PAUSE);
    }
  };
}

function on(event, handle) {
  stream.addEventListener(event, (message) => {
    heard = Date.now();
    showConnection(true);
    handle(JSON.parse(message.data));
  });
}

function showConnection(live) {
  const connection = find('#connection');
  const text = live ? 'live' : 'connection lost';
  if (connection.textContent !== text) {
    connection.textContent = text;
    connection.dataset.live = live;
    find('#lost').hidden = live;
    find('#lost').textContent = live ? '' : 'No connection to the application. What stands here may be out of date. Trying again …';
  }
}

function showPractice({ now, zone, localApi }) {
  find('#now').textContent = `${dayAndTime(now)} (${zone})`;
  const link = find('#local-api');
  link.hidden = !localApi;
  link.href = localApi ?? '';
  showToday(now);
  suggestTimes(now);
}

// A connection may be dead without anyone being told.
setInterval(() => {
  if (Date.now() - heard > SILENCE) {
    showConnection(false);
    listen();
  }
}, 1000);

find('#new').open = matchMedia('(min-width: 46rem)').matches;
startForm();
listen();
