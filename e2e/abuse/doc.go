// Package abuse shows that six people can't slow everybody else: they do at once, and as fast as they are let,
// whatever makes work for others, against the real binary with its limits on, while two people chat.
//
//	just abuse                          a minute of everything, on SQLite and on MariaDB with Redis
//	just abuse -only uploads,search     some of it; the names are in the table
//	just abuse -each 10s                each kind alone, without limits on what it may cost
//	just abuse -profile /tmp/abuse      with a CPU profile of the server during the abuse
//
// `just evening` adds a crowd of strangers, on two processes.
//
// Before that, the same six read pages as often. What that costs the two people is the machine's doing, not the
// abuse's. docs/abuse.md has the figures.
package abuse
