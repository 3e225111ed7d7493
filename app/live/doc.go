// Package live keeps the viewers of a room up to date: the hub hears on the bus that a room's log
// has grown, reads what is new from the database, and writes it to every stream.
//
// A signal from the bus is a hint and carries no content, so the hub must survive one that is lost,
// doubled, late or forged: it reads what follows its head, in order, and never skips.
package live
