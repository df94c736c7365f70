package x12_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/intake/rows"
	"duenotice/internal/intake/x12"
)

const isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260316*1200*^*00501*000000001*0*P*:~"

// wrap puts segments into an interchange.
func wrap(segments string) string {
	return isa + "GS*HS*S*R*20260316*1200*1*X*005010X279A1~" + strings.ReplaceAll(segments, "\n", "") + "GE*1*1~IEA*1*000000001~"
}

func read(t testing.TB, text string) ([]map[string]string, error) {
	t.Helper()
	r, err := x12.New(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	var all []map[string]string
	var row rows.Row
	for {
		err := r.Next(&row)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		header := r.Header(row.Table)
		require.Len(t, row.Cells, len(header))
		cells := map[string]string{"table": row.Table}
		for i, cell := range row.Cells {
			if cell != "" {
				cells[header[i]] = cell
			}
		}
		all = append(all, cells)
	}
}

func TestEligibility(t *testing.T) {
	t.Parallel()
	all, err := read(t, wrap(`ST*271*1234~BHT*0022*11*1*20260316*1200~HL*1**20*1~NM1*PR*2*EXAMPLE PAYER*****PI*1~
HL*2*1*21*1~NM1*1P*2*OAK STREET MEDICAL GROUP*****XX*1234567893~N3*1 OAK ST~N4*RENO*NV*89501~
HL*3*2*22*0~NM1*IL*1*DOE*JOHN*M***MI*W123~N3*123 MAIN ST~N4*ANYTOWN*NY*12345~DMG*D8*19800101*M~REF*SY*000000000~EB*1~
HL*4*3*23*0~NM1*03*1*DOE*JANE~DMG*D8*20150203*F~SE*9*1234~`))
	require.NoError(t, err)
	require.Equal(t, []map[string]string{
		{"table": "practice", "npi": "1234567893", "provider": "OAK STREET MEDICAL GROUP", "address1": "1 OAK ST", "city": "RENO", "state": "NV", "zip": "89501"},
		{"table": "person", "last": "DOE", "first": "JOHN", "middle": "M", "member": "W123", "birth": "1980-01-01", "address1": "123 MAIN ST", "city": "ANYTOWN", "state": "NY", "zip": "12345", "ssn": "yes", "npi": "1234567893", "provider": "OAK STREET MEDICAL GROUP"},
		{"table": "person", "last": "DOE", "first": "JANE", "birth": "2015-02-03", "npi": "1234567893", "provider": "OAK STREET MEDICAL GROUP"},
	}, sorted(all))
}

// sorted puts practices first: a subscriber's row follows those of the dependents.
func sorted(all []map[string]string) []map[string]string {
	slices.SortStableFunc(all, func(a, b map[string]string) int {
		if c := strings.Compare(b["table"], a["table"]); c != 0 {
			return c
		}
		return strings.Compare(a["birth"], b["birth"])
	})
	return all
}

func TestAClaimIsOfItsPatient(t *testing.T) {
	t.Parallel()
	all, err := read(t, wrap(`ST*837*1*005010X222A1~HL*1**20*1~NM1*85*1*ROE*ANA****XX*1234567893~N3*2 ELM~N4*RENO*NV*89501~
HL*2*1*22*1~NM1*IL*1*DOE*JOHN****MI*W1~NM1*PR*2*PAYER*****PI*1~
HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*TED~N3*3 ASH~N4*RENO*NV*89501~DMG*D8*20100101*M~CLM*A*100~HI*ABK:J00~LX*1~SV1*HC:99213~
HL*4*2*23*0~PAT*19****D8*20260101~NM1*QC*1*DOE*AMY~DMG*D8*20120101*F~CLM*B*100~SE*9*1~`))
	require.NoError(t, err)
	people := map[string]map[string]string{}
	for _, cells := range all[1:] {
		people[cells["first"]] = cells
	}
	require.Equal(t, "ANA ROE", all[0]["provider"])
	require.Equal(t, "yes", people["TED"]["diagnosis"])
	require.Equal(t, "yes", people["TED"]["service"])
	require.Empty(t, people["AMY"]["diagnosis"], "another patient's claim")
	require.Equal(t, "2026-01-01", people["AMY"]["death"])
	require.Equal(t, "yes", people["JOHN"]["claim"])
	require.Empty(t, people["JOHN"]["diagnosis"], "the subscriber is not the patient")
}

func TestAPayment(t *testing.T) {
	t.Parallel()
	all, err := read(t, wrap(`ST*835*1~BPR*I*1~N1*PR*PAYER~N1*PE*OAK STREET*XX*1234567893~N3*1 OAK~N4*RENO*NV*89501~LX*1~
CLP*A*1*100*80**12*X~NM1*QC*1*DOE*JOHN****MI*W1~SVC*HC:99213*100*80~CLP*B*1*100*80~NM1*QC*1*ROE*ANN****HN*W2~SE*9*1~`))
	require.NoError(t, err)
	require.Equal(t, []map[string]string{
		{"table": "practice", "npi": "1234567893", "provider": "OAK STREET", "address1": "1 OAK", "city": "RENO", "state": "NV", "zip": "89501"},
		{"table": "person", "last": "DOE", "first": "JOHN", "member": "W1", "claim": "yes", "service": "yes", "npi": "1234567893", "provider": "OAK STREET"},
		{"table": "person", "last": "ROE", "first": "ANN", "member": "W2", "claim": "yes", "npi": "1234567893", "provider": "OAK STREET"},
	}, all)
}

func TestWhatBreaksOffIsRefused(t *testing.T) {
	t.Parallel()
	whole := wrap("ST*270*1~HL*1**22~NM1*IL*1*DOE*JOHN~SE*1*1~")
	_, err := read(t, whole)
	require.NoError(t, err)
	twice, err := read(t, whole+"\n"+strings.ReplaceAll(whole, "*", "|"))
	require.NoError(t, err, "another interchange may have other separators")
	require.Len(t, twice, 2)
	_, err = read(t, "\xef\xbb\xbf\r\n"+strings.ReplaceAll(whole, "~", "~\r\n"))
	require.NoError(t, err, "a byte order mark, and a line for each segment")
	for _, text := range []string{whole[:len(whole)-20], whole[:40], strings.Replace(whole, "ST*270", "ST*999", 1)} {
		_, err := read(t, text)
		_, ok := breach.AsRefusal(err)
		require.True(t, ok, "%v", err)
	}
}

func FuzzX12(f *testing.F) {
	f.Add(wrap("ST*270*1~NM1*IL*1*DOE*JOHN~SE*1*1~"))
	f.Add(wrap("ST*835*1~CLP*A~NM1*QC*1*DOE~SE*1*1~"))
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = read(t, text) // it may refuse; it may not panic or hang
	})
}
