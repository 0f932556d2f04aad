// form[data-passkey="make|show"]: before it is sent, the browser makes a passkey or shows one it has; what it says goes
// out in the form's `credential`. What to ask for stands in the JSON that data-passkey-options names, or is asked of the
// form's own address. Without passkeys in the browser the form stays hidden and [data-passkey-absent] says so.
const able = typeof PublicKeyCredential !== "undefined" && "credentials" in navigator;

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const withIds = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

async function make({ publicKey }, form) {
  const alone = form.elements.passwordless?.checked ?? false;
  return navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withIds(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        ...(alone && { userVerification: "required" }),
      },
    },
  });
}

async function show({ publicKey }) {
  return navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: withIds(publicKey.allowCredentials),
    },
  });
}

function told(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const known = parts.filter((part) => response[part]);
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(known.map((part) => [part, text(response[part])])),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  };
}

async function options(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(document.querySelector(form.dataset.passkeyOptions).textContent);
  const answer = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(answer.status);
  return (await answer.json()).request_options;
}

async function answer(form) {
  const said = form.querySelector("[data-passkey-failed]");
  said.hidden = true;
  try {
    const asked = await options(form);
    const credential = await (form.dataset.passkey === "make" ? make(asked, form) : show(asked));
    form.elements.credential.value = JSON.stringify(told(credential));
    form.submit();
  } catch {
    said.hidden = false;
    form.querySelector("button[type=submit]").focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !able;
  const absent = document.querySelector("[data-passkey-absent]");
  if (absent) absent.hidden = able;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}
