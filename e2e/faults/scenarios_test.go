package faults

// scenarios are in the order of the table.
var scenarios = []scenario{
	{name: "F1", title: "kill -9 Redis", runs: 3, run: redisKilled},
	{name: "F2", title: "Redis frozen", quick: true, runs: 3, run: redisFrozen},
	{name: "F3", title: "Redis absent at start, then flushed", run: redisAbsent},
	{name: "F4", title: "bus signals lost and duplicated", runs: 3, run: signalsLost},
	{name: "F5", title: "kill -9 MariaDB", quick: true, runs: 3, run: databaseKilled},
	{name: "F6", title: "MariaDB frozen", run: databaseFrozen},
	{name: "F7", title: "cut exactly at COMMIT", quick: true, run: commitCut},
	{name: "F8", title: "deadlocks and lock timeouts", run: deadlocks},
	{name: "F9", title: "kill -9 a process while it stores posts", quick: true, run: processKilled},
	{name: "F10", title: "rolling restart", quick: true, runs: 3, run: rollingRestart},
	{name: "F11", title: "connections reset every 3 s", run: connectionsReset},
	{name: "F12", title: "black hole", run: blackHole},
	{name: "F13", title: "the first SSE connection fails", run: firstConnectFails},
	{name: "F14", title: "a session ends with tabs open", run: sessionEnds},
	{name: "F15", title: "a client that reads 1 byte a second", run: slowReader},
	{name: "F16", title: "one clock 10 min ahead", ownDeployment: true, run: clockOff},
	{name: "F17", title: "an older database restored", ownDeployment: true, run: restored},
	{name: "F18", title: "processes without a common bus", ownDeployment: true, run: withoutCommonBus},
	{name: "F19", title: "disk full", ownDeployment: true, run: diskFull},
	{name: "F20", title: "two processes migrate at once", ownDeployment: true, run: migrations},
	{name: "F21", title: "removal, block and sign-out during traffic", quick: true, run: removals},
	{name: "F22", title: "crossing friend requests", run: crossings},
	{name: "F23", title: "panics", ownDeployment: true, run: panics},
	{name: "L2", title: "rolling restart with many viewers", run: manyViewers},
}
