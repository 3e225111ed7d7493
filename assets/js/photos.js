// Photos of a message: chosen, pasted or dropped, with a preview and a description each. They are kept in
// the form's own file input, so that the form can be posted in any way. They are sent by a request,
// because messages on the socket are short.

const form = document.querySelector('#composer')
const input = form && form.elements.photo
const chosen = document.querySelector('#chosen')
const uploads = document.querySelector('#kept') // photos on the server, of a message that was posted without this script
const items = new Map() // file -> list item
const words = chosen && chosen.dataset

let onChange = () => {}

export const hasPhotos = () => Boolean(input && (input.files.length || form.elements.kept))

export function start(listener) {
  if (!input) return
  onChange = listener
  const panel = input.closest('details')
  panel.lastElementChild.insertAdjacentHTML('beforeend', `<label hidden>${words.sending} <progress max="1"></progress></label>`)
  panel.ontoggle = () => {
    if (panel.open && !hasPhotos()) input.click()
  }
  input.onchange = changed
  form.addEventListener('paste', (event) => addFrom(event, event.clipboardData))
  const room = form.closest('main')
  room.addEventListener('dragover', (event) => event.preventDefault())
  room.addEventListener('drop', (event) => addFrom(event, event.dataTransfer))
  render()
}

// addFrom adds what was pasted or dropped. Spreadsheets offer their cells as text and as a picture; then
// the text is meant.
function addFrom(event, { files, types }) {
  if (!files.length || types.includes('text/plain')) return
  event.preventDefault()
  setFiles([...input.files, ...files])
}

function setFiles(files) {
  const transfer = new DataTransfer()
  files.forEach((file) => transfer.items.add(file))
  input.files = transfer.files
  changed()
}

export const clear = () => {
  if (uploads) uploads.remove()
  setFiles([])
}

function changed() {
  render()
  onChange()
}

function render() {
  chosen.replaceChildren(...[...input.files].map(itemOf))
  input.closest('details').open = hasPhotos()
}

function itemOf(file) {
  if (!items.has(file)) items.set(file, createItem(file))
  return items.get(file)
}

function createItem(file) {
  const item = document.createElement('li')
  item.innerHTML = `<img alt=""><label>${words.describe} <span></span><input name="alt" maxlength="500" dir="auto" autocomplete="off"></label><button type="button">${words.remove} <span class="aside"></span></button>`
  item.querySelectorAll('span').forEach((span) => { span.textContent = file.name })
  item.querySelector('button').onclick = () => {
    setFiles([...input.files].filter((other) => other !== file))
    form.querySelector('summary').focus()
  }
  const reader = new FileReader() // blob: addresses would need a weaker content security policy
  reader.onload = () => { item.firstChild.src = reader.result }
  reader.readAsDataURL(file)
  return item
}

// reasonFor explains an answer that is not the server's: 0 is none.
function reasonFor(status) {
  if (status === 413) return words.large
  return status > 399 ? words.refused.replace('{what}', status) : words.unanswered
}

// send posts the form, and calls back with the page that answers it.
export function send(onAnswer) {
  const request = new XMLHttpRequest() // fetch has no upload progress
  const progress = form.querySelector('progress')
  const group = input.closest('fieldset')
  request.upload.onprogress = ({ loaded, total }) => { progress.value = loaded / total }
  request.onloadend = () => {
    progress.parentNode.hidden = true
    group.disabled = false
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    if (!page.querySelector('output, [role=alert]')) page.body.innerHTML = `<p role="alert">${reasonFor(request.status)}</p>`
    onAnswer(page)
  }
  request.open('POST', form.action)
  request.setRequestHeader('HX-Request', 'true')
  request.send(new FormData(form))
  group.disabled = true
  progress.value = 0
  progress.parentNode.hidden = false
}
