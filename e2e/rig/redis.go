package rig

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// NewRedis starts a private Redis that keeps nothing on disk. The options are added to its command line.
func NewRedis(options ...string) (*Server, error) {
	return start("redis", func(dir, port string) ([]string, error) { return redisCommand(dir, port, options) }, pongs)
}

// NewRedisTLS starts a Redis that speaks TLS alone; the options name its certificate.
func NewRedisTLS(options ...string) (*Server, error) {
	return start("redis", func(dir, port string) ([]string, error) {
		return redisCommand(dir, "0", append([]string{"--tls-port", port}, options...))
	}, Accepts)
}

func redisCommand(dir, port string, options []string) ([]string, error) {
	server, err := redisServer.Find()
	return append([]string{server, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
		"--port", port, "--dir", dir, "--daemonize", "no"}, options...), err
}

func pongs(addr string) bool { return answers(addr, "PING\r\n", "+PONG") }

// NewSentinel starts a Sentinel that watches the Redis at an address under the name mymaster. A server that is silent
// for a second is down if quorum Sentinels say so.
func NewSentinel(master string, quorum int) (*Server, error) {
	host, masterPort, err := net.SplitHostPort(master)
	if err != nil {
		return nil, err
	}
	return start("sentinel", func(dir, port string) ([]string, error) {
		server, err := redisServer.Find()
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, "sentinel.conf") // it writes there what it learns
		return []string{server, file, "--sentinel"}, os.WriteFile(file, fmt.Appendf(nil, `port %s
bind 127.0.0.1
dir %s
sentinel monitor mymaster %s %s %d
sentinel down-after-milliseconds mymaster 1000
sentinel failover-timeout mymaster 5000
`, port, dir, host, masterPort, quorum), 0o600)
	}, pongs)
}

// NewRedisNode starts a Redis that can be in a Redis Cluster, and is the whole of one if alone: it has all slots.
func NewRedisNode(alone bool) (*Server, error) {
	bus, err := FreePort()
	if err != nil {
		return nil, err
	}
	s, err := NewRedis("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", bus)
	if err != nil || !alone {
		return s, err
	}
	if _, err = RedisCommand(s.Addr, "CLUSTER", "ADDSLOTSRANGE", "0", "16383"); err == nil {
		err = awaitCluster(s.Addr)
	}
	if err != nil {
		s.Close()
	}
	return s, err
}

// JoinCluster makes a Redis Cluster of nodes, with this many replicas for each of its masters.
func JoinCluster(nodes []*Server, replicas int) error {
	client, err := redisClient.Find()
	if err != nil {
		return err
	}
	args := []string{"--cluster", "create"}
	for _, node := range nodes {
		args = append(args, node.Addr)
	}
	args = append(args, "--cluster-replicas", strconv.Itoa(replicas), "--cluster-yes")
	if out, err := exec.Command(client, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("redis-cli --cluster create: %w: %s", err, out)
	}
	for _, node := range nodes {
		if err := awaitCluster(node.Addr); err != nil {
			return err
		}
	}
	wanted := len(nodes) * replicas / (1 + replicas)
	return WaitFor(time.Minute, fmt.Sprintf("%d replicas in the Redis Cluster of %s", wanted, nodes[0].Addr), func() bool {
		known, err := RedisCommand(nodes[0].Addr, "CLUSTER", "NODES")
		return err == nil && strings.Count(known, "slave") == wanted
	})
}

// awaitCluster waits until a node serves.
func awaitCluster(addr string) error {
	return WaitFor(time.Minute, "the Redis Cluster of "+addr+" to serve", func() bool {
		state, err := RedisCommand(addr, "CLUSTER", "INFO")
		return err == nil && strings.Contains(state, "cluster_state:ok")
	})
}

// RedisCommand sends a command to a Redis and returns its answer as redis-cli prints it.
func RedisCommand(addr string, words ...string) (string, error) {
	client, err := redisClient.Find()
	if err != nil {
		return "", err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	out, err := exec.Command(client, slices.Concat([]string{"-h", host, "-p", port}, words)...).CombinedOutput()
	return string(bytes.TrimSpace(out)), err
}
