// Package kubernetes holds the manifests in deploy/kubernetes against the published
// types of Kubernetes, and against what this project promises of them. It is a module of
// its own: nothing that runs needs Kubernetes' libraries.
package kubernetes
