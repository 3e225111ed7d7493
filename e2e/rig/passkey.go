package rig

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/url"
	"testing"
)

// Passkey is a device with a passkey and its browser, for tests without one. Its fields are what a test may bend.
type Passkey struct {
	Origin   string
	Count    uint32 // of its uses so far
	Verified bool   // the device has asked for a fingerprint or a PIN

	id, user []byte
	private  *ecdsa.PrivateKey
}

// NewPasskey returns a device without a passkey, whose browser is at an origin.
func NewPasskey(t testing.TB, origin string) *Passkey {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 20)
	_, _ = rand.Read(id)
	return &Passkey{Origin: origin, Verified: true, id: id, private: private}
}

type options struct {
	Challenge string
	RPID      string `json:"rpId"`
	RP        struct{ ID string }
	User      struct{ ID string }
}

func (p *Passkey) read(t testing.TB, told string) (o options) {
	t.Helper()
	if err := json.Unmarshal([]byte(told), &o); err != nil || o.Challenge == "" {
		t.Fatalf("the options for the browser: %v in %q", err, told)
	}
	return o
}

// Make answers the options for a new passkey, as a browser does.
func (p *Passkey) Make(t testing.TB, told string) (answer string) {
	t.Helper()
	o := p.read(t, told)
	user, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.user = user
	public, err := p.private.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	point := public.Bytes() // 4, x, y
	const attested = 0x40
	data := p.data(o.RP.ID, attested)
	data = append(data, make([]byte, 16)...) // of no known model
	data = binary.BigEndian.AppendUint16(data, uint16(len(p.id)))
	data = append(data, p.id...)
	data = append(data, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"+string(point[1:33])+"\x22\x58\x20"+string(point[33:])...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"), byte(len(data)))
	return p.answer(t, map[string]any{
		"clientDataJSON": p.client(t, "webauthn.create", o), "attestationObject": append(object, data...), "transports": []string{"internal"},
	})
}

// Use answers the options for a sign-in with a passkey, as a browser does.
func (p *Passkey) Use(t testing.TB, told string) (answer string) {
	t.Helper()
	o := p.read(t, told)
	if p.Count > 0 {
		p.Count++
	}
	data, client := p.data(o.RPID, 0), p.client(t, "webauthn.get", o)
	hash := sha256.Sum256(client)
	hash = sha256.Sum256(append(data[:len(data):len(data)], hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, p.private, hash[:])
	if err != nil {
		t.Fatal(err)
	}
	return p.answer(t, map[string]any{"clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": p.user})
}

func (p *Passkey) data(host string, flags byte) []byte {
	if u, err := url.Parse(p.Origin); host == "" && err == nil {
		host = u.Hostname()
	}
	hash := sha256.Sum256([]byte(host))
	if flags |= 0x01; p.Verified { // somebody is there
		flags |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(hash[:], flags), p.Count)
}

func (p *Passkey) client(t testing.TB, what string, o options) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"type": what, "challenge": o.Challenge, "origin": p.Origin, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (p *Passkey) answer(t testing.TB, response map[string]any) string {
	t.Helper()
	for name, value := range response {
		if bytes, ok := value.([]byte); ok {
			response[name] = base64.RawURLEncoding.EncodeToString(bytes)
		}
	}
	id := base64.RawURLEncoding.EncodeToString(p.id)
	text, err := json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
