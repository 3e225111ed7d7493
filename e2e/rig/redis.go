package rig

// NewRedis starts a private Redis that keeps nothing on disk.
func NewRedis() (*Server, error) {
	return start("redis", redisCommand, pongs)
}

func redisCommand(dir, port string) ([]string, error) {
	server, err := redisServer.Find()
	return []string{server, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1",
		"--port", port, "--dir", dir, "--daemonize", "no"}, err
}

func pongs(addr string) bool { return answers(addr, "PING\r\n", "+PONG") }
