// Calls of the control API.

// How long nothing may be heard, in milliseconds, of a connection that lives.
export const limits = { silence: 37_500 };

// A browser keeps so many connections.
const CONNECTIONS = 6;

async function call(method, path, body, signal) {
  const response = await fetch(path, {
    method,
    signal,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
  }).catch((failure) => {
    throw failure.name === 'TimeoutError' ? failure : new Error('The simulator can\'t be reached');
  });
  const json = await response.json();
  if (!response.ok) {
    throw Object.assign(new Error(json.error || `HTTP status ${response.status}`), { status: response.status });
  }
  return json;
}

// One that died without a word never answers, and each that's kept may have.
async function read(path, left = CONNECTIONS) {
  try {
    return await call('GET', path, null, AbortSignal.timeout(limits.silence));
  } catch (failure) {
    if (failure.name === 'TimeoutError' && left > 0) {
      return read(path, left - 1);
    }
    throw failure;
  }
}

export const get = (path) => read(path);
export const post = (path, body) => call('POST', path, body);
export const remove = (path) => call('DELETE', path);
