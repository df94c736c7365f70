package main

import "slices"

// role is what a certificate of the stack's authority says its holder is.
type role string

const (
	// system are Temporal's own parts. It may do everything, and its key lies with the server.
	system role = "system"
	// worker is Duenotice's worker: it polls, answers, gives practices' answers to their
	// workflows, and looks after what should run.
	worker role = "worker"
	// command is Duenotice's command line: it starts, updates and looks.
	command role = "command"
	// viewer is Temporal's UI, and the page that shows it decoded: they look.
	viewer role = "viewer"
	// operator is who sets the server up, and the only one who ends a workflow from outside.
	operator role = "operator"
)

// roles are all that the front end lets in.
var roles = []role{system, worker, command, viewer, operator}

const (
	workflowService = "/temporal.api.workflowservice.v1.WorkflowService/"
	operatorService = "/temporal.api.operatorservice.v1.OperatorService/"
	adminService    = "/temporal.server.api.adminservice.v1.AdminService/"
	healthService   = "/grpc.health.v1.Health/"
)

// may tells whether a role may call a method. A method that the tables below do
// not have, and one that they have for nobody, is Temporal's own parts' alone.
func may(r role, method string) bool {
	if r == system {
		return true
	}
	return slices.Contains(allowed[method], r)
}

// allowed is who may call what, beside Temporal's own parts. It is the only place
// that says so, and has every method of the server's version: a test looks.
var allowed = func() map[string][]role {
	all := map[string][]role{}
	for _, table := range []struct {
		service string
		methods map[string][]role
	}{
		{workflowService, looking}, {workflowService, acting}, {workflowService, working}, {workflowService, operating}, {workflowService, unused},
		{operatorService, setup}, {adminService, administration}, {healthService, health},
	} {
		for method, who := range table.methods {
			all[table.service+method] = who
		}
	}
	return all
}()

var (
	everybody = []role{worker, command, viewer, operator}
	// onlookers look at whatever the UI shows. command is not among them where
	// no command asks for it.
	onlookers = []role{viewer, operator}
	nobody    []role
)

// health says that the server serves.
var health = map[string][]role{"Check": everybody, "List": nobody, "Watch": nobody}

// looking changes nothing.
var looking = map[string][]role{
	"GetSystemInfo":                      everybody,
	"GetClusterInfo":                     everybody,
	"DescribeNamespace":                  everybody,
	"DescribeTaskQueue":                  everybody,
	"DescribeWorkflowExecution":          everybody,
	"GetWorkflowExecutionHistory":        everybody,
	"CountWorkflowExecutions":            everybody,
	"ListWorkflowExecutions":             everybody,
	"QueryWorkflow":                      {command, viewer, operator},
	"DescribeSchedule":                   {worker, command, viewer, operator},
	"GetWorkflowExecutionHistoryReverse": onlookers,
	"ListOpenWorkflowExecutions":         onlookers,
	"ListClosedWorkflowExecutions":       onlookers,
	"ListArchivedWorkflowExecutions":     onlookers,
	"ScanWorkflowExecutions":             onlookers,
	"ListNamespaces":                     onlookers,
	"GetSearchAttributes":                onlookers,
	"ListTaskQueuePartitions":            onlookers,
	"ListSchedules":                      onlookers,
	"ListScheduleMatchingTimes":          onlookers,
	"DescribeBatchOperation":             onlookers,
	"ListBatchOperations":                onlookers,
	"DescribeDeployment":                 onlookers,
	"ListDeployments":                    onlookers,
	"GetCurrentDeployment":               onlookers,
	"GetDeploymentReachability":          onlookers,
	"DescribeWorkerDeployment":           onlookers,
	"DescribeWorkerDeploymentVersion":    onlookers,
	"ListWorkerDeployments":              onlookers,
	"GetWorkerBuildIdCompatibility":      onlookers,
	"GetWorkerVersioningRules":           onlookers,
	"GetWorkerTaskReachability":          onlookers,
	"DescribeWorker":                     onlookers,
	"ListWorkers":                        onlookers,
	"DescribeWorkflowRule":               onlookers,
	"ListWorkflowRules":                  onlookers,
}

// acting gives the engine work. What a person's act does is decided by the
// workflow and the database. A signal alone is the worker's to send; the command
// line sends one with a start, which gives a case a workflow again.
var acting = map[string][]role{
	"StartWorkflowExecution":           {worker, command},
	"UpdateWorkflowExecution":          {worker, command}, // the worker gives a practice's answer to its workflow
	"ExecuteMultiOperation":            {command},         // an act for a closed practice starts its workflow with the update
	"PollWorkflowExecutionUpdate":      {worker, command},
	"SignalWorkflowExecution":          {worker},
	"SignalWithStartWorkflowExecution": {worker, command},
	"CreateSchedule":                   {worker},
}

// working is what a worker does with its queues.
var working = map[string][]role{
	"PollWorkflowTaskQueue":        {worker},
	"RespondWorkflowTaskCompleted": {worker},
	"RespondWorkflowTaskFailed":    {worker},
	"RespondQueryTaskCompleted":    {worker},
	"ResetStickyTaskQueue":         {worker},
	"PollActivityTaskQueue":        {worker},
	"RecordActivityTaskHeartbeat":  {worker},
	"RespondActivityTaskCompleted": {worker},
	"RespondActivityTaskFailed":    {worker},
	"RespondActivityTaskCanceled":  {worker},
	"RecordWorkerHeartbeat":        {worker},
	"ShutdownWorker":               {worker},
}

// operating sets the namespace up, and ends workflows from outside.
var operating = map[string][]role{
	"RegisterNamespace":              {operator},
	"UpdateNamespace":                {operator},
	"TerminateWorkflowExecution":     {operator},
	"RequestCancelWorkflowExecution": {operator},
	"DeleteWorkflowExecution":        nobody,
	"ResetWorkflowExecution":         nobody,
	"DeprecateNamespace":             nobody,
}

// unused is what nothing of Duenotice calls. Whatever is to call one of them is
// given it here, with its reason.
var unused = map[string][]role{
	// An activity is answered by the token of its task, which names its attempt; by
	// its ID anybody who guesses that could answer.
	"RecordActivityTaskHeartbeatById":       nobody,
	"RespondActivityTaskCompletedById":      nobody,
	"RespondActivityTaskFailedById":         nobody,
	"RespondActivityTaskCanceledById":       nobody,
	"UpdateSchedule":                        nobody,
	"PatchSchedule":                         nobody,
	"DeleteSchedule":                        nobody,
	"UpdateWorkerBuildIdCompatibility":      nobody,
	"UpdateWorkerVersioningRules":           nobody,
	"SetCurrentDeployment":                  nobody,
	"SetWorkerDeploymentCurrentVersion":     nobody,
	"SetWorkerDeploymentRampingVersion":     nobody,
	"SetWorkerDeploymentManager":            nobody,
	"DeleteWorkerDeployment":                nobody,
	"DeleteWorkerDeploymentVersion":         nobody,
	"UpdateWorkerDeploymentVersionMetadata": nobody,
	"StartBatchOperation":                   nobody,
	"StopBatchOperation":                    nobody,
	"PollNexusTaskQueue":                    nobody,
	"RespondNexusTaskCompleted":             nobody,
	"RespondNexusTaskFailed":                nobody,
	"UpdateActivityOptions":                 nobody,
	"UpdateWorkflowExecutionOptions":        nobody,
	"PauseActivity":                         nobody,
	"UnpauseActivity":                       nobody,
	"ResetActivity":                         nobody,
	"CreateWorkflowRule":                    nobody,
	"DeleteWorkflowRule":                    nobody,
	"TriggerWorkflowRule":                   nobody,
	"UpdateTaskQueueConfig":                 nobody,
	"FetchWorkerConfig":                     nobody,
	"UpdateWorkerConfig":                    nobody,
}

// setup are the search attributes, and what a single cluster without Nexus has no use for.
var setup = map[string][]role{
	"ListSearchAttributes":     {worker, command, viewer, operator},
	"AddSearchAttributes":      {operator},
	"RemoveSearchAttributes":   nobody,
	"DeleteNamespace":          nobody,
	"ListClusters":             onlookers,
	"AddOrUpdateRemoteCluster": nobody,
	"RemoveRemoteCluster":      nobody,
	"GetNexusEndpoint":         onlookers,
	"ListNexusEndpoints":       onlookers,
	"CreateNexusEndpoint":      nobody,
	"UpdateNexusEndpoint":      nobody,
	"DeleteNexusEndpoint":      nobody,
}

// administration reaches past every rule of the server, and is nobody's.
var administration = map[string][]role{
	"AddOrUpdateRemoteCluster":            nobody,
	"AddSearchAttributes":                 nobody,
	"AddTasks":                            nobody,
	"CancelDLQJob":                        nobody,
	"CloseShard":                          nobody,
	"DeepHealthCheck":                     nobody,
	"DeleteWorkflowExecution":             nobody,
	"DescribeCluster":                     nobody,
	"DescribeDLQJob":                      nobody,
	"DescribeHistoryHost":                 nobody,
	"DescribeMutableState":                nobody,
	"DescribeTaskQueuePartition":          nobody,
	"ForceUnloadTaskQueuePartition":       nobody,
	"GenerateLastHistoryReplicationTasks": nobody,
	"GetDLQMessages":                      nobody,
	"GetDLQReplicationMessages":           nobody,
	"GetDLQTasks":                         nobody,
	"GetNamespace":                        nobody,
	"GetNamespaceReplicationMessages":     nobody,
	"GetReplicationMessages":              nobody,
	"GetSearchAttributes":                 nobody,
	"GetShard":                            nobody,
	"GetTaskQueueTasks":                   nobody,
	"GetWorkflowExecutionRawHistory":      nobody,
	"GetWorkflowExecutionRawHistoryV2":    nobody,
	"ImportWorkflowExecution":             nobody,
	"ListClusterMembers":                  nobody,
	"ListClusters":                        nobody,
	"ListHistoryTasks":                    nobody,
	"ListQueues":                          nobody,
	"MergeDLQMessages":                    nobody,
	"MergeDLQTasks":                       nobody,
	"PurgeDLQMessages":                    nobody,
	"PurgeDLQTasks":                       nobody,
	"ReapplyEvents":                       nobody,
	"RebuildMutableState":                 nobody,
	"RefreshWorkflowTasks":                nobody,
	"RemoveRemoteCluster":                 nobody,
	"RemoveSearchAttributes":              nobody,
	"RemoveTask":                          nobody,
	"ResendReplicationTasks":              nobody,
	"StreamWorkflowReplicationMessages":   nobody,
	"SyncWorkflowState":                   nobody,
}
