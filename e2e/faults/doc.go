// Package faults tests the guarantees of docs/delivery.md. It runs two processes of the real binary behind
// a load balancer, with a private MariaDB and Redis, breaks each of them in turn while users chat, and then
// checks that nothing was lost, duplicated, reordered or shown to the wrong user.
//
//	just faults                            every fault, about 25 minutes
//	go test ./e2e/faults                   short forms of some, as in `just test`
//	go test ./e2e/faults -run /F5 -seed 7  one fault, with the random numbers of an earlier run
//	just clusters                          engines of several nodes, of which one is hurt
//
// history.go records what the clients saw. check.go and check_viewers.go compare that with the database;
// they are pure functions, and check_test.go has a broken history for each of them. deployment.go connects
// the processes, and link.go is the proxy between them. Each fault is a function in a scenario_*_test.go.
package faults
