// Lets a passkey open the desk, or makes one. Without it password and code open the desk as well.
(function () {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  function bytes(text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var raw = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    (options.excludeCredentials || []).forEach(function (known) { known.id = bytes(known.id); });
    return options;
  }

  function spoken(made) {
    var response = { clientDataJSON: text(made.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (made.response[name]) response[name] = text(made.response[name]);
    });
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: response });
  }

  [].forEach.call(document.querySelectorAll("[data-passkey]"), function (form) {
    var options = readable(JSON.parse(form.querySelector("script").textContent));
    var trouble = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      trouble.hidden = true;
      navigator.credentials[form.getAttribute("data-passkey")]({ publicKey: options }).then(function (made) {
        form.elements.answer.value = spoken(made);
        form.submit();
      }).catch(function () { trouble.hidden = false; });
    });
  });
})();
