// For the pages on which a browser makes or uses a passkey, which load it by themselves. The form carries the options
// for the browser; its response goes back with the form, and the server says what is wrong with it.

const form = document.querySelector('form[data-passkey]')

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

// JSON has the bytes as base64url. PublicKeyCredential can translate them itself in browsers from 2023.
function decoded({ challenge, user, allowCredentials, excludeCredentials, ...others }) {
  const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }))
  const options = { ...others, challenge: bytes(challenge), excludeCredentials: ids(excludeCredentials), allowCredentials: ids(allowCredentials) }
  if (user) options.user = { ...user, id: bytes(user.id) }
  return options
}

function encoded({ id, rawId, type, response }) {
  const answer = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) answer[name] = text(response[name])
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: answer, clientExtensionResults: {} })
}

function start() {
  const button = form.querySelector('button')
  const alert = form.querySelector('[role=alert]')
  const say = (sentence) => {
    alert.textContent = sentence
    alert.hidden = !sentence
  }
  if (!window.PublicKeyCredential) {
    say(form.dataset.unknown)
    return
  }
  let asking = false
  const ask = async () => {
    if (asking) return
    asking = true
    try {
      const publicKey = decoded(JSON.parse(form.dataset.options))
      const answer = await navigator.credentials[form.dataset.passkey]({ publicKey })
      form.elements.credential.value = encoded(answer)
      form.submit()
    } catch (error) {
      say(error.name === 'InvalidStateError' ? form.dataset.taken : form.dataset.canceled)
    }
    asking = false
  }
  button.hidden = false
  button.addEventListener('click', (event) => {
    event.preventDefault()
    say('')
    ask()
  })
  if (alert.hidden) ask() // or something is wrong, and to be read first
}

if (form) start()
