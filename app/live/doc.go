// Package live keeps the open pages of a room up to date. The hub learns from the bus that a room's log
// has grown, reads the new entries from the database, and writes them to every stream.
//
// A signal from the bus is a hint without content. It may be lost, doubled, late or forged, so the hub
// always reads what follows the last entry that it has, in order, and never skips one.
package live
