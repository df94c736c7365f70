package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

const accessHelp = `Says who you are here and who holds which role. While nobody holds one, everybody
who reaches the database may do everything under any name, as on a machine of
one's own. From the first role on, an act needs a role of whoever's account it is
given under, and the name that role was given to.

  officer   starts incidents, decides, records, holds, hands over, sees one person
  approver  approves letters, confirms a risk assessment
  counsel   reads everything but people, makes evidence
  operator  looks after the machine and the keys, sees no people
  practice  answers for one practice: delegates and records

Whoever is officer and approver still needs a second person for what takes two.`

func (p *program) accessCommand() *cobra.Command {
	var asJSON, asCSV, record bool
	cmd := &cobra.Command{
		Use: "access", Short: "Say who may do what, give roles and take them", Long: accessHelp,
		Example: `  duenotice access
  duenotice access grant officer --to os:ada --name "Ada Rivera" --by "Ada Rivera"`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.showAccess(cmd.Context(), asJSON, asCSV, record) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "for another program")
	csvFlag(cmd, &asCSV, "the list as CSV")
	cmd.Flags().BoolVar(&record, "record", false, "every role that was ever given or taken, by whom and when")
	cmd.AddCommand(p.accessChangeCommand("grant", "Give a role", true), p.accessChangeCommand("revoke", "Take a role away", false))
	return cmd
}

const grantHelp = `Gives somebody a role, or with revoke takes it away. --to is the account of this
machine ("os:ada"), the database login of their own ("db:ada"), or for looking at
the pages alone what the provider of identities calls them ("oidc:ada@example.org");
--name is the name they will give with --by. The first role is your own: officer, for every
incident. From then on nobody acts without a role, and everybody acts under the
name their roles were given to: it is said and asked before. Every change is
kept; access --record shows it.`

func (p *program) accessChangeCommand(name, short string, granted bool) *cobra.Command {
	var g access.Grant
	var to, who string
	var yes bool
	cmd := &cobra.Command{
		Use: name + " ROLE", Short: short, Long: grantHelp,
		Example: "  duenotice access " + name + ` approver --to os:ben --name "Ben Okafor" --incident EX-2026-03 --by "Ada Rivera"`,
		Args:    exactly("ROLE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			g.Role, g.Identity = access.Role(args[0]), access.Identity(to)
			return p.changeAccess(cmd.Context(), g, granted, who, yes)
		},
	}
	f := cmd.Flags()
	f.StringVar(&to, "to", "", "whose: os:ACCOUNT, db:LOGIN or oidc:NAME")
	f.StringVar(&g.Name, "name", "", "the person's name, as --by will have it")
	f.StringVar(&g.IncidentID, "incident", "", "for this incident only")
	practiceFlag(cmd, &g.PracticeKey, "for this practice only (role practice)")
	byFlag(cmd, &who)
	required(cmd, "to")
	if granted {
		required(cmd, "name")
		yesFlag(cmd, &yes)
	}
	return cmd
}

func (p *program) changeAccess(ctx context.Context, g access.Grant, granted bool, who string, yes bool) error {
	if g.IncidentID != "" {
		if err := incidentArgument(g.IncidentID); err != nil {
			return err
		}
	}
	if err := practiceArgument(g.PracticeKey); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.GiveRoles, by: who})
	if err != nil {
		return err
	}
	defer s.close()
	g.Identity = s.config.IdentityGiven(g.Identity)
	if !granted && g.Name == "" {
		// Whose it is follows from the identity.
		g.Name = string(g.Identity)
		for _, o := range s.who.Grants {
			if o.Identity == g.Identity {
				g.Name = o.Name
			}
		}
	}
	if granted && s.who.Open() {
		if err := s.sureOfFirstRole(ctx, g, yes); err != nil {
			return err
		}
	}
	fresh, err := s.store.ChangeRole(ctx, postgres.RoleChange{
		Grant: g, Granted: granted, Who: strings.TrimSpace(who), By: s.who.Identity, At: p.Now(),
	})
	if err != nil {
		return err
	}
	did := fmt.Sprintf("%s (%s) holds the role %s%s", g.Name, g.Identity, g.Role, reachOf(g))
	if !granted {
		did = fmt.Sprintf("%s (%s) no longer holds the role %s%s", g.Name, g.Identity, g.Role, reachOf(g))
	}
	if !fresh {
		p.say("%s: already so; nothing changed.", did)
		return nil
	}
	p.say("%s, by %s.", did, strings.TrimSpace(who))
	if refusal, ok := breach.AsRefusal(s.there(ctx, g.IncidentID, g.PracticeKey)); ok && granted {
		p.note("Look at it again: %s yet.", refusal.Message)
	}
	return nil
}

// sureOfFirstRole says what changes with the first role, and asks: until then everybody
// acted, and nobody takes the last officer's role away again.
func (s *session) sureOfFirstRole(ctx context.Context, g access.Grant, yes bool) error {
	// What is refused anyway is not asked about.
	if err := access.Change(s.who.Grants, g, true, s.who.Identity); err != nil {
		return err
	}
	return s.p.sure(ctx, yes,
		fmt.Sprintf("this is the first role: from now on only who holds a role may act or look, and %s (%s) is the only one yet.", g.Name, g.Identity),
		"each account or login acts under the one name its roles are given to: two approvals take two accounts or logins.",
		"the last officer's role cannot be taken away: acting without roles does not come back.")
}

func reachOf(g access.Grant) string {
	switch {
	case g.PracticeKey != "":
		return " for practice " + g.PracticeKey + " of " + g.IncidentID
	case g.IncidentID != "":
		return " in incident " + g.IncidentID
	}
	return " in every incident"
}

// accessShown is access --json.
type accessShown struct {
	Identity access.Identity `json:"identity"`
	Open     bool            `json:"open"`
	Roles    []roleShown     `json:"roles"`
}

type roleShown struct {
	Identity access.Identity `json:"identity"`
	Name     string          `json:"name"`
	Role     access.Role     `json:"role"`
	Incident string          `json:"incident,omitempty"`
	Practice string          `json:"practice,omitempty"`
}

func (p *program) showAccess(ctx context.Context, asJSON, asCSV, record bool) error {
	// Whoever holds no role may still learn who they are.
	s, err := p.openTo(ctx, purpose{})
	if err != nil {
		return err
	}
	defer s.close()
	if record {
		return s.showRoleChanges(ctx, asCSV)
	}
	if asJSON {
		shown := accessShown{Identity: s.who.Identity, Open: s.who.Open(), Roles: []roleShown{}}
		for _, g := range s.who.Grants {
			shown.Roles = append(shown.Roles, roleShown{g.Identity, g.Name, g.Role, g.IncidentID, g.PracticeKey})
		}
		encoder := json.NewEncoder(p.Out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(shown)
	}
	t := p.table("NAME", "IDENTITY", "ROLE", "WHERE")
	for _, g := range s.who.Grants {
		t.row(g.Name, g.Identity, g.Role, strings.TrimSpace(reachOf(g)))
	}
	if asCSV {
		return t.csv()
	}
	p.say("You are %s.", s.who.Identity)
	if s.who.Open() {
		p.say("Nobody holds a role: everybody who reaches the database may do everything, under any name.")
		return nil
	}
	if !slices.ContainsFunc(s.who.Grants, func(g access.Grant) bool { return g.Identity == s.who.Identity }) {
		p.say("You hold no role here.")
	}
	t.print()
	return nil
}

func (s *session) showRoleChanges(ctx context.Context, asCSV bool) error {
	changes, err := s.store.RoleChanges(ctx)
	if err != nil {
		return err
	}
	t := s.p.table("WHEN", "WHAT", "NAME", "IDENTITY", "ROLE", "WHERE", "BY")
	for _, c := range changes {
		did := "given"
		if !c.Granted {
			did = "taken"
		}
		t.row(c.At.In(s.config.Zone).Format("2006-01-02 15:04"), did, c.Name, c.Identity, c.Role, strings.TrimSpace(reachOf(c.Grant)), fmt.Sprintf("%s (%s)", c.Who, c.By))
	}
	return t.write(asCSV)
}
