//go:build !race

package photo

// raceDetector keeps a shadow of all memory, several times its size.
const raceDetector = false
