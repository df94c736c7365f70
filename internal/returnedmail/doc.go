// Package returnedmail makes a list of letters that came back of what the Postal Service
// says of pieces of mail. It guesses nothing: a piece that is no letter of the incident,
// or of which two things are said, is listed for somebody to look at. It looks nothing up.
package returnedmail
