"use strict";
// Asks the device for a passkey, puts its answer into the form, and sends that: no more is done here.
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return; // the password works as ever
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const said = form.querySelector("[data-said]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      said.hidden = true;
      try {
        const asked = await fetch(form.dataset.begin, { method: "POST", headers: { "x-csrf": form.elements.csrf.value } });
        if (!asked.ok) throw new Error("The desk does not answer. Load the page again.");
        const options = await asked.json();
        const key = form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        form.elements.answer.value = JSON.stringify(key.toJSON());
        form.submit();
      } catch (error) {
        const calm = { NotAllowedError: "Nothing was done: your device did not say yes.", InvalidStateError: "This device has a passkey for you already." };
        said.textContent = calm[error.name] || error.message;
        said.hidden = false;
      }
    });
  }
})();
