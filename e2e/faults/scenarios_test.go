package faults

// scenarios are in the order of the table. Those with a world of their own stand where they do not
// keep the shared one waiting.
var scenarios = []scenario{
	{name: "F1", title: "kill -9 Redis", seeds: 3, run: redisKilled},
	{name: "F2", title: "Redis frozen", fast: true, seeds: 3, run: redisFrozen},
	{name: "F3", title: "Redis absent at start, then flushed", run: redisAbsent},
	{name: "F4", title: "rings lost and doubled", seeds: 3, run: ringsBent},
	{name: "F5", title: "kill -9 MariaDB", fast: true, seeds: 3, run: databaseKilled},
	{name: "F6", title: "MariaDB frozen", run: databaseFrozen},
	{name: "F7", title: "cut exactly at COMMIT", fast: true, run: commitCut},
	{name: "F8", title: "deadlocks and lock timeouts", run: deadlocks},
	{name: "F9", title: "kill -9 a process in mid-post", fast: true, run: processKilled},
	{name: "F10", title: "rolling restart", fast: true, seeds: 3, run: rollingRestart},
	{name: "F11", title: "connections reset every 3 s", run: connectionsReset},
	{name: "F12", title: "black hole", run: blackHole},
	{name: "F13", title: "the first SSE connect fails", run: firstConnectFails},
	{name: "F14", title: "the session ends with tabs open", run: sessionEnds},
	{name: "F15", title: "a reader of 1 byte a second", run: slowReader},
	{name: "F16", title: "one clock 10 min off", own: true, run: clockOff},
	{name: "F17", title: "an older database restored", own: true, run: restored},
	{name: "F18", title: "processes that cannot hear each other", own: true, run: split},
	{name: "F19", title: "disk full", own: true, run: diskFull},
	{name: "F20", title: "two processes migrate at once", own: true, run: migrations},
	{name: "F21", title: "removal, block, sign-out in traffic", fast: true, run: removals},
	{name: "F22", title: "crossing friend requests", run: crossings},
	{name: "F23", title: "panics", own: true, run: panics},
	{name: "L2", title: "rolling restart with many viewers", run: manyViewers},
}
