package rig

import (
	"bufio"
	"net"
	"strings"
	"time"
)

// StartRedis starts a private Redis that keeps nothing on disk.
func StartRedis() (*Server, error) {
	server, err := redisServer.Find()
	if err != nil {
		return nil, err
	}
	return launch("redis", func(dir, port string) ([]string, error) {
		return []string{server, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
			"--port", port, "--dir", dir, "--daemonize", "no"}, nil
	}, pongs)
}

func pongs(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && strings.HasPrefix(line, "+PONG")
}
