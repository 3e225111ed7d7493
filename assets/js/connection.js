// The state of the connection, shown as one sentence, or none while all is well. The sentences are
// attributes of the element, in the language of the page.

const lostAfter = 2000 // ms; shorter gaps end before anyone could read about them
const unsentAfter = 4000 // ms
const problemTime = 20000 // ms

const banner = document.querySelector('#connection')
const endListeners = []

let state = '' // connecting, live, waiting; final: signed-out, closed
let since = Date.now() // when the connection was last known to be good
let unsentSince = 0
let ended = false
let announced = ''
let offline = false // the browser says so, and nothing has arrived since
let problem = '' // why what somebody did here has not been done
let problemTimer

// isOver reports whether this page makes no more requests.
export const isOver = () => ended
export const isLive = () => state === 'live'
export const isOffline = () => offline

function setOffline(value) {
  offline = value
  announce()
}
export const heard = () => offline && setOffline(false)
addEventListener('offline', () => setOffline(true))
addEventListener('online', heard)

export function setState(next) {
  if (ended || next === state) return
  if (next === 'live' || state === 'live') since = Date.now()
  state = next
  announce()
}

// resetClock forgets the silence while the tab was hidden, which was no fault.
export function resetClock() {
  since = Date.now()
}

export function setUnsent(time) {
  unsentSince = time
}

export function onEnd(listener) {
  endListeners.push(listener)
}

// setProblem says why what somebody did here has not been done, or takes that back (''). After a while it is no longer news.
export function setProblem(sentence) {
  problem = sentence
  clearTimeout(problemTimer)
  if (sentence) problemTimer = setTimeout(setProblem, problemTime, '')
  announce()
}

// end is final: 'signed-out', or 'closed' for somebody who is no longer a member.
export function end(reason) {
  if (ended) return
  ended = true
  state = reason
  endListeners.forEach((listener) => listener(reason))
  announce()
}

// announce writes only changes, because screen readers read every write.
export function announce() {
  if (!banner) return
  banner.dataset.state = state
  const text = sentence()
  if (text === announced) return
  announced = text
  banner.textContent = text
  if (state === 'signed-out') banner.append(' ', signInLink())
}

function signInLink() {
  const link = document.createElement('a')
  link.href = '/sign-in?next=' + encodeURIComponent(location.pathname + location.search)
  link.textContent = banner.dataset.signIn
  return link
}

function sentence() {
  const now = Date.now()
  if (state === 'signed-out') return banner.dataset.signedOut
  if (state === 'closed') return banner.dataset.closed
  if (unsentSince && (offline || now - unsentSince > unsentAfter)) return banner.dataset.unsent
  if (state && (offline || (state !== 'live' && now - since > lostAfter))) return banner.dataset.lost
  return problem
}
