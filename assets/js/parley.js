// Parley works without this script; with it, pages stay live and typed text survives. htmx carries
// the stream and the socket. What follows is what htmx leaves to the page: noticing that a line is
// dead, saying so, and never losing a word of what someone typed.
//
//   connection.js  the one sentence about the line to the server
//   stream.js      what comes in
//   socket.js      what goes out
//   composer.js    the box one types in
//   photos.js      the photos that go with it
//   reading.js     how far one has read
//   list.js        what leaves a list that gets long
//   page.js        small things that every page wants
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

// A hidden tab has hung up on purpose and has nobody to tell.
setInterval(() => {
  if (document.hidden) return
  stream.check()
  composer.check()
  connection.tell()
}, 500)
