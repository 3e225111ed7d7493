// What comes in. htmx reads the stream, puts messages in their place and comes back after a lost
// connection. It does not come back when the first connect fails, does not notice a line that is
// dead without having been closed, and appends whatever page it gets instead of a stream. That is
// mended here.

import * as connection from './connection.js'
import * as store from './store.js'

const source = document.querySelector('[hx-sse\\:connect]')

const patience = 1000 * ((source && Number(source.dataset.patience)) || 45) // of silence, in ms
const behindFor = Math.min(5000, patience) // ms that an entry may take after the heartbeat told of it
const hurry = 3000 // ms between tries in the first minute without a line
const calm = 15000 // ms between tries after it, or when the server itself refuses
const betweenReloads = 10000 // ms
const brief = 1000 // ms: what ends sooner without a word was no stream

let line = null // htmx's connection; it has a reader while bytes can come
let wasLive = false
let lostAt = 0
let heardAt = 0
let head = '' // the newest entry there is, by the last heartbeat
let behindSince = 0
let mute = false // this connection has not said anything yet
let refused = false // the last answer was a status, not a lost line
let failures = 0
let retryTimer = 0
let reloading = false
let whenSilent = () => {}

export const onSilence = (listener) => { whenSilent = listener }

const isLive = () => Boolean(line && line.reader)

export function start() {
  if (!source) return
  connection.become('connecting')
  connection.onEnd(hangUp)
  htmx.config.sse = { connectTimeout: 8000, ...htmx.config.sse }

  const on = (name, listener) => source.addEventListener(name, (event) => {
    if (event.target === source) listener(event, event.detail)
  })
  on('htmx:sse:before:connection', allow)
  on('htmx:sse:after:connection', connected)
  on('htmx:sse:before:message', (event, { message }) => heard(message))
  on('htmx:sse:after:message', (event, detail) => keepCursor(detail.connection))
  on('htmx:sse:error', (event, { status }) => failed(status))
  on('htmx:sse:close', lost)
  // The first connect: only an answer that is no stream gets as far as this event.
  on('htmx:before:response', (event, { ctx }) => {
    event.preventDefault()
    const { status, body } = ctx.response.raw
    if (body) body.cancel()
    failed(status)
    retry()
  })
  on('htmx:error', retry)

  addEventListener('online', hasten)
  document.addEventListener('visibilitychange', () => {
    mute = false
    heardAt = Date.now()
    connection.comeBack()
    if (!document.hidden) check()
  })
}

// allow lets htmx connect again, and tells it how patiently. What was no stream, a page perhaps,
// htmx would ask for twice a second for ever.
function allow(event, detail) {
  line = detail.connection
  const { attempt, config } = line
  const noStream = attempt > 0 && mute && Date.now() - heardAt < brief
  if (connection.isOver() || reloading || noStream) return event.preventDefault()
  if (attempt === 1) lostAt = Date.now()
  const unrushed = refused || Date.now() - lostAt > 60000
  // The server's own advice (retry:) may ask for more, to spread those who come back.
  config.reconnectMaxDelay = Math.max(unrushed ? calm : hurry, config.reconnectDelay)
  // A dead line is given up soon, a slow one gets more time with each try.
  config.connectTimeout = Math.min(3000 + 1000 * attempt, calm)
}

function connected() {
  wasLive = mute = true
  refused = false
  behindSince = 0
  heardAt = Date.now()
  setTimeout(check) // by then htmx has begun to read
}

function heard({ event, data }) {
  mute = false
  failures = 0
  heardAt = Date.now()
  if (event === 'heartbeat') head = data
  if (event === 'reset') reload()
  if (event === 'closed' || event === 'signed-out') connection.end(event)
}

// The page's cursor is in #messages, where the server put it. A stream that is begun anew, not
// resumed by htmx, must begin there.
function keepCursor({ lastEventId }) {
  if (source.dataset.cursor && lastEventId) source.dataset.cursor = lastEventId
}

function failed(status) {
  refused = Boolean(status)
  if (status === 401) connection.end('signed-out')
  if (status === 404) connection.end('closed')
}

function lost() {
  line = null
  check()
  retry()
}

// retry begins anew what htmx has given up. Only then: a loop of htmx that still runs would go on
// beside the new one.
function retry() {
  if (connection.isOver() || reloading) return
  clearTimeout(retryTimer)
  const wait = Math.min(1000 * 2 ** failures++, calm)
  retryTimer = setTimeout(connect, wait * (0.7 + 0.3 * Math.random()))
}

function connect() {
  retryTimer = 0
  if (connection.isOver() || line) return
  if (document.hidden) return document.addEventListener('visibilitychange', connect, { once: true })
  const url = new URL(source.getAttribute('hx-sse:connect'), location)
  if (source.dataset.cursor) url.searchParams.set('after', source.dataset.cursor)
  source.setAttribute('hx-sse:connect', url.pathname + url.search)
  htmx.process(source, true)
}

// hasten ends a wait: something else has just shown that the server can be reached.
export function hasten() {
  if (line && line.delayCanceller) line.delayCanceller()
  if (!retryTimer) return
  clearTimeout(retryTimer)
  connect()
}

function hangUp() {
  mute = false
  behindSince = 0
  if (isLive()) line.reader.cancel()
}

// isAhead compares cursors, <epoch>-<seq>. Another epoch is another history: it counts as ahead.
function isAhead(cursor, known) {
  const [epoch, seq] = cursor.split('-')
  const [knownEpoch, knownSeq] = known.split('-')
  return epoch !== knownEpoch || Number(seq) > Number(knownSeq)
}

// check finds the line that looks healthy and is not: nothing comes any more, or heartbeats tell of
// entries that do not come.
export function check() {
  if (!source) return
  connection.become(isLive() ? 'live' : wasLive ? 'waiting' : 'connecting')
  if (!isLive()) return
  const now = Date.now()
  const cursor = line.lastEventId || source.dataset.cursor
  behindSince = head && cursor && isAhead(head, cursor) ? behindSince || now : 0
  if (behindSince && now - behindSince > behindFor) hangUp()
  if (now - heardAt > patience) {
    heardAt = now
    hangUp()
    whenSilent()
  }
}

// reload is what the server asks for when it cannot tell what was missed. Once is enough; if the
// next page is asked for it as well, it must not become a storm.
function reload() {
  if (reloading) return
  reloading = true
  hangUp()
  const last = Number(store.get('reloaded')) || 0
  const stored = store.put('reloaded', Date.now())
  setTimeout(() => location.reload(), stored ? last + betweenReloads - Date.now() : betweenReloads)
}
