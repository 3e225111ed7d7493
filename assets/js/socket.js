// Outgoing: the WebSocket. htmx opens it, reconnects, and puts the answers in their places. The composer has a
// queue of its own and sends from it here, because that of htmx forgets a message that it has sent just before
// the connection broke, and is gone with the page.
//
// This file uses internals of htmx's connection (socket), so package.json pins the version of htmx, and
// e2e/client tests this file with it.

import * as connection from './connection.js'
import * as stream from './stream.js'

const section = document.querySelector('[hx-ws\\:connect]')

const maxDelay = 4000 // ms between attempts, for a socket that has worked
const maxDelayBlocked = 60000 // ms for one that never has: something on the way blocks WebSockets

let htmxConnection = null
let opened = false // ever, on this page
let failed = false
let unusable = false // nothing sent now would arrive
let openListener = () => {}

export function start() {
  if (!section) return
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
export const isOpen = () => htmxConnection?.socket?.readyState === WebSocket.OPEN

// isBlocked reports whether no message will ever be sent, as where WebSockets are blocked: there the stream
// works, and the socket has never opened.
export const isBlocked = () => unusable || (failed && !opened && connection.isLive())
export const neverOpened = () => !opened

// send reports whether the socket was open.
export function send(message) {
  const isSent = isOpen()
  if (isSent) htmxConnection.socket.send(message)
  return isSent
}

export function close() {
  if (isOpen()) htmxConnection.socket.close()
}
