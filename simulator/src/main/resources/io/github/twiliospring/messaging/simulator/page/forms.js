// What forms say, and which of their fields are there.

export function withErrors(dialog, action) {
  let running = false;
  return async (event) => {
    event.preventDefault();
    // Two clicks on a button mean one.
    if (running && event.submitter) {
      return;
    }
    running = true;
    const error = dialog.querySelector('.error');
    error.hidden = true;
    try {
      await action(event);
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    } finally {
      running = false;
    }
  };
}

// What's hidden isn't meant.
export function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => value !== ''
    && !form.elements[name].closest('details:not([open])')));
}

// Shows the fields that are for one of some words, and has the others say nothing.
export function showFieldsFor(form, ...words) {
  form.querySelectorAll('[data-for]').forEach((field) => {
    const shown = field.dataset.for.split(' ').some((word) => words.includes(word));
    field.hidden = !shown;
    (field.matches('fieldset') ? [field] : field.querySelectorAll('input, select')).forEach((control) => {
      control.disabled = !shown;
    });
  });
}
