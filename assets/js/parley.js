// Parley works without this script. With it, pages stay up to date and typed text survives. htmx
// handles the stream and the socket. This script does what htmx leaves to the page: it notices dead
// connections, says so, and never loses a word that somebody has typed.
//
//   connection.js  the state of the connection, in one sentence
//   stream.js      incoming: server-sent events
//   socket.js      outgoing: the WebSocket
//   composer.js    the form for writing messages
//   photos.js      its photos
//   reading.js     read receipts
//   list.js        keeps the list of messages short
//   page.js        small things for every page
//   store.js       what outlives a page, in this tab

import * as composer from './composer.js'
import * as connection from './connection.js'
import * as list from './list.js'
import * as page from './page.js'
import * as reading from './reading.js'
import * as socket from './socket.js'
import * as stream from './stream.js'

page.start()
stream.start()
socket.start()
composer.start()
reading.start()
list.start()

// A hidden tab is disconnected on purpose, and has nobody to tell.
setInterval(() => {
  if (document.hidden) return
  stream.check()
  composer.check()
  connection.announce()
}, 500)
