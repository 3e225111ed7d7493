// The form for writing messages. Three rules: text leaves the textarea only when the server has
// acknowledged it; only one message is on its way at a time; what is sent again has the same key, so that
// the server recognizes the same message.

import * as connection from './connection.js'
import * as photos from './photos.js'
import * as socket from './socket.js'
import * as store from './store.js'

const answerTimeout = 8000 // ms; after that the socket counts as dead
const retryAfter = 4000 // ms, and up to twice that, before a server in trouble is asked again
const openTimeout = 4000 // ms that the socket gets to open for the first time

const form = document.querySelector('#composer')
const list = document.querySelector('#messages')
const touchOnly = matchMedia('(hover: none) and (pointer: coarse)')

let textarea, keyInput, draftName
let sent = null // the text that was sent with the key in the form, if any was
let pending = null // the message on its way
let answer = null // its receipt
let queuedText = null // was submitted while another message was on its way
let retryTimer = 0 // until a message is sent again that the server could not store
let composing = false // with an input method, which must not be disturbed

export function start() {
  const posted = store.take('posted') // on every page, because it is only about the page after the post
  if (!form || !list) return
  textarea = form.elements.body
  keyInput = form.elements.key
  draftName = 'draft:' + list.dataset.room
  restore(posted === list.dataset.room)

  // In the capture phase: htmx sends every submit event that it sees.
  document.addEventListener('submit', onSubmit, true)
  textarea.addEventListener('keydown', onKeydown)
  textarea.addEventListener('input', onInput)
  textarea.addEventListener('compositionstart', () => { composing = true })
  textarea.addEventListener('compositionend', () => {
    composing = false
    setTimeout(settle) // some browsers insert the last character after this event
  })
  form.addEventListener('htmx:ws:after:message:outgoing', (event) => {
    if (pending) Object.assign(pending, { frame: event.detail.message.data, leftAt: Date.now() })
  })
  form.addEventListener('htmx:ws:error', () => {
    if (!uploading()) finish()
  })
  document.addEventListener('htmx:ws:after:message:incoming', onReceipt)
  socket.onOpen(resend)
  connection.onEnd(onEnd)
  photos.start(() => {
    clearTimeout(retryTimer)
    if (sent !== null) setKey(freshKey()) // a key belongs to its photos, too
  })
}

function onKeydown(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
  // Enter that ends a composition chooses a word. In Safari only keyCode tells.
  if (event.isComposing || event.keyCode === 229) return
  if (touchOnly.matches && !event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  if (!event.repeat && !isEmpty()) form.requestSubmit()
}

const isEmpty = () => !textarea.value.trim() && !photos.hasPhotos()
const uploading = () => pending && pending.upload

function onInput() {
  if (textarea.value.trim()) socket.sendTyping()
  if (pending && !textarea.value.startsWith(pending.text)) pending.kept = false
  save()
}

function onSubmit(event) {
  if (event.target !== form) return
  clearTimeout(retryTimer)
  if (pending || connection.isOver() || isEmpty()) {
    if (pending) queuedText = textarea.value
    event.preventDefault()
    event.stopPropagation()
    textarea.focus()
    return
  }
  // A key belongs to one text. The server may already have the other one.
  if (sent !== null && sent !== textarea.value) keyInput.value = freshKey()
  sent = textarea.value
  save()
  const upload = photos.hasPhotos()
  if (upload ? form.hasAttribute('hx-ws:send') : socket.canSend()) {
    pending = { text: sent, key: keyInput.value, kept: true, since: Date.now(), leftAt: 0, frame: '', upload }
    if (upload) {
      event.preventDefault()
      event.stopPropagation()
      return photos.send(onUploaded)
    }
    connection.setUnsent(pending.since)
  } else {
    event.stopPropagation() // the browser posts the form
    store.put('posted', list.dataset.room)
  }
}

function onReceipt() {
  const receipt = document.querySelector('#receipt output')
  if (!receipt || !pending || receipt.dataset.key !== pending.key) return
  answer = receipt.dataset
  receipt.remove()
  settle()
}

// onUploaded reads the answer to photos: a receipt like the socket's, or a problem.
function onUploaded(page) {
  if (!pending) return
  const receipt = page.querySelector('output')
  document.querySelector('#composer-problem').replaceChildren(...page.querySelectorAll('[role=alert]'))
  answer = receipt ? receipt.dataset : { refused: '0' }
  if (answer.seq) photos.clear()
  if (page.querySelector('[hx-target="#reply"]')) clearReply()
  settle()
}

// settle removes from the textarea what the server has, and nothing else: more may have been typed
// since.
function settle() {
  if (!answer || !pending || composing) return
  const { text, kept } = pending
  let sendNext = false
  if (answer.refused) {
    // 422 would be refused again with this key. 503 is sent again by itself, unless somebody changes the
    // text.
    if (answer.refused === '422') setKey(freshKey())
    if (answer.refused === '503') {
      retryTimer = setTimeout(() => textarea.value === text && !composing && form.requestSubmit(), retryAfter * (1 + Math.random()))
    }
  } else {
    sendNext = textarea.value === queuedText
    if (kept || textarea.value === text) textarea.setRangeText('', 0, text.length, 'preserve')
    setKey(answer.next || freshKey())
    clearReply()
    list.closest('.scroller').scrollTop = 0 // the end, because the scroller runs from the bottom up
  }
  finish()
  if (sendNext && textarea.value.trim()) form.requestSubmit()
}

// clearReply makes the next message no reply, even after a reload.
function clearReply() {
  document.querySelector('#reply').replaceChildren()
  if (/[?&]reply=/.test(location.search)) history.replaceState(null, '', location.pathname)
}

function setKey(value) {
  keyInput.value = value
  sent = null
}

// finish ends the wait, whatever the outcome.
function finish() {
  pending = answer = queuedText = null
  connection.setUnsent(0)
  connection.announce()
  save()
}

function resend() {
  if (!pending || !pending.frame) return
  pending.leftAt = Date.now()
  socket.send(pending.frame)
}

// check takes care of a message that is not answered.
export function check() {
  if (!pending || answer || uploading()) return
  const now = Date.now()
  const neverOpens = socket.neverOpened() && connection.isLive() && now - pending.since > openTimeout
  if (neverOpens || socket.isUnusable()) return postNatively()
  if (pending.leftAt && now - pending.leftAt > answerTimeout) {
    pending.leftAt = now
    socket.close() // htmx reconnects, and the message is sent again
  }
}

// postNatively lets the browser post the form, unless somebody is typing: losing the page while typing
// is worse than having to press Send again.
function postNatively() {
  const unchanged = textarea.value === pending.text && !composing
  socket.withdraw()
  finish()
  if (unchanged && !connection.isOver()) form.requestSubmit()
}

function onEnd(reason) {
  if (pending) finish()
  if (reason !== 'closed') return
  textarea.readOnly = true // not disabled, so that the text can still be copied
  for (const button of form.querySelectorAll('button')) button.disabled = true
}

function save() {
  if (!textarea.value) return store.remove(draftName)
  store.put(draftName, JSON.stringify({ text: textarea.value, key: keyInput.value, sent, caret: textarea.selectionEnd }))
}

// restore brings back what was typed here before the page went away. What the browser itself posted has
// arrived if this page was reached by a redirect.
function restore(posted) {
  const [navigation = {}] = performance.getEntriesByType('navigation')
  if (posted && navigation.redirectCount) store.remove(draftName)

  sent = textarea.value || null // the server gives back text that it has refused
  const kept = JSON.parse(store.get(draftName))
  if (!kept) return
  textarea.value = kept.text
  keyInput.value = kept.key
  sent = kept.sent
  if (navigation.type !== 'reload') return
  textarea.focus() // somebody may have been in the middle of a word
  textarea.setSelectionRange(kept.caret, kept.caret)
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
