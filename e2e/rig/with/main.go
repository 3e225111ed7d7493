// Command with runs a command with a private MariaDB and a private Redis, and removes both when the
// command ends:
//
//	go run ./e2e/rig/with -- go test ./...
//
// The command's environment has their addresses in RIG_MYSQL and RIG_REDIS (host:port), the path of
// a browser in RIG_CHROMIUM, and in RIG_PROGRAM a path where rig.Build keeps the program. Programs that
// the tests need are installed with apt if they are missing and apt is available.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"parley/e2e/rig"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./e2e/rig/with -- COMMAND ARGS...")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	// First of all: ctrl-C while the servers start must stop them, too.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	if err := installMissing(); err != nil {
		return 1, err
	}
	if err := workInMemory(); err != nil {
		return 1, err
	}
	browser, err := rig.Chromium()
	if err != nil {
		return 1, err
	}
	mysql, redis, stop, err := startBoth()
	if err != nil {
		return 1, err
	}
	defer stop()

	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "RIG_MYSQL="+mysql.Addr, "RIG_REDIS="+redis.Addr, "RIG_CHROMIUM="+browser,
		"RIG_PROGRAM="+filepath.Join(mysql.Dir, "parley")) // a folder that is removed at the end
	return supervise(cmd, signals)
}

// workInMemory lets everything that is started here keep its temporary files in memory, except for what Go compiles;
// unless TMPDIR says where they belong.
func workInMemory() error {
	folder := temporary()
	if folder == "" || os.Getenv("TMPDIR") != "" {
		return nil
	}
	if os.Getenv("GOTMPDIR") == "" {
		if err := os.Setenv("GOTMPDIR", os.TempDir()); err != nil {
			return err
		}
	}
	return os.Setenv("TMPDIR", folder)
}

func startBoth() (mysql, redis *rig.Server, stop func(), err error) {
	started := make(chan error)
	go func() {
		var err error
		redis, err = rig.NewRedis()
		started <- err
	}()
	mysql, errMySQL := rig.NewMySQL()
	err = errors.Join(errMySQL, <-started)
	stop = func() {
		for _, s := range []*rig.Server{mysql, redis} {
			if s != nil {
				s.Close()
			}
		}
	}
	if err != nil {
		stop()
	}
	return mysql, redis, stop, err
}

// supervise runs cmd in a process group of its own, so that it gets each signal once, from here, and so
// that children which outlive a crash can be killed with the group.
func supervise(cmd *exec.Cmd, signals <-chan os.Signal) (int, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	group := -cmd.Process.Pid
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var deadline <-chan time.Time
	for {
		select {
		case s := <-signals:
			_ = syscall.Kill(group, s.(syscall.Signal)) // it may have ended in the meantime
			if deadline == nil {
				deadline = time.After(20 * time.Second)
			}
		case <-deadline:
			_ = syscall.Kill(group, syscall.SIGKILL)
		case err := <-ended:
			_ = syscall.Kill(group, syscall.SIGKILL) // usually the group is empty by now
			return exitCode(err)
		}
	}
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return exit.ExitCode(), nil
}
