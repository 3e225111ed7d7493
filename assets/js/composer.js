// The box one types in. Three rules: what was typed leaves the box only when the server has said
// that it has it; one message at a time is under way; what is sent again carries the same key, so
// that the server knows it for the same message.

import * as connection from './connection.js'
import * as photos from './photos.js'
import * as socket from './socket.js'
import * as store from './store.js'

const answerWithin = 8000 // ms; after that the socket is taken for dead
const againAfter = 4000 // ms, and up to twice that, until a server in trouble is asked again
const nativeAfter = 4000 // ms that a socket gets to open for the first time

const form = document.querySelector('#composer')
const list = document.querySelector('#messages')
const touchOnly = matchMedia('(hover: none) and (pointer: coarse)')

let box, key, draft
let sent = null // the text that has gone out with the key in the form, if any has
let pending = null // the message under way
let answer = null // its receipt
let next = null // what was in the box when someone sent it while another was under way
let trouble = 0 // the timer until a message is sent again that the server could not take
let composing = false // by an input method: the text in the box is not to be touched

export function start() {
  const posted = store.take('posted') // on every page: after the next one it means nothing
  if (!form || !list) return
  box = form.elements.body
  key = form.elements.key
  draft = 'draft:' + list.dataset.room
  restore(posted === list.dataset.room)

  // Before htmx sees it: an event that it does see is sent.
  document.addEventListener('submit', submitted, true)
  box.addEventListener('keydown', pressed)
  box.addEventListener('input', typed)
  box.addEventListener('compositionstart', () => { composing = true })
  box.addEventListener('compositionend', () => {
    composing = false
    setTimeout(settle) // some browsers have yet to write the last character
  })
  form.addEventListener('htmx:ws:after:message:outgoing', (event) => {
    if (pending) Object.assign(pending, { frame: event.detail.message.data, leftAt: Date.now() })
  })
  form.addEventListener('htmx:ws:error', () => {
    if (!uploading()) release()
  })
  document.addEventListener('htmx:ws:after:message:incoming', answered)
  socket.onOpen(sendAgain)
  connection.onEnd(ended)
  photos.start(() => {
    clearTimeout(trouble)
    if (sent !== null) renew(freshKey()) // a key belongs to these photos, too
  })
}

function pressed(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
  // Enter that ends a composition chooses a word. Safari tells of it by the old code only.
  if (event.isComposing || event.keyCode === 229) return
  if (touchOnly.matches && !event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  if (!event.repeat && !isEmpty()) form.requestSubmit()
}

const isEmpty = () => !box.value.trim() && !photos.any()
const uploading = () => pending && pending.upload

function typed() {
  if (box.value.trim()) socket.write()
  if (pending && !box.value.startsWith(pending.text)) pending.kept = false
  save()
}

function submitted(event) {
  if (event.target !== form) return
  clearTimeout(trouble)
  if (pending || connection.isOver() || isEmpty()) {
    if (pending) next = box.value
    event.preventDefault()
    event.stopPropagation()
    box.focus()
    return
  }
  // A key belongs to one text. The server may have the other one already.
  if (sent !== null && sent !== box.value) key.value = freshKey()
  sent = box.value
  save()
  const upload = photos.any()
  if (upload ? form.hasAttribute('hx-ws:send') : socket.canCarry()) {
    pending = { text: sent, key: key.value, kept: true, since: Date.now(), leftAt: 0, frame: '', upload }
    if (upload) {
      event.preventDefault()
      event.stopPropagation()
      return photos.send(uploaded)
    }
    connection.unsent(pending.since)
  } else {
    event.stopPropagation() // the browser posts the form
    store.put('posted', list.dataset.room)
  }
}

function answered() {
  const receipt = document.querySelector('#receipt output')
  if (!receipt || !pending || receipt.dataset.key !== pending.key) return
  answer = receipt.dataset
  receipt.remove()
  settle()
}

// uploaded reads the answer to photos: a receipt like that of the socket, or a sentence.
function uploaded(page) {
  if (!pending) return
  const receipt = page.querySelector('output')
  document.querySelector('#composer-problem').replaceChildren(...page.querySelectorAll('[role=alert]'))
  answer = receipt ? receipt.dataset : { refused: '0' }
  if (answer.seq) photos.clear()
  if (page.querySelector('[hx-target="#reply"]')) answersNothing()
  settle()
}

// settle takes out of the box what the server has, and nothing else: more may have been typed
// since.
function settle() {
  if (!answer || !pending || composing) return
  const { text, kept } = pending
  let goOn = false
  if (answer.refused) {
    // What is refused as it is will be refused again under this key. What could not be stored just
    // now goes out once more by itself, unless someone changes it.
    if (answer.refused === '422') renew(freshKey())
    if (answer.refused === '503') {
      trouble = setTimeout(() => box.value === text && !composing && form.requestSubmit(), againAfter * (1 + Math.random()))
    }
  } else {
    goOn = box.value === next
    if (kept || box.value === text) box.setRangeText('', 0, text.length, 'preserve')
    renew(answer.next || freshKey())
    answersNothing()
    list.closest('.scroller').scrollTop = 0 // the end, in a box that runs from the bottom up
  }
  release()
  if (goOn && box.value.trim()) form.requestSubmit()
}

// answersNothing: what is written next is no reply any more, nor is it after a reload.
function answersNothing() {
  document.querySelector('#reply').replaceChildren()
  if (/[?&]reply=/.test(location.search)) history.replaceState(null, '', location.pathname)
}

function renew(next) {
  key.value = next
  sent = null
}

// release ends the wait, however it ended; the box is as free as before.
function release() {
  pending = answer = next = null
  connection.unsent(0)
  connection.tell()
  save()
}

function sendAgain() {
  if (!pending || !pending.frame) return
  pending.leftAt = Date.now()
  socket.send(pending.frame)
}

// check looks after a message that is not answered.
export function check() {
  if (!pending || answer || uploading()) return
  const now = Date.now()
  const blocked = socket.neverOpened() && connection.isLive() && now - pending.since > nativeAfter
  if (blocked || socket.isGone()) return giveUp()
  if (pending.leftAt && now - pending.leftAt > answerWithin) {
    pending.leftAt = now
    socket.hangUp() // htmx connects again, and the message is sent again
  }
}

// giveUp lets the browser post the message, unless someone is typing: a page that goes away under
// the fingers is worse than a second press on Send.
function giveUp() {
  const finished = box.value === pending.text && !composing
  socket.giveUp()
  release()
  if (finished && !connection.isOver()) form.requestSubmit()
}

function ended(reason) {
  if (pending) release()
  if (reason !== 'closed') return
  box.readOnly = true // not disabled: what was typed can still be copied
  for (const button of form.querySelectorAll('button')) button.disabled = true
}

function save() {
  if (!box.value) return store.drop(draft)
  store.put(draft, JSON.stringify({ text: box.value, key: key.value, sent, caret: box.selectionEnd }))
}

// restore brings back what was typed here before the page went away. What the browser posted itself
// has arrived if its answer led back here at once.
function restore(posted) {
  const [navigation = {}] = performance.getEntriesByType('navigation')
  if (posted && navigation.redirectCount) store.drop(draft)

  sent = box.value || null // the server gives back what it has refused
  const kept = JSON.parse(store.get(draft))
  if (!kept) return
  box.value = kept.text
  key.value = kept.key
  sent = kept.sent
  if (navigation.type !== 'reload') return
  box.focus() // someone may have been in the middle of a word
  box.setSelectionRange(kept.caret, kept.caret)
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
