package web

import (
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/db"
	"parley/views"
)

// showReports lists what was reported, the open reports first.
func (s *Server) showReports(c *call) error {
	at := chat.ReportsPlace{After: parseReportPosition(c.Query("after"))}
	if state := c.Query("state"); state == "open" || state == "closed" {
		at.Only = state
	}
	rows, next, err := s.chat.Reports(c.ctx, c.me, at)
	if err != nil {
		return err
	}
	p, err := s.adminPage(c, c.words().Care.Reports)
	if err != nil {
		return err
	}
	list := views.AdminReports{Only: at.Only, Later: at.After != nil}
	if next != nil {
		list.Next = formatReportPosition(*next)
	}
	for _, r := range rows {
		list.Reports = append(list.Reports, reportLine(r, s.locale(c)))
	}
	return c.render(fiber.StatusOK, views.AdminReportsPage(p, list))
}

// formatReportPosition writes a position in the list of reports for an address: "open-7".
func formatReportPosition(p db.ReportPosition) string {
	if p.IsClosed {
		return "closed-" + formatID(p.ID)
	}
	return "open-" + formatID(p.ID)
}

// parseReportPosition reads it again; nil, the beginning of the list, is for anything else.
func parseReportPosition(text string) *db.ReportPosition {
	state, id, _ := strings.Cut(text, "-")
	p := db.ReportPosition{IsClosed: state == "closed", ID: parseSeq(id)}
	if p.ID == 0 || !p.IsClosed && state != "open" {
		return nil
	}
	return &p
}

func reportLine(r chat.GivenReport, l locale) views.ReportLine {
	line := views.ReportLine{Report: r.Report, Reporter: r.Reporter, Author: r.Author, Closer: r.Closer, At: r.CreatedAt.In(l.zone)}
	if r.ClosedAt != nil {
		line.ClosedAt = r.ClosedAt.In(l.zone)
	}
	return line
}

func (s *Server) showReport(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	return s.renderReport(c, fiber.StatusOK, id, views.AdminReport{})
}

// renderReport shows a report, with what was chosen and what is wrong with it.
func (s *Server) renderReport(c *call, status int, id uint64, r views.AdminReport) error {
	d, err := s.chat.ReportDetail(c.ctx, c.me, id)
	if err != nil {
		return err
	}
	l := s.locale(c)
	r.Own = d.Author.ID == c.me.ID
	r.ReportLine, r.Others, r.Exists, r.InRoom, r.Answers = reportLine(d.GivenReport, l), d.Others, d.Exists, d.InRoom, chat.ReportAnswers()
	if d.IsClosed {
		r.Acts = d.Acts
	}
	for _, e := range d.Entries {
		v := entryView(e, l)
		v.Evidence, v.Highlighted = true, e.Seq == d.Seq
		v.Continues, v.SameMinute = false, false // each says who and when
		if v.Quote != nil {
			v.Quote.Fixed = true
		}
		r.Entries = append(r.Entries, v)
	}
	for _, text := range d.Texts {
		r.Texts = append(r.Texts, views.Version{Text: s.chat.Texts.Text(text.Body), At: text.CreatedAt.In(l.zone)})
	}
	p, err := s.adminPage(c, c.words().Care.Report)
	if err != nil {
		return err
	}
	return c.render(status, views.AdminReportPage(p, r))
}

// decideReport closes a report. A refusal gives back what was chosen.
func (s *Server) decideReport(c *call) error {
	id, err := c.number("id")
	if err != nil {
		return err
	}
	d := chat.Decision{Acts: c.fields("act"), Answer: c.field("answer"), Words: c.field("words")}
	if err = s.suspendAuthor(c, id, d); err == nil {
		err = s.chat.Decide(c.ctx, c.me, id, d)
	}
	if err == nil {
		return c.goTo(views.AdminReportPath(id))
	}
	status, sentence, ok := c.explain(anywhere, err)
	r := views.AdminReport{Acts: strings.Join(d.Acts, " "), Answer: d.Answer, Words: d.Words}
	switch {
	case !ok:
		return err
	case errors.Is(err, chat.ErrBadAnswer):
		r.AnswerProblem = sentence
	case errors.Is(err, chat.ErrLongWords), errors.Is(err, chat.ErrBadText):
		r.WordsProblem = sentence
	default:
		r.Problem = sentence
	}
	return s.renderReport(c, status, id, r)
}

// suspendAuthor suspends the author of a reported message, if that was decided. It comes before the rest of the
// decision, because an administrator who is the last one cannot be suspended.
func (s *Server) suspendAuthor(c *call, id uint64, d chat.Decision) error {
	if !slices.Contains(d.Acts, chat.ActSuspend) {
		return nil
	}
	if _, err := chat.CheckDecision(d); err != nil {
		return err
	}
	report, err := s.chat.ReportDetail(c.ctx, c.me, id)
	switch {
	case err != nil:
		return err
	case report.IsClosed:
		return chat.ErrReportClosed
	}
	ended, err := s.accounts.Suspend(c.ctx, c.me.ID, report.Author.Username)
	s.publishSessionsEnded(ended...)
	return err
}
