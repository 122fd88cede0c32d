// What goes to the clipboard.

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    // Pages that came without TLS, from elsewhere than this machine, have no clipboard of that kind.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

// Some characters do something to a terminal that they are pasted into.
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function data(request) {
  const type = request.headers['content-type'] || '';
  if (!request.body) {
    return [];
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return [`-H ${quoted(`Content-Type: ${type}`)}`, `--data-raw ${quoted(request.body)}`];
  }
  const parameters = [...new URLSearchParams(request.body)];
  return parameters.every(([name, value]) => /^[\w.-]+$/.test(name) && !CONTROL.test(value))
    ? parameters.map((pair) => `--data-urlencode ${quoted(pair.join('='))}`)
    : [`--data-raw ${quoted(request.body)}`];
}

// The token isn't kept: curl takes it from the variable that an application has it in, too.
export function curl(request) {
  const account = request.path.match(/\/Accounts\/(AC[0-9a-fA-F]{32})/);
  const url = `${window.location.origin}${request.path}${request.query ? `?${request.query}` : ''}`;
  return [
    `curl -X ${/^[A-Z]+$/.test(request.method) ? request.method : quoted(request.method)} ${quoted(url)}`,
    ...(account && request.headers.authorization ? [`-u "${account[1]}:$TWILIO_AUTH_TOKEN"`] : []),
    ...data(request),
  ].join(' \\\n  ');
}

// What was cut off can't be repeated.
export const isWhole = (request) => !request.body.endsWith('…');
