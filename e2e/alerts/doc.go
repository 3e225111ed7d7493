// Package alerts runs what deploy/ has for monitoring a server with the programs that it is for: the alerts and the
// dashboard with Prometheus, which reads the metrics of a real server, and the filter with fail2ban.
//
//	just alerts
package alerts
