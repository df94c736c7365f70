// Package testkit gives tests real servers: a PostgreSQL database and a Temporal
// namespace of their own for every test, fresh and gone afterwards.
//
// The servers behind them are private ones (package stack) that the first test
// of a test program that needs one starts, in about a second, and that end with
// the program. A test program says so once:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// Or they are those that DUENOTICE_TEST_DATABASE_URL (a user who may create
// databases), DUENOTICE_TEST_TEMPORAL_ADDRESS and DUENOTICE_TEST_TEMPORAL_CERTIFICATES name: "make test" starts one of
// each for all packages with the command in withservers.
//
// A test whose server cannot be had fails, and says what to install. None skips:
// a test that does not run proves nothing, and nobody notices.
package testkit
