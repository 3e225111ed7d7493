// play makes two short notes.
export function play() {
  const Context = globalThis.AudioContext || globalThis.webkitAudioContext
  if (!Context) return
  const audio = new Context()
  const volume = audio.createGain()
  volume.connect(audio.destination)
  volume.gain.setValueAtTime(0.12, audio.currentTime)
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4)
  for (const [i, frequency] of [660, 880].entries()) {
    const note = audio.createOscillator()
    note.frequency.value = frequency
    note.connect(volume)
    note.start(audio.currentTime + i * 0.1)
    note.stop(audio.currentTime + 0.4)
    note.onended = () => i && audio.close()
  }
}
