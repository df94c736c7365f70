package packet_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
)

var of = packet.Practice{IncidentID: "EX-2026-03", Key: "P1"}

func TestAPacketOpensForItsPracticeAlone(t *testing.T) {
	t.Parallel()
	identity, err := packet.NewIdentity()
	require.NoError(t, err)
	sealed, err := packet.Seal(identity.Recipient(), of, packet.PartPeople, []byte("a,b\nc\n"))
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "a,b")
	content, err := identity.Open(sealed, of, packet.PartPeople)
	require.NoError(t, err)
	require.Equal(t, "a,b\nc\n", string(content))

	other, err := packet.NewIdentity()
	require.NoError(t, err)
	_, err = other.Open(sealed, of, packet.PartPeople)
	require.ErrorIs(t, err, packet.ErrSealed)
	_, err = identity.Open(sealed, of, packet.PartProof)
	require.ErrorIs(t, err, packet.ErrSealed, "as another part")
	_, err = identity.Open(sealed, packet.Practice{IncidentID: of.IncidentID, Key: "P2"}, packet.PartPeople)
	require.ErrorIs(t, err, packet.ErrSealed, "as another practice's")
	sealed[len(sealed)-1] ^= 1
	_, err = identity.Open(sealed, of, packet.PartPeople)
	require.ErrorIs(t, err, packet.ErrSealed, "after a change")
}

func TestAKeyUnwrapsWhatItWrapped(t *testing.T) {
	t.Parallel()
	identity, err := packet.NewIdentity()
	require.NoError(t, err)
	link, code, salt := packet.NewLink(), packet.NewCode(), packet.NewSalt()
	prf := make([]byte, 32)
	passkey, err := packet.FromPasskey(prf)
	require.NoError(t, err)
	token := packet.NewToken()
	keys := map[string]packet.Key{"code": packet.FromCode(link, code, salt), "session": token.Key(), "passkey": passkey}
	for name, key := range keys {
		wrapped, err := key.Wrap(identity, of)
		require.NoError(t, err)
		require.NotContains(t, string(wrapped), "AGE-SECRET-KEY")
		for other, its := range keys {
			back, err := its.Unwrap(wrapped, of)
			if other != name {
				require.ErrorIs(t, err, packet.ErrSealed, "%s opens what %s closed", other, name)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, identity.Recipient(), back.Recipient())
		}
		_, err = key.Unwrap(wrapped, packet.Practice{IncidentID: of.IncidentID, Key: "P2"})
		require.ErrorIs(t, err, packet.ErrSealed)
	}
	require.Equal(t, keys["code"].Proof, packet.FromCode(link, code, salt).Proof)
	require.NotEqual(t, keys["code"].Proof, packet.FromCode(packet.NewLink(), code, salt).Proof, "the link is part of it")
	require.NotEqual(t, keys["code"].Proof, packet.FromCode(link, code, packet.NewSalt()).Proof)
	back, ok := packet.ParseToken(token.String())
	require.True(t, ok)
	require.Equal(t, token.Key().Proof, back.Key().Proof)
	require.NotContains(t, token.String(), token.FormSecret())
}

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	code := packet.NewCode()
	require.Len(t, code.String(), 11)
	for _, typed := range []string{code.String(), strings.ToLower(code.String()), " " + strings.ReplaceAll(code.String(), "-", "") + "\t",
		strings.ReplaceAll(code.String(), "-", "\u2013"), strings.NewReplacer("0", "o", "1", "l").Replace(code.String())} {
		read, err := packet.ParseCode(typed)
		require.NoError(t, err, typed)
		require.Equal(t, code, read)
	}
	for _, typed := range []string{"", "12345", "12345-6789", "12345-67890-1", "UUUUU-UUUUU", "ABCDE-FGH!J"} {
		_, err := packet.ParseCode(typed)
		require.ErrorIs(t, err, packet.ErrCode, typed)
	}
	another := packet.NewCode()
	require.NotEqual(t, code, another)
}

func TestALinkIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	link := packet.NewLink()
	back, err := packet.ParseLink(link.String())
	require.NoError(t, err)
	require.Equal(t, link.SHA256(), back.SHA256())
	for _, text := range []string{"", "x", link.String() + "A", link.String()[1:], strings.Repeat("=", 43)} {
		_, err := packet.ParseLink(text)
		require.ErrorIs(t, err, packet.ErrLink)
	}
}

func TestAnAnswerIsItsActAndNoOther(t *testing.T) {
	t.Parallel()
	day := civil.MustParse("2026-04-20")
	answers := map[string]packet.Answer{
		packet.Received: {Kind: packet.Received, Fact: &breach.Fact{Kind: "hhs_filed", On: day}},
		packet.Delegate: {Kind: packet.Delegate, Delegation: breach.DelegateAll},
		packet.Correct:  {Kind: packet.Correct, Contact: &packet.Contact{PrivacyOfficer: "Ann Example", Email: "ann@practice.example", Phone: "804-555-0100"}},
		packet.NotOurs:  {Kind: packet.NotOurs, PersonKeys: []string{"p1"}, Reason: "moved to another practice"},
		packet.Told:     {Kind: packet.Told, Fact: &breach.Fact{Kind: breach.PracticeMailed, On: day, Count: 12}, ProofSHA: "ab", ProofBytes: 2},
	}
	seen := map[string]string{}
	for kind, a := range answers {
		a.Name, a.Title = "Ann  Example", "Office manager"
		content, _, err := a.Encode()
		require.NoError(t, err)
		back, err := packet.DecodeAnswer(content)
		require.NoError(t, err)
		require.Equal(t, a, back)
		act, err := a.Act(of)
		require.NoError(t, err)
		require.NoError(t, act.Readable())
		require.Equal(t, "Ann Example, Office manager", act.Who)
		asked, err := act.AnswerSHA256()
		require.NoError(t, err)
		require.Empty(t, seen[asked])
		seen[asked] = kind
		act.ID = "another"
		same, err := act.AnswerSHA256()
		require.NoError(t, err)
		require.Equal(t, asked, same)
	}
	received, err := answers[packet.Received].Act(of)
	require.NoError(t, err)
	require.Equal(t, breach.Fact{Kind: breach.Acknowledged, On: day}, received.Record.Fact, "of a receipt only the day counts")
	for _, kind := range packet.Answers {
		_, incomplete := packet.Answer{Kind: kind}.Act(of)
		require.Equal(t, kind != packet.Delegate, incomplete != nil, kind)
	}
	require.Equal(t, casebook.ActRecord, received.Kind)
}

func FuzzParseCode(f *testing.F) {
	f.Add("7KMP4-9QXRT")
	f.Add("ooooo lllll")
	f.Fuzz(func(t *testing.T, text string) {
		code, err := packet.ParseCode(text)
		if err != nil {
			return
		}
		again, err := packet.ParseCode(code.String())
		if err != nil || again != code {
			t.Fatalf("%q is read as %q, which is read as %q", text, code, again)
		}
	})
}
