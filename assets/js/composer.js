// The form for writing messages, and the queue of those on their way. Three rules: text leaves the textarea
// only for the queue, which this tab stores, and leaves the queue only when the server has acknowledged it; one
// message is on its way at a time, so they arrive in the order in which they were written; what is sent again
// has the same key, so that the server recognizes the same message.
//
// A message goes over the socket, or by a request where it cannot: photos are too large, and some networks
// block WebSockets. On pages that are not live, and while the script for photos is not here, the browser posts
// the form.

import * as connection from './connection.js'
import * as socket from './socket.js'
import * as store from './store.js'

const answerTimeout = 8000 // ms; after that the socket counts as dead
const retryAfter = 4000 // ms, and up to twice that, before a server in trouble is asked again
const openTimeout = 4000 // ms that the socket gets to open for the first time
const doubtAfter = 1000 // ms between a message and its receipt, which arrive by different routes

const form = document.querySelector('#composer')
const list = document.querySelector('#messages')
const outbox = document.querySelector('#outbox') // only on live pages
const replyLine = document.querySelector('#reply')
const touchOnly = matchMedia('(hover: none) and (pointer: coarse)')

let textarea, keyInput, draftName, queueName
let sent = null // the text that was sent with the key in the form, if any was
export let queue = [] // {key, body, reply, since} and, if so: photos, away (sent, when), request, seq (acknowledged), refused (why)
export let stored = true // false in a browser that refuses to store anything
let retryTimer = 0
let newestMine // the last message of mine in the list
let later = null // what the script that is loaded later can do: take(), give() and post()

export function start() {
  const posted = store.take('posted') // on every page, because it is only about the page after the post
  if (!form || !list) return
  textarea = form.elements.body
  keyInput = form.elements.key
  draftName = 'draft:' + list.dataset.room
  queueName = 'queue:' + list.dataset.room
  restore(posted === list.dataset.room)

  // In the capture phase: htmx sends every submit event that it sees.
  document.addEventListener('submit', onSubmit, true)
  textarea.addEventListener('keydown', onKeydown)
  textarea.addEventListener('input', save)
  if (!outbox) return
  document.addEventListener('htmx:ws:after:message:incoming', onReceipt)
  list.addEventListener('htmx:sse:after:message', onArrival)
  socket.onOpen(() => {
    const first = next()
    if (first && !first.request) first.away = 0
    pump()
  })
  connection.onEnd(onEnd)
  const waiting = JSON.parse(store.get(queueName)) || []
  newestMine = mine()
  // Files are not stored, so a message with photos waits for somebody to choose them again.
  waiting.forEach((entry) => add({ ...entry, since: Date.now(), refused: entry.photos && form.dataset.unanswered }))
  queue.filter(({ refused }) => refused).forEach((entry) => refuse(entry, entry.refused, true))
  pump()
  if (matchMedia('(pointer: fine)').matches && !location.hash && document.activeElement === document.body) {
    textarea.focus({ preventScroll: true })
  }
}

// extend is called by the script that is loaded later: take() takes the photos out of the form, give() puts
// them back, and post() sends an entry by a request.
export function extend(functions) {
  later = functions
  pump()
}

// changed is called when the photos in the form are others: a key belongs to its photos, too.
export const changed = () => sent !== null && setKey(freshKey())

function onKeydown(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
  // Enter that ends a composition chooses a word. In Safari only keyCode tells.
  if (event.isComposing || event.keyCode === 229) return
  if (touchOnly.matches && !event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  if (!event.repeat && !isEmpty()) form.requestSubmit()
}

const hasPhotos = () => Boolean(form.elements.kept || form.elements.photo?.files.length)
const isEmpty = () => !textarea.value.trim() && !hasPhotos()

// next is the message that is on its way, or will be.
const next = () => queue.find((entry) => !entry.seq && !entry.refused)

function onSubmit(event) {
  if (event.target !== form) return
  const stop = connection.isOver() || isEmpty()
  // A key belongs to one text. The server may already have the other one.
  if (!stop && sent !== null && sent !== textarea.value) keyInput.value = freshKey()
  if (!stop && (!outbox || (hasPhotos() && !later))) {
    event.stopPropagation() // the browser posts the form
    sent = textarea.value
    save()
    return store.put('posted', list.dataset.room)
  }
  event.preventDefault()
  event.stopPropagation()
  textarea.focus()
  if (stop) return
  if (!next()) say('')
  add({ key: keyInput.value, body: textarea.value, reply: replyLine.innerHTML, since: Date.now(), photos: hasPhotos() && later.take() })
  textarea.value = ''
  setKey(freshKey())
  clearReply()
  textarea.dispatchEvent(new Event('input'))
  list.closest('.scroller').scrollTop = 0 // the end, because the scroller runs from the bottom up
  list.dataset.sent = 1 // for a script that comes later
  list.dispatchEvent(new Event('sent'))
  pump()
}

// add shows a message at the end of the list.
function add(entry) {
  const item = entry.item = document.querySelector('#unsent').content.firstElementChild.cloneNode(true)
  const last = queue.length || (list.lastElementChild || list).dataset.author === outbox.dataset.author
  item.classList.toggle('continues', Boolean(last))
  item.querySelector('.body').textContent = entry.body
  item.querySelector('time').textContent = clock()
  item.firstElementChild.insertAdjacentHTML('afterbegin', entry.reply)
  entry.replyTo = item.querySelector('input')?.value
  if (entry.photos.shown) item.firstElementChild.prepend(entry.photos.shown)
  queue.push(entry)
  outbox.append(item)
  keep()
}

// clock is the time of day in the zone of the list. A browser may not know the zone.
function clock() {
  try {
    return new Date().toLocaleTimeString('sv', { timeStyle: 'short', timeZone: list.dataset.zone })
  } catch {
    return ''
  }
}

function drop(entry) {
  queue = queue.filter((other) => other !== entry)
  entry.item.remove()
  keep()
}

// keep stores the queue for a page that is loaded again. Files cannot be stored.
function keep() {
  const waiting = queue.filter((entry) => !entry.seq)
  if (!waiting.length) store.remove(queueName)
  else stored = store.put(queueName, JSON.stringify(waiting.map(({ key, body, reply, photos }) => ({ key, body, reply, photos: Boolean(photos) }))))
  connection.setUnsent(next() ? next().since : 0)
  connection.announce()
}

// pump sends the first message that waits.
export function pump() {
  const entry = next()
  if (!entry || entry.away || connection.isOver()) return
  clearTimeout(retryTimer)
  const { key, body, replyTo } = entry
  const tired = socket.neverOpened() && connection.isLive() && Date.now() - entry.since > openTimeout
  if (entry.photos || socket.isBlocked() || tired) later?.post(entry)
  else if (socket.send(JSON.stringify({ body, key, reply_to: replyTo }))) entry.away = Date.now()
}

function onReceipt() {
  const receipt = document.querySelector('#receipt output')
  if (!receipt) return
  receipt.remove()
  const { key, seq } = receipt.dataset
  const problem = document.querySelector('#composer-problem [role=alert]')
  const entry = queue.find((other) => other.key === key && !other.seq)
  if (entry) return onAnswer(entry, receipt.dataset, problem?.textContent)
  // It was taken back, but had arrived.
  if (seq && key === keyInput.value && sent !== null) {
    if (textarea.value === sent) textarea.value = ''
    setKey(freshKey())
    save()
  }
}

// onAnswer takes the answer to a message; refused is a status, or 'other' if it is not the server's.
export function onAnswer(entry, answer, sentence) {
  entry.away = 0
  if (!queue.includes(entry) || (connection.isOver() && !answer.seq)) return pump()
  if (answer.seq) {
    if (entry.told) say('')
    entry.seq = Number(answer.seq)
    entry.item.classList.add('sent')
    keep()
    sweep()
  } else if (answer.refused === '503' || answer.refused === '429') {
    say(entry.told = outbox.dataset.later)
    entry.away = Infinity
    retryTimer = setTimeout(() => {
      entry.away = 0
      pump()
    }, retryAfter * (1 + Math.random()))
    return
  } else {
    if ('replyGone' in answer) entry.reply = ''
    refuse(entry, sentence, answer.refused === 'other' || answer.refused === '500')
  }
  pump()
}

// refuse gives a message back, or lets it stay in the list if something else is being written. The server
// may have it all the same, if it did not answer.
function refuse(entry, sentence, inDoubt) {
  if (isEmpty()) {
    giveBack(entry, inDoubt)
    return say(sentence)
  }
  entry.refused = sentence
  entry.final = !inDoubt
  say('')
  keep()
}

export function giveBack(entry, inDoubt) {
  say('')
  drop(entry)
  textarea.value = entry.body + (textarea.value && '\n' + textarea.value)
  if (entry.reply) replyLine.innerHTML = entry.reply
  if (entry.photos.shown) later.give(entry.photos)
  setKey(inDoubt ? entry.key : freshKey())
  if (inDoubt) sent = entry.body
  textarea.dispatchEvent(new Event('input'))
  pump()
}

// say shows a problem above the text, or none.
export function say(sentence) {
  const place = document.querySelector('#composer-problem')
  place.innerHTML = sentence && '<p role="alert"></p>'
  if (sentence) place.firstChild.textContent = sentence
}

const mine = () => [...list.querySelectorAll(`[data-author="${outbox.dataset.author}"]`)].pop()

// onArrival takes a message out of the outbox in the frame in which it appears in the list. Its receipt comes
// by another route; until then one that has just arrived is taken for the one on its way.
function onArrival() {
  const newest = mine()
  const entry = next()
  const isNew = newest && (!newestMine || newest.id !== newestMine.id) && !queue.some(({ seq }) => newest.id === 'm-' + seq)
  newestMine = newest
  sweep()
  if (!isNew || !entry || !entry.away) return
  entry.item.hidden = true
  setTimeout(() => { entry.item.hidden = false }, doubtAfter)
}

function sweep() {
  const shown = Number(list.dataset.cursor.split('-')[1])
  queue.filter(({ seq }) => seq && seq <= shown).forEach(drop)
}

// clearReply keeps the next message from being a reply, even after a reload.
function clearReply() {
  replyLine.replaceChildren()
  if (/[?&]reply=/.test(location.search)) history.replaceState(null, '', location.pathname)
}

function setKey(value) {
  keyInput.value = value
  sent = null
}

// check takes care of a message that is not answered.
export function check() {
  const entry = outbox && next()
  if (!entry) return
  const now = Date.now()
  if (entry.away < Infinity && !entry.request) {
    if (socket.isBlocked()) entry.away = 0
    if (entry.away && now - entry.away > answerTimeout) {
      entry.away = now
      socket.close()
    }
  }
  pump()
}

function onEnd(reason) {
  keep()
  if (reason !== 'closed') return
  textarea.readOnly = true // not disabled, so that the text can still be copied
  for (const button of document.querySelectorAll('#composer button, #outbox button')) button.disabled = true
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
  return crypto.getRandomValues(new Uint32Array(4)).join('')
}
