// Messages that do not go over the socket: photos are too large for it, and some networks block WebSockets.

const { composer, connection, parse } = parley

const form = document.querySelector('#composer')
const progress = form?.querySelector('progress')

export function post(entry) {
  const { body, key, replyTo, photos } = entry
  const request = entry.request = new XMLHttpRequest() // fetch has no upload progress
  entry.away = Date.now()
  request.upload.onprogress = ({ loaded, total }) => { progress.value = loaded / total }
  request.onloadend = () => {
    entry.request = null
    progress.hidden = true
    const { status } = request
    if (status === 401) connection.end('signed-out')
    if (status === 404) connection.end('closed')
    const page = parse(request.responseText)
    const output = page.querySelector('output')
    const problem = page.querySelector('[role=alert]')
    // Without an answer, text is sent again by itself.
    const answer = output ? output.dataset : { refused: status || photos ? 'other' : '503' }
    composer.onAnswer(entry, answer, problem ? problem.textContent : reasonFor(status))
  }
  request.open('POST', form.action)
  request.setRequestHeader('HX-Request', 'true')
  request.send(photos ? photos.data : new URLSearchParams({ body, key, reply_to: replyTo || '', me: form.elements.me.value }))
  progress.value = 0
  progress.hidden = !photos
}

// reasonFor explains an answer that is not the server's: 0 is none.
function reasonFor(status) {
  const words = form.dataset
  if (status === 413) return words.large
  return status > 399 ? words.refused.replace('{what}', status) : words.unanswered
}
