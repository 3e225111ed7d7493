// What few pages need is in a third file (rare.js), which is fetched when it is first used.

let loading

// use calls a function of that file, as soon as it is here.
export function use(name, ...args) {
  loading = loading || new Promise(load)
  return loading.then(() => parley.rare[name](...args))
}

// load asks again for a file that could not be had: the server may have gone away just then.
function load(done) {
  const script = document.createElement('script')
  script.onload = done
  script.onerror = () => setTimeout(load, 4000, done)
  script.src = document.querySelector('[data-rare]').dataset.rare
  document.head.append(script)
}
