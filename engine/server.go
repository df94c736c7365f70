package main

import (
	"sync"
	"time"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/service/frontend"
	"go.temporal.io/server/temporal"
	"go.uber.org/fx"
	"google.golang.org/grpc"
)

// newServer is Temporal's server: its four parts in this process. A benchmark
// measures it with other options.
func newServer(s settings, store config.Persistence, certificates *certificates, extra ...temporal.ServerOption) (temporal.Server, error) {
	services, hosts, err := parts(s)
	if err != nil {
		return nil, err
	}
	conf := &config.Config{
		Persistence:         store,
		Services:            services,
		ClusterMetadata:     clusterMetadata(s),
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		PublicClient:        config.PublicClient{HostPort: s.Frontend},
	}
	conf.Global.Membership.MaxJoinDuration = 30 * time.Second
	conf.Global.Membership.BroadcastAddress = "127.0.0.1"
	conf.Archival.History.State, conf.Archival.Visibility.State = "disabled", "disabled"
	conf.NamespaceDefaults.Archival.History.State, conf.NamespaceDefaults.Archival.Visibility.State = "disabled", "disabled"
	closeStreams()
	return temporal.NewServer(append([]temporal.ServerOption{
		temporal.WithConfig(conf),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithLogger(log.NewZapLogger(log.BuildZapLogger(log.Config{Stdout: true, Level: "error", Format: "json"}))),
		temporal.WithDynamicConfigClient(dynamic),
		temporal.WithTLSConfigFactory(tlsProvider{certificates}),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claimMapper{} }),
		temporal.WithAuthorizer(authorizer{}),
	}, extra...)...)
}

// dynamic are the server's settings that differ from its defaults.
var dynamic = dynamicconfig.StaticClient{
	// Or the server tells its maker about itself every day.
	"frontend.enableServerVersionCheck": false,
	// A namespace that was just made has its search attributes at once.
	"system.forceSearchAttributesCacheRefreshOnRead": true,
	// What a workflow or step says of its priority and of whose share of the work it is
	// counts (docs/adr/0242).
	"matching.enableFairness": true,
	// Which costs reads: without these the server would hold its own back.
	"frontend.persistenceMaxQPS":       10000,
	"history.persistenceMaxQPS":        45000,
	"history.hostLevelCacheMaxSize":    8096,
	"frontend.namespaceRPS.visibility": 100,
}

// parts says where each part listens, and to the others where it is.
func parts(s settings) (map[string]config.Service, map[primitives.ServiceName]static.Hosts, error) {
	services := map[string]config.Service{}
	hosts := map[primitives.ServiceName]static.Hosts{}
	for name, address := range map[primitives.ServiceName]string{
		primitives.FrontendService: s.Frontend, primitives.HistoryService: s.History,
		primitives.MatchingService: s.Matching, primitives.WorkerService: s.Worker,
	} {
		host, port, err := splitAddress(address)
		if err != nil {
			return nil, nil, err
		}
		// Without a port for HTTP there is no HTTP API: a page in a browser cannot speak gRPC.
		services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: port, BindOnIP: host}}
		hosts[name] = static.SingleLocalHost(address)
	}
	return services, hosts, nil
}

func clusterMetadata(s settings) *cluster.Config {
	return &cluster.Config{
		FailoverVersionIncrement: 10, MasterClusterName: clusterName, CurrentClusterName: clusterName,
		ClusterInformation: map[string]cluster.ClusterInformation{
			clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: s.Frontend},
		},
	}
}

// closeStreams adds the interceptor of streams to the front end's, for which the
// server has no option: its own authoriser sees single calls only. Once, because
// what is changed is the program's.
var closeStreams = sync.OnceFunc(func() {
	frontend.Module = fx.Options(frontend.Module, fx.Decorate(func(o frontend.GrpcServerOptions) frontend.GrpcServerOptions {
		o.Options = append(o.Options, grpc.ChainStreamInterceptor(refuseStreams))
		return o
	}))
})
