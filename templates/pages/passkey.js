// Passkeys are the one thing on these pages that needs a script. It asks the browser's
// device, sends what it says, and speaks to nobody else.
"use strict";
(() => {
  const card = document.getElementById("passkey");
  if (!card || !window.PublicKeyCredential) return;
  card.hidden = false;
  const problem = document.getElementById("passkey-problem");
  const say = text => { problem.textContent = text; };

  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const text = buffer => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const send = async (address, body) => {
    const headers = { "Content-Type": "application/json" };
    if (card.dataset.secret) headers["X-Duenotice-Form"] = card.dataset.secret;
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", redirect: "error" });
    const said = await answer.json();
    if (!answer.ok) throw { said: said.error };
    return said;
  };

  // What stands in bytes comes as text.
  const asked = options => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const one of options.excludeCredentials || options.allowCredentials || []) one.id = bytes(one.id);
    options.extensions.prf.eval.first = bytes(options.extensions.prf.eval.first);
    return options;
  };
  const secret = credential => credential.getClientExtensionResults().prf?.results?.first;
  const answer = (credential, response, results) => ({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: results,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
  });

  const login = async () => {
    const options = asked(await send(card.dataset.begin, {}));
    const made = await navigator.credentials.get({ publicKey: options });
    const r = made.response;
    const prf = secret(made);
    if (!prf) throw { said: card.dataset.prf };
    return send(card.dataset.finish, { prf: text(prf), credential: answer(made, {
      clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) || undefined,
    }, {}) });
  };

  const add = async () => {
    const options = asked(await send(card.dataset.begin, {}));
    const input = options.extensions.prf.eval.first.slice();
    const made = await navigator.credentials.create({ publicKey: options });
    const enabled = made.getClientExtensionResults().prf?.enabled === true;
    if (!enabled) throw { said: card.dataset.prf };
    let prf = secret(made);
    if (!prf) { // many devices tell their secret only when they are used
      const used = await navigator.credentials.get({ publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)), rpId: options.rp.id, userVerification: "required",
        allowCredentials: [{ type: "public-key", id: made.rawId }], extensions: { prf: { eval: { first: input } } },
      } });
      prf = secret(used);
    }
    if (!prf) throw { said: card.dataset.prf };
    const r = made.response;
    return send(card.dataset.finish, { name: document.getElementById("device-name").value.trim(), prf: text(prf), credential: answer(made, {
      clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports ? r.getTransports() : [],
    }, { prf: { enabled } }) });
  };

  const on = (id, act) => document.getElementById(id)?.addEventListener("click", async event => {
    event.target.disabled = true;
    say("");
    try {
      location.assign((await act()).to);
    } catch (e) {
      say(e?.said || card.dataset.broken);
      event.target.disabled = false;
    }
  });
  on("passkey-login", login);
  on("passkey-add", add);
})();
