// Announces what is new while nobody is looking: in the title and the icon of the tab, and as the profile says
// with a notification and a sound.
//
// One tab of the browser listens for all (the leader), over a stream with little in it. Tabs that are hidden
// choose it, and all do if the person wants notifications. They talk over a channel; in a browser without one,
// each listens for itself.

import { use } from './use.js'

const { store } = parley
const { me, notify, sound } = document.body.dataset
const wanted = notify !== undefined || sound !== undefined
const patience = 4000 // ms in which what somebody is reading elsewhere becomes read (reading.js: at most 3000, and the way)
const silence = 60000 // ms without an event, after which the stream is dead
const id = Math.random()

const list = document.querySelector('#messages[data-room]')
let channel = null
let source = null // of the leader
let heardAt = 0 // 0 once nobody is signed in, or somebody else, and there is nothing to ask for
let candidacy = 0
let state = null // what the stream said last
let newest = store.get('newest') // when the newest message came that is known of; null at first
let seen = new Set() // rooms that are open in a tab that can be seen
let requests = countOf('#requests')
const notes = [] // that this page has shown

export function start() {
  if (!me) return
  showOwn()
  const form = document.querySelector('#calls')
  if (form) use('permit', form)
  document.addEventListener('htmx:after:swap', showOwn)
  if (globalThis.BroadcastChannel) {
    channel = new BroadcastChannel('parley:' + me)
    channel.onmessage = ({ data }) => onTold(data)
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return campaign()
    showOwn()
    if (!wanted) resign()
  })
  addEventListener('pagehide', () => {
    resign()
    dismiss()
  })
  addEventListener('online', listen)
  setInterval(() => {
    if (!source) campaign() // in case the leader is gone without a word
    // A busy server answers with an error, after which a browser does not come back by itself.
    else if (heardAt && (source.readyState > 1 || Date.now() - heardAt > silence)) listen()
  }, 30000)
  campaign()
}

const tell = (what) => channel?.postMessage(what)

function onTold({ who, leader, left, said, open }) {
  if (who && source) tell({ leader: id, said: state })
  if (leader) clearTimeout(candidacy)
  if (leader < id) resign(true)
  else if (leader && source) tell({ leader: id })
  if (left) campaign()
  if (said) hear(said)
  if (open) seen.add(open)
}

function campaign() {
  if (source || !document.hidden && !wanted) return
  clearTimeout(candidacy)
  tell({ who: id })
  candidacy = setTimeout(() => {
    tell({ leader: id })
    source = {}
    listen()
  }, 200 + 300 * Math.random())
}

function resign(quietly) {
  clearTimeout(candidacy)
  if (!source) return
  source.close()
  source = null
  if (quietly !== true) tell({ left: id })
}

function listen() {
  if (!source) return
  source.close?.()
  heardAt = Date.now()
  source = new EventSource('/events?page=hidden&me=' + me)
  source.onmessage = ({ data }) => {
    heardAt = Date.now()
    const said = JSON.parse(data)
    tell({ said })
    hear(said, true)
  }
  source.addEventListener('heartbeat', () => { heardAt = Date.now() })
  source.addEventListener('signed-out', stop)
  source.addEventListener('reset', stop)
}

function stop() {
  source.close()
  heardAt = 0
  dismiss()
}

function hear(said, leads) {
  const known = newest === null ? Infinity : newest
  const asked = said.requests > requests
  state = said
  requests = said.requests
  newest = Math.max(newest || 0, ...said.rooms.map(({ at }) => at))
  store.put('newest', newest)
  if (document.hidden) show(said.unread + said.requests)
  const open = !document.hidden && list && Number(list.dataset.room)
  if (open) tell({ open })
  if (!leads || !wanted) return
  seen = new Set([open])
  const fresh = said.rooms.filter(({ at }) => at > known)
  if (fresh.length > 0 || asked) setTimeout(call, patience, fresh, asked)
}

// call announces what is still new.
function call(rooms, asked) {
  for (const { room, at, title, text } of rooms) {
    if (!seen.has(room) && state.rooms.some((other) => other.room === room)) announce('/rooms/' + room, at, title, text)
  }
  if (asked && state.requests) announce('/friends', Math.floor(Date.now() / 10000), notify || 'Parley', '')
}

// isFirst reports whether no other tab announces this. All tabs that want to say so; the last one announces it, as soon
// as each has read what the others have written.
async function isFirst(what, at) {
  const key = 'parley:told:' + what
  const mine = at + ' ' + id
  try {
    if (parseFloat(localStorage.getItem(key)) >= at) return false
    localStorage.setItem(key, mine)
    await new Promise((done) => setTimeout(done, 500))
    return localStorage.getItem(key) === mine
  } catch {
    return true // in a browser that stores nothing, which has nothing to tell tabs apart by
  }
}

// dismiss leaves no notification for the next person at this screen, nor one that is about to be shown.
function dismiss() {
  state = { rooms: [] }
  notes.forEach((note) => note.close())
}

async function announce(path, at, title, body) {
  if (!await isFirst(path, at)) return
  if (sound !== undefined) use('play')
  if (notify === undefined || !globalThis.Notification || Notification.permission !== 'granted') return
  try {
    const { href } = document.querySelector('link[rel=icon]')
    const notification = new Notification(title, { body, tag: path, icon: href, silent: true })
    notes.push(notification)
    notification.onclick = () => {
      notification.close()
      focus()
      location.assign(path)
    }
  } catch {
    // Phones have none for a page.
  }
}

// showOwn counts what the page itself shows.
function showOwn() {
  if (!document.hidden) show(countOf('#rooms .unread, #requests'))
}

function countOf(selector) {
  let n = 0
  for (const mark of document.querySelectorAll(selector)) n += mark.dataset.count | 0
  return n
}

function show(n) {
  const title = document.title.replace(/^\(\d+\+?\) /, '')
  document.title = n ? `(${n > 999 ? '999+' : n}) ${title}` : title
  for (const link of document.querySelectorAll('link[data-dot]')) {
    const { dot, plain = link.getAttribute('href') } = link.dataset
    link.dataset.plain = plain
    const next = n ? dot : plain
    if (link.getAttribute('href') !== next) link.setAttribute('href', next)
  }
}
