package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/demo"
	"duenotice/internal/mailsink"
	"duenotice/internal/stack"
	"duenotice/internal/synthetic"
)

const demoHelp = `Shows the whole thing on this machine with a synthetic incident: it starts a stack
of its own, invents an incident with practices and people, checks and starts it.
Clerks of practices get their e-mail in mailboxes of the demo's own, open their pages
(in a browser where Chromium is installed) and answer there. Two invented officers
decide and record the rest, with the commands that you would type. It ends when the incident is closed, says where
everything lies, and stops the stack.

Nobody in it exists, no e-mail is sent, and nothing of yours is touched: each
demo is a new incident in the output folder. The first run on a machine may
have to build Temporal's server, which takes a few minutes, once.`

// demoUnanswered of a thousand practices have not said who writes to their patients
// when the incident starts, and say it on their pages.
const demoUnanswered = 300

type demoFlags struct {
	practices, people int
	keep              bool
}

func (p *program) demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "The whole thing on this machine with invented people", Long: demoHelp,
		Example: "  duenotice demo\n  duenotice demo --practices 100 --people 50000 --keep",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("dir") {
				// A state folder of its own: it never meets a real incident.
				p.dir = filepath.Join(p.dir, "demo")
			}
			return p.demo(cmd.Context(), f)
		},
	}
	cmd.Flags().IntVar(&f.practices, "practices", 0, "number of practices (default 40)")
	cmd.Flags().IntVar(&f.people, "people", 0, "number of people (default 220 for each practice)")
	cmd.Flags().BoolVar(&f.keep, "keep", false, "leave the stack running afterwards, to look around")
	return cmd
}

// demoRun is one run of the demo: its own surroundings, and the stage of its play.
type demoRun struct {
	*program
	incident string
	folder   string
	out      string
	// mail has the practices' mailboxes.
	mail *mailsink.Sink
}

func (p *program) demo(ctx context.Context, f demoFlags) (err error) {
	if err := p.noneBut("demo"); err != nil {
		return err
	}
	d := p.newDemo()
	config, err := d.config()
	if err != nil {
		return err
	}
	if config.SendGridKey != "" {
		return systemError(errors.New("the demo sends no e-mail, and duenotice.yaml in this folder names a SendGrid key. Run the demo in another folder"))
	}
	params := synthetic.Default(d.today(config).AddDays(-20))
	params.Delegations.Unanswered = demoUnanswered
	if f.practices != 0 {
		params.Practices, params.People = f.practices, 220*f.practices
	}
	if f.people != 0 {
		params.People = f.people
	}
	if err := params.Validate(); err != nil {
		return err
	}

	// The worker's e-mail goes to the demo's own mailboxes, whatever key this command's environment holds.
	mail, err := d.mailboxes(ctx)
	if err != nil {
		return systemError(err)
	}
	defer func() { err = errors.Join(err, d.mail.Close()) }()
	d.note("Starting the demo's stack in %s", d.dir)
	info, err := d.up(ctx, "", 0, mail)
	if err != nil {
		return err
	}
	d.use(info, mail)
	defer func() { err = errors.Join(err, d.leave(ctx, info, f.keep)) }()

	if params.IncidentID, err = d.freeIncident(ctx, params.IncidentID); err != nil {
		return err
	}
	d.incident = params.IncidentID
	d.folder = filepath.Join(d.dir, "cases", d.incident)
	made, err := synthetic.Write(d.folder, params)
	if err != nil {
		return systemError(err)
	}
	d.say("A synthetic incident: %s and %s, all of them invented, in %s",
		count(made.Practices, "practice", "practices"), count(made.People, "person", "people"), d.folder)
	play := demo.Play{Stage: d, Incident: d.incident, Folder: d.folder}
	if err := play.Perform(ctx); err != nil {
		return err
	}
	return d.sayEnd(info)
}

// newDemo is a program whose surroundings are the demo's own.
func (p *program) newDemo() *demoRun {
	out := firstSet(p.Getenv("DUENOTICE_OUT"), keptOut(p.dir), "out")
	d := &demoRun{out: absolute(out), program: &program{IO: p.IO, dir: p.dir, began: true}}
	d.CanAsk = false // its officers are invented, and so is what they would answer
	d.Getenv = d.environment(p.Getenv, nil)
	return d
}

// use makes every further command speak to the demo's stack
// and know of its mailboxes.
func (d *demoRun) use(info *stack.Info, mail []string) {
	d.Getenv = d.environment(d.Getenv, append(info.Env(), mail...))
}

// environment is outer's with the given settings, and without what would lead
// the demo to another server or to a mail provider.
func (d *demoRun) environment(outer func(string) string, settings []string) func(string) string {
	own := map[string]string{
		"DUENOTICE_OUT": d.out, "DUENOTICE_DATABASE_URL": "", "DUENOTICE_KEY_FILE": "", "DUENOTICE_EVIDENCE_KEY_FILE": "", "SENDGRID_API_KEY": "", "SENDGRID_HOST": "",
	}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		own[name] = value
	}
	return func(name string) string {
		if value, ok := own[name]; ok {
			return value
		}
		if strings.HasPrefix(name, "TEMPORAL_") {
			return ""
		}
		return outer(name)
	}
}

// freeIncident returns the first id that neither the demo's database nor the
// output folder has: nothing that is there is ever written over.
func (d *demoRun) freeIncident(ctx context.Context, base string) (string, error) {
	s, err := d.open(ctx)
	if err != nil {
		return "", err
	}
	defer s.close()
	list, err := s.store.Incidents(ctx, d.Now())
	if err != nil {
		return "", systemError(err)
	}
	taken := map[string]bool{}
	for _, i := range list {
		taken[i.ID] = true
	}
	id := base
	for n := 2; ; n++ {
		_, err := os.Lstat(filepath.Join(d.out, id))
		if !taken[id] && errors.Is(err, os.ErrNotExist) {
			return id, nil
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", systemError(err)
		}
		id = fmt.Sprintf("%s-%d", base, n)
	}
}

// leave stops the stack, also after an interruption, unless it is to stay.
func (d *demoRun) leave(ctx context.Context, info *stack.Info, keep bool) error {
	if keep {
		d.say("The stack still runs. Look around with: %s   and stop it with: %s", d.command("status"), d.command("down"))
		link, err := d.stackUILink(ctx, info, pageOf{incident: d.incident})
		d.say("In a browser, within ten minutes: %s", link)
		return err
	}
	return systemError(stack.Down(context.WithoutCancel(ctx), d.dir, d.step))
}
