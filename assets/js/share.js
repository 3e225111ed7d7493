// The page of a new invitation: buttons that copy its link, and hand it to the share sheet where there is one.
// They are made here, because text browsers show hidden ones, too.

const box = document.getElementById('new-link')
const { copy, copied, share } = box.dataset
const url = box.querySelector('a').href

const row = document.createElement('p')
row.className = 'actions'
const said = document.createElement('p')
said.className = 'hint'
said.setAttribute('role', 'status')

function offer(label, act) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = label
  button.addEventListener('click', () => act().catch(() => {})) // somebody who closes the share sheet has changed their mind
  row.append(button)
}

// Without https there is no clipboard for scripts.
if (navigator.clipboard) {
  offer(copy, async () => {
    said.textContent = ''
    await navigator.clipboard.writeText(url)
    said.textContent = copied
  })
}
if (navigator.share) offer(share, () => navigator.share({ url }))
if (row.firstChild) box.querySelector('.made').after(row, said)
