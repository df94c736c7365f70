package kubernetes_test

import (
	"bytes"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// decode reads a manifest as the cluster's own types do, and refuses a field that they
// do not have: a cluster would leave it out without a word, and the guard with it.
func decode(manifest []byte) (runtime.Object, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	object, _, err := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer().Decode(manifest, nil, nil)
	return object, err
}

// built is everything that "kubectl apply --kustomize deploy/kubernetes" would send.
func built(t *testing.T) []runtime.Object {
	t.Helper()
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "../../deploy/kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	var all []runtime.Object
	for _, resource := range made.Resources() {
		manifest, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		object, err := decode(manifest)
		if err != nil {
			t.Fatalf("%s: %v", resource.CurId(), err)
		}
		all = append(all, object)
	}
	return all
}

// of are the objects of a type, by name.
func of[T metav1.Object](all []runtime.Object) map[string]T {
	found := map[string]T{}
	for _, object := range all {
		if it, ok := object.(T); ok {
			found[it.GetName()] = it
		}
	}
	return found
}

func TestManifestsAreOfThePublishedTypes(t *testing.T) {
	t.Parallel()
	if all := built(t); len(all) < 12 {
		t.Fatalf("only %d objects", len(all))
	}
	wrong := []byte("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selectors: {a: b}\n")
	if _, err := decode(wrong); err == nil {
		t.Fatal("a field that does not exist is not refused")
	}
	if _, err := decode(bytes.Replace(wrong, []byte("selectors"), []byte("selector"), 1)); err != nil {
		t.Fatal(err)
	}
}

func TestNoPodCanDoMoreThanItsWork(t *testing.T) {
	t.Parallel()
	all := built(t)
	pods := of[*appsv1.Deployment](all)
	if len(pods) != 3 {
		t.Fatalf("%d deployments", len(pods))
	}
	users := map[int64]string{}
	for name, d := range pods {
		spec := d.Spec.Template.Spec
		check := func(is bool, what string) {
			t.Helper()
			if !is {
				t.Errorf("%s: %s", name, what)
			}
		}
		check(yes(spec.EnableServiceLinks, false), "services of the cluster would be variables of the program")
		check(yes(spec.AutomountServiceAccountToken, false), "it could speak to the cluster")
		check(!spec.HostNetwork && !spec.HostPID && !spec.HostIPC, "it would share the machine's")
		pod := spec.SecurityContext
		check(pod != nil && yes(pod.RunAsNonRoot, true) && pod.RunAsUser != nil && *pod.RunAsUser > 0, "it may run as root")
		check(pod != nil && pod.SeccompProfile != nil && pod.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault, "no seccomp profile")
		other, taken := users[*pod.RunAsUser]
		check(!taken, "it has the account of "+other)
		users[*pod.RunAsUser] = name
		for _, c := range append(spec.InitContainers, spec.Containers...) {
			s := c.SecurityContext
			check(s != nil && yes(s.ReadOnlyRootFilesystem, true) && yes(s.AllowPrivilegeEscalation, false) && !yes(s.Privileged, true), c.Name+" may change itself or gain rights")
			check(s != nil && s.Capabilities != nil && len(s.Capabilities.Drop) == 1 && s.Capabilities.Drop[0] == "ALL" && len(s.Capabilities.Add) == 0, c.Name+" keeps capabilities")
			for _, resource := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
				asked, most := c.Resources.Requests[resource], c.Resources.Limits[resource]
				check(!asked.IsZero(), c.Name+" asks for no "+string(resource))
				check(!most.IsZero(), c.Name+" has no limit of "+string(resource))
			}
			for _, v := range c.Env {
				check(v.ValueFrom == nil, c.Name+" is given "+v.Name+" from elsewhere: secrets are files")
			}
		}
		for _, c := range spec.Containers {
			asks(t, name, c.LivenessProbe, "/healthz")
			asks(t, name, c.ReadinessProbe, "/readyz")
		}
		for _, v := range spec.Volumes {
			check(v.HostPath == nil, "it would have a folder of the machine")
			if v.ConfigMap != nil {
				check(of[*corev1.ConfigMap](all)[v.ConfigMap.Name] != nil, "no settings "+v.ConfigMap.Name)
			}
			if v.Secret != nil {
				check(v.Secret.DefaultMode != nil && *v.Secret.DefaultMode == 0o400, "others may read "+v.Secret.SecretName)
			}
		}
	}
}

func yes(is *bool, want bool) bool { return is != nil && *is == want }

func asks(t *testing.T, pod string, p *corev1.Probe, path string) {
	t.Helper()
	if p == nil || p.HTTPGet == nil || p.HTTPGet.Path != path || p.HTTPGet.Port.StrVal != "metrics" {
		t.Errorf("%s is not asked at %s", pod, path)
	}
}

// Every pod comes under the rule that lets nobody in or out, and one that names what it
// needs; the practices' pages reach the database and nothing else.
func TestPodsReachWhatTheyNeedAndNothingElse(t *testing.T) {
	t.Parallel()
	all := built(t)
	policies := of[*networkingv1.NetworkPolicy](all)
	closed := policies["nobody"]
	if closed == nil || len(closed.Spec.PodSelector.MatchLabels) != 0 || len(closed.Spec.PolicyTypes) != 2 || len(closed.Spec.Ingress)+len(closed.Spec.Egress) != 0 {
		t.Fatal("what no rule allows is not refused")
	}
	for name, d := range of[*appsv1.Deployment](all) {
		policy := policies[name]
		if policy == nil || !selects(t, &policy.Spec.PodSelector, d) || len(policy.Spec.PolicyTypes) != 2 {
			t.Fatalf("%s has no rule of its own", name)
		}
		ports := map[int]bool{}
		for _, rule := range policy.Spec.Egress {
			if len(rule.To) == 0 || len(rule.Ports) == 0 {
				t.Errorf("%s reaches everything by one rule", name)
			}
			for _, p := range rule.Ports {
				ports[p.Port.IntValue()] = true
			}
			for _, to := range rule.To {
				if (to.IPBlock != nil) != (name == "worker" && rule.Ports[0].Port.IntValue() == 443) {
					t.Errorf("%s: only the worker leaves the cluster, and by TLS", name)
				}
			}
		}
		want := map[string][]int{"worker": {53, 5432, 7233, 443}, "board": {53, 5432}, "pages": {53, 5432}}[name]
		if len(ports) != len(want) {
			t.Errorf("%s reaches %v", name, ports)
		}
		for _, port := range want {
			if !ports[port] {
				t.Errorf("%s does not reach %d", name, port)
			}
		}
		for _, rule := range policy.Spec.Ingress {
			if len(rule.From) == 0 || len(rule.Ports) == 0 {
				t.Errorf("%s lets everybody in", name)
			}
		}
	}
}

// A rule, a service or a budget whose labels meet no pod does nothing, silently.
func TestEverySelectorMeetsItsPods(t *testing.T) {
	t.Parallel()
	all := built(t)
	pods := of[*appsv1.Deployment](all)
	for name, d := range pods {
		if !selects(t, d.Spec.Selector, d) {
			t.Errorf("deployment %s does not have its own pods", name)
		}
		budget := of[*policyv1.PodDisruptionBudget](all)[name]
		if budget == nil || !selects(t, budget.Spec.Selector, d) {
			t.Errorf("%s has no disruption budget", name)
		}
		if budget != nil && budget.Spec.MaxUnavailable.IntValue() != 1 {
			t.Errorf("%s: machines could not be emptied, or all its pods at once", name)
		}
		s := d.Spec.Strategy.RollingUpdate
		if s == nil || s.MaxUnavailable.IntValue() != 0 {
			t.Errorf("%s: nobody works while a release begins", name)
		}
	}
	for name, service := range of[*corev1.Service](all) {
		if !selects(t, &metav1.LabelSelector{MatchLabels: service.Spec.Selector}, pods[name]) {
			t.Errorf("service %s leads nowhere", name)
		}
	}
	if *pods["worker"].Spec.Replicas < 2 {
		t.Error("one machine that fails ends the work")
	}
}

func selects(t *testing.T, selector *metav1.LabelSelector, d *appsv1.Deployment) bool {
	t.Helper()
	s, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	return d != nil && !s.Empty() && s.Matches(labels.Set(d.Spec.Template.Labels))
}
