package main

import (
	"context"
	"crypto/x509/pkix"
	"errors"
	"fmt"

	"go.temporal.io/server/common/authorization"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// roleOf is the role that a certificate of our authority is for. It stands alone
// in the subject: who has two has none.
func roleOf(subject *pkix.Name) role {
	if subject == nil {
		return ""
	}
	return role(subject.CommonName)
}

// claimMapper makes the certificate's role the caller's only claim. Headers claim nothing.
type claimMapper struct{}

func (claimMapper) GetClaims(info *authorization.AuthInfo) (*authorization.Claims, error) {
	if info == nil || info.TLSSubject == nil {
		return nil, errors.New("there is no verified certificate")
	}
	return &authorization.Claims{Subject: string(roleOf(info.TLSSubject))}, nil
}

// authorizer asks the table who may call what, and keeps everybody out of what is
// the server's own.
type authorizer struct{}

func (authorizer) Authorize(_ context.Context, caller *authorization.Claims, target *authorization.CallTarget) (authorization.Result, error) {
	if caller == nil {
		return authorization.Result{Decision: authorization.DecisionDeny}, nil
	}
	as := role(caller.Subject)
	if as != system && reachesInside(target.Namespace, target.Request) {
		return authorization.Result{
			Decision: authorization.DecisionDeny, Reason: "that is for the parts of the server themselves",
		}, nil
	}
	if !may(as, target.APIName) {
		return authorization.Result{
			Decision: authorization.DecisionDeny,
			Reason:   fmt.Sprintf("the certificate of the role %s may not call %s", caller.Subject, target.APIName),
		}, nil
	}
	return authorization.Result{Decision: authorization.DecisionAllow}, nil
}

// refuseStreams refuses what the server does not show to its authoriser: a stream
// is for other clusters, for watching health and for reflection, and nothing of
// ours uses one.
func refuseStreams(_ any, _ grpc.ServerStream, info *grpc.StreamServerInfo, _ grpc.StreamHandler) error {
	return status.Errorf(codes.PermissionDenied, "%s: streams are refused", info.FullMethod)
}
