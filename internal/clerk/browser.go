package clerk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser is a clerk with a browser on a telephone's width.
type Browser struct {
	ctx  context.Context
	stop context.CancelFunc
}

// browsers are the names that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"}

// FindBrowser is the path of Chromium on this machine, "" where there is none.
func FindBrowser() string {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// ErrNoBrowser says that there is no Chromium on this machine.
var ErrNoBrowser = errors.New("no Chromium is installed")

// Open starts Chromium, which runs until Close, with a profile in folder.
func Open(ctx context.Context, folder string) (*Browser, error) {
	program := FindBrowser()
	if program == "" {
		return nil, ErrNoBrowser
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.UserDataDir(folder))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	ctx, _ = chromedp.NewContext(ctx) // stop ends it too
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch)); err != nil {
		stop()
		return nil, fmt.Errorf("%s does not start: %w", program, err)
	}
	return &Browser{ctx: ctx, stop: stop}, nil
}

// Close ends Chromium.
func (b *Browser) Close() { b.stop() }

// oneStep is how long a page may take to be there.
const oneStep = 20 * time.Second

// Answer implements Clerk.
func (b *Browser) Answer(ctx context.Context, invitation Invitation, answer Answer) error {
	home := pageAddress.FindString(invitation.Page)
	if home == "" {
		return errors.New("this is no address of a page")
	}
	origin := home[:len(home)-len("/p/")-43]
	signature := []chromedp.Action[chromedp.Void]{
		chromedp.SendKeys(chromedp.CSS("#name"), answer.Name), chromedp.SendKeys(chromedp.CSS("#title"), answer.Title+"\r"),
	}
	for _, step := range []struct {
		what  string
		steps []chromedp.Action[chromedp.Void]
	}{
		{"opening the page", []chromedp.Action[chromedp.Void]{chromedp.Navigate(home), chromedp.WaitVisible(chromedp.CSS("#code"))}},
		{"giving the code", []chromedp.Action[chromedp.Void]{chromedp.SendKeys(chromedp.CSS("#code"), invitation.Code+"\r"), chromedp.WaitVisible(chromedp.CSS("#next"))}},
		{"looking at the list", []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("#to-list")), chromedp.WaitVisible(chromedp.CSS("#search"))}},
		{"saying that the notice is here", append(append([]chromedp.Action[chromedp.Void]{
			chromedp.Navigate(origin + "/answer/received"), chromedp.WaitVisible(chromedp.CSS("#received"))}, signature...), chromedp.WaitVisible(chromedp.CSS("#state")))},
		{"answering who writes to the patients", append(append([]chromedp.Action[chromedp.Void]{
			chromedp.Navigate(origin + "/answer/delegate"), chromedp.Click(chromedp.CSS("#delegation-" + answer.Delegation))}, signature...), chromedp.WaitVisible(chromedp.CSS("#agree")))},
		{"signing", []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("#agree")), chromedp.Click(chromedp.CSS("#delegate-sign button")), chromedp.WaitVisible(chromedp.CSS("#state"))}},
		{"leaving", []chromedp.Action[chromedp.Void]{chromedp.Navigate(origin + "/notice"), chromedp.Click(chromedp.CSS("#leave button")), chromedp.WaitNotPresent(chromedp.CSS("#leave"))}},
	} {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		limited, cancel := context.WithTimeout(b.ctx, oneStep)
		err := chromedp.Do(limited, step.steps...)
		cancel()
		if err != nil {
			said, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.querySelector('#errors, h1')?.innerText ?? ''"))
			return at(step.what, fmt.Errorf("%w: %s", err, said))
		}
	}
	return nil
}
