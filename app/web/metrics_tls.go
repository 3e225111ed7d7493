package web

import "crypto/tls"

// registerTLS registers what is known of the certificate, where Parley speaks TLS by itself.
func (s *Server) registerTLS(r registry) {
	if s.options.TLS == nil {
		return
	}
	r.gauge("parley_certificate_expiry_timestamp_seconds", "When the certificate ends that browsers get, in seconds since 1970; 0 while there is none.",
		func() float64 { return certificateEnd(s.options.TLS) })
}

// certificateEnd asks for the certificate as a handshake does, so that it is the one that browsers get.
func certificateEnd(c *tls.Config) float64 {
	served, err := c.GetCertificate(&tls.ClientHelloInfo{})
	if err != nil {
		return 0
	}
	return float64(served.Leaf.NotAfter.Unix())
}
