// Calls the application. What goes wrong has a sentence, and one for each field that's to blame.

export async function call(path, options) {
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
