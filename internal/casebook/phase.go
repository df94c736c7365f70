package casebook

// Phases of an incident.
const (
	IncidentLoaded    = "loaded"    // the findings are in the database
	IncidentLaunching = "launching" // practices are being started
	IncidentRunning   = "running"   // every practice has its workflow
	IncidentClosed    = "closed"    // every practice is closed
)

// Phase is where one practice stands, in words an officer reads in `status`
// and in the Temporal UI.
type Phase string

// The phases of a practice, in the order they are usually passed.
const (
	PhaseStarting       Phase = "starting"
	PhaseRiskAssessment Phase = "risk assessment"    // a low probability waits for two people's assessment
	PhaseHeld           Phase = "held"               // law enforcement delays the notice to the practice
	PhaseNotice         Phase = "notice to practice" // the notice could not be e-mailed; a person must send it
	PhaseDelegation     Phase = "waiting delegation" // the practice has not said who writes to its patients
	PhaseApproval       Phase = "waiting approval"
	PhaseApproved       Phase = "approved"      // letters go into the next mail run
	PhaseLettersReady   Phase = "letters ready" // printed; waiting for the proof of mailing
	PhaseOpen           Phase = "open duties"   // something is still owed
	PhasePosting        Phase = "posting"       // a substitute notice is left up for its 90 days
	PhaseAcknowledgment Phase = "waiting acknowledgment"
	PhaseClosed         Phase = "closed"
)

// Phases lists the phases in order.
var Phases = []Phase{
	PhaseStarting, PhaseRiskAssessment, PhaseHeld, PhaseNotice, PhaseDelegation, PhaseApproval,
	PhaseApproved, PhaseLettersReady, PhaseOpen, PhasePosting, PhaseAcknowledgment, PhaseClosed,
}
