// Parley works without this script. With it, pages stay up to date and typed text survives. htmx
// handles the stream and the socket. This script does what htmx leaves to the page: it notices dead
// connections, says so, and never loses a word that somebody has typed.
//
//   connection.js  the state of the connection, in one sentence
//   stream.js      incoming: server-sent events
//   socket.js      outgoing: the WebSocket
//   composer.js    the form for writing messages
//   reading.js     read receipts
//   page.js        small things for every page
//   store.js       what outlives a page, in this tab
//
// What a room can be read and written without is in a second file (later.js), which is fetched when the page
// has nothing else to do. Until it is here, its links and buttons work as they do without scripts.

import * as composer from './composer.js'
import * as connection from './connection.js'
import * as page from './page.js'
import * as reading from './reading.js'
import * as socket from './socket.js'
import * as store from './store.js'
import * as stream from './stream.js'

// What the second file needs from this one, whose state must not exist twice.
globalThis.parley = { composer, connection, isAtEnd: reading.isAtEnd, parse: page.parse, problemOf: page.problemOf, socket, store }

page.start()
stream.start()
socket.start()
composer.start()
reading.start()

// A hidden tab is disconnected on purpose, and has nobody to tell.
setInterval(() => {
  if (document.hidden) return
  stream.check()
  composer.check()
  connection.announce()
}, 500)

const { later } = document.currentScript.dataset
const whenIdle = globalThis.requestIdleCallback || setTimeout
// load asks again for a file that could not be had: the server may have gone away just then.
function load() {
  const script = document.createElement('script')
  script.src = later
  script.onerror = () => setTimeout(load, 4000)
  document.head.append(script)
}
if (later) whenIdle(load, { timeout: 2000 })
