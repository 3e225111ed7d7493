// What goes out. htmx sends the composer over the socket, queues while it is down, and connects
// again. A frame that left before the line broke is lost to it; the composer keeps that frame until
// it is answered, and hands it back here.

import * as connection from './connection.js'
import * as stream from './stream.js'

const talk = document.querySelector('[hx-ws\\:connect]')

const hurry = 4000 // ms between tries of a socket that has worked
const calm = 60000 // ms between tries of one that never did: something on the way forbids sockets
const writeEvery = 3000 // ms; the others believe it for twice as long

// Those of htmx, and 1000: it is what a server answers to our own hanging up. No more of 1008 and
// 4000 onwards; the server means those.
const reconnectCodes = [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014]

let wroteAt = 0
let line = null // htmx's connection
let opened = false // ever, on this page
let failed = false
let gone = false // not to be counted on any more
let whenOpen = () => {}

export function start() {
  if (!talk) return
  htmx.config.ws = { reconnectMaxDelay: hurry, reconnectCodes, ...htmx.config.ws }
  talk.addEventListener('htmx:ws:before:connection', (event) => {
    if (connection.isOver()) return event.preventDefault()
    line = event.detail.connection
  })
  talk.addEventListener('htmx:ws:after:connection', () => {
    opened = true
    gone = false
    whenOpen()
    stream.hasten()
  })
  // What has killed the stream without a sound has most likely killed the socket.
  stream.onSilence(hangUp)
  talk.addEventListener('htmx:ws:close', (event) => closed(event.detail))
  // Tears down htmx's socket with its timers; the new one is refused above.
  connection.onEnd(() => htmx.process(talk, true))
}

function closed({ code }) {
  if (connection.isOver()) return
  failed = true
  const { config } = line
  gone = !config.reconnectCodes.includes(code)
  config.reconnectMaxDelay = opened ? hurry : calm
  if (code === 4401) connection.end('signed-out')
  if (code === 4404) connection.end('closed')
}

export const onOpen = (listener) => { whenOpen = listener }
export const isOpen = () => Boolean(line && line.socket && line.socket.readyState === WebSocket.OPEN)

// canCarry: a frame given to htmx now leaves sooner or later. Not so where sockets are forbidden;
// that shows when the stream lives and the socket never did.
export const canCarry = () => Boolean(line) && !gone && (opened || !failed || !connection.isLive())
export const isGone = () => gone
export const neverOpened = () => !opened

// send repeats a frame, unless it still waits in htmx's queue and leaves from there.
export function send(frame) {
  if (isOpen() && !line.queue.length) line.socket.send(frame)
}

// write tells the others in the room that something is being written. It may get lost.
export function write() {
  const now = Date.now()
  if (now - wroteAt < writeEvery || !isOpen()) return
  wroteAt = now
  line.socket.send('{"writing":true}')
}

// giveUp takes back what has not left, and carries no more unless it opens after all.
export function giveUp() {
  line.queue.length = 0
  gone = true
}

export function hangUp() {
  if (isOpen()) line.socket.close()
}
