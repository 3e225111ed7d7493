// Outgoing: the WebSocket. htmx sends the composer over it, queues messages while it is down, and
// reconnects. It forgets a message that it has sent just before the connection broke; the composer keeps
// that message until it is answered, and resends it here.
//
// This file uses internals of htmx's connection (queue, socket), so package.json pins the version of htmx,
// and e2e/client tests this file with it.

import * as connection from './connection.js'
import * as stream from './stream.js'

const section = document.querySelector('[hx-ws\\:connect]')

const maxDelay = 4000 // ms between attempts, for a socket that has worked
const maxDelayBlocked = 60000 // ms for one that never has: something on the way blocks WebSockets
const typingInterval = 3000 // ms; the others show it for twice as long

// Those of htmx, and 1000, with which a server answers our own close. Not 1008 and not 4000 onwards:
// with those the server means to stay closed.
const reconnectCodes = [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014]

let typingSentAt = 0
let htmxConnection = null
let opened = false // ever, on this page
let failed = false
let unusable = false // nothing sent now would arrive
let openListener = () => {}

export function start() {
  if (!section) return
  htmx.config.ws = { reconnectMaxDelay: maxDelay, reconnectCodes, ...htmx.config.ws }
  section.addEventListener('htmx:ws:before:connection', (event) => {
    if (connection.isOver()) return event.preventDefault()
    htmxConnection = event.detail.connection
  })
  section.addEventListener('htmx:ws:after:connection', () => {
    opened = true
    unusable = false
    openListener()
    stream.retryNow()
  })
  // What silently killed the stream has most likely killed the socket too.
  stream.onSilence(close)
  section.addEventListener('htmx:ws:close', (event) => onClose(event.detail))
  // Destroys htmx's socket with its timers; the listener above refuses the new one.
  connection.onEnd(() => htmx.process(section, true))
}

function onClose({ code }) {
  if (connection.isOver()) return
  failed = true
  const { config } = htmxConnection
  unusable = !config.reconnectCodes.includes(code)
  config.reconnectMaxDelay = opened ? maxDelay : maxDelayBlocked
  if (code === 4401) connection.end('signed-out')
  if (code === 4404) connection.end('closed')
}

export const onOpen = (listener) => { openListener = listener }
export const isOpen = () => Boolean(htmxConnection && htmxConnection.socket && htmxConnection.socket.readyState === WebSocket.OPEN)

// canSend reports whether a message given to htmx now is sent sooner or later. It is not where WebSockets
// are blocked: there the stream works, and the socket has never opened.
export const canSend = () => Boolean(htmxConnection) && !unusable && (opened || !failed || !connection.isLive())
export const isUnusable = () => unusable
export const neverOpened = () => !opened

// send resends a message, unless it is still in htmx's queue and is sent from there.
export function send(message) {
  if (isOpen() && !htmxConnection.queue.length) htmxConnection.socket.send(message)
}

// sendTyping tells the others in the room that somebody is typing. It may get lost.
export function sendTyping() {
  const now = Date.now()
  if (now - typingSentAt < typingInterval || !isOpen()) return
  typingSentAt = now
  htmxConnection.socket.send('{"writing":true}')
}

// withdraw takes back what has not been sent. Nothing more is sent unless the socket opens after all.
export function withdraw() {
  htmxConnection.queue.length = 0
  unusable = true
}

export function close() {
  if (isOpen()) htmxConnection.socket.close()
}
