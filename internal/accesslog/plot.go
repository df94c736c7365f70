package accesslog

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"duenotice/internal/accesslog/baseline"
)

// The plot's measures, in the units of its user space.
const (
	plotWidth = 960
	plotLeft  = 190
	plotRight = 930
	plotRow   = 44
	plotHead  = 60
	plotPanel = plotHead + 3*plotRow + 46
	// mostPanels bounds the plot; the report has everybody.
	mostPanels = 24
)

// plot draws one panel for each account that is shown: how many hours of the role and of
// the account had so many patients, and each hour of the window as a dot, with the limits
// as lines. The axis is logarithmic: 10 patients and 4,000 are on one page.
func plot(to io.Writer, r Report) error {
	w := bufio.NewWriter(to)
	shown := r.Shown[:min(len(r.Shown), mostPanels)]
	height := max(len(shown), 1)*plotPanel + 60
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" role="img">`+"\n", plotWidth, height)
	title := fmt.Sprintf("Patients an hour, %s to %s", r.From.Format(time.RFC3339), r.To.Format(time.RFC3339))
	fmt.Fprintf(w, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", escape(title))
	label(w, 28, "bold", "#111", title)
	if len(shown) == 0 {
		label(w, 60, "normal", "#111", "No account left what is usual for it and for its role.")
	}
	for i := range shown {
		panel(w, &shown[i], 40+i*plotPanel)
	}
	fmt.Fprintln(w, "</svg>")
	return w.Flush()
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// label writes a line at the left edge.
func label(w io.Writer, y int, weight, colour, text string) {
	fmt.Fprintf(w, `<text x="16" y="%d" font-weight="%s" fill="%s">%s</text>`+"\n", y, weight, colour, escape(text))
}

func panel(w io.Writer, a *AccountReport, top int) {
	head := a.Account
	if a.Role != "" {
		head += " (" + a.Role + ")"
	}
	switch {
	case a.Left:
		head += ": left what is usual"
	case a.Judged:
		head += ": as usual"
	default:
		head += ": too little to judge by"
	}
	label(w, top+24, "bold", "#111", head)
	var own, role baseline.Baseline
	for _, s := range a.Signs {
		if s.Measure == MeasurePatients {
			own, role = *s.Own, *s.Role
		}
	}
	most := 10
	for _, counts := range []baseline.Counts{a.own, a.role} {
		for n := range counts {
			most = max(most, n)
		}
	}
	for _, h := range a.Course {
		most = max(most, h.Patients)
	}
	most = max(most, own.Limit, role.Limit)
	x := func(n int) float64 {
		return plotLeft + float64(plotRight-plotLeft)*math.Log10(float64(n)+1)/math.Log10(float64(most)+1)
	}
	bottom := top + plotHead + 3*plotRow
	for n := 1; n <= most; n *= 10 {
		fmt.Fprintf(w, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#ddd"/>`+"\n", x(n), top+plotHead, x(n), bottom)
		fmt.Fprintf(w, `<text x="%.1f" y="%d" text-anchor="middle" fill="#555">%d</text>`+"\n", x(n), bottom+16, n)
	}
	rows := []struct {
		name   string
		counts baseline.Counts
		b      baseline.Baseline
		colour string
	}{{"role, usually", a.role, role, "#7a7a7a"}, {"account, usually", a.own, own, "#3b6ea5"}}
	for i, row := range rows {
		base := top + plotHead + (i+1)*plotRow - 6
		label(w, base, "normal", row.colour, row.name)
		highest := 1
		for _, times := range row.counts {
			highest = max(highest, times)
		}
		for _, n := range slices.Sorted(maps.Keys(row.counts)) {
			tall := float64(plotRow-12) * math.Sqrt(float64(row.counts[n])/float64(highest))
			fmt.Fprintf(w, `<rect x="%.1f" y="%.1f" width="3" height="%.1f" fill="%s"/>`+"\n", x(n)-1.5, float64(base)-tall, tall, row.colour)
		}
		if row.b.Limit > 0 {
			fmt.Fprintf(w, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s" stroke-dasharray="5 3"/>`+"\n", x(row.b.Limit), top+plotHead, x(row.b.Limit), bottom, row.colour)
		}
	}
	middle := top + plotHead + 2*plotRow + plotRow/2
	label(w, middle+4, "normal", "#b3261e", "in the window")
	for _, h := range a.Course {
		colour := "#111"
		if left, _ := baseline.Left(h.Patients, own, role); left {
			colour = "#b3261e"
		}
		fmt.Fprintf(w, `<circle cx="%.1f" cy="%d" r="4" fill="%s" fill-opacity="0.6"><title>%s: %d</title></circle>`+"\n", x(h.Patients), middle, colour, h.At.Format(time.RFC3339), h.Patients)
	}
	label(w, bottom+36, "normal", "#555", fmt.Sprintf("Patients an hour. Limits (dashed): account %s, role %s.", limitWords(own), limitWords(role)))
}

func limitWords(b baseline.Baseline) string {
	if b.Limit == 0 {
		return "none, too few hours"
	}
	return fmt.Sprintf("%d (median %g, MAD %g, %d hours)", b.Limit, b.Median, b.MAD, b.Hours)
}
