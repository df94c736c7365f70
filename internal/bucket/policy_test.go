package bucket_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
	"duenotice/internal/outfolder/placetest"
	"duenotice/internal/testkit"
)

// statement is one of a policy.
type statement struct {
	Sid, Effect string
	Principal   any `json:",omitempty"`
	Action      []string
	Resource    any
	Condition   any `json:",omitempty"`
}

// statements are those of a policy of deploy/s3, with the name of the test's bucket.
func statements(t *testing.T, file, bucket string) []statement {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "deploy", "s3", file))
	require.NoError(t, err)
	var policy struct{ Statement []statement }
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(string(content), "duenotice-papers", bucket)), &policy))
	require.NotEmpty(t, policy.Statement)
	return policy.Statement
}

// givenAlone makes a user of the store who may do in the bucket what deploy/s3 says of a
// worker but for one action, "" for none, and nothing else, and returns how they reach
// it. also has more statements about the bucket.
func givenAlone(t *testing.T, store testkit.ObjectStore, but string, also ...statement) bucket.Settings {
	t.Helper()
	id, secret := store.User(t)
	whole := also
	for _, s := range statements(t, "worker-policy.json", store.Bucket) {
		// Given to a user it is of that user; here the bucket has it, and names them.
		s.Principal = map[string]string{"AWS": id}
		s.Action = slices.DeleteFunc(s.Action, func(action string) bool { return action == but })
		if len(s.Action) > 0 {
			whole = append(whole, s)
		}
	}
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": whole})
	require.NoError(t, err)
	require.NoError(t, client(t, store.Endpoint, store.AccessKeyID, store.SecretAccessKey).SetBucketPolicy(t.Context(), store.Bucket, string(policy)))
	return bucket.Settings{Address: "s3://" + store.Bucket, Endpoint: store.Endpoint, Credentials: bucket.Credentials{AccessKeyID: id, SecretAccessKey: secret}}
}

// denied holds that the store refused, and that what to do about it is said.
func denied(t *testing.T, err error) {
	t.Helper()
	var problem *outfolder.Problem
	require.ErrorAs(t, err, &problem)
	require.Regexp(t, "Access Denied|is not authorized", err.Error())
	require.Contains(t, problem.Todo, "Let the credentials read, write, list and remove below s3://")
}

func client(t *testing.T, endpoint, id, secret string) *minio.Client {
	t.Helper()
	c, err := minio.New(strings.TrimPrefix(endpoint, "http://"), &minio.Options{Creds: credentials.NewStaticV4(id, secret, "")})
	require.NoError(t, err)
	return c
}

// TestTheWorkersPolicyIsEnough: with what deploy/s3 grants and nothing else a bucket owes
// all that a place owes.
func TestTheWorkersPolicyIsEnough(t *testing.T) {
	t.Parallel()
	placetest.Run(t, func(t *testing.T) (one, other outfolder.Place) {
		t.Helper()
		s := givenAlone(t, testkit.Bucket(t), "")
		return bucket.New(s), bucket.New(s)
	})
}

// TestTheWorkersPolicyIsNoMoreThanItNeeds: without any of its actions a worker would not
// serve, and what is not in it is refused.
func TestTheWorkersPolicyIsNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			place := bucket.New(givenAlone(t, testkit.Bucket(t), action))
			err := place.Ready(t.Context())
			if action == "s3:ListBucket" {
				err = place.Each(t.Context(), "EX-1", func(string) error { return nil })
			}
			denied(t, err)
		})
	}
	store, another := testkit.Bucket(t), testkit.Bucket(t)
	s := givenAlone(t, store, "")
	require.NoError(t, bucket.New(s).Ready(t.Context()))
	elsewhere := s
	elsewhere.Address = "s3://" + another.Bucket
	denied(t, bucket.New(elsewhere).Ready(t.Context()))
	worker := client(t, s.Endpoint, s.Credentials.AccessKeyID, s.Credentials.SecretAccessKey)
	for what, do := range map[string]func() error{
		"say who may do what":                  func() error { return worker.SetBucketPolicy(t.Context(), store.Bucket, "") },
		"read who may do what":                 func() error { _, err := worker.GetBucketPolicy(t.Context(), store.Bucket); return err },
		"remove the bucket":                    func() error { return worker.RemoveBucket(t.Context(), store.Bucket) },
		"stop the keeping of earlier versions": func() error { return worker.SuspendVersioning(t.Context(), store.Bucket) },
		"make a bucket":                        func() error { return worker.MakeBucket(t.Context(), another.Bucket+"-2", minio.MakeBucketOptions{}) },
	} {
		require.Equal(t, "AccessDenied", minio.ToErrorResponse(do()).Code, what)
	}
}

// TestABucketIsNotReachedInClear where the bucket has the policy of deploy/s3: the store
// of the test, which speaks http, then refuses who may do everything else.
func TestABucketIsNotReachedInClear(t *testing.T) {
	t.Parallel()
	store := testkit.Bucket(t)
	denied(t, bucket.New(givenAlone(t, store, "", statements(t, "bucket-policy.json", store.Bucket)...)).Ready(t.Context()))
}
