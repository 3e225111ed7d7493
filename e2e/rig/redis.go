package rig

import (
	"bufio"
	"net"
	"strings"
	"time"
)

// StartRedis starts a private Redis that keeps nothing on disk.
func StartRedis() (*Server, error) {
	return launch("redis", redisCommand, pongs)
}

func redisCommand(dir, port string) ([]string, error) {
	server, err := redisServer.Find()
	return []string{server, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
		"--port", port, "--dir", dir, "--daemonize", "no"}, err
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
