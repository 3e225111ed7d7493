// Photos that go with a message: chosen, pasted or dropped, shown before they are sent, each with a
// description of its own. The form itself holds them, so that it can be posted in any way. They go
// out by a request, because a socket's frames are short.

const form = document.querySelector('#composer')
const input = form && form.elements.photo
const chosen = document.querySelector('#chosen')
const kept = document.querySelector('#kept') // on the server, of a message that went there without us
const items = new Map() // the line of each file
const words = chosen && chosen.dataset

let whenChanged = () => {}

export const any = () => Boolean(input && (input.files.length || form.elements.kept))

export function start(listener) {
  if (!input) return
  whenChanged = listener
  const panel = input.closest('details')
  panel.lastElementChild.insertAdjacentHTML('beforeend', `<label hidden>${words.sending} <progress max="1"></progress></label>`)
  panel.ontoggle = () => {
    if (panel.open && !any()) input.click()
  }
  input.onchange = changed
  form.addEventListener('paste', (event) => take(event, event.clipboardData))
  const room = form.closest('main')
  room.addEventListener('dragover', (event) => event.preventDefault())
  room.addEventListener('drop', (event) => take(event, event.dataTransfer))
  show()
}

// take adds what was pasted or dropped. A table comes as text and as a picture of it: then the text
// is meant.
function take(event, { files, types }) {
  if (!files.length || types.includes('text/plain')) return
  event.preventDefault()
  hold([...input.files, ...files])
}

function hold(files) {
  const transfer = new DataTransfer()
  files.forEach((file) => transfer.items.add(file))
  input.files = transfer.files
  changed()
}

export const clear = () => {
  if (kept) kept.remove()
  hold([])
}

function changed() {
  show()
  whenChanged()
}

function show() {
  chosen.replaceChildren(...[...input.files].map(line))
  input.closest('details').open = any()
}

function line(file) {
  if (!items.has(file)) items.set(file, made(file))
  return items.get(file)
}

function made(file) {
  const item = document.createElement('li')
  item.innerHTML = `<img alt=""><label>${words.describe} <span></span><input name="alt" maxlength="500" dir="auto" autocomplete="off"></label><button type="button">${words.remove} <span class="aside"></span></button>`
  item.querySelectorAll('span').forEach((span) => { span.textContent = file.name })
  item.querySelector('button').onclick = () => {
    hold([...input.files].filter((other) => other !== file))
    form.querySelector('summary').focus()
  }
  const reader = new FileReader() // an address of the kind blob: would need a wider content policy
  reader.onload = () => { item.firstChild.src = reader.result }
  reader.readAsDataURL(file)
  return item
}

// send posts the form and hands on the page that answers it.
export function send(answered) {
  const request = new XMLHttpRequest() // fetch tells nothing of what has left
  const progress = form.querySelector('progress')
  const group = input.closest('fieldset')
  request.upload.onprogress = ({ loaded, total }) => { progress.value = loaded / total }
  request.onloadend = () => {
    progress.parentNode.hidden = true
    group.disabled = false
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    if (!page.querySelector('output, [role=alert]')) page.body.innerHTML = `<p role="alert">${words.unanswered}</p>`
    answered(page)
  }
  request.open('POST', form.action)
  request.setRequestHeader('HX-Request', 'true')
  request.send(new FormData(form))
  group.disabled = true
  progress.value = 0
  progress.parentNode.hidden = false
}
