// Has the browser make a passkey or sign by one, and sends what it answers with the
// form. Without this script the form stays hidden, and the other ways in work.
'use strict';
for (const form of document.querySelectorAll('form[data-passkey]')) {
  const creates = form.dataset.passkey === 'create';
  const read = window.PublicKeyCredential &&
    (creates ? PublicKeyCredential.parseCreationOptionsFromJSON : PublicKeyCredential.parseRequestOptionsFromJSON);
  const says = form.querySelector('[role=alert]');
  form.hidden = false;
  if (!read) {
    form.querySelector('button').disabled = true;
    says.textContent = 'This browser knows no passkeys. A newer one does.';
    continue;
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    says.textContent = '';
    try {
      const publicKey = read.call(PublicKeyCredential, JSON.parse(form.dataset.options));
      const made = creates ? await navigator.credentials.create({publicKey}) : await navigator.credentials.get({publicKey});
      form.elements.credential.value = JSON.stringify(made.toJSON());
      form.submit();
    } catch (problem) {
      says.textContent = problem.name === 'InvalidStateError'
        ? 'This device has a passkey for you here already.'
        : 'No passkey was given. Try again.';
    }
  });
}
