package pages_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// upload sends a form with a file.
func (c *clerk) upload(path string, fields map[string]string, name string, content []byte) answer {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for field, value := range fields {
		require.NoError(c.t, w.WriteField(field, value))
	}
	if content != nil {
		file, err := w.CreateFormFile("proof", name)
		require.NoError(c.t, err)
		_, err = file.Write(content)
		require.NoError(c.t, err)
	}
	require.NoError(c.t, w.Close())
	r := c.request(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.do(r)
}

// tells is a form of something that the practice did itself.
func (c *clerk) tells(others ...string) map[string]string {
	c.t.Helper()
	fields := map[string]string{"what": breach.PracticeMailed + ".", "on": "2026-04-18", "count": "1,250", "reference": "Richmond Example", "name": "Ann Example", "title": "Office manager"}
	for field, values := range c.form(c.get("/answer/told"), "told", others...) {
		fields[field] = values[0]
	}
	return fields
}

var pdf = []byte("%PDF-1.7\n of an example\n%%EOF")

func TestAPracticeTellsWhatItDidWithProof(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	form := c.get("/answer/told")
	require.Contains(t, form.body, `id="what-media_sent.VA"`)
	require.Contains(t, form.body, `id="what-practice_mailed."`)
	require.NotContains(t, form.body, "regulator_notified", "what we do for it is not its to tell")
	sent := c.upload("/answer/told", c.tells(), "../../proof of Wilhelmina.pdf", pdf)
	require.Equal(t, http.StatusSeeOther, sent.status, sent.body)
	all := f.answers(t)
	require.Len(t, all, 1)
	require.Equal(t, pdf, all[0].Proof)
	require.Equal(t, "application/pdf", all[0].ProofType)
	require.Equal(t, breach.Fact{Kind: breach.PracticeMailed, On: examplePage(own).Discovered.AddDays(33), Count: 1250, Reference: "Richmond Example"}, all[0].Act.Record.Fact)
	require.Equal(t, all[0].ProofSHA, all[0].Act.Record.ProofSHA256)
	require.NotContains(t, f.log.String(), canary)

	// Without a proof, and with the day as people write it.
	fields := c.tells()
	fields["on"] = "4/18/2026"
	require.Equal(t, http.StatusSeeOther, c.upload("/answer/told", fields, "", nil).status)
	fields = c.tells()
	fields["what"], fields["count"] = breach.MediaSent+".VA", ""
	require.Equal(t, http.StatusSeeOther, c.upload("/answer/told", fields, "", nil).status)
	fields["what"], fields["reference"] = breach.HHSFiled+".", ""
	unnumbered := c.upload("/answer/told", fields, "", nil)
	require.Equal(t, http.StatusUnprocessableEntity, unnumbered.status)
	require.Contains(t, unnumbered.body, `<a href="#reference">Type the tracking number`)
	all = f.answers(t)
	require.Len(t, all, 3)
	for _, a := range all {
		require.NoError(t, a.Act.Record.Fact.Complete(), "the worker would refuse it")
	}
	require.Equal(t, "VA", all[2].Act.Record.Fact.Jurisdiction)
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	for _, one := range []struct{ field, value, says string }{
		{"what", breach.RegulatorNotified + ".VA", "Choose what you did."},
		{"what", breach.MediaSent + ".MD", "Choose what you did."},
		{"what", breach.ClockOverride + ".", "Choose what you did."},
		{"on", "", "Give the day"},
		{"on", "yesterday", "Type the day as month/day/year"},
		{"on", "2026-02-30", "Type the day as month/day/year"},
		{"on", "2026-04-21", "This day has not come yet."},
		{"on", "2025-04-18", "Check the year."},
		{"count", "many", "in digits"},
		{"count", "", "Type how many people it was."},
		{"what", breach.MediaSent + ".VA", "Leave it empty."},
		{"count", "-5", "in digits"},
		{"reference", strings.Repeat("x", 201), "too long"},
		{"reference", "a\u202eb", "cannot be read"},
		{"name", "", "Type your first and last name."},
		{"name", "---", "Type your first and last name."},
		{"name", "Ann\u200bExample", "looks like another one or is not seen"},
		{"title", "", "Type your title"},
	} {
		fields := c.tells()
		fields[one.field] = one.value
		wrong := c.upload("/answer/told", fields, "", nil)
		require.Equal(t, http.StatusUnprocessableEntity, wrong.status, "%s %q", one.field, one.value)
		require.Contains(t, wrong.body, one.says)
		at := one.field
		if one.value == breach.MediaSent+".VA" {
			at = "count"
		}
		require.Contains(t, wrong.body, `<a href="#`+at+`">`)
		if one.field != "title" {
			require.Contains(t, wrong.body, `value="Office manager"`, "what was typed stays")
		}
	}
	require.Empty(t, f.answers(t))
}

func TestUploadsThatLieAreRefused(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	for name, content := range map[string][]byte{
		"proof.pdf":  []byte("<html><script>alert(1)</script></html>"),
		"proof.png":  []byte("GIF89a"),
		"proof.jpg":  []byte("MZ\x90\x00"),
		"proof.PDF":  []byte(" %PDF-1.7"),
		"proof2.pdf": []byte("PK\x03\x04"),
		"empty.pdf":  {},
		"large.pdf":  append([]byte("%PDF-1.7\n"), make([]byte, packet.MaxAttachment)...),
	} {
		refused := c.upload("/answer/told", c.tells(), name, content)
		require.Equal(t, http.StatusUnprocessableEntity, refused.status, name)
		require.Contains(t, refused.body, `<a href="#proof">`, name)
	}
	require.Empty(t, f.answers(t))
	// An allowed type is taken whatever it is called.
	require.Equal(t, http.StatusSeeOther, c.upload("/answer/told", c.tells(), "receipt.exe", []byte("\x89PNG\r\n\x1a\n...")).status)
	require.Equal(t, "image/png", f.answers(t)[0].ProofType)
	// What is longer than any proof is cut off, and answered.
	cut := c.upload("/answer/told", c.tells(), "huge.pdf", append([]byte("%PDF-1.7\n"), make([]byte, packet.MaxAttachment+1<<20)...))
	require.Equal(t, http.StatusRequestEntityTooLarge, cut.status)
	require.Contains(t, cut.body, "10 MB at most")
}

func TestTheOperatorsProgramLooksAtEachProof(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "scan")
	require.NoError(t, os.WriteFile(script, []byte("#!/bin/sh\nenv >\"$1/env\"\n! grep -q EICAR\n"), 0o700))
	f := serve(t, func(s *pages.Server) { s.Scan = []string{script, dir} })
	c := f.clerk(t)
	c.comesIn(own)
	refused := c.upload("/answer/told", c.tells(), "proof.pdf", append(pdf, "EICAR"...))
	require.Equal(t, http.StatusUnprocessableEntity, refused.status)
	require.Contains(t, refused.body, "not let in by the virus check")
	require.Equal(t, http.StatusSeeOther, c.upload("/answer/told", c.tells(), "proof.pdf", pdf).status)
	environment, err := os.ReadFile(filepath.Join(dir, "env"))
	require.NoError(t, err)
	require.NotContains(t, string(environment), "DUENOTICE_")
	require.Len(t, f.answers(t), 1)

	gone := serve(t, func(s *pages.Server) { s.Scan = []string{filepath.Join(dir, "gone")} })
	other := gone.clerk(t)
	other.comesIn(own)
	require.Equal(t, http.StatusUnprocessableEntity, other.upload("/answer/told", other.tells(), "proof.pdf", pdf).status, "a program that cannot be run lets nothing in")
	require.Contains(t, gone.log.String(), "could not be run")
}

// TestAReportUnderPart2IsNotHIPAAs: the page names each report to HHS for what it is, in
// both languages, and what a practice tells of one is not taken for the other.
func TestAReportUnderPart2IsNotHIPAAs(t *testing.T) {
	t.Parallel()
	f := serve(t)
	page := examplePage(own)
	hhs := func(regime, form string) packet.Duty {
		o := breach.Obligation{Rule: "r", Kind: breach.HHSNotice, Jurisdiction: "US", Regime: regime, Form: form}
		return packet.Duty{Kind: o.Kind, Jurisdiction: o.Jurisdiction, Regime: o.Regime, Form: o.Form, Place: rules.PlaceOf(o), Title: papers.DutyWords(o), By: packet.DoneByYou, Open: true}
	}
	agency := breach.Obligation{Rule: "state.ny.899_aa.regulator.state_police", Kind: breach.RegulatorNotice, Jurisdiction: "NY", Recipient: "New York State Police"}
	page.Duties = []packet.Duty{
		hhs("hipaa", breach.FormAnnualLog), hhs(breach.Part2, breach.FormAnnualLog), hhs("hipaa", breach.FormAddendum),
		{Kind: agency.Kind, Jurisdiction: "NY", Place: rules.PlaceOf(agency), Title: papers.DutyWords(agency), By: packet.DoneByYou, Open: true},
	}
	f.pack(t, own, page, 251)
	spanish, err := pages.Words("es")
	require.NoError(t, err)
	for lang, says := range map[string][]string{
		"en": {"Report to HHS, in the yearly log</span>", "Report to HHS, in the yearly log, on the form for 42 CFR Part 2", "Addendum to the report to HHS, with the final number"},
		"es": {spanish["duty.hhs_notice.annual_log"] + "</span>", spanish["duty.hhs_notice.annual_log"] + ", en el formulario de 42 CFR parte 2", spanish["duty.hhs_notice.addendum"]},
	} {
		c := f.clerk(t)
		c.lang = lang
		c.comesIn(own)
		for _, body := range []string{c.get("/notice").body, c.get("/answer/told").body} {
			for _, text := range says {
				require.Contains(t, body, text, lang)
			}
		}
	}
	c := f.clerk(t)
	c.comesIn(own)
	for what, want := range map[string]breach.Fact{
		breach.HHSFiled + ".":                         {Kind: breach.HHSFiled},
		breach.HHSFiled + "." + breach.Part2:          {Kind: breach.HHSFiled, Jurisdiction: breach.Part2},
		breach.HHSAddendum + ".":                      {Kind: breach.HHSAddendum},
		breach.RegulatorNotified + ".NY:state_police": {Kind: breach.RegulatorNotified, Jurisdiction: "NY:state_police"},
	} {
		fields := c.tells()
		fields["what"] = what
		sent := c.upload("/answer/told", fields, "", nil)
		require.Equal(t, http.StatusSeeOther, sent.status, "%s: %s", what, sent.body)
		all := f.answers(t)
		told := all[len(all)-1].Act.Record.Fact
		require.Equal(t, want.Kind, told.Kind, what)
		require.Equal(t, want.Jurisdiction, told.Jurisdiction, what)
	}
}
