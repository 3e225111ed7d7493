// What the reader is told about the line to the server: one sentence, and none while all is well.
// The sentences are attributes of the place, in the language of the page.

const grace = 2000 // ms: a shorter gap has healed before anyone could read about it
const unsentAfter = 4000 // ms

const place = document.querySelector('#connection')
const endings = []

let state = '' // connecting, live, waiting; for good: signed-out, closed
let since = Date.now() // when the line was last known to be good
let unsentSince = 0
let over = false
let told = ''

// isOver: this page makes no more requests.
export const isOver = () => over
export const isLive = () => state === 'live'

export function become(next) {
  if (over || next === state) return
  if (next === 'live' || state === 'live') since = Date.now()
  show(next)
  tell()
}

// comeBack starts the clock again: while the tab was hidden, silence was no fault.
export function comeBack() {
  since = Date.now()
}

export function unsent(time) {
  unsentSince = time
}

export function onEnd(listener) {
  endings.push(listener)
}

// end is for good: 'signed-out', or 'closed' when one is no longer part of the conversation.
export function end(reason) {
  if (over) return
  over = true
  show(reason)
  endings.forEach((listener) => listener(reason))
  tell()
}

function show(next) {
  state = next
  if (place) place.dataset.state = next
}

// tell writes only what has changed: a screen reader reads every change aloud.
export function tell() {
  if (!place) return
  const text = sentence()
  if (text === told) return
  told = text
  place.textContent = text
  if (state === 'signed-out') place.append(' ', signIn())
}

function signIn() {
  const link = document.createElement('a')
  link.href = '/sign-in?next=' + encodeURIComponent(location.pathname + location.search)
  link.textContent = place.dataset.signIn
  return link
}

function sentence() {
  const now = Date.now()
  const words = place.dataset
  if (state === 'signed-out') return words.signedOut
  if (state === 'closed') return words.closed
  if (unsentSince && now - unsentSince > unsentAfter) return words.unsent
  if (state && state !== 'live' && now - since > grace) return words.lost
  return ''
}
