//go:build clusters

package faults

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/e2e/rig"
)

// clusterSite is two processes on engines of several nodes each.
type clusterSite struct {
	*deployment
	nodes   []*rig.Server // of the databases; the first is the one that is inspected at the end
	servers []*rig.Server // of Redis
	redis   string        // the address
	writer  func() string // where a process is led that connects to the database; nil if each has its own
}

// clusterFault is what happens to a site during traffic.
type clusterFault struct {
	name, title string
	do          func(*clusterSite) error
	// failover is what the engine takes by itself, on top of the 3 s that Parley has.
	failover time.Duration
}

// clusterKinds are the engines. Those with several faults have them one after the other on the same site.
var clusterKinds = []struct {
	name   string
	start  func(*clusterSite) error
	faults []clusterFault
}{
	{"Redis Sentinel", startSentinels, []clusterFault{
		{"S1", "nothing", idle, 0},
		{"S2", "kill -9 the master", killMaster, 0},
	}},
	{"Redis Cluster", startRedisCluster, []clusterFault{
		{"R1", "nothing", idle, 0},
		{"R2", "kill -9 a master", killMaster, 0},
	}},
	{"Galera, a writer each", startGalera, []clusterFault{
		{"G1", "nothing", idle, 0},
		{"G2", "a process's node frozen for 5 s", freezeNode, galeraSuspects},
		{"G3", "kill -9 a process's node", killNode, galeraSuspects},
		{"G4", "kill -9 two of three, and both back", loseQuorum, galeraSuspects},
	}},
	{"Galera, one writer", startGaleraOneWriter, []clusterFault{
		{"W1", "nothing", idle, 0},
		{"W2", "kill -9 the writer", killWriter, galeraSuspects},
	}},
}

// galeraSuspects is how long Galera waits for a node that is silent before it goes on without it (evs.suspect_timeout),
// and all commits wait for that.
const galeraSuspects = 5 * time.Second

// TestClusters hurts one node after another while people chat, and checks what the faults check. It has a build tag,
// because it takes minutes: `just clusters`.
func TestClusters(t *testing.T) {
	b := &builder{dir: t.TempDir(), built: map[string]string{}}
	binary, err := b.build("product", *raceFlag)
	if err != nil {
		t.Fatal(err)
	}
	table := []string{"| engines | fault | held | figures |", "|---|---|---|---|"}
	for _, kind := range clusterKinds {
		t.Run(kind.name, func(t *testing.T) {
			site := &clusterSite{deployment: &deployment{binary: binary}}
			t.Cleanup(site.Close)
			if err := errors.Join(kind.start(site), site.startProcesses()); err != nil {
				t.Fatal(err)
			}
			if err := site.populate(12, 6, 4); err != nil {
				t.Fatal(err)
			}
			for i, f := range kind.faults {
				t.Run(f.name, func(t *testing.T) {
					r := &run{deployment: site.deployment, t: t, builder: b, seed: *seedFlag + uint64(i), full: true}
					s := scenario{name: f.name, title: f.title, run: func(r *run) error { return site.hurt(r, f) }, ownDeployment: true}
					table = append(table, "| "+kind.name+" "+attempt(t, s, r))
				})
			}
		})
	}
	text := strings.Join(table, "\n")
	t.Log("\n" + text)
	if path := os.Getenv("RIG_CLUSTERS_TABLE"); path != "" {
		if err := os.WriteFile(filepath.Clean(path), []byte(text+"\n"), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// hurt lets people chat while a fault happens, and checks everything afterwards.
func (c *clusterSite) hurt(r *run, f clusterFault) error {
	l := r.startLoad(r.label, r.seed, loadConfig{rooms: r.rooms, pages: 1, withoutScripts: true, rate: 15})
	if err := l.awaitLive(time.Minute); err != nil {
		return err
	}
	calm := timeSpan{from: time.Now()}
	time.Sleep(10 * time.Second)
	calm.to = time.Now()
	during := timeSpan{from: time.Now()}
	if err := f.do(c); err != nil {
		return err
	}
	during.to = time.Now()
	if err := c.awaitHealthy(time.Minute); err != nil {
		return err
	}
	r.figure("all well %s after it ended", short(time.Since(during.to)))
	during.to = time.Now()
	time.Sleep(3 * time.Second)
	after := timeSpan{from: time.Now()}
	time.Sleep(8 * time.Second)
	after.to = time.Now()
	s, err := r.finish(l, 20*time.Second)
	if err != nil {
		return err
	}
	p99 := func(in timeSpan) time.Duration { return quantile(l.history.deliveryTimes(s, in), 0.99) }
	r.figure("a post: p50 %s, p99 %s", short(quantile(l.history.latencies(calm, acked), 0.5)), short(quantile(l.history.latencies(calm, acked), 0.99)))
	r.atMost("delivery p99 before", p99(calm), 500*time.Millisecond)
	if f.name[1] != '1' {
		r.atMost("delivery p99 during", p99(during), 3*time.Second+f.failover)
		r.figure("%d of %d tries refused", l.history.failedPosts(during), len(l.history.latencies(during, acked, refused, notMember, retryLater, unknown)))
	}
	r.atMost("delivery p99 after", p99(after), 500*time.Millisecond)
	r.countAtMost("refused for good", len(l.history.latencies(timeSpan{l.history.Start, l.ended}, refused)), 0)
	return nil
}

// startProcesses starts two processes, each with its own node of the database unless one writes for both.
func (c *clusterSite) startProcesses() error {
	c.database = c.nodes[0]
	if err := c.newDatabase("parley"); err != nil {
		return err
	}
	for i := range 2 {
		hosts, err := c.hosts(i)
		if err != nil {
			return err
		}
		p, err := newProcess(c.binary, settings{"DATABASE_URL": "mysql://root@" + hosts + "/parley", "REDIS_URL": c.redis, "LOG": "info"})
		if err != nil {
			return err
		}
		c.closers = append(c.closers, p.Close)
		c.processes = append(c.processes, p)
	}
	// Both at once: no lock of the database keeps them apart on two nodes.
	if err := inParallel(2, func(i int) error { return c.processes[i].Start() }); err != nil {
		return err
	}
	return c.open()
}

// hosts returns the database hosts of a process: its own node and then the others, or the one address of whoever leads to
// the writer.
func (c *clusterSite) hosts(process int) (string, error) {
	if c.writer != nil {
		way, err := newLink(func() (net.Conn, error) { return dialer(c.writer())() })
		if err != nil {
			return "", err
		}
		c.closers = append(c.closers, way.Close)
		return way.Addr, nil
	}
	var list []string
	for i := range c.nodes {
		list = append(list, c.nodes[(process+i)%len(c.nodes)].Addr)
	}
	return strings.Join(list, ","), nil
}

// keep closes servers with the site.
func (c *clusterSite) keep(list *[]*rig.Server, servers ...*rig.Server) {
	for _, s := range servers {
		if s != nil {
			c.closers = append(c.closers, s.Close)
			*list = append(*list, s)
		}
	}
}

func (c *clusterSite) startMariaDB() error {
	s, err := rig.NewMySQL()
	c.keep(&c.nodes, s)
	return err
}

// startSentinels starts a master, a replica and three Sentinels.
func startSentinels(c *clusterSite) error {
	if err := c.startMariaDB(); err != nil {
		return err
	}
	master, err := rig.NewRedis()
	c.keep(&c.servers, master)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(master.Addr)
	if err != nil {
		return err
	}
	replica, err := rig.NewRedis("--replicaof", host+" "+port)
	c.keep(&c.servers, replica)
	if err != nil {
		return err
	}
	var hosts []string
	var watching []*rig.Server
	for range 3 {
		sentinel, err := rig.NewSentinel(master.Addr, 2)
		c.keep(&watching, sentinel)
		if err != nil {
			return err
		}
		hosts = append(hosts, sentinel.Addr)
	}
	c.redis = "redis+sentinel://" + strings.Join(hosts, ",") + "/mymaster"
	return rig.WaitFor(time.Minute, "the Sentinels to know each other and the replica", func() bool {
		for _, s := range watching {
			others, _ := rig.RedisCommand(s.Addr, "SENTINEL", "sentinels", "mymaster")
			replicas, _ := rig.RedisCommand(s.Addr, "SENTINEL", "replicas", "mymaster")
			if strings.Count(others, "runid") != 2 || !strings.Contains(replicas, replica.Addr) {
				return false
			}
		}
		return true
	})
}

// startRedisCluster starts three masters with a replica each.
func startRedisCluster(c *clusterSite) error {
	if err := c.startMariaDB(); err != nil {
		return err
	}
	var hosts []string
	for range 6 {
		node, err := rig.NewRedisNode(false)
		c.keep(&c.servers, node)
		if err != nil {
			return err
		}
		hosts = append(hosts, node.Addr)
	}
	c.redis = "redis+cluster://" + strings.Join(hosts[:2], ",")
	return rig.JoinCluster(c.servers, 1)
}

func startGalera(c *clusterSite) error {
	nodes, err := rig.Galera(3)
	c.keep(&c.nodes, nodes...)
	if err != nil {
		return err
	}
	server, err := rig.NewRedis()
	c.keep(&c.servers, server)
	if err == nil {
		c.redis = "redis://" + server.Addr
	}
	return err
}

// startGaleraOneWriter leads both processes to one node until it is gone, and then to the next, as a proxy with spare
// servers does. It begins with the last, because the first one is inspected at the end.
func startGaleraOneWriter(c *clusterSite) error {
	err := startGalera(c)
	var mu sync.Mutex
	now := len(c.nodes) - 1
	c.writer = func() string {
		mu.Lock()
		defer mu.Unlock()
		if now > 0 && !c.nodes[now].Running() {
			now--
		}
		return c.nodes[now].Addr
	}
	return err
}

func idle(*clusterSite) error { return nil }

// killMaster kills whichever Redis is a master now, and starts it again 15 s later.
func killMaster(c *clusterSite) error {
	for _, s := range c.servers {
		role, err := rig.RedisCommand(s.Addr, "ROLE")
		if err != nil {
			return err
		}
		if strings.HasPrefix(role, "master") {
			s.Kill()
			time.Sleep(15 * time.Second)
			return s.Start()
		}
	}
	return errors.New("no Redis is a master")
}

func freezeNode(c *clusterSite) error {
	c.nodes[1].Signal(syscall.SIGSTOP)
	time.Sleep(5 * time.Second)
	c.nodes[1].Signal(syscall.SIGCONT)
	return nil
}

func killNode(c *clusterSite) error {
	c.nodes[1].Kill()
	time.Sleep(15 * time.Second)
	return c.nodes[1].Start()
}

func killWriter(c *clusterSite) error {
	writer := c.nodes[len(c.nodes)-1]
	writer.Kill()
	time.Sleep(15 * time.Second)
	return writer.Start()
}

// loseQuorum leaves one node of three for 10 s, which then serves nobody.
func loseQuorum(c *clusterSite) error {
	gone := c.nodes[1:]
	for _, s := range gone {
		s.Signal(syscall.SIGKILL)
	}
	for _, s := range gone {
		s.Kill() // waits for its end
	}
	time.Sleep(10 * time.Second)
	return inParallel(len(gone), func(i int) error { return gone[i].Start() })
}
