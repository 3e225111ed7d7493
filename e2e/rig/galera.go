package rig

import (
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// node starts a MariaDB of a Galera cluster as its packages do: one that was killed finds out how far it got, and asks the
// others for the rest alone. Under root, rsync writes as nobody.
const node = `
data=$1; shift
if [ "$(id -u)" = 0 ]; then chmod 711 "$data/.."; chown -R nobody "$data"; fi
at=
if [ -f "$data/grastate.dat" ]; then
	"$@" --wsrep-recover --log-error="$data/../recovery"
	at=$(sed -n 's/.*Recovered position: *//p' "$data/../recovery" | tail -n 1)
fi
exec "$@" ${at:+--wsrep-start-position=$at}
`

// Galera starts a Galera cluster of private MariaDBs, which copy their data by rsync when they join. The last one
// gives its data to those that come back, so that the others need not pause for it.
func Galera(nodes int) ([]*Server, error) {
	provider, err := galera.Find()
	if err != nil {
		return nil, err
	}
	if _, err := rsync.Find(); err != nil {
		return nil, err
	}
	ports := make([]string, nodes)
	group := make([]string, nodes)
	for i := range ports {
		if ports[i], err = FreePort(); err != nil {
			return nil, err
		}
		group[i] = net.JoinHostPort("127.0.0.1", ports[i])
	}
	list := make([]*Server, 0, nodes)
	for i := range nodes {
		s, err := galeraNode(i, provider, group)
		if err == nil {
			list = append(list, s)
			err = s.startNode(i == 0)
		}
		if err != nil {
			for _, s := range list {
				s.Close()
			}
			return nil, err
		}
	}
	return list, nil
}

func galeraNode(i int, provider string, group []string) (*Server, error) {
	incremental, err := FreePort()
	if err != nil {
		return nil, err
	}
	whole, err := FreePort()
	if err != nil {
		return nil, err
	}
	s, err := NewUnstarted("mariadb", func(dir, port string) ([]string, error) {
		args, err := mysqlCommand(dir, port, nil)
		return append([]string{"sh", "-c", node, "node", filepath.Join(dir, "data")}, args...), err
	}, isSynced)
	if err != nil {
		return nil, err
	}
	s.AddArgs("--wsrep-on=ON", "--wsrep-provider="+provider, "--wsrep-cluster-name=parley", "--wsrep-cluster-address=gcomm://"+strings.Join(group, ","),
		fmt.Sprintf("--wsrep-node-name=node%d", i), "--wsrep-node-address=127.0.0.1", "--wsrep-node-incoming-address="+s.Addr,
		fmt.Sprintf("--wsrep-provider-options=base_host=127.0.0.1;gmcast.listen_addr=tcp://%s;ist.recv_addr=127.0.0.1:%s;gcache.size=32M;gcache.dir=%s", group[i], incremental, s.Dir),
		"--wsrep-sst-method=rsync", "--wsrep-sst-receive-address=127.0.0.1:"+whole, fmt.Sprintf("--wsrep-sst-donor=node%d,", len(group)-1),
		"--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--default-storage-engine=InnoDB")
	return s, nil
}

// startNode starts a node; the first one of a cluster has nobody to join.
func (s *Server) startNode(first bool) error {
	if !first {
		return s.Start()
	}
	args := s.args
	defer func() { s.args = args }()
	s.args = append(slices.Clone(args), "--wsrep-new-cluster")
	return s.Start()
}

// isSynced reports whether a node of a Galera cluster has what the others have, and serves.
func isSynced(addr string) bool {
	if !greets(addr) {
		time.Sleep(50 * time.Millisecond)
		return false
	}
	state, err := ask(addr, "SHOW STATUS LIKE 'wsrep_local_state_comment'")
	return err == nil && strings.Contains(state, "Synced")
}
