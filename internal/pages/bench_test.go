package pages_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPages: any page takes less than 50 ms at the server, with PostgreSQL and a
// list of 5,000 people.
func BenchmarkPages(b *testing.B) {
	f := serve(b)
	page := examplePage(own)
	page.People = 5000
	f.pack(b, own, page, 5000)
	c := f.clerk(b)
	c.comesIn(own)
	cookies := c.client.Jar.Cookies(f.pages.Address)
	secret := c.form(c.get("/list"), "search").Get("form")
	for _, path := range []string{"/notice", "/list", "/list?page=50", "/list?search", "/files/people.csv", "/answer/delegate", "/answer/told", "/devices"} {
		b.Run(path[1:], func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
				if path == "/list?search" {
					r = httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/list", nil)
					r.PostForm = map[string][]string{"form": {secret}, "query": {"nunez4321"}}
					r.Form = r.PostForm
				}
				r.Host = f.pages.Address.Host
				for _, cookie := range cookies {
					r.AddCookie(cookie)
				}
				w := httptest.NewRecorder()
				f.server.Config.Handler.ServeHTTP(w, r)
				require.Equal(b, http.StatusOK, w.Code)
			}
		})
	}
}
