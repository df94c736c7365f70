package breach

// What the Postal Service's machines say of a piece. A scan says when mail was handled and
// not whom it reached: it changes nothing that is owed (ADR 283).
const (
	// ScanSeen: a machine saw the piece.
	ScanSeen = "seen"
	// ScanDelivered: the carrier was at the address with it. No machine saw that.
	ScanDelivered = "delivered"
	// ScanForwarded: it goes on to another address.
	ScanForwarded = "forwarded"
	// ScanReturning: it goes back to the sender.
	ScanReturning = "returning"
)

// ScanKinds are all of them, as they are shown.
var ScanKinds = []string{ScanDelivered, ScanForwarded, ScanReturning, ScanSeen}
