package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/clerk"
	"duenotice/internal/demo"
	"duenotice/internal/mailsink"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
)

// The demo's e-mail goes to a server of its own on loopback, where each practice has
// its mailboxes; nothing leaves the machine.
const (
	demoMailKey  = "SG.demo"
	demoMailFrom = "notices@vendor-of-records.com"
)

// mailboxes starts them, with the settings by which the worker writes to them.
func (d *demoRun) mailboxes(ctx context.Context) (settings []string, err error) {
	if d.mail, err = mailsink.Start(ctx, demoMailKey, d.Now); err != nil {
		return nil, err
	}
	return []string{"SENDGRID_API_KEY=" + demoMailKey, "SENDGRID_HOST=" + d.mail.URL, "DUENOTICE_MAIL_FROM=" + demoMailFrom, "SENDGRID_WEBHOOK_KEY="}, nil
}

// Invitation implements demo.Stage.
func (d *demoRun) Invitation(ctx context.Context, practice string, until time.Time) (found clerk.Invitation, err error) {
	s, err := d.open(ctx)
	if err != nil {
		return found, err
	}
	defer s.close()
	there, err := s.store.Practice(ctx, d.incident, practice)
	if err != nil {
		return found, err
	}
	if there.Practice.Email == "" || there.Practice.SecondEmail == "" {
		return found, demo.ErrNoMail
	}
	err = wait(ctx, func() (bool, error) {
		for _, m := range d.mail.To(there.Practice.Email) {
			if page := clerk.PageIn(m.Text); page != "" {
				found.Page = page
			}
		}
		for _, m := range d.mail.To(there.Practice.SecondEmail) {
			if code := clerk.CodeIn(m.Text); code != "" {
				found.Code = code
			}
		}
		if (found.Page == "" || found.Code == "") && d.IO.Now().After(until) {
			return false, systemError(fmt.Errorf("practice %s got no e-mail with its page, or none with its code; look with: %s", practice, d.command("notify", d.incident, "--list")))
		}
		return found.Page != "" && found.Code != "", nil
	})
	return found, err
}

// Clerk implements demo.Stage.
func (d *demoRun) Clerk(ctx context.Context) (clerk.Clerk, string, func(), error) {
	profile, err := os.MkdirTemp("", "duenotice-demo-")
	if err != nil {
		return nil, "", nil, systemError(err)
	}
	browser, err := clerk.Open(ctx, profile)
	if err != nil {
		how := "without a browser"
		if !errors.Is(err, clerk.ErrNoBrowser) {
			d.note("%v. The clerks go on without a browser.", err)
		}
		return clerk.HTTP{}, how, func() { _ = os.RemoveAll(profile) }, nil
	}
	return browser, "in a browser on a telephone's screen", func() {
		browser.Close()
		_ = os.RemoveAll(profile) // what is left of it is in the temporary folder
	}, nil
}

// AwaitAnswers implements demo.Stage.
func (d *demoRun) AwaitAnswers(ctx context.Context, incident string, done func(waiting int) (bool, error)) error {
	s, err := d.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return wait(ctx, func() (bool, error) {
		list, err := s.store.StatusDetails(ctx, incident, postgres.Filter{}, d.Now())
		if err != nil {
			return false, err
		}
		waiting := 0
		for _, p := range list {
			if p.Phase == casebook.PhaseDelegation {
				waiting++
			}
		}
		return done(waiting)
	})
}

// Rows implements demo.Stage.
func (d *demoRun) Rows(name string, rows [][]string) (path string, err error) {
	path = filepath.Join(d.folder, name)
	file, err := outfolder.Create(path)
	if err != nil {
		return "", systemError(err)
	}
	defer file.Abort()
	if err := csv.NewWriter(file).WriteAll(rows); err != nil {
		return "", systemError(err)
	}
	_, err = file.Commit()
	return path, systemError(err)
}

// Say implements demo.Stage.
func (d *demoRun) Say(text string) { d.say("%s", text) }
