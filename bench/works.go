package main

import "time"

// works is everything that can be measured, in the order in which it is: what fills the database comes last. Short, it
// is to see that it works.
func works(short bool) []work {
	lasts, behind, senders := 4*time.Second, 60_000, []int{1, 8, 32, 64}
	viewers, idle, rooms, back, pace := 1000, 10_000, 2000, 50, 1000
	growth, waiting, lists := []int{10, 100, 1000, 10_000}, []int{100, 1000, 10_000, 100_000, 1_000_000}, []int{1, 10, 100, 1000}
	if short {
		lasts, behind, senders = 500*time.Millisecond, 2000, []int{1, 8}
		viewers, idle, rooms, back, pace = 100, 300, 50, 3, 50
		growth, waiting, lists = []int{10, 100}, []int{100, 1000}, []int{1, 40}
	}
	w3, w6 := crowdWork(back, idle, lasts)
	return []work{
		startWork(),
		pageWork(behind, lasts),
		behindWork("behind", false, waiting, lasts/2),
		behindWork("own", true, waiting[:min(4, len(waiting))], lasts/2),
		listWork(lists, lasts/2),
		w3,
		w6,
		fanWork("W1a", []int{viewers}, []int{10}, 50, 2*lasts),
		fanWork("W1b", []int{viewers}, []int{8, senders[len(senders)-1]}, 0, lasts),
		fanWork("viewers", growth, []int{5}, 5, 2*lasts),
		pairWork("W2", rooms, pace, 2*lasts),
		postWork("W4a", 1, 10, senders, lasts),
		postWork("W4b", 100, 1, senders, lasts),
		twoWork(viewers, senders[len(senders)-1]/2, rooms, pace, lasts),
	}
}
