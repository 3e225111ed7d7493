package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/settings"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

func (s *Server) showAuditLog(c *call) error {
	before := parseSeq(c.Query("before"))
	log, err := s.accounts.AuditLog(c.ctx, before, adminsPerPage+1)
	if err != nil {
		return err
	}
	var f views.AdminLog
	if len(log.Entries) > adminsPerPage {
		log.Entries = log.Entries[:adminsPerPage]
		f.Next = log.Entries[adminsPerPage-1].ID
	}
	l := s.locale(c)
	for _, e := range log.Entries {
		f.Entries = append(f.Entries, views.AdminLogEntry{
			At:       l.words.Dates.Moment(e.At.In(l.zone)),
			Sentence: s.auditSentence(l.words, log, e),
		})
	}
	p, err := s.adminPage(c, c.words().Admin.Log)
	if err != nil {
		return err
	}
	return c.render(fiber.StatusOK, views.AdminLogPage(p, f))
}

// auditName is what somebody is called in the log: the username, which only one person has.
func auditName(w *words.Catalog, log auth.AuditLog, user uint64) string {
	if user == 0 {
		return w.Admin.CommandLine
	}
	if u, ok := log.Users[user]; ok && !u.IsDeleted {
		return "@" + u.Username
	}
	return w.Someone
}

func (s *Server) auditSentence(w *words.Catalog, log auth.AuditLog, e db.AuditEntry) string {
	acts := w.Admin.Acts
	sentence := map[db.AuditAction]string{
		db.AuditFirstAdmin: acts.First, db.AuditAdmin: acts.Admin, db.AuditNoAdmin: acts.NoAdmin, db.AuditSuspend: acts.Suspend,
		db.AuditRestore: acts.Restore, db.AuditSignOut: acts.SignOut, db.AuditSetting: acts.Setting,
		db.AuditReport: acts.Report, db.AuditDeleteMessage: acts.DeleteMessage, db.AuditRemoveMember: acts.RemoveMember,
		db.AuditCloseRoom: acts.CloseRoom, db.AuditDeleteRoom: acts.DeleteRoom, db.AuditRoomOwner: acts.RoomOwner,
		db.AuditReset: acts.Reset, db.AuditOneStep: acts.OneStep,
		db.AuditDefaultOn: w.Open.DefaultOn, db.AuditDefaultOff: w.Open.DefaultOff,
		db.AuditRevoke:     acts.Revoke,
		db.AuditDelete:     w.Own.ActDelete,
		db.AuditIdentityOn: acts.Connect, db.AuditIdentityOff: acts.Disconnect, db.AuditIdentitySignUp: acts.Newcomer, db.AuditIdentitySignOut: acts.ProviderSignOut,
	}[e.Action]
	if sentence == "" {
		sentence = roomAct(w.Moderation.Acts, e)
	}
	detail := e.Detail
	switch e.Action {
	case db.AuditSetting:
		detail = settingLabel(w.Settings, e.Detail)
	case db.AuditDefaultOn, db.AuditDefaultOff:
		detail = auditRoom(log, e.RoomID)
	case db.AuditIdentityOn, db.AuditIdentityOff, db.AuditIdentitySignUp, db.AuditIdentitySignOut:
		detail = s.issuerLabel(e.Detail)
	}
	return words.Fill(sentence, "{room}", auditRoom(log, e.RoomID), "{who}", auditName(w, log, e.ActorID), "{whom}", auditName(w, log, e.UserID), "{what}", detail)
}

// auditRoom is what a room is called in the log: its number, which stays, and the name that it has now.
func auditRoom(log auth.AuditLog, room uint64) string {
	if name := log.Rooms[room].Name; name != "" {
		return name + " (" + csvNumber(room) + ")"
	}
	return csvNumber(room)
}

// settingLabel is what a setting is called in its form.
func settingLabel(w words.Settings, name string) string {
	label := map[string]string{
		settings.Name: w.Name, settings.AccentColor: w.Accent, settings.AccentDark: w.AccentDark, settings.Logo: w.Logo,
		settings.SignUp: w.SignUp, settings.InvitesBy: w.InvitesBy, settings.GroupsBy: w.GroupsBy, settings.OpenRoomsBy: w.OpenRoomsBy,
		settings.PhotoMegabytes: w.PhotoMegabytes, settings.QuotaMegabytes: w.QuotaMegabytes, settings.RetentionDays: w.RetentionDays,
		settings.AdminsNeedSecondFactor: w.AdminsNeedSecondFactor, settings.Welcome: w.Welcome, settings.Rules: w.Rules,
	}[name]
	return cmp.Or(label, name)
}

// maxCSV is the most lines that a file has: what fits into a spreadsheet and 10 MB. `?before=` the id of its
// last line returns the lines before it.
const maxCSV = 50_000

// sendAuditLog sends the log as comma-separated values (RFC 4180).
func (s *Server) sendAuditLog(c *call) error {
	before := parseSeq(c.Query("before"))
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"id", "at", "actor", "action", "user", "room", "message", "detail"}) // a Buffer takes everything
	for n := 0; n < maxCSV; n += 500 {
		log, err := s.accounts.AuditLog(c.ctx, before, 500)
		if err != nil {
			return err
		}
		for _, e := range log.Entries {
			before = e.ID
			_ = w.Write([]string{
				strconv.FormatUint(e.ID, 10), e.At.UTC().Format(time.RFC3339), csvName(log, e.ActorID), string(e.Action), csvName(log, e.UserID),
				csvNumber(e.RoomID), csvNumber(e.Seq), csvText(e.Detail),
			})
		}
		if len(log.Entries) < 500 {
			break
		}
	}
	w.Flush()
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Attachment("parley-log.csv")
	return c.Send(b.Bytes())
}

func csvName(log auth.AuditLog, user uint64) string {
	if u, ok := log.Users[user]; ok && !u.IsDeleted {
		return csvText(u.Username)
	}
	return csvNumber(user)
}

func csvNumber(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// csvText keeps spreadsheets from running a text as a formula: T75 in docs/threats.md. A username may begin with
// a minus.
func csvText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
