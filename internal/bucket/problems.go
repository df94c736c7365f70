package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"

	"duenotice/internal/outfolder"
)

// problem says in a person's words what became of a request. What is not there is
// fs.ErrNotExist, and what was given up by whoever asked is the context's error.
func (b *Bucket) problem(ctx context.Context, doing, key string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	var ours *outfolder.Problem
	if errors.As(err, &ours) {
		return ours
	}
	what := doing + " " + b.Address(key)
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		return &outfolder.Problem{What: what, Err: short(err), Todo: b.unheard(err)}
	}
	if answer.Code == "NoSuchKey" || answer.Code == "NotFound" {
		return &fs.PathError{Op: doing, Path: b.Address(key), Err: fs.ErrNotExist}
	}
	if answer.Message == "" {
		answer.Message = answer.Code
	}
	return &outfolder.Problem{What: what, Err: answer, Todo: b.forAnswer(answer)}
}

// short leaves out the whole address of a request, which says nothing more.
func short(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

// unheard is what to do when there was no answer.
func (b *Bucket) unheard(err error) string {
	host, _ := b.settings.Host()
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errStalled), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network) && network.Timeout():
		return "The store at " + host + " is too slow or the network to it is bad. It is tried again by itself."
	case strings.Contains(err.Error(), "x509") || strings.Contains(err.Error(), "tls:"):
		return "See that the certificate of " + host + " is of an authority that this machine trusts; SSL_CERT_FILE names another."
	}
	return "See that the store at " + host + " can be reached; it then goes on by itself."
}

// forAnswer is what to do about an answer of the store.
func (b *Bucket) forAnswer(answer minio.ErrorResponse) string {
	const itself = "; it then goes on by itself."
	code := answer.Code
	switch {
	case code == "NoSuchBucket":
		return fmt.Sprintf("Make the bucket %s, or see that DUENOTICE_OUT and DUENOTICE_S3_ENDPOINT are right%s", b.name, itself)
	case strings.Contains(code, "Quota"), strings.Contains(code, "StorageFull"), answer.StatusCode == http.StatusInsufficientStorage:
		return "Make room in the store" + itself
	case code == "InvalidAccessKeyId", code == "SignatureDoesNotMatch", strings.Contains(code, "Token"), strings.Contains(code, "UserNotFound"):
		return "See that the credentials of the bucket are right and not expired (docs/deployment.md)" + itself
	case code == "AccessDenied", code == "AllAccessDisabled", answer.StatusCode == http.StatusForbidden && !strings.Contains(code, "Time"):
		return fmt.Sprintf("Let the credentials read, write, list and remove below %s%s", b.Address(""), itself)
	case strings.Contains(code, "Skewed"), strings.Contains(code, "Time") && answer.StatusCode == http.StatusForbidden:
		return "Set this machine's clock" + itself
	case code == "AuthorizationHeaderMalformed", code == "PermanentRedirect", code == "InvalidRegion", code == "TemporaryRedirect":
		return "Set DUENOTICE_S3_REGION to where the bucket is" + itself
	case strings.HasPrefix(code, "KMS"), strings.Contains(code, "Encryption"):
		return "See that the store has the key that DUENOTICE_S3_ENCRYPTION names, and that the credentials may use it" + itself
	case code == "NotImplemented":
		return "The store lacks what is needed: PUT with If-None-Match and If-Match. Take a newer one, or another."
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= http.StatusInternalServerError:
		return "The store is overloaded or has a fault of its own. It is tried again by itself."
	}
	return "It is tried again by itself. If it stays, look the code " + code + " up in the store's documentation."
}
