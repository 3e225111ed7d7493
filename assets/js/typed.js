// What is typed: the others see that somebody is typing, the field grows, and what completes names and emoji
// is fetched at first use.

import { use } from './use.js'

const { socket } = parley

const interval = 3000 // ms between two notices that somebody is typing; the others show one for twice as long

const textarea = document.querySelector('#body')
const pick = document.querySelector('#pick')

let sentAt = 0

export function start() {
  if (!pick) return
  if (document.querySelector('#outbox')) textarea.addEventListener('input', tell)
  if (!CSS.supports('field-sizing', 'content')) grow()
  pick.hidden = false
  pick.onclick = () => complete(() => pick.click())
  document.addEventListener('input', onMark)
}

// onMark waits for the first sign that begins something that can be completed.
function onMark({ target }) {
  const isMark = target.name === 'body' && /\B[@:]\S*$/.test(target.value.slice(0, target.selectionStart))
  if (isMark) complete(() => target.dispatchEvent(new Event('input')))
}

function complete(then) {
  pick.onclick = null
  document.removeEventListener('input', onMark)
  use('complete').then(then)
}

// A notice from tell may get lost.
function tell() {
  const now = Date.now()
  if (textarea.value.trim() && now - sentAt >= interval && socket.send('{"writing":true}')) sentAt = now
}

// grow is for browsers whose style sheets cannot let the field grow with its text.
function grow() {
  const fit = () => {
    textarea.style.blockSize = 'auto'
    textarea.style.blockSize = textarea.scrollHeight + 'px'
  }
  textarea.rows = 1
  textarea.addEventListener('input', fit)
  fit()
}
