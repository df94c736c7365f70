// Package accesslog goes from logs of who opened which record to the accounts that left
// what is usual, and from chosen accounts and times to the people they reached.
//
// Every log is read twice: once for its hash and its letters, once for its lines. A line
// becomes a count of its account, hour, patient and practice; counts go through a sort on
// the disk, so that distinct patients are counted exactly while memory does not grow with
// the lines. It grows with the number of accounts, of practices, and of hours that the
// logs cover, each of which has a bound.
//
// Of the chosen accounts the lines within the window go through a second sort by person,
// each with its hash, and are joined with the case's list of people by the ids that the
// import of the list knew. Each row of the list is then answered with yes, no or unknown:
// whether that person's information was actually acquired or viewed, 45 CFR 164.402(2)(iii).
// No is said only where the logs could have shown it and do not: what they cannot show is
// named, and makes it unknown.
package accesslog
