// What is typed is completed: @ to a person in the room, : to an emoji. And the picker of emoji, which works the
// same way with a field of its own.

import * as emoji from './emoji.js'

const box = document.querySelector('#suggestions')
const pick = document.querySelector('#pick')

// A mark that is not in a word or an address, what follows it, and the colon that closes a shortcode.
const beforeCaret = /(?:^|[^\p{L}\p{M}\p{N}_@:/.`])([@:])([^\s@:]{0,30})(:?)$/u
const inAddress = /:\/\/\S*$/
const inWord = /^[\p{L}\p{M}\p{N}_]/u

let start = -1 // where the word begins that is completed
let asked = 0 // counts questions: an answer to an old one is of no use

// The box moves from the composer to the form for an edit and back; its form is the one that is written in.
const field = () => box.closest('form').elements.body

export function complete() {
  pick.onclick = () => emoji.open(pick, insert)
  const list = emoji.listbox(document, field, box, replace)
  const look = async (event) => {
    const { target } = event
    if (target !== field()) return
    const question = ++asked
    const { value, selectionStart: end } = target
    const before = value.slice(0, end)
    const [, mark, word, closing] = beforeCaret.exec(before) || []
    const inCode = before.split('`').length % 2 === 0
    if (!mark || inCode || inAddress.test(before) || inWord.test(value.slice(end)) || end !== target.selectionEnd
      || mark === ':' && word.length < 2 || closing && !(mark === ':' && isTyped(event))) return list.show('')
    const found = closing ? await emoji.named(word) : mark === ':' ? emoji.options(await emoji.search(word, 8)) : await people(word)
    if (question !== asked || target !== field()) return
    start = end - word.length - closing.length - 1
    list.show(closing ? '' : found)
    if (closing && found) replace(found)
  }
  document.addEventListener('input', look, true) // in the capture phase, because not every one bubbles
  document.addEventListener('click', look)
  document.addEventListener('focusout', ({ target }) => target === field() && list.show(''))
}

// isTyped reports whether a sign is new: whoever undoes a completion, or deletes, does not want it again.
const isTyped = ({ type, inputType, isComposing }) => type === 'input' && !isComposing && !/^(history|delete)/.test(inputType)

// replace replaces what was typed of a word with a text.
function replace(text) {
  field().setSelectionRange(start, field().selectionStart)
  insert(text)
}

async function people(word) {
  const response = await fetch(`/rooms/${document.querySelector('#messages').dataset.room}/people?q=${encodeURIComponent(word)}`, {
    headers: { 'HX-Request': 'true' }, redirect: 'error',
  }).catch(() => ({}))
  return response.ok ? response.text() : ''
}

// insert types a text for the person, so that it can be undone.
function insert(text) {
  const textarea = field()
  textarea.focus()
  if (document.execCommand('insertText', false, text)) return
  textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, 'end')
  textarea.dispatchEvent(new Event('input'))
}
