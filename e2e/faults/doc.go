// Package faults proves the promises of docs/delivery.md. It runs two processes of the real binary
// behind a load balancer, on a MariaDB and a Redis of its own, breaks all of them in turn while
// people chat, and then asks whether anything was lost, doubled, out of order or shown to the wrong
// person.
//
//	just faults                            every fault, about 25 minutes
//	go test ./e2e/faults                   the fast subset, as in `just test`
//	go test ./e2e/faults -run /F5 -seed 7  one fault, with the numbers of an earlier run
//
// history.go is what the clients saw, check.go and the files beside it hold that against the
// database; they are pure functions, and check_test.go breaks a history for each of them. world.go
// puts the processes together, link.go is what comes between them. Each fault is a function of a
// scenario_*_test.go.
package faults
