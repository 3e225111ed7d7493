package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"parley/app/chat"
	"parley/views"
)

func (s *Server) showReportForm(c *call) error {
	return s.renderReportForm(c, fiber.StatusOK, views.ReportForm{})
}

// renderReportForm shows the message in the path with the form that reports it, and what is wrong with that.
func (s *Server) renderReportForm(c *call, status int, f views.ReportForm) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	reported, err := s.chat.Reportable(c.ctx, c.me, room, seq)
	if err != nil {
		return err
	}
	m, err := s.chat.Permalink(c.ctx, c.me, room, seq)
	if err != nil {
		return err
	}
	f.Entry, f.Reported, f.Reasons = entryView(m.Entry, s.locale(c)), reported.ID != 0, chat.ReportReasons()
	if f.AuthorSees, err = s.chat.SeesOwnReports(c.ctx, m.Entry.Author); err != nil {
		return err
	}
	f.Entry.Continues = false // there is no message above it
	p, err := s.page(c, c.words().Reports.Title, "rooms")
	if err != nil {
		return err
	}
	return c.render(status, views.ReportPage(p, f))
}

func (s *Server) reportMessage(c *call) error {
	room, seq, err := c.message()
	if err != nil {
		return err
	}
	f := views.ReportForm{Reason: c.field("reason"), Words: c.field("words")}
	err = s.chat.Report(c.ctx, c.me, room, seq, chat.ReportDraft{Reason: f.Reason, Words: f.Words})
	if err == nil {
		return c.goTo("/reports?sent=1")
	}
	status, sentence, ok := c.explain(anywhere, err)
	switch {
	case !ok:
		return err
	case errors.Is(err, chat.ErrBadReason):
		f.ReasonProblem = sentence
	case errors.Is(err, chat.ErrLongWords), errors.Is(err, chat.ErrBadText):
		f.WordsProblem = sentence
	default:
		f.Problem = sentence
	}
	shown := s.renderReportForm(c, status, f)
	if errors.Is(shown, chat.ErrNotFound) { // too fast, and not even theirs to report
		return err
	}
	return shown
}

// showOwnReports shows the outcome of the caller's reports. Answers that it shows count as seen.
func (s *Server) showOwnReports(c *call) error {
	below := parseSeq(c.Query("below"))
	rows, next, err := s.chat.OwnReports(c.ctx, c.me, below)
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodGet {
		if err := s.chat.AnswersSeen(c.ctx, c.me, rows); err != nil {
			return err
		}
		c.waiting = nil // they wait no more
	}
	p, err := s.page(c, c.words().Reports.Yours, "")
	if err != nil {
		return err
	}
	zone := s.locale(c).zone
	list := views.OwnReports{Next: next, Later: below != 0, Sent: c.Query("sent") != ""}
	for _, r := range rows {
		shown := views.OwnReport{Report: r.Report, Author: r.Author, At: r.CreatedAt.In(zone)}
		if r.ClosedAt != nil {
			shown.ClosedAt = r.ClosedAt.In(zone)
		}
		list.Reports = append(list.Reports, shown)
	}
	return c.render(fiber.StatusOK, views.OwnReportsPage(p, list))
}
