// What few pages need is in a third file (rare.js), which is fetched when it is first used.

let loading = null

// use calls a function of that file.
export function use(name, ...args) {
  loading = loading || new Promise((done) => {
    const script = document.createElement('script')
    script.src = document.querySelector('[data-rare]').dataset.rare
    script.onload = done
    script.onerror = () => {
      loading = null // the next use tries again
    }
    document.head.append(script)
  })
  return loading.then(() => parley.rare[name](...args))
}
