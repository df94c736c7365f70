package clerk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/clerk"
	"duenotice/internal/packet"
)

func TestWhatAMessageHasIsFound(t *testing.T) {
	t.Parallel()
	link, code := packet.NewLink().String(), packet.NewCode().String()
	text := "What to do\n1. Open your page: https://notice.example.com:8443/p/" + link + "\n   It asks for a code.\n"
	require.Equal(t, "https://notice.example.com:8443/p/"+link, clerk.PageIn(text))
	require.Empty(t, clerk.CodeIn(text))
	require.Equal(t, code, clerk.CodeIn("The page asks for this code:\n\n    "+code+"\n\nIt can be used once."))
	require.Empty(t, clerk.PageIn("https://notice.example.com/p/short"))
	require.Empty(t, clerk.CodeIn("incident EX-2026-03 of 12345-67890 in a line"))
}
