// Times are the practice's: a wall clock's, and so none of the browser's zone.

const wall = (options) => {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return (time) => format.format(new Date(`${time}Z`));
};

export const day = wall({ weekday: 'long', day: 'numeric', month: 'long' });
export const dayAndTime = wall({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
export const shortDay = wall({ weekday: 'short', day: 'numeric', month: 'short' });
export const toTheMinute = wall({ hour: '2-digit', minute: '2-digit' });
export const toTheSecond = wall({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The date as many days later, as in 2030-03-04. */
export function later(time, days) {
  const date = new Date(`${time.slice(0, 10)}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const tones = {
  waiting: 'planned', moved: 'planned', scheduled: 'planned', delivered: 'good', read: 'good', failed: 'bad', undelivered: 'bad', canceled: 'off',
  rejected: 'bad', expired: 'bad', unresolved: 'bad',
};

export const tone = (status) => tones[status] ?? 'open';

/** The provider's own word; one that it may have tomorrow, too. */
export function statusInWords(status) {
  return status ? status[0].toUpperCase() + status.slice(1).replaceAll('_', ' ') : 'No answer yet';
}

export function errorInWords({ errorCode, errorMessage }) {
  return errorCode ? [errorMessage ?? 'Not delivered', `(error ${errorCode})`].join(' ') : '';
}
