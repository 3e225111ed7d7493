package web

import "parley/views/words"

// Tests look up sentences by field, so that rewording one breaks nothing.
var en, de, es = words.English(), words.In("de"), words.In("es")

// sentence fills in names as pages show them.
func sentence(text string, places ...string) string {
	marked := make([]string, len(places))
	for i, place := range places {
		marked[i] = place
		if i%2 == 1 {
			marked[i] = "<bdi>" + place + "</bdi>"
		}
	}
	return words.Fill(text, marked...)
}
