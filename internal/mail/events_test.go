package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
)

func TestAnExportOfEventsIsRead(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 20, 15, 4, 5, 0, time.UTC)
	bounce := mail.Event{Line: 2, Kind: "bounce", At: at, MessageID: messageID, ProviderID: "14c5d75ce93", Email: "office@clinic.com", Reason: "550 5.1.1 no such user"}
	for name, content := range map[string]string{
		"what the webhook posts": `[{"event":"processed","timestamp":1776697445},
			{"email":"office@clinic.com","timestamp":1776697445,"event":"bounce","sg_message_id":"14c5d75ce93.filter0001.16648.5515E0B88.0",
			 "duenotice_message_id":"` + messageID + `","reason":"550 5.1.1\r\n no such user","type":"bounce"}]`,
		"an event a line": `{"event":"processed","timestamp":1776697445}
			{"email":"office@clinic.com","timestamp":1776697445,"event":"bounce","sg_message_id":"14c5d75ce93","unique_args":{"duenotice_message_id":"` + messageID + `"},"reason":"550 5.1.1 no such user"}`,
		"a CSV": "processed,message_id,event,email,reason,unique_args\r\n" +
			`2026-04-20 15:04:05,14c5d75ce93.filter1,bounce,office@clinic.com,550 5.1.1 no such user,"{""duenotice_message_id"":""` + messageID + `""}"` + "\r\n",
	} {
		export, err := mail.ReadEvents(strings.NewReader(content), mail.VerificationKey{})
		require.NoError(t, err, name)
		events := export.Events
		require.Equal(t, bounce, events[len(events)-1], name)
		require.True(t, events[len(events)-1].Failed(), name)
	}
	for kind, failed := range map[string]bool{"bounce": true, "dropped": true, "blocked": true, "delivered": false, "deferred": false, "open": false} {
		require.Equal(t, failed, mail.Event{Kind: kind}.Failed(), kind)
	}
	for name, bad := range map[string]string{
		"nothing":            " \n",
		"another CSV":        "piece_id,returned_on\nx,2026-04-01\n",
		"no JSON":            `[{"event":`,
		"a number":           `[1]`,
		"no event":           `[{"timestamp":1}]`,
		"no time":            `[{"event":"bounce"}]`,
		"a time that is not": "event,timestamp\nbounce,yesterday\n",
	} {
		_, err := mail.ReadEvents(strings.NewReader(bad), mail.VerificationKey{})
		require.Error(t, err, name)
	}
}
