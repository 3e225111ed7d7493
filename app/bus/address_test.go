package bus

import "testing"

func TestDescribe(t *testing.T) {
	for text, want := range map[string]string{
		"redis://:geheim@h":                                         "database 0 of the Redis at h:6379",
		"redis://me:geh@eim@h:7000/3":                               "database 3 of the Redis at h:7000",
		"redis://[::1]/":                                            "database 0 of the Redis at [::1]:6379",
		"rediss://:geheim@h/1?skip_verify=true":                     "database 1 of the Redis at h:6379, over TLS without looking at its certificate",
		"rediss://:geheim@h?ca=/etc/ca.pem":                         "database 0 of the Redis at h:6379, over TLS",
		"redis+sentinel://:geheim@a,b:7,[fd00::1]/mymaster/2":       "database 2 of the Redis that the Sentinels at a:26379, b:7, [fd00::1]:26379 call mymaster",
		"rediss+sentinel://:geheim@a/main?sentinel_password=geheim": "database 0 of the Redis that the Sentinels at a:26379 call main, over TLS",
		"redis+cluster://me:geheim@a,b:7/2":                         "the Redis Cluster with a:6379, b:7",
		"redis://:geheim@h/x":                                       "no Redis",
	} {
		if got := Describe(text); got != want {
			t.Errorf("%s is %s", text, got)
		}
	}
}

func TestPasswordsOfAddresses(t *testing.T) {
	a, err := parseAddress("redis+sentinel://me:a%40%2C%2Fb@h,i/mymaster?sentinel_user=you&sentinel_password=c%26d")
	if err != nil || a.user != "me" || a.password != "a@,/b" || a.sentinelUser != "you" || a.sentinelPassword != "c&d" {
		t.Errorf("%+v, %v", a, err)
	}
	for text, want := range map[string]string{
		"redis://:geh@eim@h": "geh@eim", "redis+cluster://:geh@eim,x@h,i": "geh@eim,x", "redis://h": "",
	} {
		if a, err := parseAddress(text); err != nil || a.password != want {
			t.Errorf("%s: %q, %v", text, a.password, err)
		}
	}
}
