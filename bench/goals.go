package main

// goals are the project's, for two shared processors with the generator on the same; by work, case and measure. All
// others are for comparison only.
var goals = map[string]string{
	"W1a 1000 viewers server us/delivery":             "≤ 13",
	"W1a 1000 viewers delivery p50 ms":                "≤ 12",
	"W1a 1000 viewers delivery p99 ms":                "≤ 45",
	"W1b 1000 viewers, 8 senders deliveries/s":        "≥ 1,000,000",
	"W1b 1000 viewers, 64 senders server us/delivery": "≤ 0.5",
	"W2 2000 rooms, 1000 posts/s server ms/post":      "≤ 0.45",
	"W2 2000 rooms, 1000 posts/s database ms/post":    "≤ 0.4",
	"W2 2000 rooms, 1000 posts/s delivery p50 ms":     "≤ 2",
	"W2 2000 rooms, 1000 posts/s delivery p99 ms":     "≤ 25",
	"W3 10000 viewers bytes/viewer":                   "≤ 2,000 on Linux",
	"W3 10000 viewers idle CPU %":                     "≤ 5",
	"connect 10000 viewers server ms/stream":          "≤ 0.11",
	"connect 10000 viewers database ms/stream":        "≤ 0.05",
	"connect 10000 viewers statements/stream":         "1",
	"connect 10000 viewers streams/s":                 "≥ 7,000",
	"W4a 1 senders posts/s":                           "≥ 600",
	"W4a 8 senders posts/s":                           "≥ 2,500",
	"W4a 32 senders posts/s":                          "≥ 5,000",
	"W4a 64 senders posts/s":                          "≥ 7,000",
	"W4b 1 senders posts/s":                           "≥ 600",
	"W4b 8 senders posts/s":                           "≥ 2,000",
	"W4b 32 senders posts/s":                          "≥ 4,500",
	"W4b 64 senders posts/s":                          "≥ 5,000",
	"W4b 1 senders statements/post":                   "≤ 6",
	"W5 sign-in server ms/page":                       "≤ 0.1",
	"W5 room page server ms/page":                     "≤ 0.5",
	"W5 room page database ms/page":                   "≤ 0.2",
	"W5 room page statements/page":                    "2",
	"W5 room list server ms/page":                     "≤ 0.4",
	"W5 room list database ms/page":                   "≤ 0.2",
	"W5 room list statements/page":                    "2",
	"W5 friends server ms/page":                       "≤ 0.5",
	"W5 friends database ms/page":                     "≤ 0.2",
	"W5 search server ms/page":                        "≤ 1.5",
	"W5 search database ms/page":                      "≤ 1.5",
	"W5 room page, 60000 behind server ms/page":       "≤ 0.7",
	"W5 room list, 60000 behind server ms/page":       "≤ 0.6",
	"W5 room page, 60000 own server ms/page":          "≤ 0.7",
	"W5 room list, 60000 own server ms/page":          "≤ 0.6",
	"W6 5000 back, 100 behind seconds":                "≤ 1.5",
	"W6 5000 back, 100 behind refused":                "0",
	"W6 5000 back, 100 behind ended by the server":    "0",
	"W6 5000 back, 100 behind peak MB":                "≤ 150",
	"W6 5000 back, 100 behind statements/viewer":      "≤ 2",
	"W6 5000 back, 100 behind server us/delivery":     "≤ 2",
	"W8 start seconds to the first page":              "≤ 1",
	"W8 program MB":                                   "≤ 30",
}

// sqliteGoals are those that differ on SQLite, where the database works inside the server.
var sqliteGoals = map[string]string{
	"W4a 32 senders posts/s": "≥ 4,000",
	"W4a 8 senders posts/s":  "≥ 2,000",
	"W4a 64 senders posts/s": "≥ 5,000",
	"W4b 32 senders posts/s": "≥ 4,000",
}

func goalOf(database, what string) string {
	if goal, is := sqliteGoals[what]; is && database == "sqlite" {
		return goal
	}
	return goals[what]
}
