package testkit

// What the tests of this package need to see.
var (
	Administer = administer
	Sweep      = sweep
	MiddayOf   = middayOf
	ManyAtOnce = manyAtOnce
)
