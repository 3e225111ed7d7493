// What a message that waits says after a moment, and what can be done about it.

const { composer, connection, socket } = parley

const lateAfter = 3000 // ms

const outbox = document.querySelector('#outbox')
const ofItem = (target) => composer.queue.find(({ item }) => item.contains(target))

export function start() {
  if (!outbox) return
  setInterval(show, 500)
  // In a browser that refuses to store anything, at least nobody leaves by mistake.
  addEventListener('beforeunload', (event) => {
    if (!composer.stored && composer.queue.length) event.preventDefault()
  })
  outbox.onclick = ({ target }) => {
    const entry = ofItem(target)
    if (!entry || !target.matches('button')) return
    if (target.matches('.again')) tryAgain(entry)
    else takeBack(entry)
  }
}

function show() {
  const [first] = composer.queue
  if (!first) return
  const isLate = connection.isOffline() || connection.isOver() || Date.now() - first.since > lateAfter
  for (const { item, refused, final, seq } of composer.queue) {
    const line = item.querySelector('p')
    if (refused) line.firstChild.textContent = refused
    line.querySelector('.again').hidden = final
    line.hidden = seq || !(refused || isLate)
  }
}

function tryAgain(entry) {
  if (entry.away === Infinity) entry.away = 0
  if (entry.away && !entry.request) socket.close() // htmx reconnects, and the message is sent again
  entry.refused = ''
  composer.pump()
}

function takeBack(entry) {
  const { request, final } = entry
  composer.giveBack(entry, !final)
  document.querySelector('#body').focus()
  request?.abort()
}
