// Incoming: server-sent events. htmx reads the stream, puts messages in their place and reconnects
// after a lost connection. It does not reconnect after a failed first attempt, does not notice a dead
// connection that was never closed, and appends any page that it gets instead of a stream. This file
// makes up for that.
//
// It uses internals of htmx's connection (reader, delayCanceller, visibilityHandler), so package.json pins the
// version of htmx, and e2e/client tests this file with it.

import * as connection from './connection.js'
import * as store from './store.js'

const source = document.querySelector('[hx-sse\\:connect]')

const silenceLimit = 1000 * (source?.dataset.patience || 45) // ms without an event; heartbeats are more frequent
const behindLimit = Math.min(5000, silenceLimit) // ms between a heartbeat that announces an entry and the entry
const maxDelay = 3000 // ms between attempts in the first minute without a connection
const maxDelayCalm = 15000 // ms after that, or when the server itself refuses
const minReloadInterval = 10000 // ms
const shortestStream = 1000 // ms; what ends sooner without an event was not a stream

let htmxConnection = null // has a reader while it is open
let wasLive = false
let lostAt = 0
let heardAt = 0
let newestCursor = '' // of the newest entry there is, from the last heartbeat
let behindSince = 0
let silent = false // no event on this connection yet
let refused = false // the last attempt got an error status, not a broken connection
let failures = 0
let retryTimer = 0
let reloading = false
let silenceListener = () => {}

export const onSilence = (listener) => { silenceListener = listener }

const isLive = () => Boolean(htmxConnection?.reader)

export function start() {
  if (!source) return
  connection.setState('connecting')
  connection.onEnd(disconnect)

  const on = (name, listener) => source.addEventListener(name, (event) => {
    if (event.target === source) listener(event, event.detail)
  })
  on('htmx:sse:before:connection', beforeConnect)
  on('htmx:sse:after:connection', onConnect)
  on('htmx:sse:before:message', (event, { message }) => onMessage(message))
  on('htmx:sse:after:message', (event, detail) => saveCursor(detail.connection))
  on('htmx:sse:error', (event, { status }) => onError(status))
  on('htmx:sse:close', onClose)
  // The first attempt: only an answer that is no stream gets as far as this event.
  on('htmx:before:response', (event, { ctx }) => {
    event.preventDefault()
    const { status, body } = ctx.response.raw
    if (body) body.cancel()
    onError(status)
    retry()
  })
  on('htmx:error', retry)

  addEventListener('online', retryNow)
  document.addEventListener('visibilitychange', () => {
    silent = false
    heardAt = Date.now()
    connection.resetClock()
    if (!document.hidden) check()
  })
}

// beforeConnect lets htmx reconnect, and sets how patiently. It stops after an answer that was no
// stream, which htmx would request twice a second forever.
function beforeConnect(event, detail) {
  htmxConnection = detail.connection
  const { attempt, config } = htmxConnection
  const noStream = attempt > 0 && silent && Date.now() - heardAt < shortestStream
  if (connection.isOver() || reloading || noStream) return event.preventDefault()
  if (attempt === 1) lostAt = Date.now()
  const calm = refused || Date.now() - lostAt > 60000
  // The server may ask for more (retry:), to spread the load of everybody reconnecting.
  config.reconnectMaxDelay = Math.max(calm ? maxDelayCalm : maxDelay, config.reconnectDelay)
  // A dead connection is given up soon, a slow one gets more time with each attempt.
  config.connectTimeout = Math.min(3000 + 1000 * attempt, maxDelayCalm)
}

function onConnect() {
  wasLive = silent = true
  refused = false
  behindSince = 0
  heardAt = Date.now()
  setTimeout(onReader)
}

// onReader is called when htmx has its reader. htmx pauses what is open when the tab is hidden, but not what was
// still connecting then, nor a tab that was opened hidden: six of those, and the browser connects no more.
function onReader() {
  if (document.hidden && isLive()) htmxConnection.visibilityHandler()
  check()
}

function onMessage({ event, data }) {
  silent = false
  failures = 0
  connection.heard()
  heardAt = Date.now()
  if (event === 'heartbeat') newestCursor = data
  if (event === 'reset') reload()
  if (event === 'closed' || event === 'signed-out') connection.end(event)
}

// saveCursor keeps the cursor in #messages, where the server put it, for a stream that is started again
// and not resumed by htmx.
function saveCursor({ lastEventId }) {
  if (source.dataset.cursor && lastEventId) source.dataset.cursor = lastEventId
}

function onError(status) {
  refused = Boolean(status)
  if (status === 401) connection.end('signed-out')
  if (status === 404) connection.end('closed')
}

function onClose() {
  htmxConnection = null
  check()
  retry()
}

// retry starts again what htmx has given up, and only that: a retry loop of htmx that is still running
// would go on beside the new one.
function retry() {
  if (connection.isOver() || reloading) return
  clearTimeout(retryTimer)
  const wait = Math.min(1000 * 2 ** failures++, maxDelayCalm)
  retryTimer = setTimeout(connect, wait * (0.7 + 0.3 * Math.random()))
}

function connect() {
  retryTimer = 0
  if (connection.isOver() || htmxConnection) return
  if (document.hidden) return document.addEventListener('visibilitychange', connect, { once: true })
  const url = new URL(source.getAttribute('hx-sse:connect'), location)
  if (source.dataset.cursor) url.searchParams.set('after', source.dataset.cursor)
  source.setAttribute('hx-sse:connect', url.pathname + url.search)
  htmx.process(source, true)
}

// retryNow ends the wait, because something else has just shown that the server can be reached.
export function retryNow() {
  htmxConnection?.delayCanceller?.()
  if (!retryTimer) return
  clearTimeout(retryTimer)
  connect()
}

function disconnect() {
  silent = false
  behindSince = 0
  if (isLive()) htmxConnection.reader.cancel()
}

// isAhead compares cursors, <epoch>-<seq>. Another epoch is another history, and counts as ahead.
function isAhead(cursor, known) {
  const [epoch, seq] = cursor.split('-')
  const [knownEpoch, knownSeq] = known.split('-')
  return epoch !== knownEpoch || Number(seq) > Number(knownSeq)
}

// check finds connections that look healthy and are not: nothing arrives any more, or heartbeats announce
// entries that do not arrive.
export function check() {
  if (!source) return
  connection.setState(isLive() ? 'live' : wasLive ? 'waiting' : 'connecting')
  if (!isLive()) return
  const now = Date.now()
  const cursor = htmxConnection.lastEventId || source.dataset.cursor
  behindSince = newestCursor && cursor && isAhead(newestCursor, cursor) ? behindSince || now : 0
  if (behindSince && now - behindSince > behindLimit) disconnect()
  if (now - heardAt > silenceLimit) {
    heardAt = now
    disconnect()
    silenceListener()
  }
}

// reload is what the server asks for when it cannot tell what was missed. If the next page is asked for
// it as well, the interval keeps that from becoming a storm.
function reload() {
  if (reloading) return
  reloading = true
  disconnect()
  const last = Number(store.get('reloaded')) || 0
  const stored = store.put('reloaded', Date.now())
  setTimeout(() => location.reload(), stored ? last + minReloadInterval - Date.now() : minReloadInterval)
}
