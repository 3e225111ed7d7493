// What a room can be read and written without: parley.js fetches this when the page has nothing else to do.
// The state of the page exists only once, in parley.js, which passes it to this file as `parley`.
//
//   act.js       what can be done about a message
//   days.js      the names of days
//   doors.js     what a page asks for of the third file
//   list.js      the list of messages as a window on the whole room
//   menus.js     what closes a menu
//   notify.js    announces what is new when nobody is looking
//   outbox.js    messages that wait
//   photos.js    photos in the composer
//   post.js      messages that do not go over the socket
//   roam.js      the keys that move through messages
//   rooms.js     finds rooms, and marks those with a draft
//   typed.js     what is typed, and what completes it
//   use.js       fetches what few pages need (rare.js)

import * as act from './act.js'
import * as days from './days.js'
import * as doors from './doors.js'
import * as list from './list.js'
import * as menus from './menus.js'
import * as notify from './notify.js'
import * as outbox from './outbox.js'
import * as photos from './photos.js'
import * as roam from './roam.js'
import * as rooms from './rooms.js'
import * as typed from './typed.js'

act.start()
days.start()
list.start(() => {
  days.name()
  roam.refresh()
})
menus.start(act.closeActions)
outbox.start()
photos.start()
typed.start()
roam.start()
rooms.start()
notify.start()
doors.start()
