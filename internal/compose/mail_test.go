package compose_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

// TestTheWorkerSendsAsItIsTold: what a person sets beside docker-compose.yml
// reaches the program that sends e-mail, and a key without a sender starts nothing.
func TestTheWorkerSendsAsItIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set    map[string]string
		sender string
		zone   string
		code   string
	}{
		"nothing": {sender: "eml", zone: "America/New_York"},
		"a key with a sender": {
			set:    map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": "notices@healthcloud.com", "DUENOTICE_TIMEZONE": "America/Chicago"},
			sender: "sendgrid", zone: "America/Chicago",
		},
		"the rehearsal": {
			set:    map[string]string{"SENDGRID_API_KEY": "rehearsal", "SENDGRID_HOST": "http://127.0.0.1:3000", "DUENOTICE_MAIL_FROM": "notices@healthcloud.com"},
			sender: "sendgrid", zone: "America/New_York",
		},
		"a key without a sender":        {set: map[string]string{"SENDGRID_API_KEY": "SG.x"}, code: "no_sender"},
		"a key with nobody's sender":    {set: map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": "privacy@example.org"}, code: "no_sender"},
		"a key with what is no address": {set: map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": "Notices <n@healthcloud.com>"}, code: "no_sender"},
		"a sender in a reserved domain": {set: map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": "a@mail.test"}, code: "no_sender"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environment := required()
			maps.Copy(environment, c.set)
			p, err := load(environment)
			require.NoError(t, err)
			for _, service := range []string{"worker", "cli"} {
				told := p.Services[service].Environment
				config, err := app.LoadConfig(func(name string) string {
					if value := told[name]; value != nil {
						return *value
					}
					return ""
				}, t.TempDir())
				require.NoError(t, err)
				sender, err := config.Mailer(time.Now)
				if c.code != "" {
					refusal, ok := breach.AsRefusal(err)
					require.True(t, ok, "%v", err)
					require.Equal(t, c.code, refusal.Code)
					require.NotContains(t, refusal.Error(), "SG.x")
					continue
				}
				require.NoError(t, err)
				require.Equal(t, c.sender, sender.Name())
				require.Equal(t, c.zone, config.Zone.String())
				require.Equal(t, c.set["DUENOTICE_MAIL_FROM"], config.MailFrom.Email)
			}
		})
	}
}
