// Photos of a message: chosen, pasted or dropped, each with a thumbnail and a description. They are kept in
// the form's own file input, so that the form can be posted in any way. What cannot be sent is named before it is uploaded.

import { post } from './post.js'

const { composer } = parley

const types = /^image\/(jpeg|png|gif|webp)$/
const maxCount = 10
const maxSize = 10 << 20 // bytes
const maxTotal = 11 << 20 // bytes, with all the rest of the form

const form = document.querySelector('#composer')
const input = form?.elements.photo
const chosen = document.querySelector('#chosen')
const items = new Map() // file -> list item
const words = chosen?.dataset

let uploads = document.querySelector('#kept') // photos on the server, of a message that was posted without this script

export function start() {
  if (!input) return
  composer.extend({ take, give, post })
  const panel = input.closest('details')
  const button = panel.querySelector('summary')
  const tray = input.closest('fieldset')
  tray.className = 'tray'
  document.querySelector('#reply').after(tray)
  panel.open = false
  button.setAttribute('role', 'button')
  button.onclick = (event) => {
    event.preventDefault()
    input.click()
  }
  input.onchange = () => setFiles([...input.files])
  form.addEventListener('paste', (event) => addFrom(event, event.clipboardData))
  document.addEventListener('dragover', (event) => event.dataTransfer.types.includes('Files') && event.preventDefault())
  document.addEventListener('drop', (event) => addFrom(event, event.dataTransfer))
  setFiles([...input.files])
}

// addFrom adds what was pasted or dropped. Spreadsheets copy their cells as text and as a picture; then the
// text is meant. A file that is dropped is never left to the browser, which would open it in place of the room.
function addFrom(event, { files, types }) {
  if (!files.length || event.type === 'paste' && types.includes('text/plain')) return
  event.preventDefault()
  setFiles([...input.files, ...files])
}

function setFiles(files) {
  const transfer = new DataTransfer()
  let total = 1 << 16
  let problem = ''
  for (const file of files) {
    total += file.size
    const reason = !types.test(file.type) ? words.type : file.size > maxSize ? words.big : total > maxTotal ? words.heavy : transfer.files.length >= maxCount && words.many
    if (!reason) {
      transfer.items.add(file)
      continue
    }
    total -= file.size
    problem = reason.replace('{what}', () => file.name)
  }
  input.files = transfer.files
  chosen.replaceChildren(...[...input.files].map(itemOf))
  chosen.parentNode.hidden = !chosen.children.length && !uploads
  describe()
  if (files.length) composer.say(problem)
  composer.changed()
}

function itemOf(file) {
  if (!items.has(file)) items.set(file, createItem(file))
  return items.get(file)
}

function createItem(file) {
  const item = document.createElement('li')
  item.innerHTML = `<img alt=""><button type="button">×<span class="aside"> ${words.remove} <bdi></bdi></span></button><button type="button" aria-expanded="false">${words.alt}<span class="aside"> <bdi></bdi></span></button><label hidden>${words.describe} <bdi></bdi><input name="alt" maxlength="500" dir="auto" autocomplete="off"></label>`
  item.querySelectorAll('bdi').forEach((name) => { name.textContent = file.name })
  const [image, remove, alt, label] = item.children
  const field = label.lastChild
  remove.onclick = () => {
    setFiles([...input.files].filter((other) => other !== file))
    form.elements.body.focus()
  }
  alt.onclick = () => describe(label.hidden && item)
  field.oninput = () => alt.classList.toggle('on', field.value)
  field.onkeydown = (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    describe()
    alt.focus()
  }
  const reader = new FileReader() // blob: addresses would need a weaker content security policy
  reader.onload = () => { image.src = reader.result }
  reader.readAsDataURL(file)
  return item
}

// describe opens the field of one photo, and closes those of the others.
function describe(item) {
  for (const other of chosen.children) {
    const [, , alt, label] = other.children
    if (!label) continue
    label.hidden = other !== item
    alt.setAttribute('aria-expanded', other === item)
  }
  chosen.classList.toggle('open', Boolean(item))
  if (item) item.querySelector('input').focus()
}

// take takes the photos out of the form, with all that is to be posted.
function take() {
  const taken = { data: new FormData(form), files: [...input.files], uploads, shown: document.createElement('span') }
  const images = form.querySelectorAll('.tray img')
  taken.shown.className = images.length > 1 ? 'pictures several' : 'pictures'
  for (const { src } of images) {
    const frame = document.createElement('a')
    const image = new Image()
    image.src = src
    frame.append(image)
    taken.shown.append(frame)
  }
  uploads?.remove()
  uploads = null
  setFiles([])
  return taken
}

// give puts them back.
function give(taken) {
  uploads = taken.uploads
  if (uploads) chosen.before(uploads)
  setFiles([...taken.files, ...input.files])
}
