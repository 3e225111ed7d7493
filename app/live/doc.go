// Package live tells the viewers of a room that something was committed: the bus is the doorbell
// between processes, the hub reads the database and wakes the viewers.
//
// A signal is a hint to look into the database and never carries content, so one that is lost,
// doubled, late or forged costs a read at most; whoever handles a signal must keep it that way.
// A process hears its own signals at once, Redis or no Redis, because its viewers must not wait for
// a bus that is down. That no error came says nothing about the bus, only our own heartbeat does: the
// Redis client notices nothing while its server is frozen. Nothing here waits for Redis but the
// goroutines made for it; a full queue is dropped and told to the others as "you missed something".
package live
